"""From entries to places and sessions with moments, laid out to a horizon."""

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from heapq import merge
from itertools import islice

from bot.calendar.entries import Entry, PlaceEntry
from bot.calendar.recurrence import FARTHEST, days_of
from bot.clock import PARIS
from bot.store.values import CalendarSession, Place, StoredSession
from dialogues.errors import Problem
from dialogues.sessions import half_day

# Laid out this far ahead; every start and every day adds what is missing.
HORIZON = timedelta(days=120)
# Of one file: more are no calendar of people, and would hold everybody up while they are written.
MOST_SESSIONS = 20_000
# Half-days that are looked at for a team in two places: a second or two of work.
MOST_SPANS = 100_000


def lay_out(
    entries: Iterable[Entry], today: date, most: int | None = None,
) -> tuple[tuple[Place, ...], tuple[CalendarSession, ...]]:
    """Places and sessions from ``today`` to the horizon, by moment; no more once there are more than ``most``.

    Raises ValueError for a rule that is none.
    """
    known = tuple(entries)
    replaced = {entry.replaces for entry in known if entry.replaces}
    places: dict[str, Place] = {}
    sessions: list[CalendarSession] = []
    for entry in known:
        place = place_of(entry)
        places[place.id] = place
        for day in days_of(entry, today, today + HORIZON):
            if (entry.id, day) not in replaced:
                sessions.extend(_of_day(entry, place, day))
            if most is not None and len(sessions) > most:
                return tuple(places.values()), tuple(sessions)
    return tuple(places.values()), tuple(sorted(sessions, key=lambda s: (s.starts_at, s.id)))


def place_of(entry: Entry) -> Place:
    """The place of an entry; the same name in the same commune is the same place of a body."""
    at = entry.place
    return Place(
        place_id(entry.territory, entry.body, at), at.name, at.commune, at.commune_name, entry.territory,
        entry.body, entry.sample, at.address, at.landmark, at.latitude, at.longitude, at.transport,
        at.accessibility, at.photo, at.town_latitude, at.town_longitude,
    )


def place_id(territory: str, body: str, at: PlaceEntry) -> str:
    """The id of a place that is not known yet: two bodies may each have their « Maison des associations »."""
    return hashlib.sha256(f"{territory}\0{at.commune}\0{at.name}\0{body}".encode()).hexdigest()[:16]


def _of_day(entry: Entry, place: Place, day: date) -> Iterator[CalendarSession]:
    # A day that stands for another keeps its id: who holds a seat keeps it, and is told of the move.
    series, original = entry.replaces or (entry.id, day)
    for number, (starts, ends) in enumerate(_slots(entry)):
        part = number if entry.slot else entry.part
        mark = "" if part is None else f"@{part}"
        yield CalendarSession(
            id=f"{series}:{original.isoformat()}{mark}", place_id=place.id,
            starts_at=datetime.combine(day, starts, PARIS), ends_at=datetime.combine(day, ends, PARIS),
            capacity=entry.capacity, territory=entry.territory, body=entry.body, sample=entry.sample,
            series=series, walk_in=entry.walk_in, team=entry.team, crew=entry.crew, languages=entry.languages,
            publics=entry.publics, wishes=entry.wishes, kind=entry.kind, title=entry.title,
            cancelled=entry.status == "cancelled", full=entry.status == "full",
        )


def _slots(entry: Entry) -> Iterator[tuple[time, time]]:
    """One pair for a session, or one for each slot that fits whole."""
    if entry.slot is None:
        yield entry.starts, entry.ends
        return
    any_day = datetime(2000, 1, 1)  # noqa: DTZ001 - arithmetic on hours of one day, no zone in it
    start, end = datetime.combine(any_day, entry.starts), datetime.combine(any_day, entry.ends)
    while start + timedelta(minutes=entry.slot) <= end:
        yield start.time(), (start + timedelta(minutes=entry.slot)).time()
        start += timedelta(minutes=entry.slot)


