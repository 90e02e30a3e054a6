"""Passing a person on to a service outside the consortium: they are asked first, then a sheet can be printed."""

from datetime import timedelta

from bot.clock import PARIS
from bot.desk.outcomes import Outcome
from bot.desk.verbs import SAME_PRESS, Verbs, unsent
from bot.store.transaction import Transaction
from bot.store.values import Counsellor, LeadRow, Liaison
from bot.wording import day
from dialogues.events import Event
from dialogues.events.team import LiaisonProposed
from dialogues.items import item_bullets
from dialogues.text import Quoted
from handoff.errors import UnknownTeam
from handoff.leads import before
from handoff.referrals import Referral

# A report that is read twice is told once.
SAME_RETURN = timedelta(days=1)


class Liaisons(Verbs):
    """Asks, and makes the sheet once the person agreed."""

    def doors(self) -> tuple[Referral, ...]:
        """Who may receive a sheet: every public door but the number for tonight."""
        return tuple(door for door in self.teams.referrals if door.id != "shelter")

    def door(self, door_id: str) -> Referral | None:
        """The door of this id."""
        return next((door for door in self.doors() if door.id == door_id), None)

    async def propose_liaison(self, lead_ref: str, counsellor: Counsellor, door_id: str) -> Outcome:
        """Ask the person whether this service may have a sheet, shown word for word. Nothing leaves before."""
        door = self.door(door_id)

        async def act(tx: Transaction, lead: LeadRow) -> tuple[Outcome, Event | None]:
            if door is None:
                return Outcome("moved_on", lead.ref), None
            if lead.state not in before("reply"):
                return unsent(lead), None
            if tx.blocked:
                return Outcome("blocked", lead.ref), None
            if await tx.asked_liaison(lead, door.id, self.clock.now() - SAME_PRESS):
                return Outcome("done", lead.ref), None  # a form sent twice
            asked = await tx.ask_liaison(lead, door.id, counsellor.name)
            return Outcome("done", lead.ref), LiaisonProposed(
                lead.id, counsellor.name, asked, door.id, door.name, lead.items)

        return await self.act(lead_ref, counsellor, act)

    async def liaison(self, lead: LeadRow, liaison_id: str) -> Liaison | None:
        """An agreed one of this lead; None when there is none."""
        found = await self.store.liaisons(lead.id)
        return next((one for one in found if one.id == liaison_id and one.agreed_at is not None), None)

    async def sheet_returned(self, ref: str) -> None:
        """A service did not get the sheet after all: the team that gave it is told where it talks of the lead."""
        lead = await self.store.lead(ref)
        if lead is None or all(one.given_at is None for one in await self.store.liaisons(lead.id)):
            return

        async def act(tx: Transaction, lead: LeadRow) -> Event | None:
            said = self.cards.say("liaison_returned", {"ref": Quoted(lead.ref)})
            await tx.show_team(lead.id, said, self.clock.now() - SAME_RETURN)
            return None

        await self._turns.counsel(ref, act)

    async def sending_sheet(self, liaison: Liaison, address: str) -> bool:
        """It goes to this mailbox now; False when it just went: a form sent twice."""
        return await self.store.mailing_liaison(liaison.id, address, self.clock.now() - SAME_PRESS)

    async def sheet(self, lead: LeadRow, liaison: Liaison) -> bytes | None:
        """The sheet as a PDF; it counts as given from now on. None when the person no longer agrees."""
        door = self.door(liaison.door)
        if liaison.agreed_at is None or not await self.store.give_liaison(liaison.id):
            return None
        consortium = self.directory.consortium(lead.territory)
        try:
            team = self.directory.body(lead.territory, lead.body).name
        except UnknownTeam:  # the directory changed since
            team = lead.body
        items = tuple(
            self._content.arg(bullet, "fr") for key, value in liaison.items
            for bullet in item_bullets({key: value}, self._content.catalog).items
        )
        now = self.clock.now()
        from bot.sheet import Sheet, pdf  # the PDF library and its fonts: 18 MB, and a sheet is rare

        return pdf(Sheet(
            lead.ref, door.name if door else liaison.door, team, consortium.name if consortium else "",
            liaison.by_name, items, day(liaison.agreed_at.astimezone(PARIS).date(), "fr"),
            day(now.astimezone(PARIS).date(), "fr"), now,
        ))
