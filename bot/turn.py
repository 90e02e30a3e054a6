"""The turn: one message, due row or counsellor's action, one transaction. Everything comes through here."""

import asyncio
from collections import OrderedDict, deque
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime
from typing import Protocol

import structlog

from bot import relay, tickets
from bot.clock import Clock
from bot.content import Content
from bot.due_events import wakes
from bot.inbound import (
    Blocked,
    Deleted,
    Edited,
    Inbound,
    Located,
    Media,
    Position,
    Press,
    Start,
    Words,
)
from bot.leads import Leads
from bot.limits import Limits
from bot.one_at_a_time import Alone
from bot.outbound import Rendered
from bot.store.errors import ConversationGone
from bot.store.lead_care import UNTAKEN, URGENT
from bot.store.store import Store
from bot.store.transaction import Transaction
from bot.store.values import DueRow, LeadRow
from bot.teams import Teams
from bot.translate import Translator
from bot.unheard import owe_again
from dialogues import effects, passing
from dialogues.codec import decode, encode
from dialogues.doubt import emergency
from dialogues.effects import Effect, KeepGap
from dialogues.events import Event
from dialogues.events.answers import BodyTold
from dialogues.events.person import (
    ButtonPressed,
    ContactBlocked,
    ContactStarted,
    MediaReceived,
    MessageDeleted,
    MessageReceived,
    PositionShared,
    TooManyMessages,
)
from dialogues.reading import Reading
from dialogues.snapshot import Snapshot
from dialogues.state import State
from dialogues.step import step
from dialogues.text import Quoted, Text
from dialogues.world import World
from handoff.promises import URGENT_WITHIN

log = structlog.get_logger(__name__)

# Effects answered by events go round at most so often in one turn.
MOST_ROUNDS = 8
# A message that failed this often is answered with a plain word instead, so that nobody waits in silence.
MOST_ATTEMPTS = 3
# Languages remembered between turns, only as a hint for the next detection.
REMEMBERED = 10_000


