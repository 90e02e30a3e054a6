"""Buttons on the cards of a team's group."""

from bot.desk.group_talk import GroupTalk
from bot.desk.outcomes import Outcome
from bot.desk.verbs import SAME_PRESS, STAGED, missed
from bot.desk.writing import Writing
from bot.store.transaction import Transaction
from bot.store.values import Counsellor, LeadRow
from bot.team_inbound import TeamInbound, TeamPress
from dialogues.events import Event
from dialogues.text import Quoted
from handoff.leads import before, stages_ahead


class Presses:
    """From a button to its verb."""

    def __init__(self, verbs: Writing, group: GroupTalk) -> None:
        self._verbs = verbs
        self._store = verbs.store
        self._cards = verbs.cards
        self._group = group

    async def press(self, inbound: TeamInbound, press: TeamPress) -> None:
        """Do what the button says, and say why when it cannot be done."""
        chat = await self._store.team_chat(inbound.channel, inbound.address)
        if chat is None:
            await self._group.answer(inbound, self._cards.say("not_connected"))
            return
        counsellor = await self._group.counsellor(inbound, chat)
        if counsellor is None:
            await self._group.answer(inbound, self._cards.say("disabled"))
            return
        match press.verb:
            case "take":
                outcome = await self._verbs.take(press.lead, counsellor)
            case "refuse":
                outcome = await self._ask_reason(press.lead, counsellor)
            case "refuse_because":
                outcome = await self._verbs.refuse(press.lead, counsellor, press.reason or "other")
            case "back":
                outcome = await self._verbs.hand_back(press.lead, counsellor)
            case "close":
                outcome = await self._verbs.close(press.lead, counsellor)
            case "dates":
                outcome = await self._verbs.propose_dates(press.lead, counsellor)
            case "stage":
                outcome = await self._ask_stage(press.lead, counsellor)
            case "stage_is":
                outcome = await self._note_stage(press.lead, counsellor, press.reason or "")
            case "outcome":
                outcome = await self._verbs.outcome(press.lead, counsellor, press.reason or "")
            case "pass":
                outcome = await self._ask_team(press.lead, counsellor)
            case "pass_to":
                outcome = await self._verbs.propose_pass(press.lead, counsellor, press.reason or "")
            case "phrases":
                outcome = await self._verbs.offer_phrases(press.lead, counsellor)
            case "phrase":
                outcome = await self._verbs.phrase(press.lead, counsellor, press.reason or "")
            case _:  # a button that another version made: its card says how things are
                outcome = Outcome("moved_on", press.lead)
        if not outcome.done:
            await self._group.tell(inbound, press.lead, counsellor, self._cards.outcome(outcome))

    async def _ask_reason(self, lead_ref: str, counsellor: Counsellor) -> Outcome:
        """Not for us: why? Nothing moves before the answer."""

        async def act(tx: Transaction, lead: LeadRow) -> tuple[Outcome, Event | None]:
            if lead.state not in before("refuse"):
                return missed(lead), None
            await tx.show_team(lead.id, self._cards.ask_reason(lead), self._verbs.clock.now() - SAME_PRESS)
            return Outcome("done", lead.ref), None

        return await self._verbs.act(lead_ref, counsellor, act)

    async def _ask_stage(self, lead_ref: str, counsellor: Counsellor) -> Outcome:
        """How far did it come? As the console asks it."""

        async def act(tx: Transaction, lead: LeadRow) -> tuple[Outcome, Event | None]:
            if lead.state not in STAGED:
                return missed(lead), None
            if not stages_ahead(lead.stage):
                return Outcome("no_stages", lead.ref), None
            await tx.show_team(lead.id, self._cards.ask_stage(lead), self._verbs.clock.now() - SAME_PRESS)
            return Outcome("done", lead.ref), None

        return await self._verbs.act(lead_ref, counsellor, act)

    async def _note_stage(self, lead_ref: str, counsellor: Counsellor, stage: str) -> Outcome:
        """Note it, and say so: on the console the page itself shows it."""
        outcome = await self._verbs.came_to(lead_ref, counsellor, stage)
        if not outcome.done:
            return outcome

        async def act(tx: Transaction, lead: LeadRow) -> tuple[Outcome, Event | None]:
            await tx.tell_team(lead.id, self._cards.say("outcome_noted", {"ref": Quoted(lead.ref)}))
            return Outcome("done", lead.ref), None

        return await self._verbs.act(lead_ref, counsellor, act)

    async def _ask_team(self, lead_ref: str, counsellor: Counsellor) -> Outcome:
        """To which team? The person is asked only after the answer."""

        async def act(tx: Transaction, lead: LeadRow) -> tuple[Outcome, Event | None]:
            if lead.state not in before("pass_on"):
                return missed(lead), None
            teams = self._verbs.teams.others(lead)
            if not teams:
                return Outcome("no_teams", lead.ref), None
            await tx.show_team(lead.id, self._cards.teams(lead, teams), self._verbs.clock.now() - SAME_PRESS)
            return Outcome("done", lead.ref), None

        return await self._verbs.act(lead_ref, counsellor, act)
