"""Who waits for a seat, in order, and whom a freed seat is kept for."""

from collections.abc import Collection
from datetime import timedelta
from functools import cache

from sqlalchemy import Insert, and_, bindparam, delete, exists, func, insert, or_, select, update

from bot.store import tables as t
from bot.store.dialect import insert_or_ignore
from bot.store.scope import Scope
from dialogues.reminders import HELD, NEAR, quiet
from dialogues.sessions import half_day
from dialogues.snapshot import FETCHED

MOST_NOTICES = 3
# How long after their last message somebody who cannot be written to is taken to be there still.
THERE = timedelta(minutes=15)

_w, _s, _c = t.waiting.c, t.sessions.c, t.conversations.c
_TAKEN = (select(func.count()).where(t.appointments.c.session_id == _s.id, t.appointments.c.active)
          .correlate(t.sessions).scalar_subquery())
_line = t.waiting.alias("line").c
_KEPT = (select(func.count()).where(_line.session_id == _s.id, _line.held_until > bindparam("now_"))
         .correlate(t.sessions).scalar_subquery())
_FREE = _s.capacity - _s.walk_in - _TAKEN - _KEPT
_SPARE = select(_FREE).where(_s.id == bindparam("id_"))
_AWAY = exists(select(_c.id).where(
    _c.id == _w.conversation_id, _c.channel.in_(FETCHED), _c.last_seen_at < bindparam("there_since_")))
_freed = t.appointments.alias("freed").c
# Who may be told of a free seat: who can be written to, and was not told of this very seat before.
_ASKABLE = and_(
    _w.notices < MOST_NOTICES, or_(_w.held_until.is_(None), _w.held_until <= bindparam("now_")),
    ~exists(select(t.conversations.c.id).where(
        t.conversations.c.id == _w.conversation_id, t.conversations.c.blocked_at.is_not(None))),
    or_(_w.told_at.is_(None), exists(select(_freed.id).where(
        _freed.session_id == _w.session_id, ~_freed.active, _freed.changed_at > _w.told_at))),
)


@cache
def _note_shown(engine: str) -> Insert:
    return insert_or_ignore(t.waiting, engine)


async def note_interest(scope: Scope, conversation_id: str, session_ids: tuple[str, ...]) -> None:
    """These were shown to the person. ``notices`` of MOST_NOTICES: told of changes, never offered a seat."""
    if session_ids:
        await scope.run(_note_shown(scope.engine), [
            {"session_id": session, "conversation_id": conversation_id, "created_at": scope.now(),
             "notices": MOST_NOTICES} for session in session_ids])


async def join(scope: Scope, conversation_id: str, session_id: str) -> None:
    """The person wants a seat when one is free; at the end of the line, or where they were."""
    where = and_(_w.session_id == session_id, _w.conversation_id == conversation_id)
    row = (await scope.run(select(_w.notices).where(where))).one_or_none()
    if row is None:
        await scope.run(insert(t.waiting), {"session_id": session_id, "conversation_id": conversation_id,
                                            "created_at": scope.now(), "notices": 0})
    elif row.notices >= MOST_NOTICES:
        await scope.run(update(t.waiting).where(where).values(notices=0, created_at=scope.now(), held_until=None))


async def leave(scope: Scope, session_id: str, conversation_id: str) -> None:
    """They have a seat, or want none any more; of a half-day cut in slots, all its slots."""
    rows = (await scope.run(select(_w.id, _w.session_id).where(_w.conversation_id == conversation_id))).all()
    left = [row.id for row in rows if half_day(row.session_id) == half_day(session_id)]
    if left:
        await scope.run(delete(t.waiting).where(_w.id.in_(left)))


async def kept_for_others(scope: Scope, session_id: str, conversation_id: str) -> int:
    """How many seats are kept just now for people who were told of them."""
    return int((await scope.run(select(func.count()).where(
        _w.session_id == session_id, _w.conversation_id != conversation_id, _w.held_until > scope.now())
    )).scalar_one())


async def offer_next(scope: Scope, session_id: str) -> bool:
    """Keep a freed seat for the first who waits, and plan the word to them. Whether there was somebody.

    Those before them who have left the page, and cannot be written to, find the word when they are back; nothing is
    kept for them: it would be kept from the others, for nobody. Never at night, nor when the session is near: then
    the seat is anybody's at once.
    """
    now = scope.now()
    starts = (await scope.run(select(_s.starts_at).where(
        _s.id == session_id, _s.cancelled_at.is_(None), ~_s.full))).scalar_one_or_none()
    if starts is None or starts - now < NEAR or quiet(now):
        return False
    # One at a time, and what is left is counted after: another process may have offered this seat just now.
    await scope.run(select(_w.id).where(_w.session_id == session_id).order_by(_w.id).with_for_update())
    if (await scope.run(_SPARE, {"id_": session_id, "now_": now})).scalar_one() < 1:
        return False
    line = (await scope.run(
        select(_w.id, _w.conversation_id, _AWAY.label("away"))
        .where(_w.session_id == session_id, _ASKABLE)
        .order_by(_w.notices, _w.created_at, _w.id), {"now_": now, "there_since_": now - THERE})).all()
    for one in line:
        await scope.run(update(t.waiting).where(_w.id == one.id).values(
            notices=_w.notices + 1, held_until=None if one.away else now + HELD, told_at=now))
        await scope.run(insert_or_ignore(t.due, scope.engine), {
            "kind": "seat_open" if one.away else "seat_freed", "at": now, "conversation_id": one.conversation_id,
            "subject": session_id, "attempts": 0})
        if not one.away:
            return True
    return False


async def more_room(scope: Scope, session_ids: Collection[str]) -> None:
    """These have more seats than before: who was told of one that they let go may be told of these."""
    await scope.run(update(t.waiting).where(_w.session_id.in_(list(session_ids))).values(told_at=None))


async def turn_over(scope: Scope, limit: int = 50) -> int:
    """Free seats go to who waits for them, next in line; how many were offered.

    Those that were kept in vain, and those that became free when nobody could be told or was looked for: at night,
    by an erasure, by more chairs. The soonest sessions first. Each that is looked at has somebody to tell, so that
    those left for the next time are fewer.
    """
    now = scope.now()
    await scope.run(update(t.waiting).where(_w.held_until <= now).values(held_until=None))
    if quiet(now):
        return 0
    rows = (await scope.run(
        select(_s.id, _FREE.label("free"))
        .where(_s.id.in_(select(_w.session_id).where(_ASKABLE)),
               _s.starts_at >= now + NEAR, _s.cancelled_at.is_(None), ~_s.full, _FREE > 0)
        .order_by(_s.starts_at, _s.id).limit(limit), {"now_": now})).all()
    offered = 0
    for row in rows:
        for _ in range(row.free):
            if not await offer_next(scope, row.id):
                break
            offered += 1
    return offered
