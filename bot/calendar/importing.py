"""A file becomes the calendar: read whole, compared with what is there, then written in one go or not at all."""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from bot.calendar.entries import Entry, PlaceEntry
from bot.calendar.errors import CalendarInvalid
from bot.calendar.ical import read_ical
from bot.calendar.layout import HORIZON, MOST_SESSIONS, lay_out, overlaps
from bot.calendar.recurrence import FARTHEST, days_of
from bot.calendar.rows import Bodies, Defaults, Towns, entries
from bot.calendar.tables import read_table
from bot.clock import PARIS
from bot.store.calendar_desk import CalendarDesk
from bot.store.calendar_replace import Changes
from bot.store.store import Store
from bot.store.values import CalendarSession, Given, Place, StoredSession
from dialogues.errors import Problem

# A counsellor may have moved a session of today to an hour that is over: it is still the file's session.
MOVED_BACK = timedelta(hours=36)


@dataclass(frozen=True, slots=True)
class Draft:
    """A file read, checked and laid out; not yet compared with what is there."""

    entries: tuple[Entry, ...]
    places: tuple[Place, ...]
    sessions: tuple[CalendarSession, ...]
    # Rows without a date to come: perhaps another year was meant.
    over: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """What an import would do. ``people``: seats in sessions that go or move; ``entries``: the lines kept.

    ``kept``: how many sessions a counsellor cancelled or moved, that the file leaves so; ``over``: rows (file:row)
    without a date to come.
    """

    places: tuple[Place, ...]
    sessions: tuple[CalendarSession, ...]
    entries: tuple[Entry, ...]
    changes: Changes
    people: int
    kept: int
    over: tuple[str, ...]


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
    to_come = {session.series for session in sessions}
    over = tuple(entry.where for entry in found if entry.id not in to_come and _over(entry, today))
    if len(over) == len(found):
        raise CalendarInvalid([Problem(file, 1, "none of its dates is to come: nothing would be left")])
    problems = tuple(overlaps(found, today, file))
    if problems:
        raise CalendarInvalid(problems)
    return Draft(found, places, sessions, over)


def _over(entry: Entry, today: date) -> bool:
    return next(days_of(entry, today, today + FARTHEST), None) is None


async def plan(desk: CalendarDesk, draft: Draft, now: datetime) -> Plan:
    """Compare a file with the sessions to come of the bodies it names. What a counsellor changed stays so.

    A file that comes again says nothing new: only where it differs from what it said before does it count.
    """
    pairs = {(entry.territory, entry.body) for entry in draft.entries}
    territories = {territory for territory, _ in pairs}
    places, sessions = await at_known_places(desk, draft.places, draft.sessions)
    new = {session.id: session for session in sessions if session.starts_at > now}
    held = {key: session for key, session in new.items() if not session.cancelled}
    old = {
        stored.session.id: stored
        for stored in await desk.stored(now - MOVED_BACK, territories=territories, given=True)
        if (stored.session.territory, stored.session.body) in pairs and not stored.session.sample
        and (stored.session.starts_at > now or stored.session.id in held)
    }
    gone = [key for key, one in old.items() if key not in held and not one.session.cancelled and _said(one, now)]
    write, changes = _compared(held, old)
    at = {place.id: place for place in places}
    changed = [key for key in changes.changed if _differs(old[key], write[key], at)]
    return Plan(
        places=places, sessions=tuple(write.values()), entries=draft.entries,
        changes=replace(changes, gone=tuple(gone), changed=tuple(changed)),
        people=sum(old[key].taken for key in (*gone, *changes.moved)),
        kept=sum(1 for key in held if key in old and (old[key].stopped or write[key] is not held[key])),
        over=draft.over,
    )


def _compared(
    held: Mapping[str, CalendarSession], old: Mapping[str, StoredSession],
) -> tuple[dict[str, CalendarSession], Changes]:
    """What is written, and what becomes of it; ``changed``: what may have changed in its details."""
    write = dict(held)
    kinds: dict[str, list[str]] = {kind: [] for kind in ("added", "moved", "reopened", "changed", "settled")}
    for key, session in held.items():
        one = old.get(key)
        if one is None:
            kinds["added"].append(key)
            continue
        if one.session.cancelled:
            if not one.stopped:
                kinds["reopened"].append(key)
            continue
        if _at(session) == _at(one.session):
            kinds["changed"].append(key)
            if one.given is not None:
                kinds["settled"].append(key)
        elif one.given == _at(session):  # as before: the counsellor's hour and place stay
            stays = one.session
            write[key] = replace(session, starts_at=stays.starts_at, ends_at=stays.ends_at, place_id=stays.place_id)
            kinds["changed"].append(key)
        else:
            kinds["moved"].append(key)
    return write, Changes(**{kind: tuple(keys) for kind, keys in kinds.items()})


def _at(session: CalendarSession) -> Given:
    return Given(session.starts_at, session.ends_at, session.place_id)


def _said(one: StoredSession, now: datetime) -> bool:
    """Whether a file could still name it: one that was moved by hand out of a day that is over cannot be."""
    return one.given is None or one.given.starts_at > now


def _differs(one: StoredSession, new: CalendarSession, places: Mapping[str, Place]) -> bool:
    """Whether people or agendas would see a difference in its details."""
    place = replace(places.get(new.place_id, one.place), town_latitude=one.place.town_latitude,
                    town_longitude=one.place.town_longitude)
    return one.session != new or one.place != place


async def at_known_places(
    desk: CalendarDesk, places: Iterable[Place], sessions: Iterable[CalendarSession],
) -> tuple[tuple[Place, ...], tuple[CalendarSession, ...]]:
    """The same, at the places known already by these names: they keep their id, and their feed's address."""
    found = tuple(places)
    known = {
        (place.territory, place.body, place.commune, place.name): place.id
        for territory in sorted({place.territory for place in found})
        for place in await desk.places(territory, None)
    }
    ids = {place.id: known.get((place.territory, place.body, place.commune, place.name), place.id)
           for place in found}
    return (tuple(replace(place, id=ids[place.id]) for place in found),
            tuple(replace(session, place_id=ids[session.place_id]) for session in sessions))


async def carry_out(desk: CalendarDesk, wanted: Plan) -> int:
    """Write the plan; how many people are told. In the caller's transaction."""
    pairs = {(entry.territory, entry.body) for entry in wanted.entries}
    for territory, body in pairs:
        if not all(entry.sample for entry in wanted.entries if (entry.territory, entry.body) == (territory, body)):
            await desk.forget_samples(territory, body)
    await desk.keep_lines(pairs, {
        entry.id: (entry.territory, entry.body, as_line(entry)) for entry in wanted.entries})
    return await desk.replace(wanted.places, wanted.sessions, wanted.changes)


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
