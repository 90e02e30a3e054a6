"""Rasa's own Python environment: found, made, kept in step with its locked requirements."""

import asyncio
import fcntl
import hashlib
import os
import shutil
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from nlu.command import run
from nlu.errors import CommandFailed, RasaEnvironmentMissing

_STAMP = "premierpas-requirements"


def rasa_home(root: Path) -> Path:
    """The folder of Rasa's project, its components and its environment."""
    return root / "nlu" / "rasa"


def rasa_python(root: Path) -> Path:
    """The Python that runs Rasa, whether or not it has been made yet."""
    return rasa_home(root) / ".venv" / "bin" / "python"


async def ensure_rasa_environment(root: Path, say: Callable[[str], None]) -> Path:
    """Makes Rasa's environment, or brings it up to date; returns its Python.

    Does nothing when the environment already matches `nlu/rasa/requirements.txt`. `say` is given one line a
    step. Raises RasaEnvironmentMissing when there is no Python 3.10, no uv, or the installation fails.
    """
    python = rasa_python(root)
    requirements = rasa_home(root) / "requirements.txt"
    wanted = hashlib.sha256(requirements.read_bytes()).hexdigest()
    stamp = python.parent.parent / _STAMP
    if _matches(stamp, wanted) and python.exists():
        return python
    async with _alone(root / ".tools" / "rasa.lock"):
        if _matches(stamp, wanted) and python.exists():  # another process made it while we waited
            return python
        uv = _find_uv(root)
        base = None if python.exists() and await _runs(python) else await _find_python(uv, say)
        try:
            if base:
                say(f"Making Rasa's environment with {base}")
                await run([uv, "venv", "--clear", "--python", base, str(python.parent.parent)])
            say("Installing Rasa 3.6 (about 2.7 GB on disk, a minute or two)")
            # Compiled now: a machine that writes no bytecode would compile Rasa anew at each start.
            sync = [uv, "pip", "sync", "--require-hashes", "--compile-bytecode", "--python", str(python)]
            await run([*sync, str(requirements)])
        except CommandFailed as e:
            raise RasaEnvironmentMissing(str(e)) from e
        stamp.write_text(wanted)
        say("Rasa is installed")
    return python


def _matches(stamp: Path, wanted: str) -> bool:
    return stamp.exists() and stamp.read_text().strip() == wanted


@asynccontextmanager
async def _alone(lock: Path) -> AsyncIterator[None]:
    """Holds `lock` against other processes: two of them installing at once would break both."""
    lock.parent.mkdir(exist_ok=True)
    with lock.open("w") as handle:
        await asyncio.to_thread(fcntl.flock, handle, fcntl.LOCK_EX)
        yield


def _find_uv(root: Path) -> str:
    """uv on PATH, or where the launcher puts it. Raises RasaEnvironmentMissing."""
    found = os.environ.get("UV") or shutil.which("uv") or shutil.which(root / ".tools" / "bin" / "uv")
    if not found:
        raise RasaEnvironmentMissing("uv was not found: start with ./premierpas, which brings it.")
    return found


async def _find_python(uv: str, say: Callable[[str], None]) -> str:
    """A Python 3.10 that really runs: on PATH, under pyenv's versions, known to uv, or fetched by it."""
    for candidate in _candidates():
        if await _runs(candidate):
            return str(candidate)
    try:
        return (await run([uv, "python", "find", "3.10"]))[-1]
    except (CommandFailed, IndexError):
        say("Fetching Python 3.10, which Rasa needs")
    try:
        await run([uv, "python", "install", "3.10"])
        return (await run([uv, "python", "find", "3.10"]))[-1]
    except (CommandFailed, IndexError) as e:
        raise RasaEnvironmentMissing(
            "Rasa needs Python 3.10, which is not on this machine and could not be fetched: install it"
            " (python3.10 on PATH, with pyenv, or `uv python install 3.10`)."
        ) from e


def _candidates() -> Sequence[Path]:
    on_path = shutil.which("python3.10")
    roots = [os.environ.get("PYENV_ROOT"), str(Path.home() / ".pyenv")]
    return [
        *([Path(on_path)] if on_path else []),
        *(p for root in roots if root for p in sorted(Path(root).glob("versions/3.10.*/bin/python3.10"))),
    ]


async def _runs(python: Path) -> bool:
    # A pyenv shim is on PATH for every version, and fails for those not active: ask it.
    try:
        said = await run([str(python), "-c", "import sys; print(*sys.version_info[:2])"])
    except CommandFailed:
        return False
    return said[-1:] == ["3 10"]
