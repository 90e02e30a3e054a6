"""What a moment brought: a reminder, the end of what is not kept, what became of a session."""

from dataclasses import dataclass
from typing import Literal

from dialogues.reminders import Change
from dialogues.snapshot import Appointment, Session


@dataclass(frozen=True, slots=True)
class AnswersPassed:
    """What was asked and said of what is not kept is long enough ago."""


@dataclass(frozen=True, slots=True)
class ReminderDue:
    """A reminder's time has come. ``kind``: day_before or two_hours."""

    appointment_id: str
    kind: Literal["day_before", "two_hours"]


@dataclass(frozen=True, slots=True)
class SessionChanged:
    """A session the person has a seat in (or had, when it is cancelled) changed. ``what``: what became of it."""

    appointment: Appointment
    what: Change


@dataclass(frozen=True, slots=True)
class SessionReopened:
    """A session the person had lost a seat in takes place after all. They have no seat in it yet."""

    session: Session


@dataclass(frozen=True, slots=True)
class DayChanged:
    """A session the person had asked about, and has no seat in, changed. ``what``: what became of it."""

    session: Session
    what: Change


@dataclass(frozen=True, slots=True)
class SeatFreed:
    """A seat of a session the person waits for is free, and kept for them for a while.

    ``kept`` False: they are not there to take it, and it is anybody's.
    """

    session: Session
    kept: bool = True


@dataclass(frozen=True, slots=True)
class SeatMissed:
    """The person did not come; said once, the next day."""

    appointment: Appointment
