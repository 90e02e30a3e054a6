"""A session that was called off is held after all, by a file or by hand: who hears of it, who has a seat again."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, exists, func, select, update

from bot.store import calendar, due, waiting, webhooks
from bot.store import tables as t
from bot.store.dialect import insert_or_ignore
from bot.store.scope import Scope
from dialogues.reminders import decent, planned
from dialogues.sessions import half_day

_s, _a, _d = t.sessions.c, t.appointments.c, t.due.c
_other = t.appointments.alias("other_codes")


async def reopen(scope: Scope, session_id: str, *, by_hand: bool = False) -> int | None:
    """A session that a file (``by_hand``: a counsellor) had cancelled is held; how many people are to be told.

    Who was told not to come, with or without a seat, hears that it takes place, and may take one. Who was not told
    yet has their seat as before, and hears nothing; nor does who has another slot of the half-day. None when it was
    not cancelled so, or, by hand, has begun. Raises TeamElsewhere.
    """
    now = scope.now()
    row = (await scope.run(select(t.sessions).where(
        _s.id == session_id, _s.cancelled_at.is_not(None), _s.cancelled_by_hand.is_(by_hand))
        .with_for_update(key_share=True))).one_or_none()
    if row is None or (by_hand and row.starts_at <= now):
        return None
    if by_hand:  # with the hour and place it had: its team may have got something else to do then
        await calendar.team_is_there(scope, row, row.starts_at, row.ends_at)
    await scope.run(update(t.sessions).where(_s.id == session_id).values(
        cancelled_at=None, cancelled_by_hand=False, sequence=_s.sequence + 1, changed_at=now,
        **({} if by_hand else calendar.AS_GIVEN)))
    lost = {seat.id: seat.conversation_id for seat in await scope.run(select(_a.id, _a.conversation_id).where(
        _a.session_id == session_id, _a.state == "revoked", _a.conversation_id.is_not(None)))}
    asked = await _told_of_the_day(scope, session_id, row.cancelled_at)
    untold, unheard = await _untold(scope, session_id, lost)
    placed = await _with_another_slot(scope, session_id, {*lost.values(), *asked})
    back = await _give_back(scope, [seat for seat in untold if lost[seat] not in placed])
    for appointment_id in back:
        reminders = {str(kind): at for kind, at in planned(row.starts_at, now).items()}
        await due.plan(scope, lost[appointment_id], appointment_id, reminders)
    await _give_back(scope, list((await scope.run(select(_a.id).where(  # put there by the team, and told by nobody
        _a.session_id == session_id, _a.state == "revoked", _a.conversation_id.is_(None),
        _a.code.is_not(None)))).scalars()))
    silent = unheard | placed
    told = (*(person for seat, person in lost.items() if seat not in back), *asked)
    who = dict.fromkeys(person for person in told if person not in silent)
    tell = [{"kind": "session_reopened", "at": decent(now, row.starts_at), "conversation_id": person,
             "subject": session_id, "attempts": 0} for person in who]
    if tell:
        await scope.run(insert_or_ignore(t.due, scope.engine), tell)
    for person in (*who, *unheard):  # without a seat, they are to hear of it when it is called off again
        await waiting.note_interest(scope, person, (session_id,))
    await webhooks.note(scope, "session.reopened", {
        "session": session_id, "starts_at": row.starts_at.isoformat()})
    return len(tell)


async def _untold(scope: Scope, session_id: str, seats: Collection[str]) -> tuple[list[str], set[str]]:
    """Of these seats, those whose holder was not told of the cancellation yet; who else was not. None will be."""
    rows = await scope.run(delete(t.due).where(
        _d.kind == "session_cancelled", _d.subject.in_(list(seats)), _d.done_at.is_(None)).returning(_d.subject))
    untold = list(rows.scalars())
    others = await scope.run(delete(t.due).where(
        _d.kind == "day_cancelled", _d.subject == session_id, _d.done_at.is_(None)).returning(_d.conversation_id))
    return untold, set(others.scalars())


async def _told_of_the_day(scope: Scope, session_id: str, since: datetime) -> tuple[str, ...]:
    """Who had only asked about it, and was told that it does not take place."""
    return tuple((await scope.run(select(_d.conversation_id).where(
        _d.kind == "day_cancelled", _d.subject == session_id, _d.done_at >= since).order_by(_d.id))).scalars())


async def _with_another_slot(scope: Scope, session_id: str, people: Collection[str]) -> set[str]:
    """Of these people, those who have taken another slot of the half-day meanwhile: one person has one."""
    if not people or half_day(session_id) == session_id:
        return set()
    c = t.conversations.c  # nobody takes one while we look: seats are taken in the person's turn, which locks this
    await scope.run(select(c.id).where(c.id.in_(list(people))).order_by(c.id).with_for_update(key_share=True))
    rows = await scope.run(
        select(_a.conversation_id, _a.session_id).where(_a.conversation_id.in_(list(people)), _a.active))
    return {row.conversation_id for row in rows if half_day(row.session_id) == half_day(session_id)}


async def _give_back(scope: Scope, seats: Collection[str]) -> set[str]:
    """These seats are held again; which. A code that somebody else was given meanwhile stays theirs."""
    used = exists(select(_other.c.id).where(_other.c.active, _other.c.code == func.coalesce(_a.code, "")))
    rows = (await scope.run(
        update(t.appointments).where(_a.id.in_(list(seats)), ~used)
        .values(active=True, state="booked", changed_at=scope.now()).returning(_a.id, _a.session_id))).all()
    for row in rows:
        await webhooks.note(scope, "appointment.booked", {"session": row.session_id})
    return {row.id for row in rows}
