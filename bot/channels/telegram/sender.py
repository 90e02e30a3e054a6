"""Sending: an Outbound as calls to the Bot API."""

from dataclasses import dataclass, field
from typing import TypeAlias

from telegram import (
    Bot,
    InlineKeyboardMarkup,
    InputFile,
    LinkPreviewOptions,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
    ReplyParameters,
)
from telegram.constants import ForumTopicLimit, MessageLimit
from telegram.error import BadRequest, TelegramError

from bot.channels.telegram.errors import channel_error, fail, lost_topic, unchanged
from bot.channels.telegram.ids import NAME, message_key, parse_message_key
from bot.channels.telegram.wording import Keyboards, full_text, keyboards, shortened, split
from bot.outbound import Attachment, CalendarFile, Delivered, Enclosed, Outbound, Pin
from bot.ports import ChannelBlocked, ChannelBusy, ChannelRefused, ReadFile

_Markup: TypeAlias = InlineKeyboardMarkup | ReplyKeyboardMarkup | ReplyKeyboardRemove
_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
# Messages half sent when Telegram said "later"; enough for any outage's retries, small enough to forget.
REMEMBERED = 1000
# A venue's title and address on a small screen; the words before it have them whole.
LONGEST_VENUE = 120


@dataclass(slots=True)
class _Progress:
    """How far a message went: the topic opened for it, and the messages of it already sent."""

    thread: str | None
    sent: list[int] = field(default_factory=list)


