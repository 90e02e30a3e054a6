"""The counsellor's verbs: the same from a group and from the console, each one transaction."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import TypeAlias

from bot import cards
from bot.clock import Clock
from bot.content import Content
from bot.desk.outcomes import Outcome
from bot.desk.team_cards import Cards
from bot.store.lead_care import SILENT, UNANSWERED, URGENT
from bot.store.store import Store
from bot.store.transaction import Transaction
from bot.store.values import Counsellor, LeadRow
from bot.teams import Teams
from bot.translate import Translator
from bot.turn import Turns
from dialogues.actions.permanences import session_title
from dialogues.effects import FindSessions
from dialogues.events import Event
from dialogues.events.answers import SessionsFound
from dialogues.events.team import DatesProposed, LeadClosed, LeadHandedBack, LeadRefused, LeadTaken, PassProposed
from dialogues.snapshot import Team
from dialogues.text import Quoted
from handoff.leads import CHOICES, OVER, REFUSALS, STAGES, Verb, before, stages_before, transition
from handoff.promises import ALARM

# How many dates a counsellor's button proposes, and how far ahead it looks.
PROPOSED, PROPOSED_WITHIN = 4, timedelta(days=30)
# The same given again so soon, with nothing said in between, is the same press: the network was slow.
SAME_PRESS = timedelta(minutes=1)
# The states in which a team may say how far it came with the person.
STAGED = frozenset({"taken", "handed_back"})
Act: TypeAlias = Callable[[Transaction, LeadRow], Awaitable[tuple[Outcome, Event | None]]]


def sees(counsellor: Counsellor, lead: LeadRow) -> bool:
    """Whether the lead is this counsellor's to see: their body's, or anyone's of the consortium they look after."""
    return lead.territory == counsellor.consortium and counsellor.body in (None, lead.body)


