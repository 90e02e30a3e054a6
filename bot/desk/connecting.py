"""A chat becomes a team's group: connected by a code, moved to another address, or gone."""

from bot import cards
from bot.content import Content
from bot.desk.group_talk import GroupTalk
from bot.desk.quiet import Quiet
from bot.desk.team_cards import Cards
from bot.outbound import Rendered
from bot.store.store import Store
from bot.store.transaction import Transaction
from bot.store.values import LeadRow, TeamChat
from bot.team_inbound import TeamInbound
from bot.turn import Turns
from dialogues.events import Event
from dialogues.text import Quoted
from handoff.directory import Directory
from handoff.errors import UnknownTeam
from handoff.leads import OVER


class Connecting:
    """Which chats are groups of a team."""

    def __init__(
        self, store: Store, turns: Turns, content: Content, cards: Cards, directory: Directory, quiet: Quiet,
        group: GroupTalk,
    ) -> None:
        self._store = store
        self._turns = turns
        self._content = content
        self._cards = cards
        self._directory = directory
        self._quiet = quiet
        self._group = group

    async def connect(self, inbound: TeamInbound, code: str) -> None:
        """By the code it sent, told what it is connected to; without a code, told only that."""
        if await self._store.shut_out(inbound, code):
            await self._group.answer(inbound, self._cards.say("disabled"))
            return
        if not code:
            known = await self._store.team_chat(inbound.channel, inbound.address)
            await self._group.answer(inbound, self._connected(known) if known else self._cards.say("not_connected"))
            return
        chat = await self._store.connect_chat(inbound)
        if chat is None:
            await self._group.answer(inbound, self._cards.say("connect_bad"))
        else:
            await self._group.answer(inbound, self._connected(chat))
            await self._quiet.begin(chat)
            await self._show_open_leads(chat)

    async def moved(self, inbound: TeamInbound, new_address: str) -> None:
        """Nothing that was written in the old group can be answered or pressed: its cards come again in the new."""
        await self._store.chat_moved(inbound.channel, inbound.address, new_address)
        chat = await self._store.team_chat(inbound.channel, new_address)
        if chat is not None:
            await self._show_open_leads(chat)

    async def left(self, inbound: TeamInbound) -> None:
        """The group asked for nothing more, and is told so."""
        out = await self._store.shut_out(inbound)
        if not out:
            await self._store.chat_left(inbound.channel, inbound.address)
        await self._group.answer(inbound, self._cards.say("disabled" if out else "left"))

    def _connected(self, chat: TeamChat) -> Rendered:
        key = "connect_done_direct" if chat.direct else "connect_done"
        return self._cards.say(key, {"team": Quoted(self._team_name(chat))})

    async def _show_open_leads(self, chat: TeamChat) -> None:
        """People were waiting before this group was there: it gets their cards."""

        async def show(tx: Transaction, lead: LeadRow) -> Event | None:
            now = await tx.lead(lead.id)
            if now is not None and now.state not in OVER:
                topic = cards.topic(self._content, now.ref, dict(now.items), now.urgent)
                await tx.show_lead(now.id, self._cards.now(now), topic)
            return None

        # The oldest first: who has waited longest is read first.
        for lead in sorted(
            await self._store.leads(chat.body, [chat.consortium], open_only=True), key=lambda lead: lead.created_at
        ):
            await self._turns.counsel(lead.id, show)

    def _team_name(self, chat: TeamChat) -> str:
        consortium = self._directory.consortium(chat.consortium)
        of = consortium.name if consortium else chat.consortium
        if chat.body is None:
            return of
        try:
            return f"{self._directory.body(chat.consortium, chat.body).name} ({of})"
        except UnknownTeam:  # the directory changed after the code was made
            return f"{chat.body} ({of})"
