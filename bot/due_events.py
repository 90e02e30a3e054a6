"""From a due row to what happened: looked up again in the transaction that will tell of it."""

from collections.abc import Callable, Mapping

from bot.store.due import PASSING
from bot.store.transaction import Transaction
from bot.store.values import DueRow
from dialogues.events import Event
from dialogues.events.due import (
    AnswersPassed,
    DayChanged,
    ReminderDue,
    SeatFreed,
    SeatMissed,
    SessionChanged,
    SessionReopened,
)
from dialogues.reminders import Change, Kind
from dialogues.snapshot import Session

REMINDERS: Mapping[str, Kind] = {"day_before": "day_before", "two_hours": "two_hours"}
CHANGES: Mapping[str, Change] = {
    "session_cancelled": "cancelled", "session_moved": "moved", "session_late": "late",
}
# What is told of a session to somebody who has no seat in it.
ABOUT: Mapping[str, Callable[[Session], Event]] = {
    "day_cancelled": lambda session: DayChanged(session, "cancelled"),
    "day_moved": lambda session: DayChanged(session, "moved"),
    "day_late": lambda session: DayChanged(session, "late"), "seat_freed": SeatFreed,
    "seat_open": lambda session: SeatFreed(session, kept=False),
    "session_reopened": SessionReopened,
}


class UnknownDueRowError(Exception):
    """A due row of a kind that this version does not know."""


async def wakes(tx: Transaction, row: DueRow) -> Event | None:
    """The event of a due row, None when there is nothing left to tell. Raises UnknownDueRowError."""
    if row.kind == PASSING:
        return AnswersPassed()
    if row.kind in REMINDERS:
        return ReminderDue(row.subject, REMINDERS[row.kind])
    if row.kind in CHANGES or row.kind == "seat_missed":
        held = await tx.appointment(row.subject)
        if held is None:
            return None
        if row.kind == "seat_missed":
            return SeatMissed(held)
        return SessionChanged(held, CHANGES[row.kind])
    if row.kind in ABOUT:
        session = await tx.session(row.subject)
        return None if session is None else ABOUT[row.kind](session)
    raise UnknownDueRowError(row.kind)
