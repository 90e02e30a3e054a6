"""A group's update as the team's TeamInbound. Which groups are connected is for the receiver to know."""

import re
from datetime import datetime

from telegram import CallbackQuery, Chat, ChatMemberUpdated, Message, MessageEntity, User
from telegram.constants import ChatMemberStatus, ChatType

from bot.channels.telegram.enclosures import enclosure, media_kind
from bot.channels.telegram.ids import NAME, message_key
from bot.team_inbound import (
    Connect,
    TeamArrived,
    TeamContent,
    TeamDay,
    TeamEdited,
    TeamInbound,
    TeamLeft,
    TeamMedia,
    TeamMoved,
    TeamName,
    TeamPress,
    TeamQuiet,
    TeamWords,
)
from dialogues.first_name import first_name

GROUPS = frozenset({ChatType.GROUP, ChatType.SUPERGROUP})
_COMMAND = re.compile(r"^\s*/(\w+)(?:@(\w+))?[\s:;,.-]*(.*)$", re.DOTALL | re.ASCII)
# The desk knows the verbs; a button that another version made must reach it too, to be answered.
_PRESSED = re.compile(r"^/(lead|day) ([a-z_]{1,20}) (\S+)(?: (.+))?$")
# What counsellors type to see the permanences of their day.
_DAY_COMMANDS = frozenset({"jour", "permanences", "day"})
# What they type, with a first name or without, when somebody comes who has no appointment.
_ARRIVED_COMMANDS = frozenset({"arrivee", "sansrdv"})
# What they type for quiet until the team is there again, and to end it.
_QUIET_COMMANDS = {"pause": True, "silence": True, "reprendre": False}
# What they type before the first name that people are to read.
_NAME_COMMANDS = frozenset({"prenom"})
# What they type before words that are for colleagues alone.
_NOTE_COMMANDS = frozenset({"note", "interne"})
_LONGEST_NAME = 60
_GONE = frozenset({ChatMemberStatus.LEFT, ChatMemberStatus.BANNED})


def from_message(message: Message, bot: User, now: datetime) -> tuple[TeamInbound, ...]:
    """A command, a reply to the bot, words in a topic or a mention. What colleagues say otherwise stays theirs."""
    key = message_key(message.chat.id, message.message_id)
    author, name = _author(message.from_user, message.sender_chat, message.author_signature)
    if message.migrate_to_chat_id:
        moved = TeamMoved(str(message.migrate_to_chat_id))
        return (TeamInbound(NAME, key, str(message.chat.id), author, name, moved, now),)
    content = _content(message, bot)
    if content is None or _is_machine(message):
        return ()
    return (TeamInbound(NAME, key, str(message.chat.id), author, name, content, now),)


def from_direct(message: Message, bot: User, now: datetime) -> tuple[TeamInbound, ...]:
    """What a counsellor says in their own chat with the bot: all of it is for us."""
    content = _content(message, bot)
    if content is None:
        return ()
    key = message_key(message.chat.id, message.message_id)
    author, name = _author(message.from_user, None, None)
    return (TeamInbound(NAME, key, str(message.chat.id), author, name, content, now),)


def from_edit(message: Message, update_id: int, bot: User, now: datetime) -> tuple[TeamInbound, ...]:
    """Words, or those with a picture, that somebody changed. A live location "edits" itself: that is nothing."""
    content = _content(message, bot)
    if message.location is not None or _is_machine(message):
        return ()
    match content:
        case TeamWords():
            text = "" if content.private or content.command else content.text
        case TeamMedia():
            text = content.text
        case _:
            return ()
    if not (text or content.thread or content.reply_to):
        return ()  # a command for nobody's thread
    key = message_key(message.chat.id, message.message_id)
    author, name = _author(message.from_user, message.sender_chat, message.author_signature)
    edited = TeamEdited(text, key, content.thread, content.reply_to)
    return (TeamInbound(NAME, f"ed:{key}:{update_id}", str(message.chat.id), author, name, edited, now),)


def from_press(query: CallbackQuery, now: datetime) -> tuple[TeamInbound, ...]:
    """A button of a lead's card or of the list of the day, pressed in a group; else nothing."""
    return _press(query, GROUPS, now)


def from_direct_press(query: CallbackQuery, now: datetime) -> tuple[TeamInbound, ...]:
    """The same, in a counsellor's own chat."""
    return _press(query, frozenset({ChatType.PRIVATE}), now)


