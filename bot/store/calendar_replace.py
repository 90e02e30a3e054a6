"""A file becomes the calendar: what is written, what is told to people, what other systems and agendas see."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, exists, func, select, update

from bot.store import calendar, due, webhooks
from bot.store import tables as t
from bot.store.dialect import insert_or_ignore
from bot.store.scope import Scope
from bot.store.values import CalendarSession, Place
from dialogues.reminders import decent, planned

_s, _a, _d = t.sessions.c, t.appointments.c, t.due.c
_other = t.appointments.alias("other_codes")


@dataclass(frozen=True, slots=True)
class Changes:
    """What a file changes, by ids of sessions.

    ``gone``: no longer held; ``moved``: at another hour or place; ``reopened``: held again; ``changed``: something
    else that people or agendas see; ``settled``: as the file says, where a counsellor had moved them to.
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
    await calendar.load(scope, places, sessions)
    told = 0
    for session_id in changes.gone:
        told += await calendar.change(scope, session_id, "cancelled", by_hand=False)
    for session_id in changes.moved:
        told += await calendar.change(scope, session_id, "moved", by_hand=False)
    for session_id in changes.reopened:
        told += await reopen(scope, session_id)
    await calendar.settle(scope, changes.settled)
    await calendar.count_changed(scope, changes.changed)
    starts = {session.id: session.starts_at for session in sessions}
    for event, ids in (("session.added", changes.added), ("session.changed", changes.changed)):
        for session_id in ids:
            await webhooks.note(scope, event, {
                "session": session_id, "starts_at": starts[session_id].isoformat()})
    return told


async def reopen(scope: Scope, session_id: str) -> int:
    """A session that a file had cancelled is held after all; how many people are to be told.

    Who was told not to come hears that it takes place again, and may take a seat. Who was not told yet has their
    seat as before, and hears nothing.
    """
    now = scope.now()
    starts_at = (await scope.run(
        update(t.sessions).where(_s.id == session_id, _s.cancelled_at.is_not(None), ~_s.cancelled_by_hand)
        .values(cancelled_at=None, sequence=_s.sequence + 1, changed_at=now, **calendar.AS_GIVEN)
        .returning(_s.starts_at))).scalar_one_or_none()
    if starts_at is None:
        return 0
    lost = {row.id: row.conversation_id for row in await scope.run(select(_a.id, _a.conversation_id).where(
        _a.session_id == session_id, _a.state == "revoked", _a.conversation_id.is_not(None)))}
    untold = await _untold(scope, session_id, lost)
    back = await _give_back(scope, untold)
    for appointment_id in back:
        reminders = {str(kind): at for kind, at in planned(starts_at, now).items()}
        await due.plan(scope, lost[appointment_id], appointment_id, reminders)
    who = dict.fromkeys(person for seat, person in lost.items() if seat not in back)
    tell = [{"kind": "session_reopened", "at": decent(now, starts_at), "conversation_id": person,
             "subject": session_id, "attempts": 0} for person in who]
    if tell:
        await scope.run(insert_or_ignore(t.due, scope.engine), tell)
    await webhooks.note(scope, "session.reopened", {"session": session_id, "starts_at": starts_at.isoformat()})
    return len(tell)


async def _untold(scope: Scope, session_id: str, seats: Collection[str]) -> list[str]:
    """Of these seats, those whose holder was not told of the cancellation yet; they will not be."""
    rows = await scope.run(delete(t.due).where(
        _d.kind == "session_cancelled", _d.subject.in_(list(seats)), _d.done_at.is_(None)).returning(_d.subject))
    untold = list(rows.scalars())
    await scope.run(delete(t.due).where(
        _d.kind == "day_cancelled", _d.subject == session_id, _d.done_at.is_(None)))
    return untold


async def _give_back(scope: Scope, seats: Collection[str]) -> set[str]:
    """These seats are held again; which. A code that somebody else was given meanwhile stays theirs."""
    used = exists(select(_other.c.id).where(_other.c.active, _other.c.code == func.coalesce(_a.code, "")))
    rows = await scope.run(
        update(t.appointments).where(_a.id.in_(list(seats)), ~used)
        .values(active=True, state="booked", changed_at=scope.now()).returning(_a.id))
    return set(rows.scalars())
