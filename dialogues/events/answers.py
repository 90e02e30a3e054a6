"""The answers to what the rules asked for: see dialogues.effects."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from dialogues.snapshot import Appointment, Session, Team


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
    """Answer to BookSeat, MoveSeat, CancelSeat or JoinWaiting: it could not be."""

    reason: Literal["full", "past", "already", "gone", "cancelled", "near"]


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
class LeadPassed:
    """Answer to PassLead: another team has the lead now. ``team`` None: it is not what was agreed to, none has."""

    lead_id: str
    team: Team | None


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


Answer: TypeAlias = (
    SessionsFound | SeatBooked | SeatRefused | SeatCancelled | WaitingJoined | BodyTold | TeamFound | LeadOpened
    | LeadPassed | LiaisonAnswered | DataErased
)
