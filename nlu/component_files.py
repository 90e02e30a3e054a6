"""What our Rasa components are made of: when one of these files changes, what they learnt is out of date.

Standard library only: Rasa's environment reads it too.
"""

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path

# What the components lean on: to tell arabizi from other languages in Latin letters, to compare, to learn.
_LEANED_ON = ("arabizi", "language", "language_model", "normalise", "ridge", "variety_words")


def component_files(root: Path) -> Iterator[Path]:
    """Code, weights and word lists of the project at `root`, in a fixed order."""
    yield from (root / "nlu" / f"{name}.py" for name in _LEANED_ON)
    yield root / "nlu" / "lookups" / "varieties.yml"
    yield from sorted((root / "nlu" / "rasa" / "components").glob("**/*.py"))
    yield from sorted((root / "nlu" / "rasa" / "components").glob("**/*.npz"))


def digest_of(root: Path, files: Iterable[Path]) -> str:
    """Changes with a file's content or its place under `root`, wherever that is."""
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.relative_to(root).as_posix().encode() + b"\0")
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()
