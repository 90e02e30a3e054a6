"""What happened, to one conversation: past tense, nothing about where it came from."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from dialogues.enclosure import Enclosure
from dialogues.reading import Reading
from dialogues.reminders import Change
from dialogues.snapshot import Appointment, Session, Team

MediaKind: TypeAlias = Literal["voice", "photo", "video", "sticker", "document", "contact", "location", "other"]


@dataclass(frozen=True, slots=True)
class ContactStarted:
    """The person opened the conversation (link, QR code, /start). ``hint``: the app's own language."""

    origin: str | None = None
    hint: str | None = None


@dataclass(frozen=True, slots=True)
class MessageReceived:
    """The person wrote. ``choice``: 0-based index in the last offer when the words are one of its titles.

    ``translation``: the words in French by a machine, for a counsellor.
    """

    text: str
    reading: Reading
    choice: int | None = None
    edited: bool = False
    translation: str | None = None


@dataclass(frozen=True, slots=True)
class ButtonPressed:
    """The person pressed a button: ``/o12.3`` (offer 12, option 3) or ``/intent``."""

    payload: str


@dataclass(frozen=True, slots=True)
class PositionShared:
    """The person shared a position, already turned into a commune (INSEE); None when it is outside France.

    ``enclosure``: the message that has the point itself, for a counsellor they are talking with.
    """

    commune: str | None
    enclosure: Enclosure | None = None


@dataclass(frozen=True, slots=True)
class MediaReceived:
    """Something that is not text came in. The caption, if any, comes as a message of its own.

    ``album``: what was sent together has the same; answered once.
    """

    kind: MediaKind
    enclosure: Enclosure | None = None
    album: str = ""


@dataclass(frozen=True, slots=True)
class MessageDeleted:
    """The person deleted one of their messages (the platform told us)."""


@dataclass(frozen=True, slots=True)
class TooManyMessages:
    """The person sent more than we answer one by one; said once for a burst."""


@dataclass(frozen=True, slots=True)
class ContactBlocked:
    """The platform says that the person blocked the bot: nothing more can be sent."""


@dataclass(frozen=True, slots=True)
class AnswersPassed:
    """What was asked and said of what is not kept is long enough ago."""


@dataclass(frozen=True, slots=True)
class ReminderDue:
    """A reminder's time has come. ``kind``: day_before or two_hours."""

    appointment_id: str
    kind: Literal["day_before", "two_hours"]


@dataclass(frozen=True, slots=True)
class SessionsFound:
    """Answer to FindSessions: open sessions with a free seat, soonest first; and the ``full`` ones among them."""

    sessions: tuple[Session, ...]
    full: tuple[Session, ...] = ()


@dataclass(frozen=True, slots=True)
class SeatBooked:
    """Answer to BookSeat or MoveSeat: the seat is this person's."""

    appointment: Appointment


@dataclass(frozen=True, slots=True)
class SeatRefused:
    """Answer to BookSeat, MoveSeat or CancelSeat: it could not be."""

    reason: Literal["full", "past", "already", "gone", "cancelled"]


@dataclass(frozen=True, slots=True)
class SeatCancelled:
    """Answer to CancelSeat: the seat is free again."""

    appointment: Appointment


@dataclass(frozen=True, slots=True)
class WaitingJoined:
    """Answer to JoinWaiting: the person will be told when a seat is free. ``session``: which."""

    session: Session


@dataclass(frozen=True, slots=True)
class BodyTold:
    """Answer to TellBody. ``chats``: how many groups, chats and mailboxes of the team get it; 0: nobody does."""

    chats: int


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
    """A seat of a session the person waits for is free, and kept for them for a while."""

    session: Session


@dataclass(frozen=True, slots=True)
class SeatMissed:
    """The person did not come; said once, the next day."""

    appointment: Appointment


@dataclass(frozen=True, slots=True)
class TeamFound:
    """Answer to FindTeam; None when no consortium covers the commune.

    ``doors``: keys of what else is open to everybody, for whom there is no team.
    """

    team: Team | None
    doors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LeadOpened:
    """Answer to OpenLead. ``body``, ``territory``: who has it now.

    ``joined``: the person already had an open lead there, this need was added to it.
    """

    lead_id: str
    body: str
    territory: str
    joined: bool = False


@dataclass(frozen=True, slots=True)
class LiaisonAnswered:
    """Answer to AnswerLiaison. ``agreed``: the yes or no; ``done``: whether it was in time.

    ``given_to``: the service that has the sheet already, when this is a no.
    """

    agreed: bool
    done: bool
    given_to: str | None = None


