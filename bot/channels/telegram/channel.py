"""The Telegram channel: polling or webhook in, the Bot API out."""

import asyncio
import hmac
import json
import logging
from collections.abc import Mapping
from typing import Any, Literal, cast
from urllib.parse import urlencode

from telegram import BotCommand, BotCommandScopeAllPrivateChats, User
from telegram.constants import ChatAction
from telegram.error import BadRequest, Conflict, InvalidToken, RetryAfter, TelegramError

from bot.channels.telegram.connection import POLL_SECONDS, Webhook, make_bot
from bot.channels.telegram.errors import REJECTED_TOKEN_WAIT, fail, retry_seconds
from bot.channels.telegram.ids import NAME
from bot.channels.telegram.intake import Intake, OnPerson, OnTeam
from bot.channels.telegram.sender import Sender
from bot.channels.telegram.updates import ALLOWED_UPDATES
from bot.clock import Clock
from bot.outbound import Delivered, Outbound
from bot.ports import IsCounsellors, ReadFile
from dialogues.enclosure import Enclosure

LONGEST_PAUSE = 30.0
LARGEST_FETCHED = 20 * 1024 * 1024
_log = logging.getLogger(__name__)


async def nothing_to_read(_enclosure: Enclosure) -> bytes | None:
    """No other channel keeps files."""
    return None


async def nobodys(_address: str) -> bool:
    """Every private chat is a person's."""
    return False


