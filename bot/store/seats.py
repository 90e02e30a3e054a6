"""Seats of permanences. Who gets the last one is decided by a unique index, not by arithmetic here."""

import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Insert, Label, Row, and_, bindparam, case, exists, func, or_, select, update
from sqlalchemy.sql.elements import ColumnElement

from bot.store import due, outbox, waiting, webhooks
from bot.store import tables as t
from bot.store.dialect import insert_or_ignore
from bot.store.errors import SeatContention
from bot.store.scope import Scope
from dialogues.effects import BookSeat, CancelSeat, FindSessions, MoveSeat
from dialogues.events.answers import SeatBooked, SeatCancelled, SeatRefused, SessionsFound
from dialogues.reminders import NEAR
from dialogues.sessions import half_day, open_seat
from dialogues.snapshot import Appointment, Session

CODE_LETTERS = 4
SHOWN_SESSIONS = 600   # looked at, at most, of the nearest places; the rules choose among them
PAGE = 50
NEAREST_PLACES = 12
LONGEST_ALIAS = 40
LONGEST = timedelta(hours=12)    # no session is longer: how far back one that is under way is looked for
STILL_OPEN = timedelta(minutes=45)  # with less left, nobody is sent to a session that is under way
TRIES = 60             # each lost try means that somebody else took a seat: a full session is found long before

_s = t.sessions.c
_p = t.places.c
_a = t.appointments.c
_other = t.appointments.alias("other_seats")


def session_columns() -> tuple[ColumnElement[Any] | Label[Any], ...]:
    """What ``session_of`` reads: the first columns of its row; FROM must join sessions and places."""
    taken = (select(func.count()).where(_other.c.session_id == _s.id, _other.c.active)
             .correlate(t.sessions).scalar_subquery())
    free = case((_s.full, 0), else_=_s.capacity - _s.walk_in - taken)
    return (_s.id.label("session_id"), _p.name.label("place"), _p.commune, _p.commune_name,
            _s.territory.label("session_territory"), _s.body.label("session_body"), _s.starts_at, _s.ends_at,
            free.label("free"), _s.sample, _p.landmark, _p.transport, _p.latitude, _p.longitude,
            _s.languages, _s.wishes, _s.crew, _s.title, _s.late_minutes, _p.address, _p.accessibility, _p.photo,
            _s.series, _s.kind, _s.publics, case((_s.full, 0), else_=_s.walk_in).label("kept_seats"),
            (_s.capacity <= _s.walk_in).label("drop_in"), _s.sequence, _s.given_starts_at)


# Where a Session's own fields are not what the row says: by place, because a search reads a thousand rows.
_WIDTH, _FREE, _KEPT, _DROP_IN = len(session_columns()), 8, 25, 26


def session_of(row: Row[Any]) -> Session:
    """The session of a row that begins with ``session_columns``."""
    fields = list(row[:_WIDTH])
    free, kept = fields[_FREE], fields[_KEPT]
    fields[_FREE], fields[_KEPT] = max(0, free), max(0, kept + min(0, free))
    fields[_DROP_IN] = bool(fields[_DROP_IN])
    return Session(*fields)


def appointment_of(row: Row[Any]) -> Appointment:
    """The appointment of a row that has ``session_columns``, appointment_id, code and seat_state."""
    return Appointment(row.appointment_id, row.code, session_of(row), row.seat_state == "confirmed")


_JOINED = t.sessions.join(t.places, _p.id == _s.place_id)
# Those to come; and those under way that somebody may still just walk into.
_TO_COME = (
    _s.starts_at > bindparam("since_"), _s.starts_at <= bindparam("until_"), _s.cancelled_at.is_(None),
    or_(_s.starts_at > bindparam("now_"), and_(_s.walk_in > 0, ~_s.full, _s.ends_at > bindparam("soon_"))),
)
_OPEN = (
    select(*session_columns()).select_from(_JOINED).where(*_TO_COME)
    .order_by(_s.starts_at, _s.id).limit(SHOWN_SESSIONS)
)
# A place's own position, else its commune's, else nowhere near.
_LATITUDE = func.coalesce(_p.latitude, _p.town_latitude, 90)
_LONGITUDE = func.coalesce(_p.longitude, _p.town_longitude, 180)
# Nearest first, on a plane: right enough over the distances somebody travels. The commune's own come before all.
_NEAREST = (
    select(_p.id, _p.commune).where(exists(select(_s.id).where(_s.place_id == _p.id, *_TO_COME)))
    .order_by(
        case((_p.commune == bindparam("commune_"), 0), else_=1),
        (_LATITUDE - bindparam("lat_")) * (_LATITUDE - bindparam("lat_"))
        + (_LONGITUDE - bindparam("lon_")) * (_LONGITUDE - bindparam("lon_")) * bindparam("squeeze_"),
        _p.id)
    .limit(NEAREST_PLACES)
)
# The ids of a page first: seats are then counted for these few sessions, not for all that were sorted.
_PAGE = (
    select(*session_columns()).select_from(_JOINED).where(_s.id.in_(
        select(_s.id).where(_s.place_id.in_(bindparam("places_", expanding=True)), *_TO_COME)
        .order_by(_s.starts_at, _s.id).limit(PAGE).offset(bindparam("offset_")).correlate(None)))
    .order_by(_s.starts_at, _s.id)
)
_ONE = (select(*session_columns(), _s.capacity, _s.walk_in, _s.full, _s.cancelled_at, _s.moves).select_from(_JOINED)
        .where(_s.id == bindparam("id_")))