@dataclass(frozen=True, slots=True)
class DataErased:
    """Answer to EraseEverything: nothing of the person is left but this receipt's code."""

    receipt: str


@dataclass(frozen=True, slots=True)
class LeadTaken:
    """A counsellor took the lead. ``name``: the first name they chose to show; ``writes_by``: when they will have
    written at the latest, None when it is not known."""

    lead_id: str
    name: str
    writes_by: datetime | None = None


@dataclass(frozen=True, slots=True)
class PassProposed:
    """A counsellor says that another team should help; nothing goes to it before the person agrees.

    ``items``: what that team would be given, in order (a key may come twice).
    """

    lead_id: str
    name: str
    team: Team
    items: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class LiaisonProposed:
    """A counsellor asks whether a service outside may have a sheet; nothing leaves before the person agrees.

    ``door``: its id; ``door_name``: its French name; ``items``: what the sheet would say, in order.
    """

    lead_id: str
    name: str
    liaison_id: str
    door: str
    door_name: str
    items: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class DatesProposed:
    """A counsellor proposes dates: real sessions with a free seat."""

    lead_id: str
    name: str
    sessions: tuple[Session, ...]


@dataclass(frozen=True, slots=True)
class LeadPassed:
    """Answer to PassLead: another team has the lead now. ``team`` None: it is not what was agreed to, none has."""

    lead_id: str
    team: Team | None


@dataclass(frozen=True, slots=True)
class TeamChanged:
    """Nobody took the lead in time: another team of the same territory has it now."""

    lead_id: str
    team: Team


@dataclass(frozen=True, slots=True)
class LeadReminded:
    """Nobody took the lead yet, and everybody who could was told again. ``back_at``: as Team's."""

    lead_id: str
    urgent: bool = False
    back_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class LeadReturned:
    """Who took the lead did not write: it is offered again."""

    lead_id: str


@dataclass(frozen=True, slots=True)
class LeadExpired:
    """Nobody was found for the lead: it is over."""

    lead_id: str


@dataclass(frozen=True, slots=True)
class LeadRefused:
    """A team said that the lead is not for them. ``team``: who has it now, None when nobody does."""

    lead_id: str
    team: Team | None


@dataclass(frozen=True, slots=True)
class CounsellorWrote:
    """A counsellor wrote to the person. ``translation``: the words in the person's language by a machine."""

    lead_id: str
    name: str
    text: str
    translation: str | None = None


@dataclass(frozen=True, slots=True)
class CounsellorCorrected:
    """A counsellor changed what they had written. ``text``: what it says now; ``translation``: as above."""

    lead_id: str
    name: str
    text: str
    translation: str | None = None


@dataclass(frozen=True, slots=True)
class PhraseChosen:
    """A counsellor chose one of the ready phrases. ``phrase``: the end of its key, ``utter_phrase_<phrase>``."""

    lead_id: str
    name: str
    phrase: str


@dataclass(frozen=True, slots=True)
class CounsellorSent:
    """A counsellor sent something that is not text. ``caption``: the words with it, may be empty.

    ``point``: (latitude, longitude) in degrees when it is a position.
    """

    lead_id: str
    name: str
    kind: MediaKind
    enclosure: Enclosure
    caption: str = ""
    point: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class LeadHandedBack:
    """The counsellor gave the conversation back to the bot; the lead stays theirs."""

    lead_id: str


@dataclass(frozen=True, slots=True)
class LeadClosed:
    """The counsellor closed the lead."""

    lead_id: str


Answer: TypeAlias = (
    SessionsFound | SeatBooked | SeatRefused | SeatCancelled | WaitingJoined | BodyTold | TeamFound | LeadOpened
    | LeadPassed | LiaisonAnswered | DataErased
)
Event: TypeAlias = (
    ContactStarted | MessageReceived | ButtonPressed | PositionShared | MediaReceived | MessageDeleted
    | TooManyMessages | ContactBlocked | AnswersPassed | ReminderDue | SessionChanged | SessionReopened
    | DayChanged | SeatFreed | SeatMissed
    | PassProposed | LiaisonProposed | DatesProposed | LeadTaken | LeadRefused | LeadReminded | LeadReturned
    | LeadExpired | CounsellorWrote | CounsellorCorrected | PhraseChosen | CounsellorSent | LeadHandedBack
    | LeadClosed | TeamChanged | Answer
)
