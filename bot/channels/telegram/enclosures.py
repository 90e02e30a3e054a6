"""A message that is not text, as what the other side can be shown: copied by Telegram itself, never read by us."""

from telegram import Message

from bot.channels.telegram.ids import NAME, message_key
from dialogues.enclosure import Enclosure, MediaKind


def media_kind(message: Message) -> MediaKind | None:
    """What it is; None for text and for what the platform says itself."""
    if message.voice or message.audio or message.video_note:
        return "voice"
    if message.photo:
        return "photo"
    if message.video or message.animation:  # before document, which an animation also fills
        return "video"
    if message.sticker:
        return "sticker"
    if message.document:
        return "document"
    if message.location is not None:  # a venue has one too
        return "location"
    return "contact" if message.contact else None


def enclosure(message: Message) -> Enclosure:
    """Where Telegram keeps it: the message, and the file when it has one."""
    key = message_key(message.chat.id, message.message_id)
    file = message.effective_attachment
    found = file[-1] if isinstance(file, tuple | list) and file else file  # a photo comes in several sizes
    return Enclosure(
        NAME, key, getattr(found, "file_id", None) or "", getattr(found, "file_name", None) or "",
        getattr(found, "mime_type", None) or ("image/jpeg" if message.photo else ""),
        getattr(found, "file_size", None) or 0,
    )
