"""What happened, to one conversation: past tense, nothing about where it came from."""

from typing import TypeAlias

from dialogues.events.answers import Answer
from dialogues.events.due import (
    AnswersPassed,
    DayChanged,
    ReminderDue,
    SeatFreed,
    SeatMissed,
    SessionChanged,
    SessionReopened,
)
from dialogues.events.person import (
    ButtonPressed,
    ContactBlocked,
    ContactStarted,
    MediaReceived,
    MessageDeleted,
    MessageReceived,
    PositionShared,
    TooManyMessages,
)
from dialogues.events.team import (
    CounsellorCorrected,
    CounsellorSent,
    CounsellorWrote,
    DatesProposed,
    LeadClosed,
    LeadExpired,
    LeadHandedBack,
    LeadRefused,
    LeadReminded,
    LeadReturned,
    LeadTaken,
    LiaisonProposed,
    PassProposed,
    PhraseChosen,
    TeamChanged,
)

Event: TypeAlias = (
    ContactStarted | MessageReceived | ButtonPressed | PositionShared | MediaReceived | MessageDeleted
    | TooManyMessages | ContactBlocked | AnswersPassed | ReminderDue | SessionChanged | SessionReopened
    | DayChanged | SeatFreed | SeatMissed
    | PassProposed | LiaisonProposed | DatesProposed | LeadTaken | LeadRefused | LeadReminded | LeadReturned
    | LeadExpired | CounsellorWrote | CounsellorCorrected | PhraseChosen | CounsellorSent | LeadHandedBack
    | LeadClosed | TeamChanged | Answer
)
