"""A private chat's update as the person's Inbound."""

import re
from datetime import datetime

from telegram import CallbackQuery, ChatMemberUpdated, Message, Update, User
from telegram.constants import ChatMemberStatus, ChatType
from telegram.ext import filters

from bot.channels.telegram.enclosures import enclosure, media_kind
from bot.channels.telegram.ids import NAME, message_key
from bot.inbound import Blocked, Content, Edited, Inbound, Media, Position, Press, Start, Words

_START = re.compile(r"^/start(?:@\w+)?(?:\s+(.*))?$", re.DOTALL)
# What a deep link may carry: https://core.telegram.org/bots/features#deep-linking
_ORIGIN = re.compile(r"^[A-Za-z0-9_-]{1,64}$")
_COMMAND = re.compile(r"^/(\w+)(?:@\w+)?")


def from_message(message: Message, now: datetime) -> tuple[Inbound, ...]:
    """A new message; a caption follows as words of its own. Nothing for a service message."""
    inbounds = []
    content = _content(message)
    if content is not None:
        key = message_key(message.chat.id, message.message_id)
        inbounds.append(_inbound(key, message.chat.id, message.from_user, content, now))
    if message.caption:
        key = f"{message_key(message.chat.id, message.message_id)}:caption"
        words = Words(_without_slash(message.caption))
        inbounds.append(_inbound(key, message.chat.id, message.from_user, words, now))
    return tuple(inbounds)


def from_edit(message: Message, now: datetime) -> tuple[Inbound, ...]:
    """An edited message. A live location also "edits" itself as the person walks: that is not followed."""
    text = message.text or message.caption
    if not text:
        return ()
    edited = int(message.edit_date.timestamp()) if message.edit_date else 0
    key = f"ed:{message_key(message.chat.id, message.message_id)}:{edited}"
    return (_inbound(key, message.chat.id, message.from_user, Edited(_without_slash(text)), now),)


def from_press(query: CallbackQuery, now: datetime) -> tuple[Inbound, ...]:
    """A pressed button, when it is under a message of the presser's own private chat; else nothing."""
    chat = query.message.chat if query.message else None
    if chat is None or chat.type != ChatType.PRIVATE or chat.id != query.from_user.id or not query.data:
        return ()
    return (_inbound(f"cb:{query.id}", chat.id, query.from_user, Press(query.data), now),)


def from_membership(change: ChatMemberUpdated, update_id: int, now: datetime) -> tuple[Inbound, ...]:
    """The person blocked the bot. Unblocking says nothing: their next message does."""
    if change.new_chat_member.status != ChatMemberStatus.BANNED:
        return ()
    return (_inbound(f"left:{change.chat.id}:{update_id}", change.chat.id, change.from_user, Blocked(), now),)


def typed(text: str) -> Start | Words:
    """What typed text is: the opening of the conversation, or words."""
    if opened := _START.match(text):
        origin = (opened[1] or "").strip()
        return Start(origin if _ORIGIN.match(origin) else None)
    return Words(_without_slash(text))


def _content(message: Message) -> Content | None:
    if message.text is not None:
        return typed(message.text)
    if message.location is not None:
        return Position(message.location.latitude, message.location.longitude, enclosure(message))
    if kind := media_kind(message):
        return Media(kind, enclosure(message), message.media_group_id or "")
    # A pinned message, a changed wallpaper: the platform speaks, not the person.
    return None if filters.StatusUpdate.ALL.check_update(Update(0, message=message)) else Media("other")


def _without_slash(text: str) -> str:
    """``/menu`` and ``/menu@bot`` as the word they are, so that nobody can type a button's payload."""
    return _COMMAND.sub(r"\1", text, count=1)


def _inbound(key: str, chat: int, user: User | None, content: Content, now: datetime) -> Inbound:
    return Inbound(NAME, key, str(chat), content, now, _hint(user))


def _hint(user: User | None) -> str | None:
    """The app's language, two letters: ``pt-br`` is ``pt``."""
    code = (user.language_code or "").split("-")[0].lower() if user else ""
    return code if len(code) == 2 and code.isascii() and code.isalpha() else None