def overlaps(entries: Iterable[Entry], today: date, file: str) -> Iterator[Problem]:
    """A team (a truck) that would be in two places, or twice in one, at once; each pair of entries once.

    A team of one name in one territory is one, whichever body's calendar it is in.
    As far ahead as rules are looked at, the soonest dates first, but no more than MOST_SPANS of them.
    """
    known = [entry for entry in entries if entry.status != "cancelled"]
    replaced = {entry.replaces for entry in known if entry.replaces}
    spans = merge(*(_spans(entry, today, replaced) for entry in known), key=lambda span: span[0])
    latest: dict[tuple[str, str], tuple[datetime, datetime, Entry]] = {}
    told: set[tuple[str, str]] = set()
    for span in islice(spans, MOST_SPANS):
        starts, ends, entry = span
        key = (entry.territory, entry.team)
        before = latest.get(key)
        if before and starts < before[1] and (before[2].id, entry.id) not in told:
            told.add((before[2].id, entry.id))
            yield Problem(file, _row(entry), f"« {entry.team} » is already taken by row {_row(before[2])} on "
                                             f"{starts:%d/%m/%Y %Hh%M}")
        if before is None or ends > before[1]:
            latest[key] = span


def taken_elsewhere(
    entries: Iterable[Entry], wanted: Iterable[CalendarSession], staying: Iterable[StoredSession],
    given: Mapping[str, CalendarSession],
) -> Iterator[Problem]:
    """Where a team would be in two places at once once a file is written, though the file alone says no such thing.

    ``wanted``: what would be written; one that differs from what the file gave (``given``, by id) is where a
    counsellor moved it to. ``staying``: what is there and is left as it is. Each row is named once for each other.
    """
    rows = {half_day_of(entry): entry for entry in entries}
    spans: dict[tuple[str, str, bool], list[tuple[datetime, datetime, str, bool]]] = {}
    for session, by_file in (*((one, True) for one in wanted), *((one.session, False) for one in staying)):
        if session.team and not session.cancelled:
            same = by_file and given.get(session.id) == session
            spans.setdefault((session.territory, session.team, session.sample), []).append(
                (session.starts_at, session.ends_at, session.id, same))
    told: set[tuple[str, str]] = set()
    for (_, team, _), taken in spans.items():
        taken.sort()
        for index, (starts, ends, session_id, same) in enumerate(taken):
            for other_starts, _, other, other_same in taken[index + 1:]:
                if other_starts >= ends:
                    break
                if half_day(other) == half_day(session_id) or (same and other_same):
                    continue  # slots of one half-day; or two rows of the file, which were compared already
                first, second = (session_id, other) if other_same else (other, session_id)
                entry = _row_of(rows, second) or _row_of(rows, first)
                stays = first if _row_of(rows, second) else second
                if entry is not None and (entry.where, half_day(stays)) not in told:
                    told.add((entry.where, half_day(stays)))
                    yield Problem(entry.where.rpartition(":")[0], _row(entry),
                                  f"« {team} » is already taken by « {half_day(stays)} », which stays as it is, on "
                                  f"{max(starts, other_starts).astimezone(PARIS):%d/%m/%Y %Hh%M}")


def half_day_of(entry: Entry) -> str:
    """What the ids of its sessions begin with: its line, or the one date of a line that it replaces."""
    return f"{entry.replaces[0]}:{entry.replaces[1].isoformat()}" if entry.replaces else entry.id


def _row_of(rows: Mapping[str, Entry], session_id: str) -> Entry | None:
    date_of = half_day(session_id)
    return rows.get(date_of) or rows.get(date_of.rpartition(":")[0])


def _spans(
    entry: Entry, today: date, replaced: Collection[tuple[str, date]],
) -> Iterator[tuple[datetime, datetime, Entry]]:
    """When an entry takes its team, in local time."""
    for day in days_of(entry, today, today + FARTHEST):
        if (entry.id, day) not in replaced:
            yield datetime.combine(day, entry.starts), datetime.combine(day, entry.ends), entry


def _row(entry: Entry) -> int:
    return int(entry.where.rpartition(":")[2])
