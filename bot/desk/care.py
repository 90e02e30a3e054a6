"""Nobody forgotten: what happens to a lead that nobody took, or whose person heard nothing."""

from dataclasses import replace

from bot import cards
from bot.desk.writing import Writing
from bot.returning import give_back
from bot.store.lead_care import SILENT, UNANSWERED, UNSEEN, UNTAKEN, URGENT
from bot.store.transaction import Transaction
from bot.store.values import DueRow, LeadRow
from dialogues.events import Event
from dialogues.events.team import LeadExpired, LeadReminded, LeadReturned, TeamChanged
from dialogues.snapshot import Team
from dialogues.text import Moment, Quoted
from handoff.leads import before
from handoff.promises import ADMINS, ALARM, EXPIRES_AFTER, LEAD_BODY, TEAM

_SILENCE = {SILENT: "silent", UNANSWERED: "unanswered", URGENT: "urgent_unanswered"}
_WORDS = {TEAM: "reminder", ADMINS: "reminder_admins", LEAD_BODY: "reminder_lead", ALARM: "alarm"}


class Care(Writing):
    """Looks again at a lead when its time has come; each step in one transaction with the next one planned."""

    async def due(self, row: DueRow) -> None:
        """A lead's due row: still waiting? Then one step up, the person told where it changes something."""

        async def act(tx: Transaction, lead: LeadRow) -> Event | None:
            now = await tx.lead(lead.id)
            if not await tx.finish_due(row.id) or now is None:
                return None
            if row.kind == UNTAKEN and now.state in ("offered", "unowned"):
                return await self._untaken(tx, now)
            if row.kind == UNSEEN:
                await self._unseen(tx, now)
                return None
            waits = row.kind in (UNANSWERED, URGENT) or (row.kind == SILENT and not now.written)
            if waits and now.state in before("return"):
                return await self._silent(tx, now, row.kind)
            return None

        if not await self._turns.counsel(row.subject, act):
            await self.store.drop_due(row.id)

    async def _untaken(self, tx: Transaction, lead: LeadRow) -> Event | None:
        if self.clock.now() - lead.asked_at > EXPIRES_AFTER:
            return await self._expire(tx, lead)
        level = min(lead.level + 1, ALARM)
        chief = self.promises.lead_body(lead.territory)
        # Not to one that said no: it would come and go between two teams, and the alarm never rings.
        moves = (level == LEAD_BODY and lead.state == "offered" and chief is not None and chief.id != lead.body
                 and chief.id not in lead.refused)
        if level == LEAD_BODY and not moves:
            level = ALARM
        await tx.escalated(lead.id, level)
        event: Event | None = None
        if moves and chief is not None:
            team = Team(chief.id, lead.territory, "", chief.public_name,
                        (*lead.reasons[:1], "personne ne l'a prise : chef de file du consortium"))
            await self._offer(tx, lead, team)
            event = TeamChanged(lead.id, self.teams.with_hours(team, self.clock.now()))
        elif level == ALARM and lead.level < ALARM:
            back = self.promises.back_at(lead.territory, lead.body, self.clock.now())
            event = LeadReminded(lead.id, lead.urgent is not None, back)
        await self._remind(tx, lead, level)
        await self.teams.watch_untaken(tx, await tx.lead(lead.id) or lead, self.clock.now())
        return event

    async def _silent(self, tx: Transaction, lead: LeadRow, kind: str) -> Event | None:
        """Taken, and not a word to the person (``kind``: since when): reminded twice, then offered to the team."""
        level, now = lead.level + 1, self.clock.now()
        if level >= LEAD_BODY:
            await give_back(tx, lead, self._content, self.teams, now, ADMINS)
            again = await tx.lead(lead.id) or lead
            who = {"name": Quoted(lead.taken_name or "")}
            await tx.tell_team(lead.id, self.cards.waiting(again, "returned", who), loud=kind == URGENT)
            return LeadReturned(lead.id)
        await tx.escalated(lead.id, level)
        await tx.tell_team(lead.id, self.cards.say(f"{_SILENCE[kind]}_{'team' if level == TEAM else 'admins'}", {
            "ref": Quoted(lead.ref), "name": Quoted(lead.taken_name or ""),
        }), loud=kind == URGENT)
        # What was only heard in their words: after two calls it waits for the team to be there, before the talk is
        # taken from whoever has it. What the person asked to be told of goes on in minutes.
        urgent = kind != UNANSWERED and (lead.urgent is not None or (kind == URGENT and level < ADMINS))
        at = self.promises.contact_by(lead.territory, lead.body, now, urgent=urgent, level=level)
        await tx.watch(lead.id, kind, at)
        return None

    async def _unseen(self, tx: Transaction, lead: LeadRow) -> None:
        """What was written is still to be fetched: said once, until the person comes and is written to again."""
        since = await tx.unseen_since(lead)
        if since is None or lead.state not in before("return"):
            return
        by = self.promises.seen_by(lead.territory, lead.body, since)
        if by > self.clock.now():  # what was watched was fetched, and more was written since
            await tx.watch_unseen(lead.id, by)
        else:
            await tx.tell_team(lead.id, self.cards.unseen(lead, since))

    async def _expire(self, tx: Transaction, lead: LeadRow) -> Event | None:
        await tx.move_lead(lead.id, "closed", "bot", expected=before("expire"))
        await tx.outcome(lead.id, "expired", "bot")
        await tx.edit_cards(lead.id, self.cards.closed(lead, "le bot"))
        return LeadExpired(lead.id)

    async def _offer(self, tx: Transaction, lead: LeadRow, team: Team) -> None:
        await tx.edit_cards(lead.id, self.cards.passed(lead, team.name))
        await tx.offer_lead_to(
            lead.id, team,
            lambda ref: self.cards.offered(replace(lead, ref=ref, body=team.body, reasons=team.reasons)),
            lambda ref: cards.topic(self._content, ref, dict(lead.items), lead.urgent),
        )

    async def _remind(self, tx: Transaction, lead: LeadRow, level: int) -> None:
        await tx.tell_team(lead.id, self.cards.waiting(lead, _WORDS[level], {"since": Moment(lead.asked_at)}))
