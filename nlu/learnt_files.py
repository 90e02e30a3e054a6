"""What is learnt from the examples, kept in the data folder until the examples change."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from nlu.examples_check import example_files

Learnt = TypeVar("Learnt")


def place(root: Path, data_dir: Path, name: str) -> Path:
    """Where `name` is kept for the examples as they stand, whether or not it is there."""
    digest = hashlib.sha256()
    for file in example_files(root):
        digest.update(file.relative_to(root).as_posix().encode() + b"\0" + file.read_bytes())
    stem, _, ending = name.partition(".")
    return data_dir / "cache" / f"{stem}-{digest.hexdigest()[:32]}.{ending}"


def kept(
    root: Path,
    data_dir: Path,
    name: str,
    *,
    read: Callable[[Path], Learnt],
    learn: Callable[[], Learnt],
    write: Callable[[Learnt, Path], None],
) -> Learnt:
    """What `learn` makes of `nlu/examples` as they stand, read from `<data_dir>/cache` when it was made before.

    `name`: a file's name with one full stop; the digest of the examples goes before it. `read` raises OSError,
    ValueError (most of what a broken file raises is one), KeyError or TypeError for a file it cannot use.
    """
    here = place(root, data_dir, name)
    try:
        return read(here)
    except (OSError, ValueError, KeyError, TypeError):  # none yet, or a broken one: it is made anew
        pass
    made = learn()
    here.parent.mkdir(parents=True, exist_ok=True)
    stem, _, ending = name.partition(".")
    for old in here.parent.glob(f"{stem}-*.{ending}"):
        old.unlink(missing_ok=True)
    write(made, here)
    return made
