"""Who came. States are those of French social services: unknown (booked), seen, excused, revoked, noshow."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, Literal, TypeAlias

from sqlalchemy import ColumnElement, Row, and_, false, or_, select, update

from bot.store import conversations, due, met, outbox, waiting, webhooks
from bot.store import tables as t
from bot.store.dialect import insert_or_ignore
from bot.store.errors import NotTheDay, SeatContention
from bot.store.scope import Scope
from dialogues.reminders import PARIS, missed_at, planned

Outcome: TypeAlias = Literal["seen", "excused", "noshow", "booked"]
# (territory, body), body None for a whole consortium.
Bodies: TypeAlias = Collection[tuple[str, str | None]]
CODE_LETTERS = 4
_MARKED = ("booked", "confirmed", "seen", "excused", "noshow")
TRIES = 60  # each lost try means that somebody else took that seat just now
_a, _s = t.appointments.c, t.sessions.c


def begun(starts_at: datetime, now: datetime) -> bool:
    """Whether the day of the session is there, or past: before it nobody came, and nobody failed to."""
    return now.astimezone(PARIS).date() >= starts_at.astimezone(PARIS).date()


def may_be(state: Outcome, starts_at: datetime, now: datetime) -> bool:
    """Whether this may be true by now of a seat: who is early has come, nobody is missed before it begins."""
    match state:
        case "seen":
            return begun(starts_at, now)
        case "noshow":
            return now >= starts_at
        case _:
            return True


def _theirs(bodies: Bodies) -> ColumnElement[bool]:
    return or_(false(), *(
        and_(_s.territory == territory, _s.body == body) if body else _s.territory == territory
        for territory, body in bodies))


async def mark(scope: Scope, appointment_id: str, state: Outcome, bodies: Bodies) -> bool:
    """Set the outcome of a seat of these bodies' sessions. Marking again corrects; False for any other seat.

    Raises NotTheDay where somebody would have come before the day, or not have come before the session begins.
    Somebody who did not come is written to once, the day after (nothing when it is marked later than that);
    a later correction takes that back. The seat of somebody excused is free again; put right, they have one again,
    one more chair where theirs was taken, unless they took another in this session. The request of who came is met.
    """
    theirs = (_a.id == appointment_id, _theirs(bodies), _a.state.in_(_MARKED))
    seats = t.appointments.join(t.sessions, _s.id == _a.session_id)
    holder = (await scope.run(
        select(_a.conversation_id).select_from(seats).where(*theirs))).scalar_one_or_none()
    if holder is not None:  # their seat and their request change in turns of theirs, which hold this first
        await conversations.lock_by_id(scope, holder)
    row = (await scope.run(
        select(_a.id, _a.conversation_id, _a.session_id, _a.state, _a.seat, _a.code, _s.starts_at, _s.ends_at,
               _s.capacity, _s.territory, _s.body)
        .select_from(seats).where(*theirs).with_for_update(of=t.appointments))).one_or_none()
    if row is None:
        return False
    if row.state == state:
        return True
    if not may_be(state, row.starts_at, scope.now()):
        raise NotTheDay
    again = await _seat_again(scope, row) if row.state == "excused" else {}
    await scope.run(update(t.appointments).where(_a.id == appointment_id).values(
        state=state, changed_at=scope.now(), **({"active": False} if state == "excused" else again)))
    if row.conversation_id is not None and state == "excused":
        await due.cancel(scope, row.conversation_id, appointment_id)
        await outbox.drop_about(scope, [appointment_id])
    elif row.conversation_id is not None and again and state == "booked":
        reminders = {str(kind): at for kind, at in planned(row.starts_at, scope.now()).items()}
        await due.plan(scope, row.conversation_id, appointment_id, reminders)
    if state == "excused":
        await waiting.offer_next(scope, row.session_id)
    d = t.due.c
    await scope.run(update(t.due).where(d.kind == "seat_missed", d.subject == appointment_id, d.done_at.is_(None))
                    .values(done_at=scope.now()))
    if state == "noshow" and row.conversation_id is not None:
        said = select(d.id).where(d.kind == "seat_missed", d.subject == appointment_id, d.attempts > 0)
        if (await scope.run(said)).first() is None:
            at = missed_at(row.starts_at, scope.now())
            if at is not None:
                await scope.run(insert_or_ignore(t.due, scope.engine), {
                    "kind": "seat_missed", "at": at, "attempts": 0,
                    "conversation_id": row.conversation_id, "subject": appointment_id})
    if row.conversation_id is not None and "seen" in (state, row.state):
        note = met.came if state == "seen" else met.not_after_all
        await note(scope, met.Came(
            row.id, row.conversation_id, row.territory, row.body, row.starts_at, row.ends_at))
    event = "unknown" if state == "booked" else state  # a mark taken back is no booking
    await webhooks.note(scope, f"appointment.{event}", {"session": row.session_id})
    return True


async def _seat_again(scope: Scope, row: Row[Any]) -> Mapping[str, Any]:
    """What gives somebody who was excused a seat again; nothing when they took another in this session."""
    rows = (await scope.run(select(_a.seat, _a.conversation_id).where(
        _a.session_id == row.session_id, _a.active))).all()
    if row.conversation_id is not None and row.conversation_id in {held.conversation_id for held in rows}:
        return {}
    taken = {held.seat for held in rows}
    used = (await scope.run(select(_a.id).where(_a.active, _a.code == row.code))).first() is not None
    return {"active": True, "seat": row.seat if row.seat not in taken else max(row.capacity, *taken) + 1,
            "code": scope.clock.new_code(CODE_LETTERS) if used else row.code}


async def walk_in(scope: Scope, session_id: str, alias: str | None, bodies: Bodies) -> str | None:
    """A seat for somebody who is there: one kept for that, else any, else one more chair.

    Before the day they are not there yet: they have the seat, and nobody knows whether they will come.
    """
    row = (await scope.run(select(_s.capacity, _s.walk_in, _s.starts_at).where(
        _s.id == session_id, _theirs(bodies), _s.cancelled_at.is_(None)))).one_or_none()
    if row is None:
        return None
    there = begun(row.starts_at, scope.now())
    order = [*range(row.capacity - row.walk_in + 1, row.capacity + 1), *range(1, row.capacity - row.walk_in + 1)]
    for _ in range(TRIES):
        taken = set((await scope.run(select(_a.seat).where(_a.session_id == session_id, _a.active))).scalars())
        seat = next((number for number in order if number not in taken), max([row.capacity, *taken]) + 1)
        now, code = scope.now(), scope.clock.new_code(CODE_LETTERS)
        added = await scope.run(insert_or_ignore(t.appointments, scope.engine).returning(_a.id), {
            "id": scope.clock.new_id(), "session_id": session_id, "conversation_id": None, "seat": seat,
            "code": code, "state": "seen" if there else "booked", "active": True, "created_at": now,
            "changed_at": now, "alias": alias or None})
        if added.one_or_none() is not None:
            await webhooks.note(
                scope, "appointment.walk_in" if there else "appointment.booked", {"session": session_id})
            return code
    raise SeatContention


async def take_away(scope: Scope, appointment_id: str, bodies: Bodies) -> bool:
    """Somebody without an appointment was added by mistake: their seat is free again, their name and note go.

    False for any other seat: who booked it gives it back, or is excused.
    """
    row = (await scope.run(
        select(_a.session_id, _a.state).select_from(t.appointments.join(t.sessions, _s.id == _a.session_id))
        .where(_a.id == appointment_id, _theirs(bodies), _a.conversation_id.is_(None), _a.code.is_not(None),
               _a.state.in_(("booked", "seen", "excused", "noshow"))))).one_or_none()
    if row is None:
        return False
    # The row stays, nobody's: who waits for a seat is told of one that was freed since.
    await scope.run(update(t.appointments).where(_a.id == appointment_id).values(
        state="cancelled", active=False, changed_at=scope.now(), code=None, alias=None, note=None))
    if row.state != "excused":  # then it was free already
        await waiting.offer_next(scope, row.session_id)
    await webhooks.note(scope, "appointment.cancelled", {"session": row.session_id})
    return True


async def note(scope: Scope, appointment_id: str, text: str, bodies: Bodies) -> bool:
    """Keep a note with a seat of these bodies' sessions. False for any other.

    It is about the person, for whom they see next: their other seats with the same team have the same one.
    """
    row = (await scope.run(
        select(_a.conversation_id, _s.territory, _s.body)
        .select_from(t.appointments.join(t.sessions, _s.id == _a.session_id))
        .where(_a.id == appointment_id, _theirs(bodies)))).one_or_none()
    if row is None:
        return False
    of_team = select(_s.id).where(_s.territory == row.territory, _s.body == row.body)
    same = and_(_a.conversation_id == row.conversation_id, _a.session_id.in_(of_team))
    await scope.run(update(t.appointments).where(
        _a.id == appointment_id if row.conversation_id is None else same).values(note=text.strip()[:1000] or None))
    return True


async def name(scope: Scope, appointment_id: str, alias: str, bodies: Bodies) -> bool:
    """How somebody who came without an appointment is called. False for any other seat: its holder says it."""
    theirs = select(_s.id).where(_theirs(bodies))
    done = await scope.run(
        update(t.appointments).where(_a.id == appointment_id, _a.session_id.in_(theirs),
                                     _a.conversation_id.is_(None), _a.code.is_not(None))
        .values(alias=alias or None))
    return done.rowcount > 0
