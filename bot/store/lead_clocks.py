"""The clocks of a person's leads in a turn: what is to happen if nobody moves, and what stops it."""

from collections.abc import Mapping
from datetime import datetime

from bot.store import lead_care, lead_delivery, lead_reads
from bot.store.conversations import ConversationRow
from bot.store.scope import Scope
from bot.store.values import LeadRow
from dialogues.snapshot import FETCHED


class LeadClocks:
    """Who waits for whom. Part of ``Transaction``."""

    def __init__(self, scope: Scope, row: ConversationRow) -> None:
        self._scope = scope
        self._row = row
        self.conversation_id = row.id
        self.channel = row.channel
        self.address = row.address

    async def load(self) -> Mapping[tuple[str, str], int]:
        """(territory, body) -> requests it was offered or has taken."""
        return await lead_care.load(self._scope)

    async def watch(self, lead_id: str, kind: str | None, at: datetime | None) -> None:
        """What is to happen to the lead if nobody moves by then, in place of what was planned; None: nothing."""
        await lead_care.watch(self._scope, self._row.id, lead_id, kind, at)

    async def watch_by(self, lead_id: str, kind: str, at: datetime) -> None:
        """The same, never later than what was planned: writing again does not put a clock off."""
        planned = await lead_care.planned(self._scope, lead_id)
        if planned is None or planned[1] > at or kind == lead_care.URGENT:
            await self.watch(lead_id, kind, at if planned is None else min(at, planned[1]))

    async def watched(self, lead_id: str) -> str | None:
        """The kind of what is to happen to the lead if nobody moves; None: nothing."""
        planned = await lead_care.planned(self._scope, lead_id)
        return planned[0] if planned is not None else None

    async def escalated(self, lead_id: str, level: int) -> None:
        """Who was told that the lead waits; noted in its history."""
        await lead_care.set_level(self._scope, lead_id, level)
        if level:
            await lead_care.note(self._scope, lead_id, "escalated")

    async def stage(self, lead_id: str, stage: str, before: frozenset[str], by: str) -> bool:
        """How far it came with the person; False when it was there already, or farther."""
        return await lead_care.set_stage(self._scope, lead_id, stage, before, by)

    async def wrote(self, lead: LeadRow, by: str) -> None:
        """The team that has the lead has spoken to the person: nobody need be reminded of it any more."""
        first = await lead_care.set_stage(self._scope, lead.id, "contacted", frozenset({"new"}), by)
        if not first and not lead.written:  # another team had written before
            await lead_care.note(self._scope, lead.id, "contacted", by)
        await self.answered(lead)

    async def unseen_since(self, lead: LeadRow) -> datetime | None:
        """Since when words of the team that has the lead wait for the person to fetch them; None: none do."""
        return await lead_delivery.unseen_since(self._scope, lead.id, f"{lead.territory}/{lead.body}")

    async def watch_unseen(self, lead_id: str, at: datetime) -> None:
        """Look then whether the person has fetched what they were written; nothing where it is sent to them."""
        if self.channel in FETCHED:
            await lead_care.watch_unseen(self._scope, self._row.id, lead_id, at)

    async def unheard(self, lead: LeadRow) -> bool:
        """Whether none of the words this team wrote arrives, and it never saw the person: then it is noted."""
        if not lead.written or "counsellor" in await self._speakers(lead) or await lead_reads.met(
                self._scope, lead.id):
            return False
        await lead_care.unheard(self._scope, lead.id, ever=not await lead_delivery.arrived(self._scope, lead.id))
        return True

    async def person_spoke_last(self, lead: LeadRow) -> bool:
        """Whether nothing that arrived answers the person's last words."""
        return (await self._speakers(lead))[-1:] == ("person",)

    async def _speakers(self, lead: LeadRow) -> tuple[str, ...]:
        since = await lead_reads.offered_at(self._scope, lead.id)
        return await lead_delivery.speakers(self._scope, lead.id, f"{lead.territory}/{lead.body}", since)

    async def answered(self, lead: LeadRow) -> None:
        """The person waits for nothing: no clock, and nobody was told that they wait."""
        await self.watch(lead.id, None, None)
        if lead.level:
            await lead_care.set_level(self._scope, lead.id, 0)

    async def outcome(self, lead_id: str, outcome: str, by: str) -> None:
        """What came of it."""
        await lead_care.set_outcome(self._scope, lead_id, outcome, by)