def _press(query: CallbackQuery, where: frozenset[str], now: datetime) -> tuple[TeamInbound, ...]:
    chat = query.message.chat if query.message else None
    pressed = _PRESSED.match(query.data or "")
    if chat is None or chat.type not in where or pressed is None:
        return ()
    author, name = _author(query.from_user, None, None)
    verb = pressed[2] if pressed[1] == "lead" else f"day_{pressed[2]}"
    press = TeamPress(verb, pressed[3], pressed[4])
    return (TeamInbound(NAME, f"cb:{query.id}", str(chat.id), author, name, press, now),)


def from_membership(change: ChatMemberUpdated, update_id: int, now: datetime) -> tuple[TeamInbound, ...]:
    """The bot was removed from the group."""
    if change.new_chat_member.status not in _GONE:
        return ()
    author, name = _author(change.from_user, None, None)
    key = f"left:{change.chat.id}:{update_id}"
    return (TeamInbound(NAME, key, str(change.chat.id), author, name, TeamLeft(), now),)


def _content(message: Message, bot: User) -> TeamContent | None:
    if any(one.id == bot.id for one in message.new_chat_members):
        return Connect("", bool(message.chat.is_forum))
    text = message.text or message.caption or ""
    kind = media_kind(message)
    if not text and kind is None:
        return None
    command = _COMMAND.match(text)
    if command is not None:
        if command[2] and command[2].lower() != (bot.username or "").lower():
            return None  # another bot's
        code = (command[3] or "").split()
        direct = message.chat.type == ChatType.PRIVATE
        if command[1].lower() == "connect" and (code or not direct):  # alone in private, anybody may have typed it
            return Connect(code[0] if code else "", bool(message.chat.is_forum), direct)
        if command[1].lower() in _QUIET_COMMANDS:
            return TeamQuiet(_QUIET_COMMANDS[command[1].lower()])
        if command[1].lower() == "disconnect" and direct:
            return TeamLeft(asked=True)
        if command[1].lower() in _NAME_COMMANDS:
            return TeamName(command[3] or "")
        if command[1].lower() in _DAY_COMMANDS:
            return TeamDay()
        if command[1].lower() in _ARRIVED_COMMANDS:
            return TeamArrived((command[3] or "").strip()[:_LONGEST_NAME])
    thread = str(message.message_thread_id) if message.is_topic_message and message.message_thread_id else None
    reply = message.reply_to_message
    if reply is not None and reply.forum_topic_created is not None:
        reply = None  # in a topic, Telegram makes each plain message "answer" the topic's opening
    to_bot = reply is not None and reply.from_user is not None and reply.from_user.id == bot.id
    direct = message.chat.type == ChatType.PRIVATE
    if not (command or thread or to_bot or direct or _mentions(message, bot)):
        return None
    answered = message_key(message.chat.id, reply.message_id) if reply else None
    if command is not None:  # whatever begins with a slash is not for the person, a picture with it neither
        private = command[1].lower() in _NOTE_COMMANDS
        return TeamWords((command[3] or "").strip(), thread, answered, private, not private, to_bot)
    if kind is not None:
        at = message.location
        point = (at.latitude, at.longitude) if at else None
        return TeamMedia(kind, enclosure(message), text, thread, answered, point, to_bot)
    return TeamWords(text, thread, answered, to_bot=to_bot)


def _mentions(message: Message, bot: User) -> bool:
    entities = {**message.parse_entities(), **message.parse_caption_entities()}
    called = f"@{bot.username}".lower()
    return any(
        (entity.type == MessageEntity.MENTION and words.lower() == called)
        or (entity.type == MessageEntity.TEXT_MENTION and entity.user is not None and entity.user.id == bot.id)
        for entity, words in entities.items()
    )


def _is_machine(message: Message) -> bool:
    """Another bot, or a channel's post copied here. An anonymous admin is not: a bot stands in, with the chat."""
    if message.is_automatic_forward:
        return True
    return bool(message.from_user and message.from_user.is_bot and message.sender_chat is None)


def _author(user: User | None, sender: Chat | None, signature: str | None) -> tuple[str, str]:
    """(id, name). Someone who writes as the group or as a channel is known by that chat only.

    Many put their whole name where Telegram asks for the first: the person reads no more than the first.
    """
    if sender is not None:
        return str(sender.id), signature or sender.title or ""
    return (str(user.id), first_name(user.first_name) or user.first_name) if user else ("", "")