class Sender:
    """Sends through one Bot. Plain text, no parse mode: nothing that a person writes becomes formatting."""

    def __init__(self, bot: Bot, read_file: ReadFile) -> None:
        """``read_file``: the content of what came by another channel; None when it is gone."""
        self._bot = bot
        self._read_file = read_file
        self._progress: dict[int, _Progress] = {}

    async def send(self, outbound: Outbound) -> Delivered:
        """Carry out one Outbound. Raises ChannelBusy, ChannelBlocked, ChannelRefused, ChannelMoved."""
        try:
            match outbound.kind:
                case "edit":
                    return await self._edit(outbound)
                case "close":
                    return await self._close(outbound)
                case _:
                    return await self._message(outbound)
        except TelegramError as error:
            fail(error, self._bot.token)

    async def _message(self, outbound: Outbound) -> Delivered:
        chat = _chat(outbound)
        shown = keyboards(outbound.rendered.buttons, private=chat > 0)
        progress = self._progress.pop(outbound.id, None)
        try:
            if progress is None:
                progress = _Progress(outbound.thread)
                progress.thread = await self._topic(chat, outbound)
            for step in self._steps(outbound, shown, chat)[len(progress.sent):]:
                step.silent = outbound.silent
                progress.sent.append(await self._post(chat, step, progress))
        except TelegramError:
            if progress is not None and (progress.sent or progress.thread != outbound.thread):
                self._remember(outbound.id, progress)
            raise
        # The message that holds the choices; the position's keyboard after it is not one to edit.
        beside = (shown.position and shown.inline) or outbound.rendered.attachment
        last = progress.sent[-2] if beside else progress.sent[-1]
        other = message_key(chat, progress.sent[-1]) if beside else None
        return Delivered(message_key(chat, last), progress.thread, other)

    def _steps(self, outbound: Outbound, shown: Keyboards, chat: int) -> list["_Step"]:
        parts = split(full_text(outbound.rendered))
        steps = [_Step(part, None, outbound.reply_to if at == 0 else None) for at, part in enumerate(parts)]
        # In a private chat, an earlier offer to share the position is put away with the next plain message.
        away = ReplyKeyboardRemove() if chat > 0 else None
        steps[-1].markup = shown.inline or shown.position or away
        match outbound.rendered.attachment:
            case Pin() as pin:
                steps.append(_Step("", None, None, pin))
            case CalendarFile() as file:
                steps.append(_Step(file.link, None, None, file))
            case Enclosed() as enclosed:
                steps.append(_Step(enclosed.missing, None, None, enclosed))
        if shown.inline and shown.position:
            steps.append(_Step(shown.position_title, shown.position, None))
        return steps

    async def _post(self, chat: int, step: "_Step", progress: _Progress) -> int:
        thread = int(progress.thread) if progress.thread else None
        try:
            return await self._call(chat, step, thread)
        except BadRequest as error:
            if thread is None or not lost_topic(error):
                raise
            progress.thread = None  # the topic is gone: words beside it are better than words lost
            return await self._call(chat, step, None)

    async def _call(self, chat: int, step: "_Step", thread: int | None) -> int:
        match step.attachment:
            case Pin() as pin:
                message = await self._bot.send_venue(
                    chat, pin.latitude, pin.longitude, shortened(pin.title, LONGEST_VENUE),
                    shortened(pin.address, LONGEST_VENUE), message_thread_id=thread, disable_notification=True,
                )
                return message.message_id
            case CalendarFile() as file:
                message = await self._bot.send_document(
                    chat, InputFile(file.content.encode(), file.name), message_thread_id=thread,
                    caption=step.text, reply_markup=step.markup, disable_notification=True,
                )
                return message.message_id
            case Enclosed() as enclosed:
                shown = await self._enclosed(chat, enclosed, thread)
                if shown is not None:
                    return shown
        message = await self._bot.send_message(
            chat, step.text, message_thread_id=thread, reply_markup=step.markup,
            link_preview_options=_NO_PREVIEW, reply_parameters=_reply(chat, step.reply_to),
            disable_notification=step.silent,
        )
        return message.message_id

    async def _enclosed(self, chat: int, enclosed: Enclosed, thread: int | None) -> int | None:
        """The message that shows it; None when it cannot be shown here.

        What came by Telegram is copied by Telegram: without the sender's name, and without passing through here.
        """
        lies = enclosed.enclosure
        if lies.channel == NAME and lies.message:
            source, message = parse_message_key(lies.message)
            try:
                return (await self._bot.copy_message(
                    chat, source, message, caption="", message_thread_id=thread, disable_notification=True,
                )).message_id
            except TelegramError as error:
                # Whoever is written to was just reached: what is wrong now is wrong with what is copied, or passes.
                if lost_topic(error) or isinstance(channel_error(error), ChannelBusy):
                    raise
                return None  # deleted meanwhile, its chat gone, or of a kind that cannot be copied
        content = await self._read_file(lies) if lies.file else None
        if content is None:
            return None
        ways = {"photo": (self._bot.send_photo, self._bot.send_document),
                "voice": (self._bot.send_audio, self._bot.send_document)}
        for way in ways.get(enclosed.kind, (self._bot.send_document,)):
            file = InputFile(content, lies.name or enclosed.kind)
            try:
                sent = await way(chat, file, message_thread_id=thread, disable_notification=True)  # type: ignore[operator]  # one of three methods, called alike
            except BadRequest as error:
                if lost_topic(error):
                    raise
                continue  # no picture or sound after all: as a document, then
            return int(sent.message_id)
        return None

    async def _topic(self, chat: int, outbound: Outbound) -> str | None:
        """The topic to write in: a new one for a card in a forum, where the group lets the bot open it."""
        if outbound.kind != "card" or not outbound.topic or outbound.thread:
            return outbound.thread
        try:
            name = shortened(outbound.topic, ForumTopicLimit.MAX_NAME_LENGTH)
            topic = await self._bot.create_forum_topic(chat, name)
        except BadRequest as error:  # not a forum, or no right to open topics: a plain card, then
            if isinstance(channel_error(error), ChannelBlocked):
                raise
            return None
        return str(topic.message_thread_id)

    async def _edit(self, outbound: Outbound) -> Delivered:
        chat, message = parse_message_key(outbound.edit_of or "")
        if chat != _chat(outbound):
            raise ChannelRefused("the message to edit is in another chat")
        markup = keyboards(outbound.rendered.buttons, private=chat > 0).inline
        text = shortened(full_text(outbound.rendered), MessageLimit.MAX_TEXT_LENGTH)
        try:
            if text:
                await self._bot.edit_message_text(
                    text, chat, message, reply_markup=markup, link_preview_options=_NO_PREVIEW
                )
            else:
                await self._bot.edit_message_reply_markup(chat, message, reply_markup=markup)
        except BadRequest as error:
            if not unchanged(error):
                raise
        return Delivered(message_key(chat, message), outbound.thread)

    async def _close(self, outbound: Outbound) -> Delivered:
        if outbound.thread:
            try:
                await self._bot.close_forum_topic(_chat(outbound), int(outbound.thread))
            except BadRequest as error:  # no forum, topic gone or closed already: nothing left to close
                if isinstance(channel_error(error), ChannelBlocked):
                    raise
        return Delivered(thread=outbound.thread)

    def _remember(self, outbound_id: int, progress: _Progress) -> None:
        self._progress[outbound_id] = progress
        if len(self._progress) > REMEMBERED:
            del self._progress[next(iter(self._progress))]


@dataclass(slots=True)
class _Step:
    """One sendMessage, sendVenue, sendDocument or copyMessage. ``text``: in place of what cannot be shown."""

    text: str
    markup: _Markup | None
    reply_to: str | None
    attachment: Attachment | None = None
    silent: bool = False


def _chat(outbound: Outbound) -> int:
    try:
        return int(outbound.address)
    except ValueError as error:
        raise ChannelRefused("the address is not one of Telegram's") from error


def _reply(chat: int, reply_to: str | None) -> ReplyParameters | None:
    """What to answer under; nothing when that message was in the group's former chat."""
    if reply_to is None:
        return None
    where, message = parse_message_key(reply_to)
    return ReplyParameters(message, allow_sending_without_reply=True) if where == chat else None