class TelegramChannel:
    """Telegram's Bot API as a Channel. Polls, unless a ``webhook`` is given (see Webhook).

    ``on_person`` and ``on_team`` are the inbox: an update counts as taken when they return, and comes again
    when they raise. ``state`` says how things stand: off, connecting, connected, or refused (the token).
    """

    def __init__(
        self, token: str, clock: Clock, on_person: OnPerson, on_team: OnTeam, *,
        api_url: str | None = None, webhook: Webhook | None = None, first_pause: float = 1.0,
        read_file: ReadFile = nothing_to_read, is_counsellors: IsCounsellors = nobodys,
    ) -> None:
        """``read_file``: what came by another channel; ``is_counsellors``: whose a private chat is."""
        self.name = NAME
        self.state: Literal["off", "connecting", "connected", "refused"] = "off"
        self._webhook = webhook
        self._first_pause = first_pause
        self._bot, self._polling = make_bot(token.strip(), api_url)
        self._sender = Sender(self._bot, read_file)
        self._intake = Intake(self._bot, clock, on_person, on_team, is_counsellors)
        self._me: User | None = None
        self._task: asyncio.Task[None] | None = None

    @property
    def username(self) -> str | None:
        """The bot's name on Telegram, for links (t.me/<name>); None before it is connected."""
        return self._me.username if self._me else None

    async def start(self) -> None:
        """Begin, without waiting for Telegram: the app runs whether or not Telegram answers."""
        if self._task is None:
            await asyncio.gather(self._bot.request.initialize(), self._polling.initialize())
            self.state = "connecting"
            self._task = asyncio.create_task(self._run(), name="telegram")

    async def stop(self) -> None:
        """Stop taking updates. What Telegram gave and the inbox did not accept comes again at the next start."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            await self._intake.stop()
            await asyncio.gather(self._bot.request.shutdown(), self._polling.shutdown())
            self.state, self._me = "off", None

    async def send(self, outbound: Outbound) -> Delivered:
        """Send one message. Raises ChannelBusy, ChannelBlocked, ChannelRefused, ChannelMoved.

        After a time-out nobody knows whether Telegram took the message: ChannelBusy makes the outbox send it
        again, so that it may arrive twice, which is better than never. What is known to have been sent (the
        parts of a long text, the topic opened for a card) is not sent again, unless the process died between.
        A text in several parts is known by the id of the one with the buttons, the last.
        """
        return await self._sender.send(outbound)

    async def show_typing(self, address: str) -> None:
        """« Typing… » under the bot's name for five seconds. A sign, no more: what fails is not tried again."""
        try:
            await self._bot.send_chat_action(int(address), ChatAction.TYPING)
        except TelegramError as error:
            _log.info("no typing sign (%s)", type(error).__name__)

    async def fetch(self, enclosure: Enclosure) -> bytes | None:
        """The content of what came by Telegram; None when it is gone, or over the 20 MB a bot may fetch.

        https://core.telegram.org/bots/api#getfile. Raises ChannelError.
        """
        if not enclosure.file or enclosure.size > LARGEST_FETCHED:
            return None
        try:
            file = await self._bot.get_file(enclosure.file)
            return bytes(await file.download_as_bytearray())
        except BadRequest:
            return None
        except TelegramError as error:
            fail(error, self._bot.token)

    async def webhook(self, secret_header: str | None, body: bytes) -> int:
        """Take an update that was posted: the HTTP status to answer.

        200 taken; 400 not an update; 403 a wrong or missing secret (X-Telegram-Bot-Api-Secret-Token), or no
        webhook here; 503 not accepted, or not connected yet: Telegram posts it again.
        """
        expected = self._webhook.secret if self._webhook else ""
        if not expected or not hmac.compare_digest((secret_header or "").encode(), expected.encode()):
            return 403
        try:
            update = json.loads(body)
        except (ValueError, RecursionError):
            return 400
        if not isinstance(update, dict) or not isinstance(update.get("update_id"), int):
            return 400
        if self._me is None:
            return 503
        try:
            await self._intake.accept(update, self._me)
        except Exception as error:  # whatever the inbox raises: the update must come again
            _log.error("the inbox refused an update (%s)", type(error).__name__)
            return 503
        return 200

    async def set_up(
        self, commands: Mapping[str, Mapping[str, str]], descriptions: Mapping[str, str] | None = None,
        short_descriptions: Mapping[str, str] | None = None, *, default: str = "fr",
    ) -> None:
        """Tell Telegram the commands' menu and what the bot says of itself, and how updates are to come.

        ``commands``: language → {command (a-z, 0-9, _): what it does}. ``descriptions`` (512 characters,
        shown before the first message) and ``short_descriptions`` (120): language → text. ``default`` is the
        language shown to everyone whose app speaks another. Raises ChannelError.
        """
        try:
            await self._set_delivery()
            for language, menu in commands.items():
                entries = [BotCommand(name, what) for name, what in menu.items()]
                for code in _codes(language, default):
                    await self._bot.set_my_commands(
                        entries, scope=BotCommandScopeAllPrivateChats(), language_code=code
                    )
            for language, text in (descriptions or {}).items():
                for code in _codes(language, default):
                    await self._bot.set_my_description(text, language_code=code)
            for language, text in (short_descriptions or {}).items():
                for code in _codes(language, default):
                    await self._bot.set_my_short_description(text, language_code=code)
        except TelegramError as error:
            fail(error, self._bot.token)

    async def _set_delivery(self) -> None:
        if self._webhook is None:
            await self._bot.delete_webhook(drop_pending_updates=False)
        else:
            await self._bot.set_webhook(
                self._webhook.url, secret_token=self._webhook.secret, allowed_updates=list(ALLOWED_UPDATES),
                max_connections=1,  # one at a time keeps each person's messages in order
            )

    async def _run(self) -> None:
        """Connect, then poll until cancelled; each failure is followed by a pause that grows to 30 s."""
        pause, me = self._first_pause, None
        while True:
            try:
                if me is None:
                    self._me = await self._bot.get_me()
                    await self._set_delivery()
                    me, self.state = self._me, "connected"
                if self._webhook is not None:
                    return
                await self._intake.take(await self._get_updates(), me)
                self.state, pause = "connected", self._first_pause
            except Exception as error:
                await asyncio.sleep(max(pause, self._complain(error)))
                pause = min(2 * pause, LONGEST_PAUSE)

    def _complain(self, error: Exception) -> float:
        """Say what went wrong, by its kind alone: messages may hold the token or a person's words."""
        if isinstance(error, InvalidToken):
            self.state = "refused"
            _log.error("Telegram does not know the bot's token: check TELEGRAM_BOT_TOKEN")
            return REJECTED_TOKEN_WAIT
        if isinstance(error, Conflict):
            _log.error("another process polls with the same Telegram token: only one may")
        elif isinstance(error, TelegramError):
            _log.warning("Telegram did not answer (%s): trying again", type(error).__name__)
        else:
            _log.error("the inbox refused an update (%s): it will come again", type(error).__name__)
        return retry_seconds(error) if isinstance(error, RetryAfter) else 0.0

    async def _get_updates(self) -> list[dict[str, Any]]:
        """The updates from ``offset`` on, as JSON.

        Not Bot.get_updates, which drops a hundred updates when one is of a shape it does not know, and
        writes them, people's words and all, to the log. The call is the documented one all the same.
        """
        query = {"timeout": POLL_SECONDS, "allowed_updates": json.dumps(ALLOWED_UPDATES)}
        if self._intake.offset is not None:
            query["offset"] = self._intake.offset
        updates = await self._polling.post(f"{self._bot.base_url}/getUpdates?{urlencode(query)}")
        return cast(list[dict[str, Any]], updates)


def _codes(language: str, default: str) -> tuple[str, ...]:
    return ("", language) if language == default else (language,)
