"""Embeddings kept between trainings, so that a small edit embeds only what is new.

One file of hashes and vectors; a text is known by the hash of its characters, never kept itself.
Only training sentences come here: what people write is never stored.
"""

from __future__ import annotations

import hashlib
import logging
import os
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

# Where the store lives; without it every training starts from nothing.
FOLDER_VARIABLE = "PREMIERPAS_EMBEDDINGS"
# So many are embedded, half a minute's work, then saved: who pulls the plug loses no more.
AT_ONCE = 10_000
FEW = 500  # new ones are quicker made again the next time than all of them saved
ENCODERS_KEPT = 2  # this one, and the one before it to go back to

log = logging.getLogger(__name__)


def key_of(text: str) -> str:
    """The name of a text in the store: 32 hexadecimal digits."""
    return hashlib.blake2b(text.encode("utf-8"), digest_size=16).hexdigest()


class EmbeddingStore:
    """Vectors by text, on disk. `version` names the encoder: another version starts afresh."""

    def __init__(self, folder: Path | None, version: str) -> None:
        self._file = folder / f"{version}.npz" if folder else None
        self._known: dict[str, np.ndarray] = {}
        if self._file and self._file.exists():
            # Cut short when the plug was pulled: they are read anew.
            with suppress(ValueError, EOFError, KeyError, BadZipFile), np.load(self._file) as saved:
                self._known = dict(zip(saved["keys"].tolist(), saved["vectors"], strict=True))

    @classmethod
    def from_environment(cls, version: str) -> EmbeddingStore:
        """The store of the folder the launcher names, or one that forgets."""
        folder = os.environ.get(FOLDER_VARIABLE)
        return cls(Path(folder) if folder else None, version)

    def embed(self, texts: Iterable[str], encode: Callable[[list[str]], np.ndarray]) -> dict[str, np.ndarray]:
        """The vector of each of these texts; `encode` is asked for those not known yet, which are
        then saved, unless they are few. Vectors of texts no longer asked for are dropped from the disk."""
        wanted = {text: key_of(text) for text in texts}
        missing = [text for text, key in wanted.items() if key not in self._known]
        for start in range(0, len(missing), AT_ONCE):
            part = missing[start : start + AT_ONCE]
            for text, vector in zip(part, encode(part), strict=True):
                self._known[wanted[text]] = vector
            log.info("%d of %d new sentences read", start + len(part), len(missing))
            if len(missing) > FEW:
                self._save({key: self._known[key] for key in wanted.values() if key in self._known})
        return {text: self._known[key] for text, key in wanted.items()}

    def _save(self, vectors: dict[str, np.ndarray]) -> None:
        if self._file is None:
            return
        self._file.parent.mkdir(parents=True, exist_ok=True)
        unfinished = self._file.with_suffix(f".{os.getpid()}.tmp.npz")
        np.savez(unfinished, keys=np.array(list(vectors)), vectors=np.stack(list(vectors.values())))
        unfinished.replace(self._file)
        others = [file for file in self._file.parent.glob("*.npz") if file != self._file]
        for old in sorted(others, key=lambda file: file.stat().st_mtime)[: 1 - ENCODERS_KEPT]:
            old.unlink(missing_ok=True)
