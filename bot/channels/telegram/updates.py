"""Telegram's raw update, read: whose it is, and what it says to us."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from telegram import CallbackQuery, ChatMemberUpdated, Message, Update, User
from telegram.constants import ChatType, UpdateType

from bot.channels.telegram import person_updates, team_updates
from bot.channels.telegram.ids import NAME, message_key
from bot.inbound import Inbound, Media
from bot.team_inbound import TeamInbound

Json: TypeAlias = dict[str, Any]
# Deleted messages are not told to bots (deleted_business_messages is for business connections only), so
# this channel never yields Deleted. Channel posts are nobody's conversation and are not asked for.
ALLOWED_UPDATES = (
    UpdateType.MESSAGE, UpdateType.EDITED_MESSAGE, UpdateType.CALLBACK_QUERY, UpdateType.MY_CHAT_MEMBER,
)
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Read:
    """What an update says: to be taken in order; ``callback``: a press that waits for its answer.

    ``direct``: the same, if the private chat it comes from is a counsellor's.
    """

    people: tuple[Inbound, ...] = ()
    teams: tuple[TeamInbound, ...] = ()
    callback: str | None = None
    direct: tuple[TeamInbound, ...] = ()


def read(raw: Json, bot: User, now: datetime) -> Read:
    """Read one update as JSON gave it. An update of a shape nobody knows is never an exception."""
    try:
        update = Update.de_json(raw)
        return _read(update, bot, now)
    except Exception as error:  # the library raises whatever the odd shape makes it raise
        _log.error("an update of an unknown shape came from Telegram (%s)", type(error).__name__)
        return _unreadable(raw, now)


def _read(update: Update, bot: User, now: datetime) -> Read:
    if update.message:
        return _message(update.message, bot, now)
    if update.edited_message:
        return _edit(update.edited_message, update.update_id, bot, now)
    if update.callback_query:
        return _press(update.callback_query, now)
    if update.my_chat_member:
        return _membership(update.my_chat_member, update.update_id, now)
    return Read()


def _message(message: Message, bot: User, now: datetime) -> Read:
    if message.chat.type == ChatType.PRIVATE:
        return Read(
            people=person_updates.from_message(message, now), direct=team_updates.from_direct(message, bot, now))
    if message.chat.type in team_updates.GROUPS:
        return Read(teams=team_updates.from_message(message, bot, now))
    return Read()


def _edit(message: Message, update_id: int, bot: User, now: datetime) -> Read:
    edited = team_updates.from_edit(message, update_id, bot, now)
    if message.chat.type == ChatType.PRIVATE:
        return Read(people=person_updates.from_edit(message, now), direct=edited)
    return Read(teams=edited) if message.chat.type in team_updates.GROUPS else Read()


def _press(query: CallbackQuery, now: datetime) -> Read:
    return Read(person_updates.from_press(query, now), team_updates.from_press(query, now), query.id,
                team_updates.from_direct_press(query, now))


def _membership(change: ChatMemberUpdated, update_id: int, now: datetime) -> Read:
    if change.chat.type == ChatType.PRIVATE:
        return Read(people=person_updates.from_membership(change, update_id, now),
                    direct=team_updates.from_membership(change, update_id, now))
    if change.chat.type in team_updates.GROUPS:
        return Read(teams=team_updates.from_membership(change, update_id, now))
    return Read()


def _unreadable(raw: Json, now: datetime) -> Read:
    """A person's message of an odd shape still counts: by its words if it has any, else as some media."""
    message = raw.get("message")
    chat = message.get("chat") if isinstance(message, Mapping) else None
    if not isinstance(message, Mapping) or not isinstance(chat, Mapping) or chat.get("type") != ChatType.PRIVATE:
        return Read()
    number, where = message.get("message_id"), chat.get("id")
    if not isinstance(number, int) or not isinstance(where, int):
        return Read()
    text = message.get("text")
    content = person_updates.typed(text) if isinstance(text, str) else Media("other")
    return Read(people=(Inbound(NAME, message_key(where, number), str(where), content, now),))
