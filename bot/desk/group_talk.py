"""Who speaks in a team's group, and what is said back to them there."""

from dataclasses import replace

from bot.desk.verbs import sees
from bot.outbound import Rendered
from bot.store.store import Store
from bot.store.transaction import Transaction
from bot.store.values import Counsellor, CounsellorSeed, LeadRow, TeamChat
from bot.team_inbound import TeamInbound
from bot.turn import Turns
from dialogues.events import Event

# When the platform gives no first name.
NAMELESS = "L'équipe"


class GroupTalk:
    """Knows the counsellors of a group, and answers."""

    def __init__(self, store: Store, turns: Turns) -> None:
        self._store = store
        self._turns = turns

    async def counsellor(self, inbound: TeamInbound, chat: TeamChat) -> Counsellor | None:
        """Anyone in a connected group speaks for its team; None for somebody whose access was withdrawn."""
        seed = CounsellorSeed(chat.consortium, chat.body, "counsellor", inbound.author_name.strip() or NAMELESS)
        known = await self._store.counsellor_by_author(inbound.channel, inbound.author, chat.consortium, seed)
        # One person may be in the groups of two bodies: here they speak for this one.
        return replace(known, body=chat.body) if known is not None else None

    async def tell(self, inbound: TeamInbound, lead_ref: str, counsellor: Counsellor, said: Rendered) -> None:
        """In the lead's thread when it is this team's, else in the group that pressed."""
        lead = await self._store.lead(lead_ref)
        if lead is not None and sees(counsellor, lead):
            async def tell(tx: Transaction, lead: LeadRow) -> Event | None:
                await tx.tell_team(lead.id, said)
                return None

            if await self._turns.counsel(lead.id, tell):
                return
        await self.answer(inbound, said)

    async def answer(
        self, inbound: TeamInbound, said: Rendered, thread: str | None = None, reply_to: str | None = None
    ) -> None:
        """In the group it came from; ``thread``, ``reply_to``: where in it."""
        await self._store.tell_chat(inbound.channel, inbound.address, said, thread=thread, reply_to=reply_to)
