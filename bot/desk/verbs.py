"""The counsellor's verbs: the same from a group and from the console, each one transaction."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TypeAlias

from bot import cards
from bot.clock import Clock
from bot.content import Content
from bot.desk.outcomes import LONGEST_REPLY, Outcome
from bot.desk.team_cards import Cards
from bot.store.store import Store
from bot.store.transaction import Transaction
from bot.store.values import Counsellor, LeadRow
from bot.turn import Turns
from dialogues.events import CounsellorWrote, Event, LeadClosed, LeadHandedBack, LeadRefused, LeadTaken
from dialogues.snapshot import Geography, Team
from handoff.directory import Directory
from handoff.leads import OVER, REFUSALS, Verb, before, transition
from handoff.routing import route

Act: TypeAlias = Callable[[Transaction, LeadRow], Awaitable[tuple[Outcome, Event | None]]]


def sees(counsellor: Counsellor, lead: LeadRow) -> bool:
    """Whether the lead is this counsellor's to see: their body's, or anyone's of the consortium they look after."""
    return lead.territory == counsellor.consortium and counsellor.body in (None, lead.body)


class Verbs:
    """What counsellors do to leads. Knows no platform."""

    def __init__(
        self, store: Store, turns: Turns, content: Content, directory: Directory, geography: Geography, clock: Clock
    ) -> None:
        self.store = store
        self.directory = directory
        self.clock = clock
        self.cards = Cards(content)
        self._content = content
        self._turns = turns
        self._geography = geography

    async def take(self, lead_ref: str, counsellor: Counsellor) -> Outcome:
        """The lead is this counsellor's: of two who try at once, one gets it and the other is told who."""

        async def act(tx: Transaction, lead: LeadRow) -> tuple[Outcome, Event | None]:
            if not await self._move(tx, lead, "take", counsellor, name=counsellor.name):
                lead = await tx.lead(lead.id) or lead
                if lead.state == "taken" and lead.taken_by == counsellor.id:
                    return Outcome("yours_already", lead.ref), None
                return missed(lead), None
            await tx.edit_cards(lead.id, self.cards.taken(lead, counsellor.name))
            return Outcome("done", lead.ref), LeadTaken(lead.id, counsellor.name)

        return await self.act(lead_ref, counsellor, act)

    async def refuse(self, lead_ref: str, counsellor: Counsellor, reason: str) -> Outcome:
        """Not for their body: the next of the consortium is asked. ``reason``: a key of REFUSALS, else other."""
        why = reason if reason in REFUSALS else "other"

        async def act(tx: Transaction, lead: LeadRow) -> tuple[Outcome, Event | None]:
            if not await self._move(tx, lead, "refuse", counsellor, reason=why):
                return missed(await tx.lead(lead.id) or lead), None
            lead = await tx.lead(lead.id) or lead
            await tx.edit_cards(lead.id, self.cards.refused(lead, counsellor.name, why))
            team = self._next(lead)
            if team is None:
                await tx.tell_team(lead.id, self.cards.unowned(lead))
            else:
                await tx.offer_lead_to(
                    lead.id, team,
                    lambda ref: self.cards.offered(replace(lead, ref=ref, reasons=team.reasons)),
                    lambda ref: cards.topic(self._content, ref, dict(lead.items), lead.urgent),
                )
            return Outcome("done", lead.ref), LeadRefused(lead.id, team)

        return await self.act(lead_ref, counsellor, act)

    async def reply(self, lead_ref: str, counsellor: Counsellor, text: str, *, told: bool = False) -> Outcome:
        """Give these words to the person, under the counsellor's first name.

        ``told``: the team's group has already read them, since they were written there.
        """
        words = text.strip()

        async def act(tx: Transaction, lead: LeadRow) -> tuple[Outcome, Event | None]:
            if not words:
                return Outcome("empty", lead.ref), None
            if len(words) > LONGEST_REPLY:
                return Outcome("too_long", lead.ref), None
            if lead.state not in before("reply"):
                return _unsent(lead), None
            if tx.blocked:
                return Outcome("blocked", lead.ref), None
            await tx.keep_message(lead.id, "counsellor", words, name=counsellor.name)
            if not told:
                await tx.tell_team(lead.id, self.cards.console_said(counsellor.name, words))
            return Outcome("done", lead.ref), CounsellorWrote(lead.id, counsellor.name, words)

        return await self.act(lead_ref, counsellor, act)

    async def hand_back(self, lead_ref: str, counsellor: Counsellor) -> Outcome:
        """The bot talks again; the lead stays theirs."""

        async def act(tx: Transaction, lead: LeadRow) -> tuple[Outcome, Event | None]:
            if not await self._move(tx, lead, "hand_back", counsellor):
                return missed(lead), None
            await tx.edit_cards(lead.id, self.cards.back(lead, counsellor.name))
            return Outcome("done", lead.ref), LeadHandedBack(lead.id)

        return await self.act(lead_ref, counsellor, act)

    async def close(self, lead_ref: str, counsellor: Counsellor) -> Outcome:
        """It is over; what the card said of the person goes."""

        async def act(tx: Transaction, lead: LeadRow) -> tuple[Outcome, Event | None]:
            if not await self._move(tx, lead, "close", counsellor):
                return missed(lead), None
            closed = self.cards.closed(lead, counsellor.name)
            await tx.edit_cards(lead.id, closed)
            await tx.tell_team(lead.id, closed, kind="close")
            return Outcome("done", lead.ref), LeadClosed(lead.id)

        return await self.act(lead_ref, counsellor, act)

    async def act(self, lead_ref: str, counsellor: Counsellor, deed: Act) -> Outcome:
        """Carry ``deed`` out on the lead as it is once locked, if it is this counsellor's to see."""
        outcome = Outcome("gone")

        async def locked(tx: Transaction, lead: LeadRow) -> Event | None:
            nonlocal outcome
            now = await tx.lead(lead.id)
            if now is None or not sees(counsellor, now):
                outcome = Outcome("not_yours")
                return None
            outcome, event = await deed(tx, now)
            return event

        known = await self.store.lead(lead_ref)
        if known is None:
            return outcome
        if not sees(counsellor, known):
            return Outcome("not_yours")
        if not await self._turns.counsel(known.id, locked):
            return Outcome("gone", known.ref)
        return outcome

    async def _move(
        self, tx: Transaction, lead: LeadRow, verb: Verb, counsellor: Counsellor, *, reason: str | None = None,
        name: str | None = None,
    ) -> bool:
        expected = before(verb)
        if lead.state not in expected:
            return False
        return await tx.move_lead(
            lead.id, transition(lead.state, verb), counsellor.id, reason, name, expected=frozenset(expected)
        )

    def _next(self, lead: LeadRow) -> Team | None:
        """Who is asked after a refusal: of the same consortium always, for the same place."""
        items = dict(lead.items)
        team = route(
            self.directory, self._geography, commune=None, territory=lead.territory,
            need=lead.urgent or items.get("need", ""), language=items.get("language", "fr"),
            urgent=lead.urgent is not None, refused=frozenset(lead.refused),
        )
        # The first reason says where the person is; asked again without their commune, it would say less.
        return replace(team, reasons=(*lead.reasons[:1], *team.reasons[1:])) if team is not None else None


def missed(lead: LeadRow) -> Outcome:
    """Why a move was not possible, from how the lead is now."""
    if lead.state in OVER:
        return Outcome("over", lead.ref)
    if lead.state == "taken":
        return Outcome("taken_by", lead.ref, lead.taken_name or "")
    return Outcome("moved_on", lead.ref)


def _unsent(lead: LeadRow) -> Outcome:
    if lead.state in OVER:
        return Outcome("over", lead.ref)
    return Outcome("take_again_first" if lead.state == "handed_back" else "take_first", lead.ref)
