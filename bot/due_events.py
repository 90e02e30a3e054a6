"""From a due row to what happened: looked up again in the transaction that will tell of it."""

from collections.abc import Mapping

from bot.store.transaction import Transaction
from bot.store.values import DueRow
from dialogues import events
from dialogues.events import Event
from dialogues.reminders import Change, Kind

REMINDERS: Mapping[str, Kind] = {"day_before": "day_before", "two_hours": "two_hours"}
CHANGES: Mapping[str, Change] = {
    "session_cancelled": "cancelled", "session_moved": "moved", "session_late": "late",
}


class UnknownDueRowError(Exception):
    """A due row of a kind that this version does not know."""


async def wakes(tx: Transaction, row: DueRow) -> Event | None:
    """The event of a due row, None when there is nothing left to tell. Raises UnknownDueRowError."""
    if row.kind in REMINDERS:
        return events.ReminderDue(row.subject, REMINDERS[row.kind])
    if row.kind in CHANGES or row.kind == "seat_missed":
        held = await tx.appointment(row.subject)
        if held is None:
            return None
        if row.kind == "seat_missed":
            return events.SeatMissed(held)
        return events.SessionChanged(held, CHANGES[row.kind])
    if row.kind in {"day_cancelled", "seat_freed"}:
        session = await tx.session(row.subject)
        if session is None:
            return None
        return events.DayCancelled(session) if row.kind == "day_cancelled" else events.SeatFreed(session)
    raise UnknownDueRowError(row.kind)