_TAKEN = select(_a.seat, _a.conversation_id).where(_a.session_id == bindparam("id_"), _a.active)
_MINE = (
    select(*session_columns(), _a.id.label("appointment_id"), _a.code, _a.state.label("seat_state"), _a.active)
    .select_from(t.appointments.join(t.sessions, _s.id == _a.session_id).join(t.places, _p.id == _s.place_id))
    .where(_a.id == bindparam("id_"), _a.conversation_id == bindparam("of_"))
)
_HELD = (
    select(_a.id, _a.session_id).select_from(t.appointments.join(t.sessions, _s.id == _a.session_id))
    .where(_a.conversation_id == bindparam("of_"), _a.active, _s.ends_at > bindparam("now_"),
           _s.cancelled_at.is_(None))
)
_END = (update(t.appointments).where(_a.id == bindparam("id_"))
        .values(active=False, state=bindparam("state_"), changed_at=bindparam("at_")))
_SESSION_OF = select(_a.session_id).where(_a.id == bindparam("id_"))
_STATE_OF = select(_a.state).where(_a.id == bindparam("id_"))
# What the team this session is of knows of the person from the seat they last took: how to call them, its note.
_KNOWN = (
    select(_a.alias, _a.note).select_from(t.appointments.join(t.sessions, _s.id == _a.session_id))
    .where(_a.conversation_id == bindparam("of_"), _s.territory == bindparam("territory_"),
           _s.body == bindparam("body_"))
    .order_by(_a.created_at.desc(), _a.id).limit(1)
)
_CONFIRM = (
    update(t.appointments)
    .where(_a.id == bindparam("id_"), _a.conversation_id == bindparam("of_"), _a.active, _a.state == "booked")
    .values(state="confirmed", changed_at=bindparam("at_")).returning(_a.session_id)
)


@cache
def _insert(engine: str) -> Insert:
    return insert_or_ignore(t.appointments, engine).returning(_a.id)


async def find(scope: Scope, effect: FindSessions) -> SessionsFound:
    """Sessions to come before ``until``, full ones too, soonest first; near a place when one is given.

    What is under way cannot be booked: it is among the full ones, while seats are kept there for who just comes.
    The commune's own are looked up by themselves: many sooner ones elsewhere do not hide them.
    """
    now = scope.now()
    span = {"now_": now, "until_": effect.until, "since_": now - LONGEST, "soon_": now + STILL_OPEN}
    if effect.commune is None:
        rows = await scope.run(_OPEN, span)
    else:
        latitude, longitude = effect.latitude or 0.0, effect.longitude or 0.0
        at = {"commune_": effect.commune, "lat_": latitude, "lon_": longitude,
              "squeeze_": math.cos(math.radians(latitude)) ** 2}
        places = (await scope.run(_NEAREST, span | at)).all()
        found: list[Session] = []
        for own in (True, False):
            ids = [place.id for place in places if (place.commune == effect.commune) is own]
            found += await _next_free(scope, span | {"places_": ids}, effect.enough) if ids else ()
        return _found(sorted(found, key=lambda one: (one.starts_at, one.id)), now)
    return _found([session_of(row) for row in rows], now)


def _found(sessions: Sequence[Session], now: datetime) -> SessionsFound:
    can_book = {one.id for one in sessions if one.free and one.starts_at > now}
    return SessionsFound(tuple(one for one in sessions if one.id in can_book),
                         tuple(one for one in sessions if one.id not in can_book))


