"""Translations: gettext files whose context is the message's key. A stale one is not used."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Catalog as PoCatalog
from babel.messages.pofile import PoFileError, read_po, write_po

from dialogues.state import EASY

SOURCE = "fr"
# What teams read is French only: counsellors of the consortia work in French.
TEAM_KEYS = "utter_team_"


class ContentError(Exception):
    """The content files cannot be used as they are."""


@dataclass(frozen=True, slots=True)
class Translation:
    """One language. ``texts``: key -> words that translate today's French; ``missing``: keys without any."""

    language: str
    texts: Mapping[str, str]
    missing: tuple[str, ...]


def read_translation(path: Path, messages: Mapping[str, str]) -> Translation:
    """The translations of ``path`` that still fit ``messages``. Raises ContentError."""
    try:
        with path.open("rb") as file:
            catalog = read_po(file, abort_invalid=True)
    except (PoFileError, UnicodeDecodeError) as cause:
        raise ContentError(f"{path.name} is not a gettext file: {cause}") from cause
    texts = {
        str(message.context): str(message.string)
        for message in catalog
        if message.context and message.string and not message.fuzzy
        and messages.get(str(message.context)) == message.id
    }
    missing = tuple(key for key in messages if key not in texts and not key.startswith(TEAM_KEYS))
    return Translation(path.stem, texts, missing)


def update(path: Path, messages: Mapping[str, str], language: str) -> None:
    """Bring ``path`` up to today's French: new messages empty, changed ones fuzzy, gone ones dropped."""
    old: dict[str, tuple[str, str, bool, tuple[str, ...]]] = {}
    if path.exists():
        with path.open("rb") as file:
            for message in read_po(file):
                if message.context:
                    old[str(message.context)] = (
                        str(message.id), str(message.string or ""), message.fuzzy, tuple(message.user_comments)
                    )
    fresh = PoCatalog(locale=SOURCE if language == EASY else language, project="premierpas", fuzzy=False)
    for key, text in messages.items():
        if key.startswith(TEAM_KEYS):
            continue
        known = old.get(key)
        flags = {"fuzzy"} if known and known[1] and (known[2] or known[0] != text) else set()
        fresh.add(
            text, known[1] if known else "", context=key, flags=flags,
            user_comments=known[3] if known else ("needs-review",),
            previous_id=(known[0],) if known and flags else (),
        )
    with path.open("wb") as file:
        write_po(file, fresh, width=0, omit_header=False, include_previous=True)
