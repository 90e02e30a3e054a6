"""What the server knows: chats, messages sent, updates not yet confirmed, faults to come."""

import asyncio
import itertools
import json
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]
# The update types sent when a bot has not asked for others (a part of Telegram's default that we speak).
DEFAULT_UPDATES = frozenset({"message", "edited_message", "callback_query", "my_chat_member"})
MONDAY = 1_764_000_000  # the first message's Unix time; each next thing happens one second later


class Refusal(Exception):
    """The server's error answer."""

    def __init__(self, status: int, description: str, parameters: Json | None = None) -> None:
        super().__init__(description)
        self.status = status
        self.description = description
        self.parameters = parameters


@dataclass
class Chat:
    """A private chat (``id`` > 0) or a group. ``topics``: thread → name; ``closed``: threads closed."""

    id: int
    kind: str
    name: str
    language_code: str | None = None
    forum: bool = False
    may_open_topics: bool = True
    blocked: bool = False
    moved_to: int | None = None
    topics: dict[int, str] = field(default_factory=dict)
    closed: set[int] = field(default_factory=set)

    def as_json(self) -> Json:
        if self.kind == "private":
            return {"id": self.id, "type": "private", "first_name": self.name}
        return {"id": self.id, "type": self.kind, "title": self.name} | ({"is_forum": True} if self.forum else {})


@dataclass
class Sent:
    """A message the bot sent, as it stands now. ``params``: the request that sent it."""

    chat: Chat
    id: int
    text: str
    markup: Json | None
    thread: int | None
    reply_to: int | None
    date: int
    params: Json
    file: bytes | None = None
    edited: int = 0

    @property
    def buttons(self) -> list[Json]:
        """The inline buttons, row after row."""
        return [button for row in (self.markup or {}).get("inline_keyboard", []) for button in row]

    @property
    def titles(self) -> list[str]:
        return [button["text"] for button in self.buttons]

    @property
    def keyboard(self) -> list[Json]:
        """The reply keyboard's buttons."""
        return [button for row in (self.markup or {}).get("keyboard", []) for button in row]


@dataclass
class Fault:
    """An answer to give instead of the real one; ``after``: the work is done first, only the answer is lost.

    ``status`` 0 is no fault: that call goes as it should.
    """

    status: int
    description: str
    parameters: Json | None = None
    after: bool = False


