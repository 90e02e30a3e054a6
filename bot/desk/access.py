"""Somebody leaves a team: they read and write nothing more here, and the people they had do not wait for them."""

from bot.clock import Clock
from bot.content import Content
from bot.desk.team_cards import Cards
from bot.returning import give_back
from bot.store.store import Store
from bot.store.transaction import Transaction
from bot.store.values import Counsellor, LeadRow
from bot.teams import Teams
from bot.turn import Turns
from dialogues.events import Event
from dialogues.events.team import LeadReturned
from dialogues.text import Quoted
from handoff.leads import before


class Access:
    """Who may see a consortium's requests."""

    def __init__(self, store: Store, turns: Turns, content: Content, teams: Teams, clock: Clock) -> None:
        self._store = store
        self._turns = turns
        self._content = content
        self._teams = teams
        self._clock = clock
        self._cards = Cards(content)

    async def of(self, consortium: str) -> tuple[Counsellor, ...]:
        """Everybody who has access to the consortium's requests, the first to come first."""
        return await self._store.counsellors(consortium)

    async def withdraw(self, counsellor_id: str, admin: Counsellor) -> bool:
        """Take the access from somebody of ``admin``'s consortium; what they had is offered to its team again.

        False, and nothing done: ``admin`` is none, it is themselves, or nobody of their consortium.
        """
        people = {one.id: one for one in await self.of(admin.consortium)}
        found = people.get(counsellor_id)
        if admin.role != "admin" or found is None or found.id == admin.id:
            return False
        # Twice: cut short in between it can be done again, and nothing taken meanwhile stays behind.
        await self._return_all(found)
        await self._store.disable_counsellor(found.id)
        await self._return_all(found)
        return True

    async def _return_all(self, gone: Counsellor) -> None:

        async def act(tx: Transaction, lead: LeadRow) -> Event | None:
            now = await tx.lead(lead.id)
            if now is None or now.taken_by != gone.id or now.state not in before("return"):
                return None
            await give_back(tx, now, self._content, self._teams, self._clock.now(), now.level)
            told = self._cards.waiting(now, "returned_access", {"name": Quoted(gone.name)})
            await tx.tell_team(now.id, told)
            return LeadReturned(now.id)

        for lead_id in await self._store.leads_of(gone.id):
            await self._turns.counsel(lead_id, act)
