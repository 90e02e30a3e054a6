"""A file becomes the calendar: read whole, compared with what is there, then written in one go or not at all."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from bot.calendar.entries import Entry, PlaceEntry
from bot.calendar.errors import CalendarInvalid
from bot.calendar.ical import read_ical
from bot.calendar.layout import lay_out, overlaps
from bot.calendar.rows import Bodies, Defaults, Towns, entries
from bot.calendar.tables import read_table
from bot.clock import PARIS
from bot.store.calendar_desk import CalendarDesk
from bot.store.values import CalendarSession, Place
from dialogues.errors import Problem


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


def lay_out_checked(
    found: tuple[Entry, ...], today: date, file: str,
) -> tuple[tuple[Place, ...], tuple[CalendarSession, ...]]:
    """Places and sessions to come. Raises CalendarInvalid where a team would be in two places at once."""
    places, sessions = lay_out(found, today)
    problems = tuple(overlaps(found, sessions, file))
    if problems:
        raise CalendarInvalid(problems)
    return places, sessions


async def plan(desk: CalendarDesk, found: tuple[Entry, ...], file: str, now: datetime) -> Plan:
    """Compare the file with the sessions to come of the bodies it names. Raises CalendarInvalid."""
    places, laid = lay_out_checked(found, now.astimezone(PARIS).date(), file)
    new = {session.id: session for session in laid if session.starts_at > now}
    pairs = {(entry.territory, entry.body) for entry in found}
    old = {
        stored.session.id: stored
        for stored in await desk.stored(now, territories={territory for territory, _ in pairs})
        if (stored.session.territory, stored.session.body) in pairs and not stored.session.sample
    }
    held = {key for key, session in new.items() if not session.cancelled}
    gone = tuple(key for key, stored in old.items() if key not in held and not stored.session.cancelled)
    moved = tuple(key for key in new if key in held and key in old and _moved(old[key].session, new[key]))
    return Plan(
        places=places, sessions=tuple(session for session in new.values() if not session.cancelled), entries=found,
        added=tuple(key for key in new if key in held and key not in old), moved=moved, gone=gone,
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


async def lay_out_further(desk: CalendarDesk, sample: tuple[Entry, ...], now: datetime) -> int:
    """Add the sessions that came within the horizon; the demonstration where there is no real calendar."""
    kept = tuple(of_line(line) for line in await desk.lines())
    real = await desk.has_real()
    shown = tuple(entry for entry in sample if (entry.territory, entry.body) not in real)
    places, sessions = lay_out((*kept, *shown), now.astimezone(PARIS).date())
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
