"""Seats of sessions that are called off: those that somebody took in that very moment."""

from sqlalchemy import exists, select, update

from bot.store import tables as t
from bot.store import webhooks
from bot.store.dialect import insert_or_ignore
from bot.store.scope import Scope
from bot.store.seats import LONGEST
from dialogues.reminders import decent

_s, _a = t.sessions.c, t.appointments.c
_TAKEN = (_a.active, _a.state.in_(("booked", "confirmed")))


async def revoke_late(scope: Scope, limit: int = 50) -> int:
    """Take these seats back and plan the word to who has them; how many.

    A turn that books and a change that cancels may pass each other by, each without having seen the other: taking
    turns about it would hold up everybody who books while a file is written. So it is looked for afterwards.
    """
    now = scope.now()
    rows = (await scope.run(
        select(_s.id, _s.starts_at).where(
            _s.cancelled_at.is_not(None), _s.ends_at > now, _s.starts_at > now - LONGEST,
            exists(select(_a.id).where(_a.session_id == _s.id, *_TAKEN)))
        .order_by(_s.starts_at, _s.id).limit(limit))).all()
    taken = 0
    for row in rows:
        lost = (await scope.run(update(t.appointments).where(_a.session_id == row.id, *_TAKEN).values(
            active=False, state="revoked", changed_at=now).returning(_a.id, _a.conversation_id))).all()
        for seat in lost:
            await webhooks.note(scope, "appointment.revoked", {"session": row.id})
            if seat.conversation_id is not None:
                await scope.run(insert_or_ignore(t.due, scope.engine), {
                    "kind": "session_cancelled", "at": decent(now, row.starts_at), "attempts": 0,
                    "conversation_id": seat.conversation_id, "subject": seat.id})
        taken += len(lost)
    return taken
