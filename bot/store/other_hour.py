"""A session that is moved: what people and the team said of the hour it had is true no more."""

from collections.abc import Collection

from sqlalchemy import delete, select, update

from bot.store import tables as t
from bot.store.dialect import insert_or_ignore
from bot.store.scope import Scope
from bot.store.seats import LONGEST
from dialogues.reminders import decent

_a, _s, _d = t.appointments.c, t.sessions.c, t.due.c


async def forget_said(scope: Scope, session_id: str, seats: Collection[str], *, other: bool) -> None:
    """A yes was to come there and then: it is asked again. ``other``: at another hour, nobody is late for it."""
    theirs = _a.id.in_(list(seats))
    await scope.run(update(t.appointments).where(theirs, _a.state == "confirmed").values(state="booked"))
    if other:
        await scope.run(update(t.appointments).where(theirs).values(word=None, word_at=None))
        await scope.run(update(t.sessions).where(_s.id == session_id).values(late_minutes=0))
        await scope.run(delete(t.due).where(
            _d.kind.in_(("session_late", "day_late")), _d.subject.in_([session_id, *seats]), _d.done_at.is_(None)))


async def note_known(scope: Scope, seats: Collection[str], moves: int) -> None:
    """Who has these seats is told of as many moves of their session."""
    await scope.run(update(t.appointments).where(_a.id.in_(list(seats))).values(moves=moves))


async def tell_of_moves(scope: Scope, limit: int = 50) -> int:
    """Plan the word to who has a seat and knows of fewer moves than there were; how many.

    A turn that books and a change that moves may pass each other by, as one that cancels may (called_off.py): the
    confirmation has the old hour then, and nobody is told of the new one. So it is looked for afterwards.
    """
    now = scope.now()
    rows = (await scope.run(
        select(_a.id, _a.conversation_id, _s.starts_at, _s.moves)
        .select_from(t.sessions.join(t.appointments, _a.session_id == _s.id))
        .where(_s.moves > _a.moves, _s.cancelled_at.is_(None), _s.ends_at > now, _s.starts_at > now - LONGEST,
               _a.active, _a.state.in_(("booked", "confirmed")), _a.conversation_id.is_not(None))
        .order_by(_s.starts_at, _a.id).limit(limit))).all()
    for row in rows:
        await scope.run(insert_or_ignore(t.due, scope.engine), {
            "kind": "session_moved", "at": decent(now, row.starts_at), "conversation_id": row.conversation_id,
            "subject": row.id, "attempts": 0})
        await note_known(scope, [row.id], row.moves)
    return len(rows)