class Verbs:
    """What counsellors do to leads. Knows no platform."""

    def __init__(
        self, store: Store, turns: Turns, content: Content, teams: Teams, clock: Clock,
        translator: Translator | None = None,
    ) -> None:
        self.store = store
        self.directory = teams.directory
        self.promises = teams.promises
        self.clock = clock
        self.cards = Cards(content)
        self._content = content
        self._turns = turns
        self.teams = teams
        self.translator = translator

    async def take(self, lead_ref: str, counsellor: Counsellor) -> Outcome:
        """The lead is this counsellor's: of two who try at once, one gets it and the other is told who."""

        async def act(tx: Transaction, lead: LeadRow) -> tuple[Outcome, Event | None]:
            if not await self._move(tx, lead, "take", counsellor, name=counsellor.name):
                lead = await tx.lead(lead.id) or lead
                if lead.state == "taken" and lead.taken_by == counsellor.id:
                    return Outcome("yours_already", lead.ref), None
                return missed(lead), None
            await tx.edit_cards(lead.id, self.cards.taken(lead, counsellor.name))
            await tx.escalated(lead.id, 0)
            if lead.written:  # taken up again: they have written before
                if await tx.watched(lead.id) != URGENT:
                    await tx.watch(lead.id, None, None)
                return Outcome("done", lead.ref), LeadTaken(lead.id, counsellor.name)
            by = self.promises.contact_by(
                lead.territory, lead.body, self.clock.now(), urgent=lead.urgent is not None
            )
            await tx.watch(lead.id, SILENT, by)
            return Outcome("done", lead.ref), LeadTaken(lead.id, counsellor.name, by)

        return await self.act(lead_ref, counsellor, act)

    async def refuse(self, lead_ref: str, counsellor: Counsellor, reason: str) -> Outcome:
        """Not for their body: the next of the consortium is asked. ``reason``: a key of REFUSALS, else other."""
        why = reason if reason in REFUSALS else "other"

        async def act(tx: Transaction, lead: LeadRow) -> tuple[Outcome, Event | None]:
            if not await self._move(tx, lead, "refuse", counsellor, reason=why):
                return missed(await tx.lead(lead.id) or lead), None
            lead = await tx.lead(lead.id) or lead
            await tx.edit_cards(lead.id, self.cards.refused(lead, counsellor.name, why))
            team = self._next(lead, await tx.load())
            if team is None:
                await tx.tell_team(lead.id, self.cards.unowned(lead))
                await tx.escalated(lead.id, ALARM)  # nobody is left to ask: it is on the first page at once
            else:
                await tx.offer_lead_to(
                    lead.id, team,
                    lambda ref: self.cards.offered(replace(lead, ref=ref, reasons=team.reasons)),
                    lambda ref: cards.topic(self._content, ref, dict(lead.items), lead.urgent),
                )
                await tx.escalated(lead.id, 0)
            await self.teams.watch_untaken(tx, await tx.lead(lead.id) or lead, self.clock.now())
            return Outcome("done", lead.ref), LeadRefused(lead.id, team)

        return await self.act(lead_ref, counsellor, act)

    async def hand_back(self, lead_ref: str, counsellor: Counsellor) -> Outcome:
        """The bot talks again; the lead stays theirs."""

        async def act(tx: Transaction, lead: LeadRow) -> tuple[Outcome, Event | None]:
            if not await self._move(tx, lead, "hand_back", counsellor):
                return missed(lead), None
            # The person keeps waiting for a first word, and for an answer to an emergency, whoever talks meanwhile.
            if await tx.watched(lead.id) == UNANSWERED:
                await tx.answered(lead)
            await tx.edit_cards(lead.id, self.cards.back(lead, counsellor.name))
            return Outcome("done", lead.ref), LeadHandedBack(lead.id)

        return await self.act(lead_ref, counsellor, act)

    async def close(
        self, lead_ref: str, counsellor: Counsellor, *, here: tuple[str, str] | None = None,
    ) -> Outcome:
        """It is over; what the card said of the person goes.

        ``here``: the mailbox from whose page it is said; that page asks by itself what came of it.
        """

        async def act(tx: Transaction, lead: LeadRow) -> tuple[Outcome, Event | None]:
            if not await self._move(tx, lead, "close", counsellor):
                return missed(lead), None
            await tx.watch(lead.id, None, None)
            closed = self.cards.closed(lead, counsellor.name)
            await tx.edit_cards(lead.id, closed)
            await tx.tell_team(lead.id, self.cards.ask_outcome(lead), but=here)
            await tx.tell_team(lead.id, closed, kind="close")
            return Outcome("done", lead.ref), LeadClosed(lead.id)

        return await self.act(lead_ref, counsellor, act)

    async def came_to(self, lead_ref: str, counsellor: Counsellor, stage: str) -> Outcome:
        """How far it came with the person: met, enrolled. ``stage``: one of STAGES; only forward."""

        async def act(tx: Transaction, lead: LeadRow) -> tuple[Outcome, Event | None]:
            if stage not in STAGES or lead.state not in STAGED:
                return missed(lead), None
            if not await tx.stage(lead.id, stage, stages_before(stage), counsellor.id):
                return Outcome("moved_on", lead.ref), None
            await tx.answered(lead)
            return Outcome("done", lead.ref), None

        return await self.act(lead_ref, counsellor, act)

    async def propose_pass(self, lead_ref: str, counsellor: Counsellor, body: str) -> Outcome:
        """Ask the person whether another team of the consortium may have the request. Nothing moves before."""

        async def act(tx: Transaction, lead: LeadRow) -> tuple[Outcome, Event | None]:
            team = self.teams.passed_to(lead.territory, body, lead)
            if lead.state not in before("pass_on") or team is None or team.body == lead.body:
                return missed(lead), None
            if tx.blocked:
                return Outcome("blocked", lead.ref), None
            words = self.cards.say("pass_line", {"team": Quoted(team.name)}).text
            if await tx.said_since(lead.id, words, self.clock.now() - SAME_PRESS):
                return Outcome("done", lead.ref), None
            await tx.keep_message(lead.id, "counsellor", words, name=counsellor.name, kind="pass")
            await tx.tell_team(lead.id, self.cards.say("pass_asked", {
                "name": Quoted(counsellor.name), "team": Quoted(team.name),
            }))
            return Outcome("done", lead.ref), PassProposed(lead.id, counsellor.name, team, lead.items)

        return await self.act(lead_ref, counsellor, act)

    async def propose_dates(self, lead_ref: str, counsellor: Counsellor) -> Outcome:
        """Send the person the next free dates of this body and its consortium, each a button that books."""

        async def act(tx: Transaction, lead: LeadRow) -> tuple[Outcome, Event | None]:
            if lead.state not in before("reply"):
                return unsent(lead), None
            if tx.blocked:
                return Outcome("blocked", lead.ref), None
            found = await tx.apply(FindSessions(self.clock.now() + PROPOSED_WITHIN))
            sessions = [one for one in found.sessions if one.territory == lead.territory] if isinstance(
                found, SessionsFound) else []
            # Their own permanences first, each the soonest first.
            sessions.sort(key=lambda one: (one.body != lead.body, one.starts_at))
            if not sessions:
                return Outcome("no_dates", lead.ref), None
            shown = tuple(sessions[:PROPOSED])
            words = " ; ".join(self._content.arg(session_title(one), "fr") for one in shown)
            if await tx.said_since(lead.id, words, self.clock.now() - SAME_PRESS):
                return Outcome("done", lead.ref), None
            await tx.keep_message(lead.id, "counsellor", words, name=counsellor.name, kind="dates")
            await self._wrote(tx, lead, counsellor)
            return Outcome("done", lead.ref), DatesProposed(lead.id, counsellor.name, shown)

        return await self.act(lead_ref, counsellor, act)

    async def outcome(
        self, lead_ref: str, counsellor: Counsellor, outcome: str, *, here: tuple[str, str] | None = None,
    ) -> Outcome:
        """What came of a request that is closed. ``outcome``: a key of OUTCOMES; said again, the last counts.

        ``here``: the mailbox from whose page it is said.
        """

        async def act(tx: Transaction, lead: LeadRow) -> tuple[Outcome, Event | None]:
            if outcome not in CHOICES or lead.state != "closed":
                return Outcome("moved_on", lead.ref), None
            await tx.outcome(lead.id, outcome, counsellor.id)
            noted = self.cards.say("outcome_noted", {"ref": Quoted(lead.ref)})
            await tx.show_team(lead.id, noted, self.clock.now() - SAME_PRESS, but=here)
            return Outcome("done", lead.ref), None

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
            if await tx.left_team(counsellor.id):
                outcome = Outcome("disabled")
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

    async def _wrote(self, tx: Transaction, lead: LeadRow, counsellor: Counsellor) -> None:
        """The person was written to. Where they have to come and fetch it, it is looked whether they do."""
        await tx.wrote(lead, counsellor.id)
        if await tx.unseen_since(lead) is None:  # else it is watched, or was told
            by = self.promises.seen_by(lead.territory, lead.body, self.clock.now())
            await tx.watch_unseen(lead.id, by)

    def _next(self, lead: LeadRow, load: Mapping[tuple[str, str], int]) -> Team | None:
        """Who is asked after a refusal: of the same consortium always, for the same place."""
        team = self.teams.next(lead, load, self.clock.now())
        # The first reason says where the person is; asked again without their commune, it would say less.
        return replace(team, reasons=(*lead.reasons[:1], *team.reasons[1:])) if team is not None else None


def missed(lead: LeadRow) -> Outcome:
    """Why a move was not possible, from how the lead is now."""
    if lead.state in OVER:
        return Outcome("over", lead.ref)
    if lead.state == "taken":
        return Outcome("taken_by", lead.ref, lead.taken_name or "")
    return Outcome("moved_on", lead.ref)


def unsent(lead: LeadRow) -> Outcome:
    """Why nothing can be given to the person, from how the lead is now."""
    if lead.state in OVER:
        return Outcome("over", lead.ref)
    return Outcome("take_again_first" if lead.state == "handed_back" else "take_first", lead.ref)
