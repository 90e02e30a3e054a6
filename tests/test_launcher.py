"""The one command: what it sets up, and how it starts the program."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
UV = """#!/bin/sh
echo "$@" >> uv.said
case "$1" in venv) mkdir -p .venv/bin && cp told .venv/bin/python ;; esac
"""
# Stands for the program: says how it was called.
TOLD = """#!/bin/sh
echo "called: $*"
env
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A project never set up, but for Rasa's environment, on a machine that has uv."""
    shutil.copy(ROOT / "premierpas", tmp_path)
    for name in ("requirements.txt", "requirements-dev.txt"):
        (tmp_path / name).write_text(f"# {name}\n")
    executable(tmp_path / "bin/uv", UV)
    executable(tmp_path / "told", TOLD)
    executable(tmp_path / "nlu/rasa/.venv/bin/python", TOLD)
    return tmp_path


def executable(path: Path, script: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(script)
    path.chmod(0o755)


def launch(folder: Path, *arguments: str) -> str:
    env = os.environ | {"PATH": f"{folder / 'bin'}:{os.environ['PATH']}", "PYTHONDONTWRITEBYTECODE": "1"}
    command = ["./premierpas", *arguments]
    return subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=True).stdout


def said_to_uv(folder: Path) -> list[str]:
    file = folder / "uv.said"
    lines = file.read_text().splitlines() if file.exists() else []
    file.unlink(missing_ok=True)
    return [line for line in lines if line != "--version"]


def test_the_first_start_sets_up_and_the_second_does_not(folder: Path) -> None:
    for wanted in ("requirements.txt", None):
        assert launch(folder, "start", "--port", "8001").startswith("called: -m bot start --port 8001\n")
        said = said_to_uv(folder)
        if wanted is None:
            assert said == []
        else:
            assert said[0].startswith("venv ")
            assert said[1].startswith("pip sync ")
            assert "--require-hashes" in said[1]
            assert said[1].endswith(wanted)


def test_other_requirements_are_installed_at_the_next_start(folder: Path) -> None:
    launch(folder, "start")
    said_to_uv(folder)
    (folder / "requirements.txt").write_text("# another\n")
    launch(folder, "start")
    assert [line.split()[:2] for line in said_to_uv(folder)] == [["pip", "sync"]]


def test_who_ran_the_tests_keeps_their_larger_set(folder: Path) -> None:
    assert launch(folder, "test", "-x").startswith("called: -m tests.run -x\n")
    assert said_to_uv(folder)[1].endswith("requirements-dev.txt")
    assert launch(folder, "start").startswith("called: -m bot start\n")
    assert said_to_uv(folder) == []


def test_python_may_keep_what_it_compiled(folder: Path) -> None:
    """At every start it would be 0.8 of the 5 seconds in which a first button is to be answered."""
    assert "PYTHONDONTWRITEBYTECODE" not in launch(folder, "start")
