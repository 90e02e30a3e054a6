"""What comes in from a person."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from dialogues.enclosure import Enclosure, MediaKind


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