class Reader(Protocol):
    """Understands a message; see nlu.understanding."""

    async def read(self, text: str, prior: str | None, hint: str | None, now: datetime) -> Reading:
        """The reading of ``text``."""


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
        self._reader = reader
        self._content = content
        self._world = world
        self._clock = clock
        self._teams = teams
        self._leads = Leads(content, teams, clock)
        self._nearest = nearest
        self._understanding = understanding
        self._note_gap = note_gap
        self._limits = limits or Limits()
        self._translator = translator
        self._locks: dict[tuple[str, str], tuple[asyncio.Lock, int]] = {}
        self._languages: OrderedDict[tuple[str, str], str] = OrderedDict()

    # ── messages ────────────────────────────────────────────────────────────────────────────────────────

    async def accept(self, inbound: Inbound) -> bool:
        """Keep an update for its turn. False when it was already seen."""
        return await self._store.receive(self._located(inbound))

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
        inbound = self._located(inbound)
        event = await self._event(inbound)
        async with self._store.turn(inbound.channel, inbound.address) as tx:
            if not await tx.note_inbox(inbound):
                return ()
            waiting = await tx.fetch() if fetches else ()
            return (*waiting, *await self._turn(tx, event, delivered=True, hint=inbound.hint))

    async def _take_pending(self, row_id: int, inbound: Inbound) -> None:
        event = await self._event(inbound)
        async with self._store.turn(inbound.channel, inbound.address) as tx:
            if await tx.begin_inbox(row_id):
                await self._turn(tx, event, delivered=False, hint=inbound.hint)

    async def _give_up(self, row_id: int, inbound: Inbound) -> None:
        async with self._store.turn(inbound.channel, inbound.address) as tx:
            if await tx.begin_inbox(row_id):
                await tx.apply(effects.ForgetWords())  # they may be an answer that is not kept
                language = self._languages.get((inbound.channel, inbound.address), "fr")
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

    # ── from an update to an event ──────────────────────────────────────────────────────────────────────

    def _located(self, inbound: Inbound) -> Inbound:
        """A position becomes a commune before anything else sees it."""
        if isinstance(inbound.content, Position):
            commune = self._nearest(inbound.content.latitude, inbound.content.longitude)
            return replace(inbound, content=Located(commune, inbound.content.enclosure))
        return inbound

    async def _event(self, inbound: Inbound) -> Event | None:
        """The event of an update; None when it is one too many of a burst that has been told so."""
        sender = f"{inbound.channel}\0{inbound.address}"
        allowed = self._limits.allows(sender, inbound.received_at.timestamp())
        if not allowed and not isinstance(inbound.content, Words | Edited):
            return TooManyMessages() if self._limits.first_refusal(sender) else None
        match inbound.content:
            case Words(text=text) | Edited(text=text):
                prior = self._languages.get((inbound.channel, inbound.address))
                reading = await self._reader.read(text, prior, inbound.hint, self._clock.now())
                if not allowed and emergency(reading) is None:
                    return TooManyMessages() if self._limits.first_refusal(sender) else None
                translation = await self._in_french(inbound, text, reading)
                return MessageReceived(
                    text, reading, edited=isinstance(inbound.content, Edited), translation=translation)
            case Press(payload=payload):
                return ButtonPressed(payload)
            case Start(origin=origin):
                return ContactStarted(origin, inbound.hint)
            case Located(commune=commune, enclosure=enclosure):
                return PositionShared(commune, enclosure)
            case Media(kind=kind, enclosure=enclosure, album=album):
                return MediaReceived(kind, enclosure, album)
            case Deleted():
                return MessageDeleted()
            case Blocked():
                return ContactBlocked()
        return None

    async def _in_french(self, inbound: Inbound, text: str, reading: Reading) -> str | None:
        """What a counsellor reads above the person's words; before the turn, so that nobody waits behind it."""
        if self._translator is None or emergency(reading) is not None:  # whoever is in danger waits for nothing
            return None
        state, language = await self._store.talk(inbound.channel, inbound.address)
        source = reading.language or language or "fr"
        if source == "fr" or decode(state).mode != "human":
            return None
        return await self._translator.translate(text, source, "fr")

    def _with_words(self, event: Event, state: State) -> Event:
        """Add what only the content knows: whether the words are a button's, of the last offer or of the menu."""
        if not isinstance(event, MessageReceived):
            return event
        language = state.language or event.reading.language or "fr"
        offered = state.offers[-1].options if state.offers else ()
        choice = self._content.match_choice(offered, event.text, language)
        label = self._content.match_label(event.text, language)
        if label is not None:
            reading = replace(
                event.reading, intent=label, confidence=1.0, ranking=((label, 1.0),), available=True
            )
            return replace(event, reading=reading, choice=choice)
        return replace(event, choice=choice)

    # ── the turn itself ─────────────────────────────────────────────────────────────────────────────────

    async def _turn(
        self, tx: Transaction, event: Event | None, *, delivered: bool, hint: str | None = None,
    ) -> tuple[Rendered, ...]:
        state = decode(tx.state)
        if event is None:
            if passing.tells(self._world.catalog, state, None):
                await tx.apply(effects.ForgetWords())
            return ()
        if state.language is None and hint in self._content.languages and not isinstance(event, MessageReceived):
            state = replace(state, language=hint)  # nothing was written that says more: what the phone speaks
        now = self._clock.now()
        snapshot = self._teams.lead_with_hours(await tx.snapshot(self._understanding()), now)
        said: list[Rendered] = []
        waiting: deque[Event] = deque([self._with_words(event, state)])
        for _ in range(MOST_ROUNDS):
            if not waiting:
                break
            state, deeds = step(self._world, state, waiting.popleft(), snapshot, now)
            for effect in deeds:
                answered = await self._apply(tx, effect, state, snapshot, said)
                if answered is not None:
                    waiting.append(answered)
        else:
            raise TurnTooLongError
        if said:
            await tx.say(said, delivered=delivered)
        await tx.save(encode(state), state.language)
        self._remember(tx, state)
        return tuple(said)

    async def _apply(
        self, tx: Transaction, effect: Effect, state: State, snapshot: Snapshot, said: list[Rendered]
    ) -> Event | None:
        language = state.language or "fr"
        match effect:
            case effects.Say():
                voice = effect.language or state.voice or "fr"
                words = self._content.render(effect.text, voice, effect.choices)
                said.append(replace(words, passing=effect.passing, until=effect.until, about=effect.about,
                                    begins=effect.begins))
            case effects.PassOn() | effects.PassOnEnclosure():
                said.append(relay.to_person(self._content, effect, language))
            case effects.ShowPlace(session=session):
                said.extend(tickets.place(self._content, session, language))
            case effects.GiveCalendarFile():
                file = tickets.calendar_file(self._content, effect, language, self._clock.now())
                said[-1:] = [replace(one, attachment=file) for one in said[-1:]]
            case effects.FindTeam():
                held = await tx.lead(snapshot.lead.id) if snapshot.lead is not None else None
                return self._teams.find(effect, await tx.load(), self._clock.now(), held)
            case effects.OpenLead():
                return await self._leads.open(tx, effect, snapshot)
            case effects.PassLead():
                return await self._leads.pass_on(tx, effect, snapshot)
            case effects.AnswerLiaison():
                return await self._leads.answer_liaison(tx, effect)
            case effects.WithdrawLeads():
                await self._leads.take_back(tx)
            case effects.RelayToTeam():
                return await self._leads.relay(tx, effect)
            case effects.MarkBlocked():
                known = tx.blocked
                await tx.apply(effect)
                if not known and snapshot.lead is not None and snapshot.lead.state in ("taken", "handed_back"):
                    await self._leads.tell_of_block(tx, snapshot.lead.id)
            case effects.TellTeam(lead_id=lead_id, text=text):
                urgent = text.key == "utter_team_emergency"
                await tx.tell_team(lead_id, self._content.render(text, "fr", speaker="team"), loud=urgent)
                if urgent:
                    lead = await tx.lead(lead_id)
                    kind = URGENT if lead is not None and lead.state == "taken" else UNTAKEN
                    await tx.watch_by(lead_id, kind, self._clock.now() + URGENT_WITHIN)
            case effects.TellBody(body=body, territory=territory, text=text):
                told = await tx.tell_body(body, self._content.render(text, "fr", speaker="team"), territory)
                if effect.word is not None:
                    await tx.keep_word(effect.appointment_id, effect.word)
                return BodyTold(told)
            case effects.KeepGap():
                self._note_gap(effect, state.language)
            case effects.EraseEverything():
                await self._leads.forget(tx, "withdrawn")
                return await tx.apply(effect)
            case _:
                return await tx.apply(effect)
        return None

    def _remember(self, tx: Transaction, state: State) -> None:
        key = (tx.channel, tx.address)
        self._languages.pop(key, None)
        if state.language is not None and not tx.erased:
            self._languages[key] = state.language
            if len(self._languages) > REMEMBERED:
                self._languages.popitem(last=False)

    def _alone(self, channel: str, address: str) -> Alone:
        return Alone(self._locks, (channel, address))
