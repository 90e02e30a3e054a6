"""A file becomes the calendar: read whole, compared with what is there, then written in one go or not at all."""

import asyncio
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from bot.calendar.cancelling import Cancellations, cancellations, plan_cancelling, without
from bot.calendar.entries import Entry, PlaceEntry
from bot.calendar.errors import CalendarInvalid
from bot.calendar.ical import cancels, read_cancelled, read_ical
from bot.calendar.layout import HORIZON, MOST_SESSIONS, lay_out, overlaps, place_of
from bot.calendar.places import at_known_places, key_of
from bot.calendar.planning import Draft, Plan, plan
from bot.calendar.recurrence import FARTHEST, days_of
from bot.calendar.rows import Bodies, Defaults, Towns, entries
from bot.calendar.tables import read_table
from bot.clock import PARIS
from bot.store.calendar_desk import CalendarDesk
from bot.store.store import Store
from bot.store.values import Unreached
from dialogues.errors import Problem

ICAL = frozenset({".ics", ".ical", ".ifb", ".icalendar"})


@dataclass(frozen=True, slots=True)
class Told:
    """Who hears of an import. ``people``: how many; ``unreached``: those who cannot be written to."""

    people: int
    unreached: Unreached


def read_calendar(
    path: Path, towns: Towns, bodies: Bodies, defaults: Defaults, seats: int | None = None,
) -> tuple[Entry, ...]:
    """The entries of a CSV, XLSX or iCalendar file.

    Raises CalendarInvalid with every problem of the file, CalendarFileUnreadable.
    """
    problems: list[Problem] = []
    rows = read_ical(path, problems, seats) if path.suffix.lower() in ICAL else read_table(path, problems)
    found = () if problems else entries(path.name, rows, towns, bodies, defaults, problems)
    if not problems and not found:
        problems.append(Problem(path.name, 1, "there is no session in this file"))
    if problems:
        raise CalendarInvalid(problems)
    return found


def draft(
    path: Path, towns: Towns, bodies: Bodies, defaults: Defaults, now: datetime, seats: int | None = None,
) -> Draft | Cancellations:
    """Read, check and lay out a file: no database, seconds for a large one; run it in a thread where others wait.

    Raises CalendarInvalid, CalendarFileUnreadable.
    """
    if path.suffix.lower() in ICAL and cancels(path):
        problems: list[Problem] = []
        rows = read_cancelled(path, problems)
        if problems:
            raise CalendarInvalid(problems)
        return cancellations(path.name, rows, bodies, defaults)
    found = read_calendar(path, towns, bodies, defaults, seats)
    return lay_out_checked(found, now.astimezone(PARIS).date(), path.name)


async def compare(desk: CalendarDesk, read: Draft | Cancellations, now: datetime) -> Plan:
    """What the file would change. Raises CalendarInvalid for what does not go with what is there."""
    if isinstance(read, Cancellations):
        return await plan_cancelling(desk, read, now)
    return await plan(desk, read, now)


def lay_out_checked(found: tuple[Entry, ...], today: date, file: str) -> Draft:
    """The dates to come of these lines. Raises CalendarInvalid: too many, or a team in two places at once."""
    places, sessions = lay_out(found, today, MOST_SESSIONS)
    if len(sessions) > MOST_SESSIONS:
        raise CalendarInvalid([Problem(
            file, 1, f"it gives more than {MOST_SESSIONS} dates in {HORIZON.days} days: import several files")])
    to_come = {session.series for session in sessions}
    over = tuple(entry.where for entry in found if entry.id not in to_come and _over(entry, today))
    if len(over) == len(found):
        raise CalendarInvalid([Problem(file, 1, "none of its dates is to come: nothing would be left")])
    problems = tuple(overlaps(found, today, file))
    if problems:
        raise CalendarInvalid(problems)
    return Draft(found, places, sessions, Path(file).suffix.lower() not in ICAL, over)


def _over(entry: Entry, today: date) -> bool:
    return next(days_of(entry, today, today + FARTHEST), None) is None


async def carry_out(desk: CalendarDesk, wanted: Plan) -> Told:
    """Write the plan. In the caller's transaction."""
    if wanted.cancelled:
        of = {(one.territory, one.body) for one in wanted.cancelled}
        await desk.keep_lines(of, without(await desk.lines(), wanted.cancelled))
        return Told(await desk.replace((), (), wanted.changes), await desk.unreached(wanted.changes.gone))
    pairs = {(entry.territory, entry.body) for entry in wanted.entries}
    for territory, body in pairs:
        if not all(entry.sample for entry in wanted.entries if (entry.territory, entry.body) == (territory, body)):
            await desk.forget_samples(territory, body)
    ids = {entry.id for entry in wanted.entries}
    dates_of = {entry.replaces[0] for entry in wanted.entries if entry.replaces} - ids
    # Dates of a line that is not in the file (an export come back): the line goes on giving dates after them.
    kept = [_corrected(of_line(line), wanted) for line in await desk.lines() if line["id"] in dates_of]
    await desk.keep_lines(pairs, {
        entry.id: (entry.territory, entry.body, as_line(entry)) for entry in (*wanted.entries, *kept)
        if (entry.territory, entry.body) in pairs})
    people = await desk.replace(wanted.places, wanted.sessions, wanted.changes)
    return Told(people, await desk.unreached((*wanted.changes.gone, *wanted.changes.moved)))


def _corrected(entry: Entry, wanted: Plan) -> Entry:
    """A line that is kept, at the name its place has from now on."""
    names = {key_of(old): new for new, old in wanted.known.places.items()}
    new = names.get(key_of(place_of(entry)))
    return replace(entry, place=next((one.place for one in wanted.entries if place_of(one).id == new), entry.place))


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
        places, sessions = await at_known_places(desk, places, sessions)
        return await desk.add_missing(places, [s for s in sessions if s.starts_at > now and not s.cancelled])


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
