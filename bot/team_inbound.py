"""What comes in from a team's group, or a counsellor's own chat with the bot."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from dialogues.enclosure import Enclosure, MediaKind


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

    ``verb``: one of bot.desk.presses (take, refuse, back…), or day_… (see bot.desk.day); ``lead``: the reference of
    the lead, or of the session; ``reason``: what the verb needs besides.
    """

    verb: str
    lead: str
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class TeamWords:
    """Words in the group, in a lead's topic (``thread``) or as a reply (``reply_to``: a message's external id).

    ``private``: a note for colleagues, never for the person. ``command``: it begins with a slash and is
    none we know: it was not meant for the person either. ``to_bot``: they answer a message of ours. ``after``: how
    long the words are whose end they are, where the platform cut a text in several messages; else 0.
    """

    text: str
    thread: str | None = None
    reply_to: str | None = None
    private: bool = False
    command: bool = False
    to_bot: bool = False
    after: int = 0


@dataclass(frozen=True, slots=True)
class TeamCut:
    """The end of a text that the platform cut in several messages, that answers nothing: nobody gets it.

    ``thread``, ``reply_to``: of its beginning.
    """

    thread: str | None = None
    reply_to: str | None = None


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

    ``point``: (latitude, longitude) in degrees, for a position. ``to_bot``: as of words.
    """

    kind: MediaKind
    enclosure: Enclosure
    text: str = ""
    thread: str | None = None
    reply_to: str | None = None
    point: tuple[float, float] | None = None
    to_bot: bool = False


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
    Connect | TeamDay | TeamArrived | TeamPress | TeamWords | TeamCut | TeamEdited | TeamMedia | TeamMoved
    | TeamLeft | TeamQuiet | TeamName
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
