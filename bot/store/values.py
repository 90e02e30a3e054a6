"""What the store hands out: frozen values, never rows."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from bot.inbound import Content, Inbound
from bot.outbound import Outbound, Rendered
from bot.team_inbound import TeamInbound
from dialogues.enclosure import Enclosure
from dialogues.snapshot import Appointment

LeadState: TypeAlias = Literal["offered", "taken", "handed_back", "closed", "unowned", "withdrawn"]
Author: TypeAlias = Literal["person", "counsellor", "note", "private"]
Delivery: TypeAlias = Literal["sent", "waiting", "lost"]
Role: TypeAlias = Literal["counsellor", "admin"]
Purpose: TypeAlias = Literal["connect", "sign_in"]


@dataclass(frozen=True, slots=True)
class InboxRow:
    """An update that waits for its turn. ``attempts``: how often the sweep took it up already."""

    id: int
    inbound: Inbound | TeamInbound
    attempts: int


@dataclass(frozen=True, slots=True)
class ClaimedOutbound(Outbound):
    """A message to send, ours until the lease ends. ``attempts``: sends that failed so far."""

    attempts: int = 0


@dataclass(frozen=True, slots=True)
class HistoryItem:
    """One line of a conversation. ``id``: the outbox id of what we said, None for the person's own."""

    id: int | None
    at: datetime
    said: Content | Rendered


@dataclass(frozen=True, slots=True)
class DueRow:
    """Something whose moment has come, ours until the lease ends. ``subject``: the appointment's id."""

    id: int
    kind: str
    conversation_id: str
    subject: str
    at: datetime
    attempts: int


@dataclass(frozen=True, slots=True)
class LeadRow:
    """A lead as the team sees it.

    ``items``: what the person agreed to pass on, in order (a key comes twice when a later request added
    to it). ``conversation_id`` and ``channel`` are None once the person is erased. ``refused``: bodies
    that said it was not for them. ``urgent``: the emergency intent. ``stage``: how far it came with the person
    (handoff.leads.STAGES); ``outcome``: what came of it (OUTCOMES); ``level``: who was told that it waits.
    ``asked_at``: since when somebody is looked for, when nobody has it; ``written``: whether the person has heard
    from a human since it was last offered.
    """

    id: str
    ref: str
    conversation_id: str | None
    channel: str | None
    state: LeadState
    body: str
    territory: str
    items: tuple[tuple[str, str], ...]
    reasons: tuple[str, ...]
    urgent: str | None
    taken_by: str | None
    taken_name: str | None
    refused: tuple[str, ...]
    created_at: datetime
    changed_at: datetime
    asked_at: datetime
    written: bool = False
    stage: str = "new"
    outcome: str | None = None
    level: int = 0


@dataclass(frozen=True, slots=True)
class LeadMessage:
    """A line between a person and a team. ``author``: note is what the bot told the team, private what a counsellor
    wrote for colleagues alone. ``delivery``: what became of a counsellor's words, None where nobody knows."""

    id: int
    at: datetime
    author: Author
    kind: str
    name: str | None
    text: str
    enclosure: Enclosure | None = None
    delivery: Delivery | None = None


@dataclass(frozen=True, slots=True)
class LostWords:
    """A counsellor's words that will never arrive. ``team``: territory/body that had the lead then."""

    lead_id: str
    team: str
    kind: str
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Liaison:
    """A sheet for a service outside. ``door``: which; ``items``: what the person was shown.

    ``by_name``: the counsellor who asked.
    """

    id: str
    lead_id: str
    door: str
    items: tuple[tuple[str, str], ...]
    by_name: str
    asked_at: datetime
    agreed_at: datetime | None
    refused_at: datetime | None
    given_at: datetime | None


@dataclass(frozen=True, slots=True)
class LeadMove:
    """A change of a lead. ``to_state``: a state, a stage, escalated or outcome. ``by``: the counsellor's first
    name, or person or bot; ``reason``: a key of REFUSALS or OUTCOMES."""

    at: datetime
    to_state: str
    by: str
    reason: str | None


@dataclass(frozen=True, slots=True)
class Gap:
    """A message that was not understood. ``text``: redacted; ``sorted_as``: the intent an admin gave it."""

    id: int
    at: datetime
    language: str | None
    text: str
    ranking: tuple[tuple[str, float], ...]
    sorted_as: str | None


