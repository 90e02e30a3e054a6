"""What goes out, in its final words."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from dialogues.enclosure import Enclosure, MediaKind


@dataclass(frozen=True, slots=True)
class Button:
    """A button as shown: its words, and what pressing it sends."""

    title: str
    payload: str


@dataclass(frozen=True, slots=True)
class Pin:
    """A place on the map, in degrees. ``link``: the words of a link to it, where a channel shows no map."""

    latitude: float
    longitude: float
    title: str
    address: str
    link: str

    @property
    def url(self) -> str:
        """The same place on a map anybody may open."""
        at = f"{self.latitude:.5f}/{self.longitude:.5f}"
        return f"https://www.openstreetmap.org/?mlat={self.latitude:.5f}&mlon={self.longitude:.5f}#map=18/{at}"


@dataclass(frozen=True, slots=True)
class CalendarFile:
    """An appointment as iCalendar text. ``link``: the words of a link to it."""

    name: str
    content: str
    link: str


@dataclass(frozen=True, slots=True)
class Enclosed:
    """Something that is not text, passed on. ``link``: the words of a link to it.

    ``missing``: what to say instead where it cannot be shown.
    """

    kind: MediaKind
    enclosure: Enclosure
    link: str
    missing: str


Attachment: TypeAlias = Pin | CalendarFile | Enclosed


@dataclass(frozen=True, slots=True)
class Rendered:
    """A message in its final words. ``speaker``: bot, counsellor (then ``name``), or team (for a group).

    ``attachment``: what comes with the words; a channel that cannot show it shows the words alone.
    ``passing``: the row that carries it is not kept. ``until``: it is not sent any more then. ``about``: the id of
    the seat or session it speaks of; it is not sent as it was when that is moved or cancelled first. ``begins``: it
    is news of a session that begins then; at night it waits for the morning, unless that is soon.
    """

    text: str
    language: str
    buttons: tuple[Button, ...] = ()
    speaker: Literal["bot", "counsellor", "team"] = "bot"
    name: str | None = None
    attachment: Attachment | None = None
    passing: bool = False
    until: datetime | None = None
    about: str | None = None
    begins: datetime | None = None

    @property
    def direction(self) -> Literal["ltr", "rtl"]:
        """How the text runs."""
        return "rtl" if self.language in RIGHT_TO_LEFT else "ltr"


RIGHT_TO_LEFT = frozenset({"ar", "fa", "ps"})


@dataclass(frozen=True, slots=True)
class Outbound:
    """One outbox row to be sent. ``id`` grows with time: within one address, lower goes first.

    ``kind``: message (to a person or a group), card (a lead's first message in a group: opens its topic
    in a forum), edit (replace the message ``edit_of`` and its buttons), close (close the lead's topic), recall (a
    message to a team that must forget a lead: says nothing of the person, and needs no link to be understood).
    ``thread``: the topic to write in. ``reply_to``: a message's external id to answer under.
    ``topic``: the title a new topic gets. ``silent``: it makes no sound: who receives it asked for quiet.
    ``lead``: the reference of the lead it is about.
    """

    id: int
    channel: str
    address: str
    rendered: Rendered
    kind: Literal["message", "card", "edit", "close", "recall"] = "message"
    thread: str | None = None
    reply_to: str | None = None
    edit_of: str | None = None
    topic: str | None = None
    silent: bool = False
    lead: str | None = None


@dataclass(frozen=True, slots=True)
class Delivered:
    """What the channel gave back. ``external_id``: the message's id there; ``thread``: the topic it is in.

    ``beside``: the id of what came with it in a message of its own, a picture: it can be answered too.
    """

    external_id: str | None = None
    thread: str | None = None
    beside: str | None = None
