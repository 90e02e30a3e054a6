"""What becomes of a person's requests in a turn: opened, moved, passed on, taken back, written to."""

from dataclasses import replace
from typing import Literal

from bot import cards, relay
from bot.clock import Clock
from bot.content import Content
from bot.returning import give_back
from bot.store.lead_care import UNANSWERED, URGENT
from bot.store.transaction import Transaction
from bot.store.values import LeadRow
from bot.teams import Teams
from bot.unheard import owe_again
from dialogues import effects
from dialogues.events import Event
from dialogues.events.answers import LeadOpened, LeadPassed, LiaisonAnswered
from dialogues.events.team import LeadReturned
from dialogues.items import shown
from dialogues.snapshot import Snapshot, Team
from dialogues.text import Quoted, Text
from dialogues.world import CONSENT_VERSIONS
from handoff.leads import before
from handoff.promises import ADMINS, URGENT_WITHIN


class Leads:
    """Carries the effects on leads to the store and to the teams, inside the turn's transaction."""

    def __init__(self, content: Content, teams: Teams, clock: Clock) -> None:
        self._content = content
        self._teams = teams
        self._clock = clock

    async def relay(self, tx: Transaction, effect: effects.RelayToTeam) -> Event | None:
        """Give the person's words to the team, which owes an answer; said at once when nobody there sees them."""
        await tx.apply(effect)
        posted = await tx.tell_team(effect.lead_id, relay.to_team(self._content, effect))
        lead, now = await tx.lead(effect.lead_id), self._clock.now()
        if lead is None or lead.state != "taken":
            return None
        if not posted and not await tx.reads_console(lead.taken_by):
            await give_back(tx, lead, self._content, self._teams, now, ADMINS)
            return LeadReturned(lead.id)
        if effect.waits:
            by = self._teams.promises.answer_by(lead.territory, lead.body, now, urgent=lead.urgent is not None)
            await tx.watch_by(lead.id, UNANSWERED, by)
        return None

    async def tell_of_block(self, tx: Transaction, lead_id: str) -> None:
        """Tell the team that nothing reaches the person any more. What waited for them is dropped by now: it may
        have been the first word of all."""
        lead = await tx.lead(lead_id)
        first = lead is not None and await owe_again(tx, lead, self._teams, self._clock.now(), reachable=False)
        said = Text("utter_team_person_blocked_first" if first else "utter_team_person_blocked", {
            "ref": Quoted(lead.ref if lead else "")})
        await tx.tell_team(lead_id, self._content.render(said, "fr", speaker="team"))

    async def open(
        self, tx: Transaction, effect: effects.OpenLead, snapshot: Snapshot
    ) -> LeadOpened:
        """Offer the request to the team the person agreed to: a new one, or the one they have already."""
        held = await tx.lead(snapshot.lead.id) if snapshot.lead is not None else None
        if held is not None and held.state in before("ask_again"):
            return await self._ask_again(tx, effect, held)
        joins = held is not None and held.state == "taken"
        card = cards.joined if joins else cards.offered
        opened = await tx.open_lead(
            effect,
            card=lambda ref: card(self._content, ref, effect.items, effect.reasons, effect.urgent),
            topic=lambda ref: cards.topic(self._content, ref, effect.items, effect.urgent),
        )
        lead = await tx.lead(opened.lead_id)
        if lead is not None and lead.state == "offered":
            # Asked anew, or more pressing than it was: it starts from the bottom, at the pace it has now.
            await tx.escalated(lead.id, 0)
            await self._teams.watch_untaken(tx, replace(lead, level=0), self._clock.now())
        elif lead is not None and effect.urgent is not None:
            await tx.watch_by(lead.id, URGENT, self._clock.now() + URGENT_WITHIN)
        elif lead is not None and lead.state == "taken":  # asked of who talks with them: an answer is owed
            by = self._teams.promises.answer_by(
                lead.territory, lead.body, self._clock.now(), urgent=lead.urgent is not None)
            await tx.watch_by(lead.id, UNANSWERED, by)
        return opened

    async def _ask_again(
        self, tx: Transaction, effect: effects.OpenLead, held: LeadRow
    ) -> LeadOpened:
        """The person asks once more, and nobody talks with them: the team they agreed to now has it, no other does.

        One card holds all that this team was given: the one before says no more than where the request is.
        """
        stays = (held.territory, held.body) == (effect.territory, effect.body)
        before_this = Text(f"utter_team_card_{'again' if stays else 'moved'}", {"ref": Quoted(held.ref)})
        await tx.edit_cards(held.id, self._content.render(before_this, "fr", speaker="team"))
        await tx.give_items(held.id, effect)
        given = await tx.lead(held.id) or held
        items, urgent = given.items, given.urgent
        await tx.offer_lead_to(
            held.id, Team(effect.body, effect.territory, "", "", effect.reasons),
            lambda ref: cards.offered(self._content, ref, items, effect.reasons, urgent),
            lambda ref: cards.topic(self._content, ref, dict(items), urgent),
            "person", stays=stays,
        )
        await tx.escalated(held.id, 0)
        await self._teams.watch_untaken(tx, await tx.lead(held.id) or held, self._clock.now())
        return LeadOpened(held.id, effect.body, effect.territory, joined=stays)

    async def pass_on(
        self, tx: Transaction, effect: effects.PassLead, snapshot: Snapshot
    ) -> LeadPassed | None:
        """The person agreed to another team: the lead is offered to it, and the first keeps nothing of them.

        Not when it is another request by now, or more would go than they were shown.
        """
        lead = await tx.lead(snapshot.lead.id) if snapshot.lead is not None else None
        if lead is None:
            return None
        team = self._teams.passed_to(effect.territory, effect.body, lead)
        if team is None or lead.state not in before("pass_on") or effect.shown != shown(lead.id, lead.items):
            return LeadPassed(lead.id, None)
        moved = Text("utter_team_passed_on", {"ref": Quoted(lead.ref), "team": Quoted(team.name)})
        await tx.edit_cards(lead.id, self._content.render(moved, "fr", speaker="team"))
        items = lead.items
        await tx.apply(effects.RecordConsent(
            "handoff", effect.version, granted=True, body=f"{team.territory}/{team.body}",
            items=tuple(dict.fromkeys(key for key, _ in items))))
        await tx.offer_lead_to(
            lead.id, team,
            lambda ref: cards.offered(self._content, ref, items, team.reasons, lead.urgent),
            lambda ref: cards.topic(self._content, ref, dict(items), lead.urgent),
        )
        await tx.escalated(lead.id, 0)
        await self._teams.watch_untaken(tx, await tx.lead(lead.id) or lead, self._clock.now())
        return LeadPassed(lead.id, self._teams.with_hours(team, self._clock.now()))

    async def take_back(self, tx: Transaction) -> None:
        """The requests go, the person stays: every team is told, and what it was given is emptied here."""
        leads = await tx.given_leads()
        await self.forget(tx, "taken_back")
        agreed = await tx.agreed()
        for yes in agreed:
            await tx.apply(replace(yes, granted=False))
        known = {yes.body for yes in agreed}
        for lead in leads:
            team = f"{lead.territory}/{lead.body}"
            if team not in known:  # another team of the territory got it, as the words of the consent say
                known.add(team)
                await tx.apply(effects.RecordConsent(
                    "handoff", CONSENT_VERSIONS["handoff"], granted=False, body=team,
                    items=tuple(key for key, _ in lead.items)))
            if await tx.move_lead(lead.id, "withdrawn", "person", None, None, expected=before("withdraw")):
                await tx.watch(lead.id, None, None)
            else:
                await tx.withdrawn(lead.id)
            await tx.empty_lead(lead.id)

    async def answer_liaison(self, tx: Transaction, effect: effects.AnswerLiaison) -> Event | None:
        """The yes or no to a sheet; a service that has it already is named as the team knows it."""
        answered = await tx.apply(effect)
        if isinstance(answered, LiaisonAnswered) and answered.given_to is not None:
            return replace(answered, given_to=self._door(answered.given_to))
        return answered

    def _door(self, door_id: str) -> str:
        return next((door.name for door in self._teams.referrals if door.id == door_id), door_id)

    async def _recall_sheets(self, tx: Transaction) -> None:
        """Services outside that have a sheet must hear that the consent ended: the team that gave it tells them."""
        for ref, team, door in await tx.sheets_given():
            territory, _, body = team.partition("/")
            about = {"ref": Quoted(ref), "doors": Quoted(self._door(door))}
            said = self._content.render(Text("utter_team_liaison_given", about), "fr", speaker="team")
            await tx.tell_body(body, said, territory)

    async def forget(self, tx: Transaction, why: Literal["withdrawn", "taken_back", "forgotten"]) -> None:
        """Every team that was given something is told, and nothing of the person stays on its cards."""
        await self._recall_sheets(tx)
        for lead in await tx.given_leads():
            about = {"ref": Quoted(lead.ref)}
            card, told = (self._content.render(Text(f"utter_team_{name}", about), "fr", speaker="team")
                          for name in (f"card_{why}", why))
            await tx.recall(lead.id, card, told)
