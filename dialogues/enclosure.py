"""Something that is not text, as the platform it came by can show it again. The rules only pass it on."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

MediaKind: TypeAlias = Literal["voice", "photo", "video", "sticker", "document", "contact", "location", "other"]


@dataclass(frozen=True, slots=True)
class Enclosure:
    """Where it lies. Nothing of its content is here.

    ``channel``: whose. ``message``: the external id of the message that has it, empty when there is none to copy.
    ``file``: the channel's handle to fetch the content by, empty when it has none (a position, a contact).
    ``name``, ``mime``: as the sender's device said them. ``size``: bytes, 0 when it is not known.
    """

    channel: str
    message: str = ""
    file: str = ""
    name: str = ""
    mime: str = ""
    size: int = 0
