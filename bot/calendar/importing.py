"""A file becomes the calendar: read whole, compared with what is there, then written in one go or not at all."""

import asyncio
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from bot.calendar.entries import Entry, PlaceEntry
from bot.calendar.errors import CalendarInvalid
from bot.calendar.ical import read_ical
from bot.calendar.layout import HORIZON, MOST_SESSIONS, lay_out, overlaps
from bot.calendar.rows import Bodies, Defaults, Towns, entries
from bot.calendar.tables import read_table
from bot.clock import PARIS
from bot.store.calendar_desk import CalendarDesk
from bot.store.store import Store
from bot.store.values import CalendarSession, Place
from dialogues.errors import Problem


@dataclass(frozen=True, slots=True)
class Draft:
    """A file read, checked and laid out; not yet compared with what is there."""

    entries: tuple[Entry, ...]
    places: tuple[Place, ...]
    sessions: tuple[CalendarSession, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """What an import would do. ``people``: seats in sessions that go or move; ``entries``: the lines kept."""

    places: tuple[Place, ...]
    sessions: tuple[CalendarSession, ...]
    entries: tuple[Entry, ...]
    added: tuple[str, ...]
    moved: tuple[str, ...]
    gone: tuple[str, ...]
    people: int


def read_calendar(
    path: Path, towns: Towns, bodies: Bodies, defaults: Defaults, seats: int | None = None,
) -> tuple[Entry, ...]:
    """The entries of a CSV, XLSX or iCalendar file.

    Raises CalendarInvalid with every problem of the file, CalendarFileUnreadable.
    """
    problems: list[Problem] = []
    if path.suffix.lower() in {".ics", ".ical", ".ifb", ".icalendar"}:
        rows = read_ical(path, problems, seats)
    else:
        rows = read_table(path, problems)
    found = () if problems else entries(path.name, rows, towns, bodies, defaults, problems)
    if not problems and not found:
        problems.append(Problem(path.name, 1, "there is no session in this file"))
    if problems:
        raise CalendarInvalid(problems)
    return found


def draft(
    path: Path, towns: Towns, bodies: Bodies, defaults: Defaults, now: datetime, seats: int | None = None,
) -> Draft:
    """Read, check and lay out a file: no database, seconds for a large one; run it in a thread where others wait.

    Raises CalendarInvalid, CalendarFileUnreadable.
    """
    found = read_calendar(path, towns, bodies, defaults, seats)
    return lay_out_checked(found, now.astimezone(PARIS).date(), path.name)


def lay_out_checked(found: tuple[Entry, ...], today: date, file: str) -> Draft:
    """The dates to come of these lines. Raises CalendarInvalid: too many, or a team in two places at once."""
    places, sessions = lay_out(found, today, MOST_SESSIONS)
    if len(sessions) > MOST_SESSIONS:
        raise CalendarInvalid([Problem(
            file, 1, f"it gives more than {MOST_SESSIONS} dates in {HORIZON.days} days: import several files")])
    problems = tuple(overlaps(found, sessions, file))
    if problems:
        raise CalendarInvalid(problems)
    return Draft(found, places, sessions)


async def plan(desk: CalendarDesk, draft: Draft, now: datetime) -> Plan:
    """Compare a file with the sessions to come of the bodies it names."""
    places = draft.places
    new = {session.id: session for session in draft.sessions if session.starts_at > now}
    pairs = {(entry.territory, entry.body) for entry in draft.entries}
    old = {
        stored.session.id: stored
        for stored in await desk.stored(now, territories={territory for territory, _ in pairs})
        if (stored.session.territory, stored.session.body) in pairs and not stored.session.sample
    }
    held = {key for key, session in new.items() if not session.cancelled}
    gone = tuple(key for key, stored in old.items() if key not in held and not stored.session.cancelled)
    moved = tuple(key for key in new if key in held and key in old and _moved(old[key].session, new[key]))
    return Plan(
        places=places, sessions=tuple(session for session in new.values() if not session.cancelled),
        entries=draft.entries, added=tuple(key for key in new if key in held and key not in old),
        moved=moved, gone=gone,
        people=sum(old[key].taken for key in (*gone, *moved)),
    )


async def carry_out(desk: CalendarDesk, wanted: Plan) -> int:
    """Write the plan; how many people are told. In the caller's transaction."""
    pairs = {(entry.territory, entry.body) for entry in wanted.entries}
    for territory, body in pairs:
        if not all(entry.sample for entry in wanted.entries if (entry.territory, entry.body) == (territory, body)):
            await desk.forget_samples(territory, body)
    await desk.keep_lines(pairs, {
        entry.id: (entry.territory, entry.body, as_line(entry)) for entry in wanted.entries})
    return await desk.replace(wanted.places, wanted.sessions, wanted.gone, wanted.moved)


async def lay_out_further(store: Store, sample: tuple[Entry, ...], now: datetime) -> int:
    """Add the sessions that came within the horizon; the demonstration where there is no real calendar.

    Laid out in a thread, outside any transaction: nobody waits for it. A calendar that is imported meanwhile is
    left to the next time.
    """
    async with store.calendar() as desk:
        lines, real = await desk.lines(), await desk.has_real()
    kept = tuple(of_line(line) for line in lines)
    shown = tuple(entry for entry in sample if (entry.territory, entry.body) not in real)
    places, sessions = await asyncio.to_thread(lay_out, (*kept, *shown), now.astimezone(PARIS).date())
    async with store.calendar() as desk:
        if (await desk.lines(), await desk.has_real()) != (lines, real):
            return 0
        return await desk.add_missing(places, [s for s in sessions if s.starts_at > now and not s.cancelled])


def _moved(old: CalendarSession, new: CalendarSession) -> bool:
    return (old.starts_at, old.ends_at, old.place_id) != (new.starts_at, new.ends_at, new.place_id)


def as_line(entry: Entry) -> Mapping[str, Any]:
    """An entry as JSON."""
    def plain(value: object) -> object:
        if isinstance(value, date | time):
            return value.isoformat()
        if isinstance(value, tuple | list):
            return [plain(part) for part in value]
        return {key: plain(part) for key, part in value.items()} if isinstance(value, dict) else value

    return {key: plain(value) for key, value in asdict(entry).items()}


def of_line(line: Mapping[str, Any]) -> Entry:
    """The entry that ``as_line`` wrote."""
    values = dict(line)
    values["place"] = PlaceEntry(**values["place"])
    values["first"] = date.fromisoformat(values["first"])
    values["until"] = date.fromisoformat(values["until"]) if values["until"] else None
    values["starts"], values["ends"] = time.fromisoformat(values["starts"]), time.fromisoformat(values["ends"])
    values["without"] = tuple(date.fromisoformat(day) for day in values["without"])
    for name in ("crew", "languages", "publics", "wishes"):
        values[name] = tuple(values[name])
    if values["replaces"]:
        values["replaces"] = (values["replaces"][0], date.fromisoformat(values["replaces"][1]))
    return Entry(**values)