@dataclass(frozen=True, slots=True)
class BookedSeat:
    """A seat as the team sees it: its code, and what the person agreed to. ``language``: None when unknown.

    ``topic``: a rights topic or None; ``alias``: how to call them; ``note``: a counsellor's, for the next one.
    ``word``: what the person said on the spot (late, lost, here, unsure), at ``word_at``. ``walk_in``: they came
    without an appointment, or the seat is nobody's any more.
    """

    appointment: Appointment
    state: Literal["booked", "confirmed", "seen", "excused", "noshow"]
    seat: int
    language: str | None
    topic: str | None = None
    alias: str | None = None
    note: str | None = None
    word: str | None = None
    word_at: datetime | None = None
    walk_in: bool = False


@dataclass(frozen=True, slots=True)
class Unreached:
    """Who cannot be told of a change: the codes of seats, and how many ``others`` who had asked about that day."""

    codes: tuple[str, ...] = ()
    others: int = 0

    def __bool__(self) -> bool:
        return bool(self.codes or self.others)


@dataclass(frozen=True, slots=True)
class ToTell:
    """Whom a change of sessions concerns. ``asked``: who asked about that day or waits, without a seat there."""

    seated: int = 0
    asked: int = 0


@dataclass(frozen=True, slots=True)
class TeamChat:
    """A connected group. ``body``: None when it is the group of the whole consortium.

    ``direct``: one counsellor's own chat. ``quiet_until``: nothing but emergencies makes a sound there before.
    """

    channel: str
    address: str
    consortium: str
    body: str | None
    forum: bool
    connected_at: datetime
    direct: bool = False
    quiet_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Counsellor:
    """Somebody of a team. ``body``: None for an admin of the whole consortium."""

    id: str
    consortium: str
    body: str | None
    role: Role
    name: str


@dataclass(frozen=True, slots=True)
class CounsellorSeed:
    """What a new counsellor's row is made of."""

    consortium: str
    body: str | None
    role: Role
    name: str


@dataclass(frozen=True, slots=True)
class Grant:
    """What a one-time code gave, once. ``counsellor_id``: whom it signs in, None for somebody new."""

    purpose: Purpose
    consortium: str
    body: str | None
    role: Role
    counsellor_id: str | None


@dataclass(frozen=True, slots=True)
class Place:
    """A place of the calendar. ``commune``: INSEE code; ``sample``: a demonstration; position in degrees.

    ``town_latitude``, ``town_longitude``: the commune's, to say how far it is when the place's is not known.
    """

    id: str
    name: str
    commune: str
    commune_name: str
    territory: str
    body: str
    sample: bool = False
    address: str = ""
    landmark: str = ""
    latitude: float | None = None
    longitude: float | None = None
    transport: str = ""
    accessibility: str = ""
    photo: str = ""
    town_latitude: float | None = None
    town_longitude: float | None = None


@dataclass(frozen=True, slots=True)
class CalendarSession:
    """An opening of a place. ``capacity``: seats in all, ``walk_in`` of them not to be booked.

    ``series``: the line of the calendar it was laid out from. ``team``: what is in one place only at a time.
    """

    id: str
    place_id: str
    starts_at: datetime
    ends_at: datetime
    capacity: int
    territory: str
    body: str
    sample: bool = False
    series: str = ""
    walk_in: int = 0
    team: str = ""
    crew: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    publics: tuple[str, ...] = ()
    wishes: tuple[str, ...] = ()
    kind: str = "permanence"
    title: str = ""
    cancelled: bool = False
    full: bool = False


@dataclass(frozen=True, slots=True)
class Given:
    """Where and when the file had a session that a counsellor moved."""

    starts_at: datetime
    ends_at: datetime
    place_id: str


@dataclass(frozen=True, slots=True)
class StoredSession:
    """A session as the database has it. ``taken``: seats held; ``sequence``: how often it changed.

    ``given``: what the file said, when a counsellor moved it; ``stopped``: whether a counsellor cancelled it.
    """

    session: CalendarSession
    place: Place
    taken: int
    sequence: int
    late_minutes: int
    changed_at: datetime
    given: Given | None = None
    stopped: bool = False
