"""The calendar of permanences: written from a file, read by the desk, changed by a counsellor."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, delete, func, insert, or_, select, update

from bot.store import asked, on_time, other_hour, outbox, waiting, webhooks
from bot.store import tables as t
from bot.store.dialect import insert_or_ignore, upsert
from bot.store.errors import MovedToThePast, TeamElsewhere
from bot.store.scope import Scope
from bot.store.values import CalendarSession, Given, Place, StoredSession
from dialogues.reminders import Change, decent
from dialogues.sessions import half_day, open_seat

_s, _p, _a = t.sessions.c, t.places.c, t.appointments.c
_PLAIN = ("id", "place_id", "starts_at", "ends_at", "capacity", "territory", "body", "sample", "series", "walk_in",
          "team", "kind", "title", "full")  # fmt: skip
BATCH = 1_000  # ids in one statement: an engine takes some tens of thousands at most
_TOWN = ("town_latitude", "town_longitude")
# Sessions are laid out at most this far ahead: one that never changed was written since then.
_AHEAD = timedelta(days=120)
_LISTS = ("crew", "languages", "publics", "wishes")


async def load(scope: Scope, places: Sequence[Place], sessions: Sequence[CalendarSession]) -> None:
    """Write or overwrite these places and sessions by id; those not named stay, and so do their seats."""
    for located in (True, False):
        some = [place for place in places if (place.town_latitude is not None) is located]
        # A line kept from before does not know where its commune is: that does not unlearn it.
        columns = tuple(name for name in Place.__slots__ if name != "id" and (located or name not in _TOWN))
        if some:
            rows = [{name: getattr(place, name) for name in Place.__slots__} for place in some]
            await scope.run(upsert(t.places, scope.engine, ("id",), columns), rows)
    if sessions:
        values = [_values(session) for session in sessions]
        columns = tuple(name for name in values[0] if name != "id")
        now = scope.now()  # of those that are new
        await waiting.more_room(scope, await _with_more_seats(scope, sessions))
        await scope.run(upsert(t.sessions, scope.engine, ("id",), columns),
                        [row | {"changed_at": now} for row in values])


async def _with_more_seats(scope: Scope, sessions: Sequence[CalendarSession]) -> list[str]:
    """Those that more people could book than what is written says, where somebody waits."""
    seats = {session.id: 0 if session.full else session.capacity - session.walk_in for session in sessions}
    more: list[str] = []
    for some in batches(seats):
        rows = await scope.run(select(_s.id, _s.capacity, _s.walk_in, _s.full).where(
            _s.id.in_(some), _s.id.in_(select(t.waiting.c.session_id).where(t.waiting.c.told_at.is_not(None)))))
        more += [row.id for row in rows if seats[row.id] > (0 if row.full else row.capacity - row.walk_in)]
    return more


async def locate(scope: Scope, where: Callable[[str], tuple[float, float] | None]) -> int:
    """Note where the communes of places are, by INSEE code, in degrees; how many places were located."""
    rows = (await scope.run(select(_p.commune).where(_p.town_latitude.is_(None)).distinct())).scalars()
    found = {commune: at for commune in rows if (at := where(commune)) is not None}
    for commune, (latitude, longitude) in found.items():
        await scope.run(update(t.places).where(_p.commune == commune, _p.town_latitude.is_(None))
                        .values(town_latitude=latitude, town_longitude=longitude))
    return len(found)


async def keep_lines(
    scope: Scope, pairs: Collection[tuple[str, str]], lines: Mapping[str, tuple[str, str, Any]],
) -> None:
    """The lines of these (territory, body) pairs from now on: id → (territory, body, JSON)."""
    c = t.calendar_lines.c
    for territory, body in pairs:
        await scope.run(delete(t.calendar_lines).where(c.territory == territory, c.body == body))
    if lines:
        await scope.run(insert(t.calendar_lines), [
            {"id": line_id, "territory": territory, "body": body, "line": line, "written_at": scope.now()}
            for line_id, (territory, body, line) in lines.items()])


async def lines(scope: Scope) -> tuple[Any, ...]:
    """Every line that was imported, as it was kept."""
    return tuple((await scope.run(select(t.calendar_lines.c.line).order_by(t.calendar_lines.c.id))).scalars())


async def add_missing(scope: Scope, places: Sequence[Place], sessions: Sequence[CalendarSession]) -> int:
    """Write the sessions that are not there yet, and their places; how many. What was changed by hand stays."""
    known: set[str] = set()
    for some in batches([session.id for session in sessions]):
        known |= set((await scope.run(select(_s.id).where(_s.id.in_(some)))).scalars())
    new = [session for session in sessions if session.id not in known]
    if new:
        wanted = {session.place_id for session in new}
        await load(scope, [place for place in places if place.id in wanted], new)
        for session in new:
            await webhooks.note(scope, "session.added", {
                "session": session.id, "starts_at": session.starts_at.isoformat()})
    return len(new)


def _values(session: CalendarSession) -> dict[str, Any]:
    row = {name: getattr(session, name) for name in _PLAIN}
    return row | {name: list(getattr(session, name)) for name in _LISTS}


async def stored(
    scope: Scope, *, since: datetime, until: datetime | None = None, territories: Collection[str] | None = None,
    body: str | None = None, place: str | None = None, ids: Collection[str] | None = None, given: bool = False,
) -> tuple[StoredSession, ...]:
    """Sessions that start in [since, until), cancelled ones too, soonest first.

    ``given``: those too that a file has there, and a counsellor moved to before.
    """
    taken = (select(func.count()).where(_a.session_id == _s.id, _a.active).correlate(t.sessions).scalar_subquery())
    statement = (
        select(t.sessions, taken.label("taken"), *(column.label(f"at_{column.name}") for column in _p))
        .select_from(t.sessions.join(t.places, _p.id == _s.place_id))
        .where(or_(_s.starts_at >= since, _s.given_starts_at >= since) if given else _s.starts_at >= since)
        .order_by(_s.starts_at, _s.id)
    )
    if until is not None:
        statement = statement.where(_s.starts_at < until)
    if territories is not None:
        statement = statement.where(_s.territory.in_(list(territories)))
    if body is not None:
        statement = statement.where(_s.body == body)
    if place is not None:
        statement = statement.where(_s.place_id == place)
    if ids is not None:
        statement = statement.where(_s.id.in_(list(ids)))
    return tuple(_stored(row) for row in await scope.run(statement))


def _stored(row: Row[Any]) -> StoredSession:
    values = {name: getattr(row, name) for name in _PLAIN}
    values |= {name: tuple(getattr(row, name)) for name in _LISTS}
    session = CalendarSession(**values, cancelled=row.cancelled_at is not None)
    place = Place(**{name: getattr(row, f"at_{name}") for name in Place.__slots__})
    changed = row.changed_at or row.starts_at - _AHEAD
    given = None if row.given_starts_at is None else Given(
        row.given_starts_at, row.given_ends_at, row.given_place_id)
    return StoredSession(session, place, row.taken, row.sequence, row.late_minutes, changed, given,
                         row.cancelled_by_hand)


async def change(
    scope: Scope, session_id: str, what: Change, values: Mapping[str, Any] | None = None, *, by_hand: bool = True,
    began: datetime | None = None,
) -> int:
    """Cancel a session, note that it moved or is late, and plan the word to everyone who has a seat or asked.

    How many are to be told. Their seats are revoked when it is cancelled, so that they are free to take another.
    Who was seen has been there: nothing becomes of their seat, and nothing is to be told.
    ``by_hand``: by a counsellor; no file undoes it. ``began``: the hour people know, where the row has the new one
    already. Late by 0 minutes: what was said to be late is not. Returns 0 for a session that is unknown, cancelled
    or over, or on time already. Raises MovedToThePast, TeamElsewhere.
    """
    now = scope.now()
    row = (await scope.run(select(t.sessions).where(_s.id == session_id))).one_or_none()
    if row is None or row.ends_at <= now or row.cancelled_at is not None:
        return 0
    holds = what == "late" and not (values or {}).get("late_minutes", row.late_minutes)
    if holds and not row.late_minutes:
        return 0
    changes = {**(values or {}), "sequence": _s.sequence + 1, "changed_at": now}
    if what == "cancelled":
        changes |= {"cancelled_at": now, "cancelled_by_hand": by_hand}
    elif what == "moved":
        changes |= await _moved(scope, row, values or {}) if by_hand else AS_GIVEN
        changes["moves"] = _s.moves + 1
    moves = (await scope.run(
        update(t.sessions).where(_s.id == session_id).values(changes).returning(_s.moves))).scalar_one()
    # People are on the road for the old hour, or for the new one when that is sooner.
    before, after = began or row.starts_at, (values or {}).get("starts_at", row.starts_at)
    moment = min(before, after)
    seats = (await scope.run(select(_a.id, _a.conversation_id, _a.state).where(
        _a.session_id == session_id, _a.active, _a.conversation_id.is_not(None)))).all()
    held = [seat for seat in seats if seat.state != "seen"]
    at = decent(now, moment)
    if what != "late":  # what was said of it and has not left yet is true no more
        await outbox.drop_about(scope, [session_id, open_seat(session_id), *(seat.id for seat in held)])
    others = await asked.about(scope, session_id, what)
    if holds:
        held, others = await on_time.who_knows(scope, session_id, held, others)
    booked = {seat.conversation_id for seat in seats}
    if what == "moved":
        await other_hour.forget_said(scope, session_id, [seat.id for seat in held], other=before != after)
        await other_hour.note_known(scope, [seat.id for seat in seats], moves)
    tell = [{"kind": f"session_{what}", "at": at, "conversation_id": seat.conversation_id, "subject": seat.id,
             "attempts": 0} for seat in held]
    if what == "cancelled":
        lost = await scope.run(update(t.appointments).where(
            _a.session_id == session_id, _a.active, _a.state != "seen").values(
            active=False, state="revoked", changed_at=now).returning(_a.id))
        for _ in lost.all():
            await webhooks.note(scope, "appointment.revoked", {"session": session_id})
        # That it takes place again is true no more: who was not told of that need not hear of this.
        booked |= set((await scope.run(delete(t.due).where(
            t.due.c.kind == "session_reopened", t.due.c.subject == session_id, t.due.c.done_at.is_(None))
            .returning(t.due.c.conversation_id))).scalars())
        await scope.run(delete(t.waiting).where(t.waiting.c.session_id == session_id))
        await scope.run(delete(t.due).where(
            t.due.c.subject.in_([session_id, *(seat.id for seat in held)]), t.due.c.done_at.is_(None)))
    tell += [{"kind": f"day_{what}", "at": at, "conversation_id": other, "subject": session_id, "attempts": 0}
             for other in others if other not in booked]
    if tell:
        # One still to be told hears how it is by then: nothing is said twice, nor later than it must be.
        await scope.run(insert_or_ignore(t.due, scope.engine), tell)
        await scope.run(update(t.due).where(
            t.due.c.kind.in_((f"session_{what}", f"day_{what}")), t.due.c.done_at.is_(None), t.due.c.at > at,
            t.due.c.subject.in_([row["subject"] for row in tell])).values(at=at))
    await webhooks.note(scope, f"session.{what}", {"session": session_id, "starts_at": moment.isoformat()})
    return len(tell)


AS_GIVEN: Mapping[str, None] = {"given_starts_at": None, "given_ends_at": None, "given_place_id": None}


async def _moved(scope: Scope, row: Row[Any], values: Mapping[str, Any]) -> Mapping[str, Any]:
    """What the file said, to be kept with the move. Raises MovedToThePast, TeamElsewhere."""
    starts, ends = values.get("starts_at", row.starts_at), values.get("ends_at", row.ends_at)
    if (starts != row.starts_at and starts <= scope.now()) or ends <= scope.now():
        raise MovedToThePast
    await team_is_there(scope, row, starts, ends)
    if row.given_starts_at is not None:
        return {}
    return {"given_starts_at": row.starts_at, "given_ends_at": row.ends_at, "given_place_id": row.place_id}


async def team_is_there(scope: Scope, row: Row[Any], starts: datetime, ends: datetime) -> None:
    """Raises TeamElsewhere when the team of this session has another one between these moments."""
    others = await scope.run(select(_s.id).where(
        _s.territory == row.territory, _s.team == row.team, _s.team != "", _s.sample.is_(row.sample),
        _s.cancelled_at.is_(None), _s.starts_at < ends, _s.ends_at > starts, _s.id != row.id))
    busy = [other for other in others.scalars() if half_day(other) != half_day(row.id)]  # slots are at one place
    if busy:
        raise TeamElsewhere(busy[0])


async def starts_of(scope: Scope, session_ids: Collection[str]) -> Mapping[str, datetime]:
    """When these begin, as it is written now."""
    found: dict[str, datetime] = {}
    for some in batches(session_ids):
        rows = await scope.run(select(_s.id, _s.starts_at).where(_s.id.in_(some)))
        found |= {row.id: row.starts_at for row in rows}
    return found


async def settle(scope: Scope, session_ids: Collection[str]) -> None:
    """These are where the file says: nothing by hand is left to be kept."""
    for some in batches(session_ids):
        await scope.run(update(t.sessions).where(_s.id.in_(some)).values(**AS_GIVEN))


async def count_changed(scope: Scope, session_ids: Collection[str]) -> None:
    """Something of these changed that agendas see: they take the new one."""
    for some in batches(session_ids):
        await scope.run(update(t.sessions).where(_s.id.in_(some)).values(
            sequence=_s.sequence + 1, changed_at=scope.now()))


def batches(ids: Collection[str]) -> Iterator[list[str]]:
    """The same, a BATCH at a time."""
    every = list(ids)
    for first in range(0, len(every), BATCH):
        yield every[first:first + BATCH]


async def forget_samples(scope: Scope, territory: str, body: str) -> None:
    """A real calendar takes the place of the demonstration: its sessions to come go, and who has a seat is told."""
    used, old = select(_a.session_id), and_sample(territory, body)
    to_come = (await scope.run(select(_s.id, _s.starts_at, _s.id.in_(used).label("used")).where(
        *old, _s.cancelled_at.is_(None), _s.starts_at > scope.now()).order_by(_s.starts_at, _s.id))).all()
    for row in to_come:
        if row.used:
            await change(scope, row.id, "cancelled", by_hand=False)
        else:
            await webhooks.note(scope, "session.cancelled", {
                "session": row.id, "starts_at": row.starts_at.isoformat()})
    await scope.run(delete(t.waiting).where(t.waiting.c.session_id.in_(select(_s.id).where(*old))))
    await scope.run(delete(t.sessions).where(*old, _s.id.not_in(used)))


def and_sample(territory: str, body: str) -> tuple[Any, ...]:
    """What makes a row a demonstration of this body."""
    return (_s.sample, _s.territory == territory, _s.body == body)


async def places(scope: Scope, territory: str, body: str | None) -> tuple[Place, ...]:
    """The places where this body, or anyone of this territory, holds sessions, by name."""
    statement = select(*_p).where(_p.territory == territory).order_by(_p.name, _p.id)
    if body is not None:
        statement = statement.where(_p.body == body)
    return tuple(Place(**{name: getattr(row, name) for name in Place.__slots__})
                 for row in await scope.run(statement))


@dataclass(frozen=True, slots=True)
class Feed:
    """A secret address of sessions. ``place``: of one place, or None for a whole body's."""

    token: str
    name: str
    territory: str
    body: str
    place: str | None


async def feeds(scope: Scope, territory: str | None = None) -> tuple[Feed, ...]:
    """An address for each body and each place that has sessions. Derived from the keys: nothing is stored."""
    statement = select(_p.id, _p.name, _p.commune_name, _p.territory, _p.body).order_by(_p.name)
    if territory is not None:
        statement = statement.where(_p.territory == territory)
    rows = (await scope.run(statement)).all()
    found = {(row.territory, row.body): Feed(
        scope.vault.lookup("feed", f"body\0{row.territory}\0{row.body}"), f"Tout, {row.body}", row.territory,
        row.body, None) for row in rows}
    places = [Feed(scope.vault.lookup("feed", f"place\0{row.id}"), f"{row.name}, {row.commune_name}", row.territory,
                   row.body, row.id) for row in rows]
    return (*found.values(), *places)


async def has_real(scope: Scope) -> frozenset[tuple[str, str]]:
    """The (territory, body) pairs that have a calendar of their own."""
    rows = await scope.run(select(_s.territory, _s.body).where(~_s.sample).distinct())
    return frozenset((row.territory, row.body) for row in rows)
