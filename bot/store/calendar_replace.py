"""A file becomes the calendar: what is written, what is told to people, what other systems and agendas see."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from bot.store import calendar, webhooks
from bot.store.calendar_reopen import reopen
from bot.store.scope import Scope
from bot.store.values import CalendarSession, Place


@dataclass(frozen=True, slots=True)
class Changes:
    """What a file changes, by ids of sessions.

    ``gone``: no longer held; ``moved``: at another hour or place; ``reopened``: held again, perhaps there;
    ``changed``: something else that people or agendas see; ``settled``: as the file says, where a counsellor had
    moved them to.
    """

    added: Collection[str] = ()
    moved: Collection[str] = ()
    gone: Collection[str] = ()
    reopened: Collection[str] = ()
    changed: Collection[str] = ()
    settled: Collection[str] = ()


async def replace(
    scope: Scope, places: Sequence[Place], sessions: Sequence[CalendarSession], changes: Changes,
) -> int:
    """The calendar as it is from now on; how many people are told. All or nothing, in the caller's transaction."""
    began = await calendar.starts_of(scope, changes.moved)  # before what is written hides it
    await calendar.load(scope, places, sessions)
    told = 0
    for session_id in changes.gone:
        told += await calendar.change(scope, session_id, "cancelled", by_hand=False)
    for session_id in changes.reopened:
        told += await reopen(scope, session_id) or 0
    for session_id in changes.moved:
        told += await calendar.change(scope, session_id, "moved", by_hand=False, began=began.get(session_id))
    await calendar.settle(scope, changes.settled)
    await calendar.count_changed(scope, changes.changed)
    starts = {session.id: session.starts_at for session in sessions}
    for event, ids in (("session.added", changes.added), ("session.changed", changes.changed)):
        for session_id in ids:
            await webhooks.note(scope, event, {
                "session": session_id, "starts_at": starts[session_id].isoformat()})
    return told
