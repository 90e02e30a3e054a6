"""What crosses the border of the shell: what came in, what goes out, what a channel can do and fail at."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol, TypeAlias

from dialogues.enclosure import Enclosure
from dialogues.events import MediaKind

# ── what comes in from a person ─────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Words:
    """Text the person typed."""

    text: str


@dataclass(frozen=True, slots=True)
class Press:
    """A button the person pressed."""

    payload: str


@dataclass(frozen=True, slots=True)
class Start:
    """The conversation was opened, from a link or a QR code when ``origin`` is given."""

    origin: str | None = None


@dataclass(frozen=True, slots=True)
class Position:
    """A shared position, in degrees. Turned into a commune and dropped before anything is stored."""

    latitude: float
    longitude: float
    enclosure: Enclosure | None = None


@dataclass(frozen=True, slots=True)
class Located:
    """A shared position once turned into a commune (INSEE; None outside France): all that is kept of it.

    ``enclosure``: the message that has the point, on the platform where the person put it.
    """

    commune: str | None
    enclosure: Enclosure | None = None


@dataclass(frozen=True, slots=True)
class Media:
    """Something that is not text. ``album``: the same for what was sent together."""

    kind: MediaKind
    enclosure: Enclosure | None = None
    album: str = ""


@dataclass(frozen=True, slots=True)
class Edited:
    """A message the person changed; ``text`` is what it says now."""

    text: str


@dataclass(frozen=True, slots=True)
class Deleted:
    """A message the person deleted."""


@dataclass(frozen=True, slots=True)
class Blocked:
    """The person blocked the bot."""


Content: TypeAlias = Words | Press | Start | Position | Located | Media | Edited | Deleted | Blocked


@dataclass(frozen=True, slots=True)
class Inbound:
    """One update from a person. (channel, external_id) is unique: a repeated update stops at the inbox.

    ``address``: where answers go on that channel (a chat id, a web session). ``hint``: the app's own
    language code, if it says one.
    """

    channel: str
    external_id: str
    address: str
    content: Content
    received_at: datetime
    hint: str | None = None


# ── what comes in from a team's group ───────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Connect:
    """Somebody typed the one-time code that connects this group to a body (``/connect CODE``).

    ``direct``: it is no group but a counsellor's own chat with the bot. ``code``: empty where it was forgotten,
    or the bot was only added: how to go on is then said.
    """

    code: str
    forum: bool = False
    direct: bool = False


@dataclass(frozen=True, slots=True)
class TeamDay:
    """Somebody asked for the team's permanences of these days."""


@dataclass(frozen=True, slots=True)
class TeamArrived:
    """Somebody came to the permanence without an appointment. ``name``: how to call them, if they said it."""

    name: str = ""


@dataclass(frozen=True, slots=True)
class TeamPress:
    """A button of a lead's card, or of the list of the day.

    ``verb``: take, refuse, refuse_because, back, close, dates, outcome, or day_… (see bot.desk.day); ``lead``: the
    reference of the lead, or of the session; ``reason``: what the verb needs besides.
    """

    verb: str
    lead: str
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class TeamWords:
    """Words in the group, in a lead's topic (``thread``) or as a reply (``reply_to``: a message's external id).

    ``private``: a note for colleagues, never for the person. ``command``: it begins with a slash and is
    none we know: it was not meant for the person either.
    """

    text: str
    thread: str | None = None
    reply_to: str | None = None
    private: bool = False
    command: bool = False


@dataclass(frozen=True, slots=True)
class TeamEdited:
    """Words, or the words with a picture, that somebody changed. ``message``: the external id of what was changed.

    ``text``: what it says now; empty when that is nothing for the person (a note, a command).
    """

    text: str
    message: str
    thread: str | None = None
    reply_to: str | None = None


@dataclass(frozen=True, slots=True)
class TeamMedia:
    """Something that is not text, sent in a lead's thread. ``text``: the words with it.

    ``point``: (latitude, longitude) in degrees, for a position.
    """

    kind: MediaKind
    enclosure: Enclosure
    text: str = ""
    thread: str | None = None
    reply_to: str | None = None
    point: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class TeamMoved:
    """The group changed its address (a Telegram group became a supergroup)."""

    new_address: str


@dataclass(frozen=True, slots=True)
class TeamLeft:
    """The bot was removed from the group. ``asked``: somebody typed that it should leave."""

    asked: bool = False


@dataclass(frozen=True, slots=True)
class TeamQuiet:
    """Somebody asks for quiet until the team is next there, or ends it."""

    on: bool


@dataclass(frozen=True, slots=True)
class TeamName:
    """A counsellor says which first name people are to read; empty: which one do they read now?"""

    name: str


TeamContent: TypeAlias = (
    Connect | TeamDay | TeamArrived | TeamPress | TeamWords | TeamEdited | TeamMedia | TeamMoved | TeamLeft
    | TeamQuiet | TeamName
)


@dataclass(frozen=True, slots=True)
class TeamInbound:
    """One update from a team's group. ``author``: the platform's id; ``author_name``: a first name."""

    channel: str
    external_id: str
    address: str
    author: str
    author_name: str
    content: TeamContent
    received_at: datetime


# ── what goes out ───────────────────────────────────────────────────────────────────────────────────────


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
    the seat or session it speaks of; it is not sent as it was when that is moved or cancelled first.
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


# The content of an enclosure that came by another channel; None when it is gone.
ReadFile: TypeAlias = Callable[[Enclosure], Awaitable[bytes | None]]


# Whether a private chat, by its address, is a counsellor's and not a person's.
IsCounsellors: TypeAlias = Callable[[str], Awaitable[bool]]


class ChannelError(Exception):
    """The channel did not take the message."""


@dataclass
class ChannelBusy(ChannelError):
    """Try again, after ``retry_after`` seconds when the channel says how long (429, 5xx, a time-out)."""

    retry_after: float | None = None


class ChannelBlocked(ChannelError):
    """The person blocked the bot, or the bot was removed from the group: nothing more will arrive."""


class ChannelRefused(ChannelError):
    """The channel will never take this message (malformed, too old to edit): trying again is no use."""


@dataclass
class ChannelMoved(ChannelError):
    """The group is at another address now."""

    new_address: str = field(default="")


class Channel(Protocol):
    """A way to send. ``name`` is what Inbound.channel and Outbound.channel say."""

    name: str

    async def send(self, outbound: Outbound) -> Delivered:
        """Send one message. Raises ChannelBusy, ChannelBlocked, ChannelRefused, ChannelMoved."""
