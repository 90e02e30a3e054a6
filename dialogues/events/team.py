"""What a team did, or did not do in time, about a person's request."""

from dataclasses import dataclass
from datetime import datetime

from dialogues.enclosure import Enclosure, MediaKind
from dialogues.snapshot import Session, Team


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
