"""A team that can no longer be reached where it was: its admins hear of it, by whatever way is left."""

from datetime import datetime, timedelta

from bot.clock import Clock
from bot.desk.team_cards import Cards
from bot.mail_links import MAIL
from bot.store.store import Store
from bot.store.values import TeamChat
from bot.wording import paris_day
from dialogues.text import Quoted
from handoff.directory import Directory
from handoff.errors import UnknownTeam

# How long the console's first page says so, unless the team connects again.
SHOWN_FOR = timedelta(days=30)
_CHANNELS = {"telegram": "telegram", MAIL: "mail"}


class Lost:
    """Notices, tells the consortium's other groups, and lists what is lost for the console."""

    def __init__(self, store: Store, cards: Cards, directory: Directory, clock: Clock) -> None:
        self._store = store
        self._cards = cards
        self._directory = directory
        self._clock = clock

    async def notice(self, channel: str, address: str) -> None:
        """Nothing arrives there any more. Said once: a chat that left already is nobody's news."""
        chat = await self._store.team_chat(channel, address)
        if chat is None or not await self._store.chat_left(channel, address):
            return
        chats = await self._store.team_chats()
        theirs = [one for one in chats if (one.consortium, one.body) == (chat.consortium, chat.body)]
        # Somebody's own chat is no way to reach the others of a team that lost its group; but where they have
        # no other, one that is gone is missed when it was the last.
        if any(chat.direct or not one.direct for one in theirs):
            return
        # A code connects groups; a mailbox is the directory's.
        name = "channel_lost_mail" if chat.channel == MAIL else "channel_lost"
        said = self._cards.say(name, {"team": Quoted(self._team(chat)), "channel": self._where(chat)})
        for other in chats:
            if other.consortium == chat.consortium and other.body in (None, chat.body):
                await self._store.tell_chat(other.channel, other.address, said)

    async def in_part(self, channel: str, address: str) -> None:
        """Somebody behind that address gets nothing: it stays the team's. Told once a month."""
        chat = await self._store.team_chat(channel, address)
        if chat is None:
            return
        said = self._cards.say("channel_in_part", {"team": Quoted(self._team(chat)), "channel": self._where(chat)})
        to = [one for one in await self._store.team_chats()
              if one.consortium == chat.consortium and one.body in (None, chat.body)]
        key = f"in part {chat.channel} {chat.body} {paris_day(self._clock.now()):%Y-%m}"
        await self._store.tell_once(to, chat.consortium, (key,), lambda _fresh: said)

    async def since(self, consortium: str, body: str | None) -> tuple[str, ...]:
        """Sentences for the first page: teams of the consortium (or this one) that nothing reaches any more."""
        gone = await self._store.lost_chats(consortium, self._since())
        there = {chat.body for chat in await self._store.team_chats() if chat.consortium == consortium}
        teams = [chat for chat in gone if not (chat.direct and chat.body is None)]  # an admin's own chat is no team
        found = {chat.body: chat for chat in teams if chat.body not in there and body in (None, chat.body)}
        return tuple(
            self._cards.say("channel_none", {"team": Quoted(self._team(chat)), "channel": self._where(chat)}).text
            for chat in found.values()
        )

    def _since(self) -> datetime:
        return self._clock.now() - SHOWN_FOR

    def _where(self, chat: TeamChat) -> str:
        return self._cards.say(f"channel_{_CHANNELS.get(chat.channel, 'telegram')}").text

    def _team(self, chat: TeamChat) -> str:
        consortium = self._directory.consortium(chat.consortium)
        of = consortium.name if consortium else chat.consortium
        if chat.body is None:
            return of
        try:
            return self._directory.body(chat.consortium, chat.body).name
        except UnknownTeam:
            return chat.body
