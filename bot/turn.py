"""The turn: one message, due row or counsellor's action, one transaction. Everything comes through here."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime

import structlog

from bot.clock import Clock
from bot.content import Content
from bot.deeds import Deeds
from bot.due_events import wakes
from bot.inbound import Inbound
from bot.inbound_events import InboundEvents, Reader
from bot.leads import Leads
from bot.limits import Limits
from bot.one_at_a_time import Alone
from bot.outbound import Rendered
from bot.store.errors import ConversationGone
from bot.store.store import Store
from bot.store.transaction import Transaction
from bot.store.values import DueRow, LeadRow
from bot.teams import Teams
from bot.translate import Translator
from bot.unheard import owe_again
from dialogues import effects, passing
from dialogues.codec import decode, encode
from dialogues.effects import KeepGap
from dialogues.events import Event
from dialogues.events.person import MessageReceived
from dialogues.step import step
from dialogues.text import Quoted, Text
from dialogues.world import World

log = structlog.get_logger(__name__)

# Effects answered by events go round at most so often in one turn.
MOST_ROUNDS = 8
# A message that failed this often is answered with a plain word instead, so that nobody waits in silence.
MOST_ATTEMPTS = 3


class TurnTooLongError(Exception):
    """A turn's effects kept asking for more than eight rounds."""