async def _next_free(scope: Scope, where: dict[str, Any], enough: int) -> tuple[Session, ...]:
    """Page after page of what comes next, until there are enough with a free seat; full ones among them."""
    found: list[Session] = []
    free = 0
    for offset in range(0, SHOWN_SESSIONS, PAGE):
        page = [session_of(row) for row in await scope.run(_PAGE, where | {"offset_": offset})]
        found += page
        free += sum(session.free > 0 for session in page)
        if len(page) < PAGE or free >= enough:
            break
    return tuple(found)


async def book(
    scope: Scope, conversation_id: str, effect: BookSeat, leaving: str | None = None,
) -> SeatBooked | SeatRefused:
    """A seat for this person, or why not. ``leaving``: the appointment it is instead of. Raises SeatContention.

    That nobody has two slots of one half-day needs no index: seats are taken in the person's own turn, which has
    their conversation locked until it is committed. The next of their turns sees what this one took.
    """
    row = (await scope.run(_ONE, {"id_": effect.session_id})).one_or_none()
    if row is None:
        return SeatRefused("gone")
    if row.cancelled_at is not None:
        return SeatRefused("cancelled")
    if row.starts_at <= scope.now():
        return SeatRefused("past")
    if await _has_another_slot(scope, conversation_id, effect.session_id, leaving):
        return SeatRefused("already")
    for _ in range(TRIES):
        rows = await scope.run(_TAKEN, {"id_": effect.session_id})
        taken = {held.seat: held.conversation_id for held in rows}
        if conversation_id in taken.values():
            return SeatRefused("already")
        free = [seat for seat in range(1, row.capacity - row.walk_in + 1) if seat not in taken]
        kept = await waiting.kept_for_others(scope, effect.session_id, conversation_id)
        if row.full or len(free) <= kept:
            return SeatRefused("full")
        now = scope.now()
        known = (await scope.run(_KNOWN, {"of_": conversation_id, "territory_": row.session_territory,
                                          "body_": row.session_body})).one_or_none()
        seat = {"id": scope.clock.new_id(), "session_id": effect.session_id, "conversation_id": conversation_id,
                "seat": free[0], "code": scope.clock.new_code(CODE_LETTERS), "state": "booked", "active": True,
                "created_at": now, "changed_at": now, "alias": known.alias if known else None,
                "note": known.note if known else None, "moves": row.moves}
        if (await scope.run(_insert(scope.engine), seat)).one_or_none() is not None:
            session = replace(session_of(row), free=len(free) - 1)
            await waiting.leave(scope, effect.session_id, conversation_id)
            if not session.free:  # who was not there to read of it is not sent after a seat that is gone
                await outbox.drop_about(scope, [open_seat(effect.session_id)])
            await webhooks.note(scope, "appointment.booked", {"session": effect.session_id})
            return SeatBooked(Appointment(str(seat["id"]), str(seat["code"]), session))
        # Refused by an index: that seat went to somebody, or the code is in use. Look again.
    raise SeatContention


async def _has_another_slot(scope: Scope, conversation_id: str, session_id: str, leaving: str | None) -> bool:
    """Whether this person has a seat, that is not over, in another slot of the half-day."""
    if half_day(session_id) == session_id:
        return False
    rows = await scope.run(_HELD, {"of_": conversation_id, "now_": scope.now()})
    return any(row.id != leaving and half_day(row.session_id) == half_day(session_id) for row in rows)


async def move(scope: Scope, conversation_id: str, effect: MoveSeat) -> SeatBooked | SeatRefused:
    """The new seat first, then the old one given back: a refusal leaves everything as it was.

    Who was seen at the old one was there, and takes another.
    """
    old = await _mine(scope, conversation_id, effect.appointment_id)
    if isinstance(old, SeatRefused):
        return old
    if old.session.ends_at <= scope.now():
        return SeatRefused("past")
    answer = await book(scope, conversation_id, BookSeat(effect.session_id), leaving=old.id)
    if isinstance(answer, SeatBooked):
        new = answer.appointment
        if (new.session.territory, new.session.body) == (old.session.territory, old.session.body):
            await _take_along(scope, old.id, new.id)
        if not await _was_seen(scope, old.id):
            await _end(scope, conversation_id, old.id, "moved")
    return answer


