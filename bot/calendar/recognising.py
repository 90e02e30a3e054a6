"""A corrected file: which of its rows are lines of the calendar that is there. Who has a seat keeps it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from bot.calendar.entries import Entry
from bot.calendar.places import Known
from bot.calendar.rows import made_id
from bot.store.values import CalendarSession


def recognise(
    entries: Sequence[Entry], sessions: Sequence[CalendarSession], lines: Sequence[Mapping[str, Any]],
    to_come: Collection[str], places: Known,
) -> tuple[tuple[Entry, ...], tuple[CalendarSession, ...]]:
    """The same entries and sessions, under the ids they have in the calendar where they are in it.

    A row without an id of its own is the line that says the same, else the only one of its team that differs in
    one thing: where, from which hour, or, when it repeats, since when. A line of one date alone that has another
    date now is moved to it. ``to_come``: ids of the half-days that are held and have not begun; ``places``: those
    whose name the file corrects.
    """
    known = {str(line["id"]): line for line in lines}
    names = _names(entries, known, places)
    found: list[Entry] = []
    ids: dict[str, tuple[str, date | None]] = {}
    for entry in entries:
        name = names.get(entry.id, entry.id)
        line = known.get(name)
        original = None if line is None else _original(entry, line, to_come)
        if name != entry.id or original is not None:
            ids[entry.id] = (name, original)
        found.append(replace(entry, id=name, replaces=(name, original) if original else entry.replaces))
    return tuple(found), tuple(_renamed(session, ids) for session in sessions)


def _names(
    entries: Sequence[Entry], known: Mapping[str, Mapping[str, Any]], places: Known,
) -> dict[str, str]:
    """Id in the file → id in the calendar, of rows that are in it under another one. One to one."""
    replaced = {entry.replaces[0] for entry in entries if entry.replaces}
    new = [entry for entry in entries if entry.id not in known and entry.id not in replaced and not entry.replaces]
    free = {key: line for key, line in known.items() if key not in {entry.id for entry in entries}}
    names: dict[str, str] = {}
    for exact in (True, False):
        like = {entry.id: [key for key, line in free.items()
                           if _like(entry, line, places.name_of(entry), exact=exact)] for entry in new
                if entry.id not in names and (exact or entry.id == made_id(entry))}
        wanted = [key for keys in like.values() for key in keys]
        sure = {entry: keys[0] for entry, keys in like.items() if len(keys) == 1 and wanted.count(keys[0]) == 1}
        names |= sure
        free = {key: line for key, line in free.items() if key not in sure.values()}
    return names


def _like(entry: Entry, line: Mapping[str, Any], place: tuple[str, str], *, exact: bool) -> bool:
    same = ("territory", "body", "team", "sample")
    repeats, repeated = entry.rule is not None, line["rule"] is not None
    if repeats is not repeated or any(getattr(entry, name) != line[name] for name in same):
        return False
    if line["replaces"] is not None and line["replaces"][0] != line["id"]:
        return False
    where = place == (line["place"]["commune"], line["place"]["name"])
    starts, first = entry.starts.isoformat() == line["starts"], entry.first.isoformat() == line["first"]
    if exact:
        return where and starts and first
    # One date alone, at another one, may as well be another: then nobody is moved to it.
    return where + starts + first == 2 and (first or repeats)


def _original(entry: Entry, line: Mapping[str, Any], to_come: Collection[str]) -> date | None:
    """The date that a line of one date had when people took seats; None when it has that one."""
    if entry.rule is not None or line["rule"] is not None or entry.replaces is not None:
        return None
    replaced = line["replaces"]
    if replaced is not None and replaced[0] != line["id"]:
        return None
    first = date.fromisoformat(line["first"])
    original = date.fromisoformat(replaced[1]) if replaced else first
    held = f"{line['id']}:{original.isoformat()}" in to_come
    return original if entry.first != original and (entry.first == first or held) else None


def _renamed(session: CalendarSession, ids: Mapping[str, tuple[str, date | None]]) -> CalendarSession:
    if session.series not in ids:
        return session
    name, original = ids[session.series]
    day, mark, part = session.id[len(session.series) + 1:].partition("@")
    return replace(session, id=f"{name}:{original.isoformat() if original else day}{mark}{part}", series=name)
