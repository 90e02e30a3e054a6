"""Redaction in its own process: the real one, with the real French pipeline."""

import asyncio
import json
import sys
from pathlib import Path

import psutil
import pytest

from nlu.errors import RedactionFailed
from nlu.redact_apart import RedactApart

ROOT = Path(__file__).resolve().parents[2]


def redacting() -> list[psutil.Process]:
    """The processes that redact for this one; other tests have children of their own."""
    return [child for child in psutil.Process().children() if "nlu.redacting" in child.cmdline()]


async def test_each_text_comes_back_without_what_is_personal(tmp_path: Path) -> None:
    redact = RedactApart(ROOT, tmp_path)
    texts = ["je m'appelle Samia Benali et je cherche un toit", "اسمي كريم، رقمي 0612345678", "zut", ""]
    first, second, third, fourth = await redact(texts)
    assert first is not None
    assert second is not None
    assert "Samia" not in first
    assert "un toit" in first
    assert "كريم" not in second
    assert "0612345678" not in second
    assert (third, fourth) == ("zut", "")
    assert not redacting()  # it gave its memory back


async def test_a_process_that_fails_is_no_answer(tmp_path: Path) -> None:
    with pytest.raises(RedactionFailed, match="ended with 1"):
        await RedactApart(tmp_path, tmp_path)(["zut"])  # no project there


async def test_one_that_cannot_be_started_is_no_answer(tmp_path: Path) -> None:
    with pytest.raises(RedactionFailed, match="started"):
        await RedactApart(tmp_path / "nowhere", tmp_path)(["zut"])


async def test_one_that_takes_too_long_is_ended(tmp_path: Path) -> None:
    with pytest.raises(RedactionFailed, match="too long"):
        await RedactApart(ROOT, tmp_path, seconds=0.01)(["zut"])
    assert not redacting()


async def test_one_text_that_cannot_be_redacted_does_not_lose_the_others(tmp_path: Path) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "nlu.redacting", str(ROOT), str(tmp_path), cwd=ROOT,
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )
    out, said = await process.communicate(json.dumps([None, "zut"]).encode())
    assert json.loads(out) == [None, "zut"]
    assert said == b""
