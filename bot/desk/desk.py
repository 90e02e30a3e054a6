"""The desk: the verbs, and the groups of teams whose updates say them, each dealt with once and in order."""

import asyncio
from weakref import WeakValueDictionary

import structlog

from bot.clock import Clock
from bot.content import Content
from bot.desk.access import Access
from bot.desk.care import Care
from bot.desk.commands import Commands
from bot.desk.connecting import Connecting
from bot.desk.day import Day
from bot.desk.day_notes import DayNotes
from bot.desk.group_talk import GroupTalk
from bot.desk.group_words import GroupWords
from bot.desk.liaison import Liaisons
from bot.desk.lost import Lost
from bot.desk.presses import Presses
from bot.desk.quiet import Quiet
from bot.desk.renewals import Renewals
from bot.store.store import Store
from bot.team_inbound import (
    Connect,
    TeamArrived,
    TeamCut,
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
from bot.teams import Teams
from bot.translate import Translator
from bot.turn import Turns

log = structlog.get_logger(__name__)

# An update that failed this often is given up, so that it does not hold back those behind it.
MOST_ATTEMPTS = 3


class Desk(Care, Liaisons):
    """The verbs, and the groups that say them."""

    def __init__(
        self, store: Store, turns: Turns, content: Content, teams: Teams, clock: Clock,
        translator: Translator | None = None,
    ) -> None:
        super().__init__(store, turns, content, teams, clock, translator)
        self.access = Access(store, turns, content, teams, clock)
        self.day = Day(store, content, clock)
        self.day_notes = DayNotes(store, content, clock)
        self.lost = Lost(store, self.cards, self.directory, clock)
        self.quiet = Quiet(store, self.cards, self.promises, clock)
        self.renewals = Renewals(store, self.cards, self.promises, content.catalog, clock)
        self._group = GroupTalk(store, turns)
        self._connecting = Connecting(store, turns, content, self.cards, self.directory, self.quiet, self._group)
        self._presses = Presses(self, self._group)
        self._commands = Commands(store, self.cards, self.day, self.quiet, self._group)
        self._words = GroupWords(self, self.day_notes, self._group)
        # One update of a group at a time in this process; a lock goes when nobody waits for it.
        self._locks: WeakValueDictionary[tuple[str, str], asyncio.Lock] = WeakValueDictionary()

    async def accept(self, inbound: TeamInbound) -> bool:
        """Keep a group's update until it is dealt with. False when it was already seen."""
        return await self.store.receive(inbound)

    async def drain(self, channel: str, address: str) -> None:
        """Deal with the updates that wait for this group, in order."""
        lock = self._locks.setdefault((channel, address), asyncio.Lock())
        async with lock:
            for row in await self.store.pending_inbox(channel, address):
                if not isinstance(row.inbound, TeamInbound):
                    continue
                try:
                    await self._deal_with(row.inbound)
                except Exception as cause:  # one broken update must not silence the group
                    kind = type(row.inbound.content).__name__
                    log.error("team_update_failed", kind=kind, cause=type(cause).__name__)
                    if row.attempts < MOST_ATTEMPTS:
                        return
                    await self._group.answer(row.inbound, self.cards.say("failed"))
                await self.store.finish_inbox(row.id)

    async def team(self, inbound: TeamInbound) -> None:
        """A group's update, from its arrival to what it causes; a repeated one stops here."""
        if await self.accept(inbound):
            await self.drain(inbound.channel, inbound.address)

    async def _deal_with(self, inbound: TeamInbound) -> None:
        match inbound.content:
            case Connect(code=code):
                await self._connecting.connect(inbound, code)
            case TeamMoved(new_address=new_address):
                await self._connecting.moved(inbound, new_address)
            case TeamLeft(asked=True):
                await self._connecting.left(inbound)
            case TeamLeft():
                await self.lost.notice(inbound.channel, inbound.address)
            case TeamQuiet(on=on):
                await self._commands.quiet(inbound, on=on)
            case TeamName(name=name):
                await self._commands.name(inbound, name)
            case TeamDay() | TeamArrived() as asked:
                await self._commands.day(inbound, asked)
            case TeamPress(verb=verb) as press if verb.startswith("day_"):
                await self._commands.day(inbound, press)
            case TeamPress() as press:
                await self._presses.press(inbound, press)
            case TeamWords() | TeamMedia() as words:
                await self._words.hear(inbound, words)
            case TeamCut() as cut:
                await self._words.cut(inbound, cut)
            case TeamEdited() as edited:
                await self._words.edited(inbound, edited)
