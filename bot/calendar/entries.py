"""One line of a calendar, checked: where, when, how often, for whom."""

from dataclasses import dataclass
from datetime import date, time
from typing import Literal

Kind = Literal["permanence", "workshop"]
Status = Literal["open", "cancelled", "full"]


@dataclass(frozen=True, slots=True)
class PlaceEntry:
    """Where. ``commune``: INSEE; ``latitude``, ``longitude``: degrees (WGS 84), both or neither.

    ``town_latitude``, ``town_longitude``: the commune's. ``formerly``: the name it had in the calendar.
    """

    name: str
    commune: str
    commune_name: str
    address: str = ""
    landmark: str = ""
    latitude: float | None = None
    longitude: float | None = None
    transport: str = ""
    accessibility: str = ""
    photo: str = ""
    town_latitude: float | None = None
    town_longitude: float | None = None
    formerly: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """A session, or a rule that lays out many.

    ``where``: file and row, for messages. ``id``: stable from file to file. ``first``, ``starts``, ``ends``: local
    to Europe/Paris. ``rule``: RFC 5545, without DTSTART; None for one session alone. ``until``: last day, included.
    ``holidays``: whether it is held on public holidays. ``capacity``: seats in all (of each slot, when there are
    slots of ``slot`` minutes); ``walk_in``: how many of them are kept for those who come without an appointment.
    ``team``: what can be in one place only at a time (a truck). ``crew``: first names of those present.
    """

    where: str
    id: str
    territory: str
    body: str
    place: PlaceEntry
    first: date
    starts: time
    ends: time
    capacity: int
    rule: str | None = None
    until: date | None = None
    without: tuple[date, ...] = ()
    holidays: bool = False
    walk_in: int = 0
    slot: int | None = None
    team: str = ""
    crew: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    publics: tuple[str, ...] = ()
    wishes: tuple[str, ...] = ()
    kind: Kind = "permanence"
    title: str = ""
    status: Status = "open"
    sample: bool = False
    # A line that replaces one date of another line: the id of that line, and the date it would have had.
    replaces: tuple[str, date] | None = None
    # Of a line that replaces one slot of a date: which, from 0.
    part: int | None = None


@dataclass(frozen=True, slots=True)
class Cancelled:
    """One thing called off. ``line``: whose dates it is about; ``day``: of one date alone, ``part``: of one slot.

    ``row``: the number of the event in the file.
    """

    row: int
    territory: str
    body: str
    line: str
    day: date | None = None
    part: str = ""

    @property
    def session(self) -> str | None:
        """The id of the session, or of the half-day whose slots all go; None for every date of the line."""
        if self.day is None:
            return None
        return f"{self.line}:{self.day.isoformat()}" + (f"@{self.part}" if self.part else "")
