"""Translations: gettext files whose context is the message's key. A stale one is not used."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

from babel.messages.catalog import Catalog as PoCatalog
from babel.messages.catalog import Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, denormalize, read_po, write_po

from dialogues.state import EASY

SOURCE = "fr"
# What teams read is French only: counsellors of the consortia work in French.
TEAM_KEYS = "utter_team_"
# How an entry stands, in its comments: a native speaker has still to read it, or read it that day.
NEEDS_REVIEW = "needs-review"
_REVIEWED = re.compile(r"reviewed (\S+)")
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')
_WRITTEN_BY = "Premier Pas"
# A template says what the words are, not when: it changes only when they do.
UNDATED = datetime(2026, 11, 23, tzinfo=UTC)


class ContentError(Exception):
    """The content files cannot be used as they are."""


@dataclass(frozen=True, slots=True)
class Translation:
    """One language. ``texts``: key -> words that translate today's French; ``missing``: keys without any.

    ``reviewed``: key -> the day a native speaker read them.
    """

    language: str
    texts: Mapping[str, str]
    missing: tuple[str, ...]
    reviewed: Mapping[str, date] = field(default_factory=dict)


def read_translation(path: Path, messages: Mapping[str, str]) -> Translation:
    """The translations of ``path`` that still fit ``messages``. Raises ContentError."""
    fitting = [
        message for message in _read(path)
        if message.context and message.string and not message.fuzzy
        and messages.get(str(message.context)) == message.id
    ]
    texts = {str(message.context): str(message.string) for message in fitting}
    missing = tuple(key for key in messages if key not in texts and not key.startswith(TEAM_KEYS))
    days = {str(message.context): _reviewed_on(path, message) for message in fitting}
    return Translation(path.stem, texts, missing, {key: day for key, day in days.items() if day is not None})


def update(path: Path, messages: Mapping[str, str], language: str) -> None:
    """Bring ``path`` up to today's French: new ones empty, changed ones fuzzy and to be read, gone ones dropped.

    Raises ContentError.
    """
    old = _read(path) if path.exists() else PoCatalog()
    known = {str(message.context): message for message in old if message.context}
    fresh = _fresh(old, language)
    for key, text in messages.items():
        if key.startswith(TEAM_KEYS):
            continue
        entry = known.get(key)
        words = str(entry.string or "") if entry else ""
        stale = entry is not None and bool(words) and (entry.fuzzy or entry.id != text)
        day = _reviewed_on(path, entry) if entry and not stale else None
        fresh.add(
            text, words, context=key, flags={"fuzzy"} if stale else set(), user_comments=_state(day),
            previous_id=(_before(entry, text),) if entry and stale else (),
        )
    _write(path, fresh)


def extract(path: Path, messages: Mapping[str, str]) -> int:
    """Write the template that a new language begins with; how many entries it has."""
    template = PoCatalog(project="premierpas", version="0", fuzzy=False, copyright_holder=_WRITTEN_BY,
                         msgid_bugs_address=_WRITTEN_BY, creation_date=UNDATED, revision_date=UNDATED,
                         last_translator=_WRITTEN_BY, language_team=_WRITTEN_BY,
                         header_comment="# The words of Premier Pas. How to translate them: docs/translating.md")
    for key, text in messages.items():
        if not key.startswith(TEAM_KEYS):
            template.add(text, "", context=key)
    _write(path, template)
    return len(template)


def compile_po(path: Path, folder: Path, messages: Mapping[str, str]) -> Path:
    """Write ``folder``/<lang>.mo with the entries that would be said today, stale ones left out; where it lies.

    Nothing here reads it: it is for other programs. Raises ContentError.
    """
    fitting = read_translation(path, messages).texts
    catalog = _fresh(_read(path), path.stem)
    for key, words in fitting.items():
        catalog.add(messages[key], words, context=key)
    target = folder / f"{path.stem}.mo"
    with target.open("wb") as file:
        write_mo(file, catalog)
    return target


@dataclass(frozen=True, slots=True)
class Counts:
    """How many entries there are, and how they stand."""

    entries: int
    translated: int
    fuzzy: int
    missing: int
    reviewed: int


def counts(path: Path, messages: Mapping[str, str]) -> Counts:
    """Of one language. Fuzzy: there are words, for another French. Raises ContentError."""
    found = read_translation(path, messages)
    worded = {str(entry.context) for entry in _read(path) if entry.context and entry.string}
    fuzzy = sum(key in worded for key in found.missing)
    return Counts(len(found.texts) + len(found.missing), len(found.texts), fuzzy, len(found.missing) - fuzzy,
                  len(found.reviewed))


def mark_reviewed(path: Path, keys: Collection[str], on: date) -> int:
    """Write down that a native speaker read these entries; how many they were. Raises ContentError."""
    catalog = _read(path)
    found = [message for message in catalog
             if message.context in keys and message.string and not message.fuzzy]
    for message in found:
        message.user_comments = list(_state(on))
    _write(path, catalog)
    return len(found)


def _read(path: Path) -> PoCatalog:
    try:
        with path.open("rb") as file:
            return read_po(file, abort_invalid=True)
    except (PoFileError, UnicodeDecodeError) as cause:
        raise ContentError(f"{path.name} is not a gettext file: {cause}") from cause


def _write(path: Path, catalog: PoCatalog) -> None:
    for message in catalog:
        # Babel takes « 55 % » for a conversion, and an editor would refuse good words. Our places are braces.
        message.flags.discard("python-format")
    with path.open("wb") as file:
        write_po(file, catalog, width=0, omit_header=False, include_previous=True)


def _fresh(old: PoCatalog, language: str) -> PoCatalog:
    """An empty file with the old one's dates: nothing changes in it when no words did."""
    return PoCatalog(
        locale=SOURCE if language == EASY else language, project="premierpas", version="0", fuzzy=False,
        copyright_holder=_WRITTEN_BY, msgid_bugs_address=_WRITTEN_BY, creation_date=old.creation_date,
        # Babel's placeholder until an editor such as Poedit has written a day.
        revision_date=old.revision_date if isinstance(old.revision_date, datetime) else old.creation_date,
        last_translator=_WRITTEN_BY, language_team=language,
        header_comment=f"# {language}: the words of Premier Pas. How to change them: docs/translating.md",
    )


def _before(entry: Message, text: str) -> str:
    """The French that a stale entry translates. Babel reads `#|` lines as comments, wrapped as it wrote them."""
    if entry.id != text:
        return str(entry.id)
    kept = " ".join(line.removeprefix("|").strip() for line in entry.user_comments if line.startswith("|"))
    return "".join(denormalize(f'"{part}"') for part in _QUOTED.findall(kept))


def _state(day: date | None) -> Iterable[str]:
    return (NEEDS_REVIEW,) if day is None else (f"reviewed {day.isoformat()}",)


def _reviewed_on(path: Path, message: Message) -> date | None:
    """The day a native speaker read an entry; None while nobody did. Raises ContentError for no day."""
    for comment in message.user_comments:
        if found := _REVIEWED.fullmatch(comment.strip()):
            try:
                return date.fromisoformat(found[1])
            except ValueError as cause:
                wrong = f"{path.name}: « {message.context} »: « {found[1]} » is not a day"
                raise ContentError(f"{wrong}, as in « reviewed 2026-11-29 ».") from cause
    return None
