"""The words of the training sentences, cut and folded, kept between trainings: half a minute for 200 000 of them.

One file of sentences and their words. Only training sentences come here: what people write is never stored.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

from nlu.component_files import component_files, digest_of

from .embedding_store import FEW, FOLDER_VARIABLE

ROOT = Path(__file__).resolve().parents[3]


class SpeltStore:
    """Words by sentence, on disk. `version` names how they are cut: another one starts afresh."""

    def __init__(self, folder: Path | None, version: str) -> None:
        self._file = folder / f"spelt-{version}.json" if folder else None
        self._known: dict[str, str] = {}
        if self._file and self._file.exists():
            with suppress(ValueError):  # cut short when the plug was pulled: they are cut anew
                self._known = json.loads(self._file.read_text(encoding="utf-8"))

    @classmethod
    def from_environment(cls) -> SpeltStore:
        """The store of the folder the launcher names, or one that forgets; for the code as it is now."""
        folder = os.environ.get(FOLDER_VARIABLE)
        return cls(Path(folder) if folder else None, digest_of(ROOT, component_files(ROOT))[:12])

    def spell(self, texts: Iterable[str], cut: Callable[[str], str]) -> dict[str, str]:
        """The words of each of these texts; `cut` is asked for those not known yet. Unless they are few, they are
        saved then, and those no longer asked for are dropped."""
        wanted = dict.fromkeys(texts)
        found = {text: self._known[text] if text in self._known else cut(text) for text in wanted}
        if self._file and len(found.keys() - self._known.keys()) > FEW:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            unfinished = self._file.with_suffix(f".{os.getpid()}.tmp")
            unfinished.write_text(json.dumps(found, ensure_ascii=False), encoding="utf-8")
            unfinished.replace(self._file)
            for old in self._file.parent.glob("spelt-*.json"):
                if old != self._file:
                    old.unlink(missing_ok=True)
        return found
