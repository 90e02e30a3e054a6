"""Translations as they were read before, until a file or a French sentence changes.

Reading the gettext files takes a third of a second, at every start; they change once a week.
"""

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path

from bot import translations
from bot.translations import Translation, read_translation

_NAME = "translations"


def read_translations(
    files: Sequence[Path], messages: Mapping[str, str], folder: Path | None,
) -> dict[str, Translation]:
    """Those of ``files`` that fit ``messages``, by language; kept in ``folder``, if any. Raises ContentError."""
    if folder is None:
        return {path.stem: read_translation(path, messages) for path in files}
    place = folder / f"{_NAME}-{_digest(files, messages)}.json"
    # None yet, or a broken one: they are read anew. Most of what a broken file raises is a ValueError.
    with suppress(OSError, ValueError, KeyError, TypeError, AttributeError):
        return _read(place)
    found = {path.stem: read_translation(path, messages) for path in files}
    with suppress(OSError):  # a full disk, say: the next start reads them again
        _write(place, found)
    return found


def _digest(files: Sequence[Path], messages: Mapping[str, str]) -> str:
    """Changes with the files, the French and the code that reads them."""
    digest = hashlib.sha256(json.dumps(messages).encode())
    for file in (Path(translations.__file__), Path(__file__), *files):
        digest.update(file.name.encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()[:32]


def _read(place: Path) -> dict[str, Translation]:
    return {
        language: Translation(language, one["texts"], tuple(one["missing"]),
                              {key: date.fromisoformat(day) for key, day in one["reviewed"].items()})
        for language, one in json.loads(place.read_bytes()).items()
    }


def _write(place: Path, found: Mapping[str, Translation]) -> None:
    """Whole or not at all: another program may be starting."""
    place.parent.mkdir(parents=True, exist_ok=True)
    for old in place.parent.glob(f"{_NAME}-*.json"):
        old.unlink(missing_ok=True)
    unfinished = place.with_suffix(f".{os.getpid()}")
    unfinished.write_text(json.dumps({
        language: {"texts": dict(one.texts), "missing": one.missing,
                   "reviewed": {key: day.isoformat() for key, day in one.reviewed.items()}}
        for language, one in found.items()
    }), encoding="utf-8")
    unfinished.replace(place)
