"""What the person did: wrote, pressed, sent, left."""

from dataclasses import dataclass

from dialogues.enclosure import Enclosure, MediaKind
from dialogues.reading import Reading


@dataclass(frozen=True, slots=True)
class ContactStarted:
    """The person opened the conversation (link, QR code, /start). ``hint``: the app's own language."""

    origin: str | None = None
    hint: str | None = None


@dataclass(frozen=True, slots=True)
class MessageReceived:
    """The person wrote. ``choice``: 0-based index in the last offer when the words are one of its titles.

    ``translation``: the words in French by a machine, for a counsellor.
    """

    text: str
    reading: Reading
    choice: int | None = None
    edited: bool = False
    translation: str | None = None


@dataclass(frozen=True, slots=True)
class ButtonPressed:
    """The person pressed a button: ``/o12.3`` (offer 12, option 3) or ``/intent``."""

    payload: str


@dataclass(frozen=True, slots=True)
class PositionShared:
    """The person shared a position, already turned into a commune (INSEE); None when it is outside France.

    ``enclosure``: the message that has the point itself, for a counsellor they are talking with.
    """

    commune: str | None
    enclosure: Enclosure | None = None


@dataclass(frozen=True, slots=True)
class MediaReceived:
    """Something that is not text came in. The caption, if any, comes as a message of its own.

    ``album``: what was sent together has the same; answered once.
    """

    kind: MediaKind
    enclosure: Enclosure | None = None
    album: str = ""


@dataclass(frozen=True, slots=True)
class MessageDeleted:
    """The person deleted one of their messages (the platform told us)."""


@dataclass(frozen=True, slots=True)
class TooManyMessages:
    """The person sent more than we answer one by one; said once for a burst."""


@dataclass(frozen=True, slots=True)
class ContactBlocked:
    """The platform says that the person blocked the bot: nothing more can be sent."""
