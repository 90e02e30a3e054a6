"""A text that Telegram's apps cut in several messages, because it passes what one holds.

Where the first answers a request, the others may answer nothing, and after a note the others are no command: left
to themselves, they would be lost without a word, or go to the person.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from telegram.constants import ChatType, MessageLimit

from bot.channels.telegram.ids import NAME, message_key
from bot.channels.telegram.updates import Json, Read
from bot.team_inbound import TeamCut, TeamInbound, TeamWords

# The apps cut at a paragraph or a sentence, some as early as the middle; the parts go one after the other.
LONG = MessageLimit.MAX_TEXT_LENGTH // 2
SECONDS = 5
# Beginnings that are remembered; they matter for seconds.
REMEMBERED = 1000


@dataclass(frozen=True, slots=True)
class _Begun:
    at: int
    update: int
    said: TeamInbound
    words: TeamWords


class Cuts:
    """Knows the last long words of each author in each chat."""

    def __init__(self) -> None:
        self._begun: dict[tuple[int, int], _Begun] = {}

    def join(self, raw: Json, said: Read, now: datetime) -> Read:
        """What was read of an update (``raw``), a part that was cut off known as such."""
        message = raw.get("message")
        if not isinstance(message, Mapping):
            return said
        update, at, text = raw.get("update_id"), message.get("date"), message.get("text")
        key = (_id(message.get("chat")), _id(message.get("sender_chat")) or _id(message.get("from")))
        if not (isinstance(update, int) and isinstance(at, int) and isinstance(text, str) and all(key)):
            return said
        begun = self._begun.get(key)
        if begun is not None and begun.update < update and at - begun.at <= SECONDS:
            said = _joined(begun, message, said, now)
        if len(text.encode("utf-16-le")) // 2 > LONG:
            self._remember(key, update, at, said)
        return said

    def _remember(self, key: tuple[int, int], update: int, at: int, said: Read) -> None:
        for one in (*said.teams, *said.direct):
            if isinstance(one.content, TeamWords):
                self._begun.pop(key, None)
                self._begun[key] = _Begun(at, update, one, one.content)
        if len(self._begun) > REMEMBERED:
            del self._begun[next(iter(self._begun))]


def _joined(begun: _Begun, message: Mapping[str, Any], said: Read, now: datetime) -> Read:
    teams = tuple(_tail(begun.words, one) for one in said.teams)
    # In a chat of one's own there is nobody else to write to: it goes where its beginning went.
    direct = tuple(_tail(begun.words, one, begun.words.reply_to) for one in said.direct)
    answers = message.get("reply_to_message") is not None
    if not teams and not answers and message["chat"].get("type") in (ChatType.GROUP, ChatType.SUPERGROUP):
        # It may be meant for colleagues: it is not sent, and not kept either.
        key = message_key(message["chat"]["id"], message["message_id"])
        cut = TeamCut(begun.words.thread, begun.words.reply_to)
        first = begun.said
        teams = (TeamInbound(NAME, key, first.address, first.author, first.author_name, cut, now),)
    return replace(said, teams=teams, direct=direct)


def _tail(begun: TeamWords, one: TeamInbound, reply_to: str | None = None) -> TeamInbound:
    """As the end of these words: what was no word for the person does not become one."""
    if not isinstance(one.content, TeamWords) or one.content.private or one.content.command:
        return one
    return replace(one, content=replace(
        one.content, private=begun.private, command=begun.command,
        after=max(begun.after, len(begun.text.strip())), reply_to=one.content.reply_to or reply_to))


def _id(whose: object) -> int:
    number = whose.get("id") if isinstance(whose, Mapping) else None
    return number if isinstance(number, int) else 0
