"""``./premierpas test``: what is needed is prepared, then lint, types, rooms, content, and every test."""

import asyncio
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from nlu.errors import NluError
from nlu.rasa_environment import ensure_rasa_environment
from tests.prepare import MissingError, install_browser

ROOT = Path(__file__).resolve().parent.parent
PYTHON = sys.executable
BIN = Path(PYTHON).parent
CHECKS: Sequence[tuple[str, Sequence[str]]] = (
    ("lint", (str(BIN / "ruff"), "check", "--quiet", ".")),
    ("types", (str(BIN / "mypy"),)),
    ("rooms", (str(BIN / "lint-imports"), "--no-cache")),
    ("content", (PYTHON, "-m", "bot", "check")),
)


def say(line: str) -> None:
    """A line of progress, at once."""
    print(line, flush=True)  # noqa: T201  (progress of a script)


def main(arguments: Sequence[str]) -> int:
    """Run it all; arguments go to pytest, and then only the tests run."""
    try:
        install_browser()
        asyncio.run(ensure_rasa_environment(ROOT, say))
    except (MissingError, NluError) as cause:
        say(f"premierpas test: {cause}")
        return 1
    if not arguments:
        for name, command in CHECKS:
            started = time.monotonic()
            ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
            if ended.returncode:
                say(f"{name}: failed\n{ended.stdout}{ended.stderr}")
                return 1
            say(f"{name}: ok ({time.monotonic() - started:.0f} s)")
    return subprocess.run((PYTHON, "-m", "pytest", *arguments), cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