class Turns:
    """Carries events to the rules and their effects to the store. Knows no channel."""

    def __init__(
        self, *, store: Store, reader: Reader, content: Content, world: World, clock: Clock,
        teams: Teams,
        nearest: Callable[[float, float], str | None],
        understanding: Callable[[], bool],
        note_gap: Callable[[KeepGap, str | None], None] = lambda _gap, _language: None,
        limits: Limits | None = None,
        translator: Translator | None = None,
    ) -> None:
        """``nearest``: degrees to INSEE; ``understanding``: whether free text is understood now; ``note_gap``:
        what becomes of a message that was not understood, and its language."""
        self._store = store
        self._content = content
        self._world = world
        self._clock = clock
        self._teams = teams
        self._leads = Leads(content, teams, clock)
        self._inbound = InboundEvents(store, reader, content, clock, nearest, limits or Limits(), translator)
        self._deeds = Deeds(content, teams, self._leads, clock, note_gap)
        self._understanding = understanding
        self._locks: dict[tuple[str, str], tuple[asyncio.Lock, int]] = {}

    # ── messages ────────────────────────────────────────────────────────────────────────────────────────

    async def accept(self, inbound: Inbound) -> bool:
        """Keep an update for its turn. False when it was already seen."""
        return await self._store.receive(self._inbound.located(inbound))

    async def drain(self, channel: str, address: str) -> None:
        """Take the turns that wait for this person, in order."""
        async with self._alone(channel, address):
            for row in await self._store.pending_inbox(channel, address):
                if not isinstance(row.inbound, Inbound):
                    continue
                try:
                    await self._take_pending(row.id, row.inbound)
                except Exception as cause:  # a broken message must not hold back those behind it
                    log.error("turn_failed", kind=type(row.inbound.content).__name__, cause=type(cause).__name__)
                    if row.attempts < MOST_ATTEMPTS:
                        return
                    await self._give_up(row.id, row.inbound)

    async def answer(self, inbound: Inbound, *, fetches: bool = False) -> tuple[Rendered, ...]:
        """A turn whose answer goes back in the response itself (REST, the page). Empty for a duplicate.

        ``fetches``: what was said meanwhile (by a counsellor, a reminder) goes before it: nothing else brings it.
        """
        inbound = self._inbound.located(inbound)
        event = await self._inbound.of(inbound)
        async with self._store.turn(inbound.channel, inbound.address) as tx:
            if not await tx.note_inbox(inbound):
                return ()
            waiting = await tx.fetch() if fetches else ()
            return (*waiting, *await self._turn(tx, event, delivered=True, hint=inbound.hint))

    async def _take_pending(self, row_id: int, inbound: Inbound) -> None:
        event = await self._inbound.of(inbound)
        async with self._store.turn(inbound.channel, inbound.address) as tx:
            if await tx.begin_inbox(row_id):
                await self._turn(tx, event, delivered=False, hint=inbound.hint)

    async def _give_up(self, row_id: int, inbound: Inbound) -> None:
        async with self._store.turn(inbound.channel, inbound.address) as tx:
            if await tx.begin_inbox(row_id):
                await tx.apply(effects.ForgetWords())  # they may be an answer that is not kept
                language = self._inbound.language(inbound.channel, inbound.address) or "fr"
                await tx.say([self._content.render(Text("utter_not_understood"), language)], delivered=False)

    # ── due rows and counsellors ────────────────────────────────────────────────────────────────────────

    async def due(self, row: DueRow) -> None:
        """A due row's moment has come: look again, and speak if it still makes sense."""
        try:
            async with self._store.turn_of(row.conversation_id) as tx:
                if not await tx.finish_due(row.id) or tx.blocked:
                    return
                await self._turn(tx, await wakes(tx, row), delivered=False)
        except ConversationGone:
            return  # erased meanwhile: the row went with it

    async def happen(self, conversation_id: str, event: Event) -> None:
        """Something happened to a conversation from outside it. Raises ConversationGone."""
        async with self._store.turn_of(conversation_id) as tx:
            await self._turn(tx, event, delivered=False)

    async def forget(self, conversation_id: str, since: datetime) -> bool:
        """Erase somebody who has not written since then, their teams told; False when they have."""
        try:
            async with self._store.turn_of(conversation_id) as tx:
                if tx.last_seen_at >= since:
                    return False
                await self._leads.forget(tx, "forgotten")
                await tx.apply(effects.EraseEverything())
        except ConversationGone:
            return False
        return True

    async def counsel(self, lead_id: str, act: Callable[[Transaction, LeadRow], Awaitable[Event | None]]) -> bool:
        """A counsellor's action, in one transaction with what it causes. False when the person erased all."""
        lead = await self._store.lead(lead_id)
        if lead is None or lead.conversation_id is None:
            return False
        try:
            async with self._store.turn_of(lead.conversation_id) as tx:
                event = await act(tx, lead)
                if event is not None:
                    await self._turn(tx, event, delivered=False)
        except ConversationGone:
            return False
        return True

    async def undelivered(self, row_id: int) -> None:
        """Give up a row of the outbox: had it a counsellor's words, the team is told, and owes them again."""
        lost = await self._store.lost_words(row_id)

        async def give_up(tx: Transaction, lead: LeadRow) -> Event | None:
            lead = await tx.lead(lead.id) or lead  # as it is once locked: it may have changed hands meanwhile
            if lost is None or not await tx.give_up(row_id) or lost.team != f"{lead.territory}/{lead.body}":
                return None  # arrived after all; or another team has it now: not its words to read
            first = await owe_again(tx, lead, self._teams, self._clock.now())
            kind = f"utter_team_kind_{lost.kind}"
            what = Quoted(lost.text) if lost.text or kind not in self._content.messages else Text(kind)
            text = Text("utter_team_not_arrived_first" if first else "utter_team_not_arrived", {
                "ref": Quoted(lead.ref), "name": Quoted(lost.name), "text": what})
            await tx.tell_team(lead.id, self._content.render(text, "fr", speaker="team"))
            return None

        if lost is None or not await self.counsel(lost.lead_id, give_up):
            await self._store.failed(row_id)

    # ── the turn itself ─────────────────────────────────────────────────────────────────────────────────

    async def _turn(
        self, tx: Transaction, event: Event | None, *, delivered: bool, hint: str | None = None,
    ) -> tuple[Rendered, ...]:
        state = decode(tx.state)
        if event is None:
            if passing.tells(self._world.catalog, state, None):
                await tx.apply(effects.ForgetWords())
            return ()
        if state.language is None and hint in self._content.languages and _tells_no_language(event):
            state = replace(state, language=hint)  # nothing was written that says more: what the phone speaks
        now = self._clock.now()
        snapshot = self._teams.lead_with_hours(await tx.snapshot(self._understanding()), now)
        said: list[Rendered] = []
        waiting: deque[Event] = deque([self._inbound.with_words(event, state)])
        for _ in range(MOST_ROUNDS):
            if not waiting:
                break
            state, deeds = step(self._world, state, waiting.popleft(), snapshot, now)
            for effect in deeds:
                answered = await self._deeds.carry_out(tx, effect, state, snapshot, said)
                if answered is not None:
                    waiting.append(answered)
        else:
            raise TurnTooLongError
        if said:
            await tx.say(said, delivered=delivered)
        await tx.save(encode(state), state.language)
        self._inbound.remember(tx.channel, tx.address, None if tx.erased else state.language)
        return tuple(said)

    def _alone(self, channel: str, address: str) -> Alone:
        return Alone(self._locks, (channel, address))


def _tells_no_language(event: Event) -> bool:
    """Whether the phone's language is all that is known: nothing was written, or a town (« 69200 »)."""
    return not isinstance(event, MessageReceived) or event.reading.town_alone(event.text) is not None