async def cancel(scope: Scope, conversation_id: str, effect: CancelSeat) -> SeatCancelled | SeatRefused:
    """The seat is free again. While the session is under way, it is an excuse: the team sees that nobody comes."""
    old = await _mine(scope, conversation_id, effect.appointment_id)
    if isinstance(old, SeatRefused):
        return old
    begun = old.session.starts_at <= scope.now()
    if old.session.ends_at <= scope.now() or (begun and await _was_seen(scope, old.id)):
        return SeatRefused("past")
    await _end(scope, conversation_id, old.id, "excused" if begun else "cancelled")
    return SeatCancelled(replace(old, session=replace(old.session, free=old.session.free + 1)))


async def _was_seen(scope: Scope, appointment_id: str) -> bool:
    return bool((await scope.run(_STATE_OF, {"id_": appointment_id})).scalar_one() == "seen")


async def confirm(scope: Scope, conversation_id: str, appointment_id: str) -> None:
    """The person said they come."""
    confirmed = await scope.run(_CONFIRM, {"id_": appointment_id, "of_": conversation_id, "at_": scope.now()})
    session_id = confirmed.scalar_one_or_none()
    if session_id is not None:
        await webhooks.note(scope, "appointment.confirmed", {"session": session_id})


async def share_topic(scope: Scope, conversation_id: str, appointment_id: str, topic: str) -> None:
    """What the person agreed to let the team see."""
    await scope.run(update(t.appointments).where(
        _a.id == appointment_id, _a.conversation_id == conversation_id, _a.active).values(topic=topic))


async def share_alias(scope: Scope, conversation_id: str, appointment_id: str | None, name: str) -> None:
    """How the person agreed to be called on the list; of no seat in particular, where a name is there already."""
    which = _a.id == appointment_id if appointment_id is not None else _a.alias.is_not(None)
    await scope.run(update(t.appointments).where(
        which, _a.conversation_id == conversation_id, _a.active).values(alias=name[:LONGEST_ALIAS]))


async def _take_along(scope: Scope, old: str, new: str) -> None:
    """What the person agreed that this team knows of the old seat, it knows of the new one."""
    topic = select(_other.c.topic).where(_other.c.id == old).scalar_subquery()
    await scope.run(update(t.appointments).where(_a.id == new).values(topic=topic))


async def keep_word(scope: Scope, conversation_id: str, appointment_id: str, word: str) -> None:
    """What the person said on the day: late, lost, here or unsure."""
    await scope.run(update(t.appointments).where(
        _a.id == appointment_id, _a.conversation_id == conversation_id, _a.active)
        .values(word=word, word_at=scope.now()))


async def _mine(scope: Scope, conversation_id: str, appointment_id: str) -> Appointment | SeatRefused:
    row = (await scope.run(_MINE, {"id_": appointment_id, "of_": conversation_id})).one_or_none()
    if row is None:
        return SeatRefused("gone")
    return appointment_of(row) if row.active else SeatRefused("cancelled")


async def _end(scope: Scope, conversation_id: str, appointment_id: str, state: str) -> None:
    await scope.run(_END, {"id_": appointment_id, "state_": state, "at_": scope.now()})
    await due.cancel(scope, conversation_id, appointment_id)
    await outbox.drop_about(scope, [appointment_id])
    session_id = (await scope.run(_SESSION_OF, {"id_": appointment_id})).scalar_one()
    await waiting.offer_next(scope, session_id)
    await webhooks.note(scope, f"appointment.{state}", {"session": session_id})


async def appointment(scope: Scope, appointment_id: str) -> Appointment | None:
    """An appointment whatever became of it; None when it is nobody's any more."""
    statement = (
        select(*session_columns(), _a.id.label("appointment_id"), _a.code, _a.state.label("seat_state"))
        .select_from(t.appointments.join(t.sessions, _s.id == _a.session_id).join(t.places, _p.id == _s.place_id))
        .where(_a.id == appointment_id, _a.code.is_not(None))
    )
    row = (await scope.run(statement)).one_or_none()
    return None if row is None else appointment_of(row)


async def session(scope: Scope, session_id: str) -> Session | None:
    """A session, whatever became of it."""
    row = (await scope.run(_ONE, {"id_": session_id})).one_or_none()
    return None if row is None else session_of(row)


async def awaited(scope: Scope, session_id: str) -> Session | SeatRefused:
    """The session somebody wants to wait for, or why that is no use; near: nobody would be told any more."""
    row = (await scope.run(_ONE, {"id_": session_id})).one_or_none()
    if row is None:
        return SeatRefused("gone")
    if row.cancelled_at is not None:
        return SeatRefused("cancelled")
    if row.starts_at <= scope.now():
        return SeatRefused("past")
    return SeatRefused("near") if row.starts_at - scope.now() < NEAR else session_of(row)
