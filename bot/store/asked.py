"""Who had asked about a session and has no seat in it: they hear what becomes of it too."""

from collections.abc import Collection

from sqlalchemy import or_, select

from bot.store import tables as t
from bot.store.scope import Scope
from dialogues.reminders import Change
from dialogues.sessions import half_day

_w, _a, _d = t.waiting.c, t.appointments.c, t.due.c


async def about(scope: Scope, session_id: str, what: Change) -> Collection[str]:
    """The conversations to be told; a half-day cut in slots is said once, and to nobody who has a slot of it.

    Nor to somebody who lost their slot with it: they are told of that.
    """
    asked = select(_w.conversation_id).where(_w.session_id == session_id)
    if what == "moved":  # who is still to hear that it is held after all hears where and when as well
        asked = asked.where(_w.conversation_id.not_in(select(_d.conversation_id).where(
            _d.kind == "session_reopened", _d.subject == session_id, _d.done_at.is_(None))))
    people = dict.fromkeys((await scope.run(asked.order_by(_w.id))).scalars())
    if not people or half_day(session_id) == session_id:
        return tuple(people)
    seats = await scope.run(select(_a.conversation_id, _a.session_id).where(
        _a.conversation_id.in_(asked), or_(_a.active, _a.state == "revoked")))
    told = await scope.run(select(_d.conversation_id, _d.subject.label("session_id")).where(
        _d.kind == f"day_{what}", _d.conversation_id.in_(asked), _d.done_at.is_(None), _d.subject != session_id))
    known = {row.conversation_id for rows in (seats, told) for row in rows
             if half_day(row.session_id) == half_day(session_id)}
    return tuple(one for one in people if one not in known)
