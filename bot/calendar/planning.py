"""A file that was read, compared with the calendar that is there: what an import would do."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.calendar.entries import Cancelled, Entry
from bot.calendar.errors import CalendarInvalid
from bot.calendar.layout import taken_elsewhere
from bot.calendar.places import Known, at_known_places, recognise_places
from bot.calendar.recognising import recognise
from bot.store.calendar_desk import CalendarDesk
from bot.store.calendar_replace import Changes
from bot.store.values import CalendarSession, Given, Place, StoredSession
from dialogues.errors import Problem
from dialogues.sessions import half_day

# A counsellor may have moved a session of today to an hour that is over: it is still the file's session.
MOVED_BACK = timedelta(hours=36)


@dataclass(frozen=True, slots=True)
class Draft:
    """A file read, checked and laid out; not yet compared with what is there."""

    entries: tuple[Entry, ...]
    places: tuple[Place, ...]
    sessions: tuple[CalendarSession, ...]
    # An iCalendar file names nobody: who is there stays as it is known.
    names_crew: bool = True
    # Rows without a date to come: perhaps another year was meant.
    over: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """What an import would do. ``people``: seats in sessions that go or move; ``entries``: the lines kept.

    ``kept``: how many sessions a counsellor cancelled or moved, that the file leaves so. ``over``: rows (file:row)
    without a date to come. ``cancelled``: what a file that only calls things off names; then nothing else changes.
    ``known``: the places whose name the file corrects.
    """

    places: tuple[Place, ...]
    sessions: tuple[CalendarSession, ...]
    entries: tuple[Entry, ...]
    changes: Changes
    people: int
    kept: int
    over: tuple[str, ...]
    cancelled: tuple[Cancelled, ...] = ()
    known: Known = field(default_factory=Known)


async def plan(desk: CalendarDesk, draft: Draft, now: datetime) -> Plan:
    """Compare a file with the sessions to come of the bodies it names. What a counsellor changed stays so.

    A file that comes again says nothing new: only where it differs from what it said before does it count.
    Raises CalendarInvalid when a team would be in two places at once, with what is there and stays, or when it
    cannot be told which place of the calendar is meant.
    """
    pairs = {(entry.territory, entry.body) for entry in draft.entries}
    territories = {territory for territory, _ in pairs}
    there = await desk.stored(now - MOVED_BACK, territories=territories, given=True)
    to_come = {half_day(one.session.id) for one in there
               if one.session.starts_at > now and not one.session.cancelled and not one.session.sample}
    problems: list[Problem] = []
    known = recognise_places(
        draft.entries, [place for territory in sorted(territories) for place in await desk.places(territory)],
        frozenset(one.place.id for one in there if one.session.starts_at > now and not one.session.cancelled),
        ask=draft.names_crew, problems=problems)
    if problems:
        raise CalendarInvalid(problems)
    entries, laid_out = recognise(draft.entries, draft.sessions, await desk.lines(), to_come, known)
    places, sessions = await at_known_places(desk, draft.places, laid_out, known)
    new = {session.id: session for session in sessions if session.starts_at > now}
    held = {key: session for key, session in new.items() if not session.cancelled}
    old = {
        stored.session.id: stored
        for stored in there
        if (stored.session.territory, stored.session.body) in pairs
        and (stored.session.starts_at > now or stored.session.id in held)
        and (not stored.session.sample or _still_sample(held.get(stored.session.id)))
    }
    if not draft.names_crew:
        held |= {key: replace(held[key], crew=old[key].session.crew) for key in held.keys() & old.keys()}
    gone = [key for key, one in old.items() if key not in held and not one.session.cancelled and _said(one, now)]
    write, changes = _compared(held, old, known.told)
    staying = [one for one in there if one.session.id not in write and one.session.id not in gone]
    problems += taken_elsewhere(entries, write.values(), staying, held)
    if problems:
        raise CalendarInvalid(problems)
    at = {place.id: place for place in places}
    changed = [key for key in changes.changed if _differs(old[key], write[key], at)]
    return Plan(
        places=places, sessions=tuple(write.values()), entries=entries,
        changes=replace(changes, gone=tuple(gone), changed=tuple(changed)),
        people=sum(old[key].taken for key in (*gone, *changes.moved)),
        kept=sum(1 for key in held if key in old and (old[key].stopped or write[key] is not held[key])),
        over=draft.over, known=known,
    )


def _compared(
    held: Mapping[str, CalendarSession], old: Mapping[str, StoredSession], renamed: Collection[str],
) -> tuple[dict[str, CalendarSession], Changes]:
    """What is written, and what becomes of it; ``changed``: what may have changed in its details.

    ``renamed``: places whose new name people have to know, to find them.
    """
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
                if _at(session) != _at(one.session):  # who was not told that it was off has a seat of the old hour
                    kinds["moved"].append(key)
            continue
        if _at(session) == _at(one.session):
            kinds["moved" if session.place_id in renamed else "changed"].append(key)
            if one.given is not None:
                kinds["settled"].append(key)
        elif one.given == _at(session):  # as before: the counsellor's hour and place stay
            stays = one.session
            write[key] = replace(session, starts_at=stays.starts_at, ends_at=stays.ends_at, place_id=stays.place_id)
            kinds["changed"].append(key)
        else:
            kinds["moved"].append(key)
    return write, Changes(**{kind: tuple(keys) for kind, keys in kinds.items()})


def _still_sample(session: CalendarSession | None) -> bool:
    return session is not None and session.sample


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
