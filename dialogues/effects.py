"""What is to be done: imperative, carried out by the shell inside the turn's transaction."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, TypeAlias

from dialogues.enclosure import Enclosure, MediaKind
from dialogues.snapshot import Appointment, Session
from dialogues.text import Text


@dataclass(frozen=True, slots=True)
class Choice:
    """A button: its title, and the payload that pressing it sends (at most 64 bytes, Telegram's limit)."""

    title: Text
    payload: str


@dataclass(frozen=True, slots=True)
class Say:
    """Say a text to the person, in ``language`` (None: the conversation's). ``passing``: it is not kept.

    ``until``: what has not arrived by then is not sent; ``about``: nor when this seat or session changes first.
    ``begins``: it is news of a session that begins then; at night it waits for the morning, unless that is soon.
    """

    text: Text
    choices: tuple[Choice, ...] = ()
    language: str | None = None
    passing: bool = False
    until: datetime | None = None
    about: str | None = None
    begins: datetime | None = None


@dataclass(frozen=True, slots=True)
class PassOn:
    """Give the person a counsellor's words under the counsellor's first name: as they are, or a ready phrase.

    ``translation``: the same by a machine, shown above them. ``corrected``: they take the place of earlier ones.
    """

    name: str
    text: str | Text
    translation: str | None = None
    corrected: bool = False


@dataclass(frozen=True, slots=True)
class PassOnEnclosure:
    """Give the person what a counsellor sent that is not text, under the counsellor's first name."""

    name: str
    kind: MediaKind
    enclosure: Enclosure
    caption: str = ""
    point: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class ShowPlace:
    """Show where a session is: address, how to come, who is there, and a pin on the map where it is known."""

    session: Session


@dataclass(frozen=True, slots=True)
class GiveCalendarFile:
    """Give, with the words just said, an appointment as a file for the person's own calendar.

    ``before``: the one it takes the place of. ``change``: the file is to be there already; it says what became of
    the appointment.
    """

    appointment: Appointment
    before: Appointment | None = None
    change: Literal["moved", "cancelled"] | None = None


@dataclass(frozen=True, slots=True)
class FindSessions:
    """Look up open sessions with a free seat; answered by SessionsFound.

    Near ``commune`` (INSEE, with its position in degrees) when it is given: its own, and the nearest places', the
    soonest first; the search may stop at ``enough``.
    """

    until: datetime
    commune: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    enough: int = 40


@dataclass(frozen=True, slots=True)
class BookSeat:
    """Take a seat of a session; answered by SeatBooked or SeatRefused."""

    session_id: str


@dataclass(frozen=True, slots=True)
class MoveSeat:
    """Move an appointment to another session, or leave it where it is; SeatBooked or SeatRefused."""

    appointment_id: str
    session_id: str


@dataclass(frozen=True, slots=True)
class CancelSeat:
    """Give a seat back; answered by SeatCancelled or SeatRefused."""

    appointment_id: str


@dataclass(frozen=True, slots=True)
class ConfirmSeat:
    """Note that the person said they come. No answer."""

    appointment_id: str


@dataclass(frozen=True, slots=True)
class ShareTopic:
    """Let the team see what the person comes about. ``topic``: the name of a label. No answer."""

    appointment_id: str
    topic: str


@dataclass(frozen=True, slots=True)
class ShareAlias:
    """Let the team of a seat see how to call the person. No answer.

    ``appointment_id``: None for every seat whose team was told a name before: it is told the new one.
    """

    appointment_id: str | None
    name: str


@dataclass(frozen=True, slots=True)
class NoteInterest:
    """Remember that these sessions were shown to the person: they are told what becomes of them. No answer."""

    session_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class JoinWaiting:
    """Wait for a seat of a full session; answered by WaitingJoined or SeatRefused."""

    session_id: str


@dataclass(frozen=True, slots=True)
class LeaveWaiting:
    """No longer wait for this session. No answer."""

    session_id: str


@dataclass(frozen=True, slots=True)
class FindTeam:
    """Ask who should answer this person; answered by TeamFound. ``commune``: INSEE or None."""

    commune: str | None
    need: str
    language: str
    territory: str | None = None
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class OpenLead:
    """Hand the person over; answered by LeadOpened.

    ``items`` is exactly what the person agreed to pass on, in the order shown: commune, need, name,
    language... Nothing else of the conversation goes with it. ``urgent``: an emergency intent or None.
    """

    body: str
    territory: str
    reasons: tuple[str, ...]
    items: Mapping[str, str] = field(default_factory=dict)
    urgent: str | None = None


@dataclass(frozen=True, slots=True)
class PassLead:
    """Give the person's open lead to another team, which they agreed to; answered by LeadPassed.

    The consent is recorded with it, or not at all. ``version``: of the words shown; ``shown``: what the yes was
    said to (see dialogues.items.shown).
    """

    body: str
    territory: str
    version: str
    shown: str


@dataclass(frozen=True, slots=True)
class WithdrawLeads:
    """The person takes their requests back, those that are over too: every team that was given one is told, and
    keeps nothing of it here."""


@dataclass(frozen=True, slots=True)
class AnswerLiaison:
    """Record the person's yes or no to a sheet for a service outside; answered by LiaisonAnswered.

    ``version``: of the words shown.
    """

    liaison_id: str
    version: str
    agreed: bool


@dataclass(frozen=True, slots=True)
class RelayToTeam:
    """Give the person's words to the team that has the lead. ``kind``: text, edited, or a media kind.

    ``enclosure``: what they sent, where it can be shown to the team; ``text`` then says what is known of it.
    ``translation``: the words in French by a machine. ``waits``: whether they ask for an answer (thanks do not).
    """

    lead_id: str
    text: str
    kind: str = "text"
    enclosure: Enclosure | None = None
    translation: str | None = None
    waits: bool = True


@dataclass(frozen=True, slots=True)
class TellTeam:
    """Tell the team of a lead something the bot knows (in French): an emergency, an erasure, lateness."""

    lead_id: str
    text: Text


@dataclass(frozen=True, slots=True)
class TellBody:
    """Tell a body's counsellors in one territory something about an appointment, by its code only; BodyTold.

    ``word``: what the person said (late, lost, here, unsure), kept with the seat for the list of the day; None when
    there is none to keep.
    """

    body: str
    territory: str
    text: Text
    appointment_id: str
    word: str | None = None


@dataclass(frozen=True, slots=True)
class RecordConsent:
    """Record a yes or no. ``kind``: what for; ``version``: of the words shown.

    ``body``: to whom, territory/body, or the service a sheet is for. ``items``: the keys of what was shown.
    """

    kind: Literal["storage", "handoff", "liaison"]
    version: str
    granted: bool
    body: str | None = None
    items: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RecordOrigin:
    """Remember where the person came from."""

    origin: str
    territory: str | None


@dataclass(frozen=True, slots=True)
class ScheduleReminders:
    """Plan the reminders of an appointment at these moments; replaces those it had."""

    appointment_id: str
    at: Mapping[Literal["day_before", "two_hours"], datetime]


@dataclass(frozen=True, slots=True)
class CancelReminders:
    """Forget the reminders of an appointment."""

    appointment_id: str


@dataclass(frozen=True, slots=True)
class ForgetWords:
    """Keep nothing of what just came in but that it came. No answer."""


@dataclass(frozen=True, slots=True)
class ForgetLater:
    """At this moment, and not before, AnswersPassed; it replaces what was planned. No answer."""

    at: datetime


@dataclass(frozen=True, slots=True)
class ForgetSaid:
    """Delete what was said and is not to be kept, once it has arrived. No answer."""


@dataclass(frozen=True, slots=True)
class EraseEverything:
    """Erase all that is kept of this person; answered by DataErased. The rest of the turn only says so."""


@dataclass(frozen=True, slots=True)
class MarkBlocked:
    """Stop writing to this person until they write again; pending sends and reminders are dropped."""


@dataclass(frozen=True, slots=True)
class KeepGap:
    """Keep, redacted, a message that was not understood, for the admins to sort."""

    text: str
    ranking: tuple[tuple[str, float], ...]


Query: TypeAlias = (
    FindSessions | BookSeat | MoveSeat | CancelSeat | JoinWaiting | FindTeam | OpenLead | PassLead | AnswerLiaison
    | EraseEverything | TellBody
)
Effect: TypeAlias = (
    Say | PassOn | PassOnEnclosure | ShowPlace | GiveCalendarFile | ShareTopic | ShareAlias | WithdrawLeads
    | ConfirmSeat | RelayToTeam | TellTeam | RecordConsent | RecordOrigin
    | ScheduleReminders | CancelReminders | MarkBlocked | KeepGap | NoteInterest | LeaveWaiting
    | ForgetWords | ForgetLater | ForgetSaid | Query
)