class World:
    """The state, and the two ways to wait on it. One event loop; nothing sleeps."""

    def __init__(self, token: str = "123456789:AAtesttokentesttokentesttokentest00") -> None:
        self.token = token
        self.bot: Json = {"id": int(token.split(":")[0]), "is_bot": True, "first_name": "Premier Pas",
                          "username": "premierpas_test_bot", "can_join_groups": True,
                          "can_read_all_group_messages": True, "supports_inline_queries": False}
        self.chats: dict[int, Chat] = {}
        self.messages: list[Sent] = []
        self.updates: list[Json] = []
        self.allowed = DEFAULT_UPDATES
        self.webhook: Json | None = None
        self.answered: list[Json] = []
        self.deleted: list[tuple[int, int]] = []
        self.actions: list[tuple[int, str]] = []
        self.commands: dict[tuple[str, str], list[Json]] = {}
        self.descriptions: dict[str, str] = {}
        self.short_descriptions: dict[str, str] = {}
        self.files: dict[str, bytes] = {}
        self.seen: dict[tuple[int, int], Json] = {}  # what people sent: (chat, message) -> message
        self.calls: list[tuple[str, Json]] = []
        self.closing = False
        self.poll = 0
        self._faults: dict[str, deque[Fault]] = {}
        self._ids = itertools.count(1)
        self._times = itertools.count(MONDAY)
        self._update_ids = itertools.count(900_001)
        self._changed = asyncio.Event()

    def new_id(self) -> int:
        return next(self._ids)

    def new_time(self) -> int:
        return next(self._times)

    def push(self, kind: str, content: Json) -> Json:
        """Queue an update for the bot, unless it did not ask for this kind; gives it back."""
        update = {"update_id": next(self._update_ids), kind: content}
        if kind == "message" and "chat" in content:
            self.seen[content["chat"]["id"], content["message_id"]] = content
        if kind in self.allowed:
            self.updates.append(update)
            self.wake()
        return update

    def wake(self) -> None:
        """Something changed: all who wait look again."""
        self._changed.set()
        self._changed = asyncio.Event()

    async def wait_until(self, true: Callable[[], bool], timeout: float = 5.0) -> None:  # noqa: ASYNC109 - test code
        """Return as soon as ``true()`` is; TimeoutError after ``timeout`` seconds."""
        async with asyncio.timeout(timeout):
            while not true():
                await self._changed.wait()

    def sent(self, chat: int) -> list[Sent]:
        """What the bot sent to a chat, in order."""
        return [message for message in self.messages if message.chat.id == chat]

    async def wait_for(self, chat: int, count: int, timeout: float = 5.0) -> list[Sent]:  # noqa: ASYNC109 - test code
        """The messages to ``chat`` once there are at least ``count``; TimeoutError says how many there were."""
        try:
            await self.wait_until(lambda: len(self.sent(chat)) >= count, timeout)
        except TimeoutError as error:
            raise TimeoutError(f"{len(self.sent(chat))} of {count} messages to {chat}") from error
        return self.sent(chat)

    async def wait_for_call(self, method: str, count: int = 1, timeout: float = 5.0) -> list[Json]:  # noqa: ASYNC109
        """The parameters of the calls of ``method`` once there are at least ``count``."""
        await self.wait_until(lambda: len(self.called(method)) >= count, timeout)
        return self.called(method)

    def called(self, method: str) -> list[Json]:
        return [params for name, params in self.calls if name == method]

    def fail_next(
        self, method: str, status: int, description: str = "Internal Server Error", *,
        parameters: Json | None = None, times: int = 1, after: bool = False, skip: int = 0,
    ) -> None:
        """After ``skip`` good calls of ``method``, ``times`` get this error; ``after`` the work, if asked."""
        fault = Fault(status, description, parameters, after)
        self._faults.setdefault(method, deque()).extend([Fault(0, "")] * skip + [fault] * times)

    def next_fault(self, method: str) -> Fault | None:
        waiting = self._faults.get(method)
        fault = waiting.popleft() if waiting else None
        return fault if fault and fault.status else None

    def chat_of(self, params: Json) -> Chat:
        """The chat to write in, or Telegram's refusal."""
        chat = self.chats.get(integer(params, "chat_id") or 0)
        if chat is None:
            raise Refusal(400, "Bad Request: chat not found")
        if chat.moved_to is not None:
            raise Refusal(400, "Bad Request: group chat was upgraded to a supergroup chat",
                          {"migrate_to_chat_id": chat.moved_to})
        if chat.blocked:
            who = "blocked by the user" if chat.kind == "private" else f"kicked from the {chat.kind} chat"
            raise Refusal(403, f"Forbidden: bot was {who}")
        return chat

    def message_of(self, params: Json, purpose: str) -> Sent:
        chat = self.chat_of(params)
        number = integer(params, "message_id")
        for message in self.messages:
            if message.chat is chat and message.id == number:
                return message
        raise Refusal(400, f"Bad Request: message to {purpose} not found")

    def message_json(self, message: Sent) -> Json:
        """A message of the bot's, as the Bot API gives it."""
        shown: Json = {"message_id": message.id, "date": message.date, "chat": message.chat.as_json(),
                       "from": self.bot, "text": message.text}
        if message.thread is not None:
            shown |= {"message_thread_id": message.thread, "is_topic_message": True}
        if message.buttons:
            shown["reply_markup"] = message.markup
        if message.edited:
            shown["edit_date"] = message.date + message.edited
        return shown


def integer(params: Json, name: str) -> int | None:
    """A whole number, which forms carry as text."""
    value = params.get(name)
    if value is None or value == "":
        return None
    try:
        return int(value)
    except (TypeError, ValueError):
        raise Refusal(400, f"Bad Request: parameter {name} must be a number") from None


def nested(params: Json, name: str) -> Any:  # noqa: ANN401 - whatever JSON holds
    """An object or a list, which forms carry as JSON."""
    value = params.get(name)
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        raise Refusal(400, f"Bad Request: can't parse {name} JSON object") from None
