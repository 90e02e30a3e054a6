"""What the app learns from the examples is learnt beside it, once."""

import asyncio
from pathlib import Path

import psutil
import pytest

from bot.app import ROOT
from nlu.learning import Learning

LINES = """version: "3.1"
nlu:
- intent: greet
  examples: |
    - coucou les amis
    - bonjour madame
- intent: cancel
  examples: |
    - annuler tout
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "nlu/examples/fr").mkdir(parents=True)
    (tmp_path / "nlu/examples/fr/a.yml").write_text(LINES)
    return tmp_path


def begun() -> list[psutil.Process]:
    return [child for child in psutil.Process().children() if "nlu.learning" in child.cmdline()]


async def test_it_is_learnt_in_a_process_that_has_ended(project: Path) -> None:
    learning = Learning(project, project / "data")
    assert learning.languages() is None
    assert learning.usual.intent("annuler tout") is None
    preparing = asyncio.create_task(learning.prepare())
    while not begun():
        assert not preparing.done()
        await asyncio.sleep(0)
    await preparing
    assert not begun()
    model = learning.languages()
    assert model is not None
    assert model.languages == ("fr",)
    assert learning.usual.intent("annuler tout") == "cancel"


async def test_what_is_kept_is_read_and_no_process_begins(project: Path) -> None:
    await Learning(project, project / "data").prepare()
    kept = {file: file.stat().st_mtime_ns for file in (project / "data/cache").iterdir()}
    assert len(kept) == 2
    again = Learning(project, project / "data")
    preparing = asyncio.create_task(again.prepare())
    while not preparing.done():
        assert not begun()
        await asyncio.sleep(0)
    assert again.usual.intent("annuler tout") == "cancel"
    assert {file: file.stat().st_mtime_ns for file in (project / "data/cache").iterdir()} == kept


async def test_a_stop_in_the_middle_leaves_no_process(tmp_path: Path) -> None:
    preparing = asyncio.create_task(Learning(ROOT, tmp_path).prepare())  # half a minute of work
    while not begun():
        assert not preparing.done()
        await asyncio.sleep(0)
    preparing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await preparing
    assert not begun()


@pytest.mark.parametrize("broken", ["/bin/false", "/no/such/python"])
async def test_what_cannot_be_learnt_apart_is_learnt_all_the_same(
    project: Path, monkeypatch: pytest.MonkeyPatch, broken: str,
) -> None:
    monkeypatch.setattr("sys.executable", broken)
    learning = Learning(project, project / "data")
    await learning.prepare()
    assert learning.usual.intent("annuler tout") == "cancel"
