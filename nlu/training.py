"""From the example files to a model Rasa can serve, trained only when something it depends on changed."""

import asyncio
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from nlu.command import run
from nlu.component_files import component_files, digest_of
from nlu.errors import CommandFailed, ExamplesInvalid, TrainingFailed
from nlu.rasa_environment import ensure_rasa_environment, rasa_home, rasa_python
from nlu.training_steps import STEP

__all__ = ["ensure_model", "ensure_rasa_environment", "model_key", "rasa_python", "rasa_variables"]

CODE = Path(__file__).resolve().parent.parent
MODELS_KEPT = 2  # the one in use, and the one before it to go back to
PROBLEMS_SHOWN = 20


def model_key(root: Path) -> str:
    """The name of the model the project at `root` asks for: a hash of all that a model is made from."""
    return digest_of(root, _ingredients(root))


def _ingredients(root: Path) -> Iterator[Path]:
    yield root / "config.yml"
    yield rasa_home(root) / "requirements.txt"
    yield from component_files(root)
    yield from sorted((root / "nlu" / "examples").glob("**/*.yml"))


def rasa_variables(root: Path, data_dir: Path) -> dict[str, str]:
    """The environment Rasa's programs run in: nothing sent out, nothing written outside `data_dir`,
    warnings only, one thread for one message."""
    cache = data_dir / "cache"
    return {
        **os.environ,
        "PYTHONPATH": str(root),
        "PYTHONUNBUFFERED": "1",
        "RASA_TELEMETRY_ENABLED": "false",
        "MPLCONFIGDIR": str(cache / "matplotlib"),
        "PREMIERPAS_EMBEDDINGS": str(data_dir / "embeddings"),
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
        "PYTHONWARNINGS": "ignore",
        "LOG_LEVEL": "WARNING",
        "LOG_LEVEL_LIBRARIES": "ERROR",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        # Arrays past 128 KB go back to the system when they are done with (glibc's mallopt(3)): 40 MB of them
        # are made only to load a model.
        "MALLOC_MMAP_THRESHOLD_": "131072",
        "MALLOC_TRIM_THRESHOLD_": "131072",
    }


async def ensure_model(root: Path, data_dir: Path, say: Callable[[str], None]) -> Path:
    """The model for the project as it stands, `<data_dir>/models/<key>.tar.gz`, trained if it is missing.

    The examples are checked in a process of their own while Rasa reads them: neither holds up the other, nor what
    the app answers. `say` is given one line a step. Raises ExamplesInvalid, with files and lines: no model is left
    then; TrainingFailed with Rasa's last lines when Rasa cannot train; RasaEnvironmentMissing when it cannot run.
    """
    model = _model_file(root, data_dir)
    if model.exists():
        os.utime(model)
        return model
    python = await ensure_rasa_environment(root, say)
    model.parent.mkdir(parents=True, exist_ok=True)
    say("Training the understanding (some minutes the first time; one or two when little changed)")
    with tempfile.TemporaryDirectory(dir=model.parent, prefix="training-") as unfinished:
        training = asyncio.create_task(_train(python, root, model.parent.parent, Path(unfinished), say))
        try:
            await _check(root)  # first: what is wrong with an example explains a training that failed
            await training
        finally:
            training.cancel()
            await asyncio.gather(training, return_exceptions=True)
        (Path(unfinished) / "model.tar.gz").replace(model)
    _prune(model)
    say("The understanding is trained")
    return model


def _model_file(root: Path, data_dir: Path) -> Path:
    return data_dir.absolute() / "models" / f"{model_key(root)}.tar.gz"


async def _check(root: Path) -> None:
    try:
        problems = await run([sys.executable, "-m", "nlu.examples_check", str(root)], cwd=CODE)
    except CommandFailed as e:
        raise TrainingFailed(str(e)) from e
    if problems:
        shown = "\n".join(problems[:PROBLEMS_SHOWN])
        more = len(problems) - PROBLEMS_SHOWN
        raise ExamplesInvalid(f"\n{shown}" + (f"\n… and {more} more" if more > 0 else ""))


async def _train(python: Path, root: Path, data_dir: Path, folder: Path, say: Callable[[str], None]) -> None:
    def step(line: str) -> None:
        if line.startswith(STEP):
            say("  " + line.removeprefix(STEP))

    command = [
        str(python), "-m", "nlu.rasa.train", str(root / "config.yml"), str(root / "nlu" / "examples"),
        str(folder / "model.tar.gz"),
    ]  # fmt: skip
    # A training may take the whole machine.
    variables = rasa_variables(root, data_dir)
    for limit in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        del variables[limit]
    try:
        # Rasa writes `.rasa/` and may rewrite files where it runs: let that be a folder we throw away.
        lines = await run(command, say=step, env=variables, cwd=folder)
    except CommandFailed as e:
        raise TrainingFailed(str(e)) from e
    if not (folder / "model.tar.gz").exists():
        raise TrainingFailed("\n".join(lines[-PROBLEMS_SHOWN:]))


def _prune(newest: Path) -> None:
    models = sorted(newest.parent.glob("*.tar.gz"), key=lambda file: file.stat().st_mtime, reverse=True)
    for old in [file for file in models if file != newest][MODELS_KEPT - 1 :]:
        old.unlink(missing_ok=True)
