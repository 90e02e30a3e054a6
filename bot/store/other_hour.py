"""A session that is moved: what people and the team said of the hour it had is true no more."""

from collections.abc import Collection

from sqlalchemy import delete, update

from bot.store import tables as t
from bot.store.scope import Scope

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
