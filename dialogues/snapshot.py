"""What the rules may know of the world in one turn: read before it, never changed by it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, Protocol


@dataclass(frozen=True, slots=True)
class Session:
    """One opening of a permanence. ``commune``: INSEE code; ``sample``: a demonstration, not a real date.

    ``free``: seats that can still be booked. ``wishes``: what it is good for (children, woman…). ``crew``: first
    names of those present. ``late``: minutes by which it will begin late. ``access``: for who walks or sees badly.
    ``photo``: the address of a picture of the place. ``series``: the line of the calendar it comes from: those
    of one day are slots of one half-day. ``kind``: permanence or workshop; ``publics``: for whom, in French.
    ``walk_in``: seats left for who comes without an appointment; ``drop_in``: there are no others. ``sequence``:
    how often it was changed. ``given_at``: when it began before a counsellor moved it.
    """

    id: str
    place: str
    commune: str
    commune_name: str
    territory: str
    body: str
    starts_at: datetime
    ends_at: datetime
    free: int
    sample: bool = False
    landmark: str = ""
    transport: str = ""
    latitude: float | None = None
    longitude: float | None = None
    languages: tuple[str, ...] = ()
    wishes: tuple[str, ...] = ()
    crew: tuple[str, ...] = ()
    title: str = ""
    late: int = 0
    address: str = ""
    access: str = ""
    photo: str = ""
    series: str = ""
    kind: str = "permanence"
    publics: tuple[str, ...] = ()
    walk_in: int = 0
    drop_in: bool = False
    sequence: int = 0
    given_at: datetime | None = None

    @property
    def begins_at(self) -> datetime:
        """When it will really begin: later than planned when the team is late, never after its end."""
        return max(self.starts_at, min(self.starts_at + timedelta(minutes=self.late), self.ends_at))


@dataclass(frozen=True, slots=True)
class Appointment:
    """A seat a person holds. ``code``: four characters to show or say on the spot."""

    id: str
    code: str
    session: Session
    confirmed: bool = False


@dataclass(frozen=True, slots=True)
class Lead:
    """An open lead of this person, as the person may see it. ``back_at``: as Team's."""

    id: str
    state: Literal["offered", "taken", "unowned", "handed_back"]
    team: str
    taken_by: str | None
    territory: str
    back_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Team:
    """Who would answer. ``name`` is what the person is told; ``reasons`` are words for the counsellor.

    ``back_at``: when somebody of the team is next there, None when somebody is now.
    """

    body: str
    territory: str
    territory_name: str
    name: str
    reasons: tuple[str, ...]
    back_at: datetime | None = None


# Channels that nothing is sent to: the person comes and fetches what was said.
FETCHED = ("web", "rest")


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What this person has with us now. ``given``: territory/body of their last request that is over, while its
    team still has what was passed on."""

    channel: str
    appointments: tuple[Appointment, ...] = ()
    lead: Lead | None = None
    understanding: bool = True
    given: str | None = None

    @property
    def reachable(self) -> bool:
        """Whether the person can be written to when they are away."""
        return self.channel not in FETCHED


@dataclass(frozen=True, slots=True)
class Commune:
    """A French commune. ``insee``: 5 characters; ``latitude``, ``longitude``: degrees, None when unknown."""

    insee: str
    name: str
    department: str
    latitude: float | None = None
    longitude: float | None = None


class Geography(Protocol):
    """What the rules ask of the map."""

    def by_insee(self, insee: str) -> Commune | None:
        """The commune with this INSEE code, or None."""

    def distance_km(self, first: str, second: str) -> float | None:
        """Kilometres as the crow flies between two communes (INSEE), None when a position is unknown."""
