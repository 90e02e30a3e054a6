"""What a turn may do to a person's leads, and tell the groups of their teams."""

from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Literal

from bot.outbound import Rendered
from bot.store import (
    consents,
    counsellors,
    lead_care,
    lead_delivery,
    lead_posts,
    lead_reads,
    leads,
    liaisons,
)
from bot.store.apply import Applied
from bot.store.conversations import ConversationRow
from bot.store.errors import ConversationGone
from bot.store.lead_clocks import LeadClocks
from bot.store.lead_delivery import Copy
from bot.store.scope import Scope
from bot.store.values import Author, LeadRow, LeadState
from dialogues.effects import OpenLead, RecordConsent
from dialogues.enclosure import Enclosure
from dialogues.events.answers import LeadOpened
from dialogues.snapshot import Team


class LeadTurn(LeadClocks):
    """The teams' side of a turn. Part of ``Transaction``."""

    def __init__(self, scope: Scope, row: ConversationRow) -> None:
        super().__init__(scope, row)
        self._done = Applied()
        self._kept: int | None = None  # the counsellor's line that the next words to the person carry
        self._corrected: tuple[str, ...] = ()  # the person's copies of what these words correct

    @property
    def erased(self) -> bool:
        """Whether this very turn erased the person."""
        return self._done.erased

    async def open_lead(
        self, effect: OpenLead, card: Callable[[str], Rendered], topic: Callable[[str], str],
    ) -> LeadOpened:
        """Open the person's lead and queue its card to every group of the team, or join the one that is open.

        ``card`` and ``topic`` get the lead's reference. Joined: the card comes again, in the lead's thread.
        """
        self._alive()
        opened, ref = await leads.open_or_join(self._scope, self._row.id, effect)
        if opened.joined:
            posted = await lead_posts.message(self._scope, opened.lead_id, card(ref), "message")
            posted = posted or await lead_posts.card(self._scope, opened.lead_id, card(ref), topic(ref))
        else:
            posted = await lead_posts.card(self._scope, opened.lead_id, card(ref), topic(ref))
        self._done.team_rows.extend(posted)
        return opened

    async def lead(self, ref_or_id: str) -> LeadRow | None:
        """The lead as this transaction sees it."""
        return await lead_reads.find(self._scope, ref_or_id)

    async def given_leads(self) -> tuple[LeadRow, ...]:
        """The person's leads of which some team has what was passed on, those that are over too."""
        return await lead_reads.given(self._scope, self._row.id)

    async def keep_message(
        self, lead_id: str, author: Author, text: str, *,
        name: str | None = None, kind: str = "text", enclosure: Enclosure | None = None,
        source: tuple[str, str, str] | None = None,
    ) -> None:
        """Keep one line of a lead's thread; the person's own come by RelayToTeam.

        A counsellor's is carried by the next words to the person in this turn. ``source``: (channel, address,
        message) of the team's chat it was written in.
        """
        kept = asdict(enclosure) if enclosure else None
        line = await leads.keep_message(
            self._scope, lead_id, author, text, name=name, kind=kind, enclosure=kept,
            source=lead_delivery.source_of(self._scope, *source) if source else None)
        if author == "counsellor":
            self._kept = line

    async def written(self, source: tuple[str, str, str]) -> tuple[Copy, ...]:
        """What was made of a message of a team's chat, the first first."""
        return await lead_delivery.written(self._scope, *source)

    async def said_since(self, lead_id: str, text: str, since: datetime) -> bool:
        """Whether a counsellor gave the person just these words since then, and nothing was said after them."""
        return await lead_delivery.said_since(self._scope, lead_id, text, since)

    async def correct(self, copies: Sequence[Copy]) -> bool:
        """The next words to the person take the place of these. False when a copy with the old words stays.

        What was not sent yet is not sent any more; what can be edited is.
        """
        went = []
        for one in copies:
            if one.outbox_id is None or one.status in ("failed", "dropped"):
                continue
            if one.status != "pending" or not await lead_delivery.take_out(self._scope, one.outbox_id):
                went.append(one)
        self._corrected = tuple(one.external for one in went if one.external is not None)
        return len(self._corrected) == len(went)

    async def tell_team(
        self, lead_id: str, rendered: Rendered, kind: Literal["message", "close"] = "message", *,
        loud: bool = False, but: tuple[str, str] | None = None, only: tuple[str, str] | None = None,
    ) -> int:
        """Queue to the lead's thread in every group of the team that has it now; to how many.

        ``loud``: it is heard even where quiet was asked for. ``but``, ``only``: (channel, address) of a chat that
        is left out, or the one that hears it.
        """
        places = (self._place(but), self._place(only))
        posted = await lead_posts.message(self._scope, lead_id, rendered, kind, loud=loud, places=places)
        self._done.team_rows.extend(posted)
        return len(posted)

    async def show_team(
        self, lead_id: str, rendered: Rendered, since: datetime, *, but: tuple[str, str] | None = None,
    ) -> None:
        """The same for what a button shows: not again when it is the last thing told since then."""
        if not await lead_posts.just_said(self._scope, lead_id, rendered, since):
            await self.tell_team(lead_id, rendered, but=but)

    def _place(self, chat: tuple[str, str] | None) -> tuple[str, str] | None:
        return (chat[0], self._scope.address_hash(*chat)) if chat is not None else None

    async def asked_liaison(self, lead: LeadRow, door: str, since: datetime) -> bool:
        """Whether the person was asked about this very sheet since then, and has not answered."""
        return await liaisons.asked_since(
            self._scope, lead.id, f"{lead.territory}/{lead.body}", door, lead.items, since)

    async def ask_liaison(self, lead: LeadRow, door: str, by: str) -> str:
        """Note that the person is asked about a sheet for this service, with what the lead holds now; its id."""
        return await liaisons.ask(
            self._scope, lead.id, f"{lead.territory}/{lead.body}", door, lead.items, by)

    async def liaisons_given(self, lead_id: str) -> tuple[str, ...]:
        """The services that have a sheet of this lead."""
        return await liaisons.given_doors(self._scope, lead_id)

    async def sheets_given(self) -> tuple[tuple[str, str, str], ...]:
        """(reference, territory/body, service) of each sheet of this person's that a service outside has."""
        return await liaisons.given_to(self._scope, self._row.id)

    async def agreed(self) -> tuple[RecordConsent, ...]:
        """What this person agreed to pass on, to whom, and did not take back."""
        return await consents.standing(self._scope, self._row.id)

    async def tell_body(self, body: str, rendered: Rendered, territory: str | None = None) -> int:
        """Queue to the body's groups (of one territory, when given), about no lead; how many get it."""
        posted = await lead_posts.to_body(self._scope, body, territory, rendered)
        self._done.team_rows.extend(posted)
        return len(posted)

    async def edit_cards(self, lead_id: str, rendered: Rendered, *, everywhere: bool = False) -> None:
        """Queue the replacement of the lead's cards. ``everywhere``: also where teams had it before."""
        self._done.team_rows.extend(await lead_posts.edit(self._scope, lead_id, rendered, everywhere=everywhere))

    async def recall(self, lead_id: str, card: Rendered, told: Rendered) -> None:
        """Every team that was given the lead must forget it: its cards become ``card``, and it is told so."""
        await lead_posts.drop_pending(self._scope, lead_id)
        self._done.team_rows.extend(await lead_posts.empty_on_its_way(self._scope, lead_id, card))
        await self.edit_cards(lead_id, card, everywhere=True)
        self._done.team_rows.extend(await lead_posts.recall(self._scope, lead_id, told))

    async def move_lead(
        self, lead_id: str, to_state: LeadState, by: str, reason: str | None = None, name: str | None = None, *,
        expected: frozenset[str],
    ) -> bool:
        """Change the lead's state if it is one of ``expected``, and log it. Raises LeadGone.

        ``by``: person, bot, or a counsellor's id. ``name``: who takes it, as the person will read it.
        ``unowned`` also notes that the lead's body refused it.
        """
        return await leads.move(self._scope, lead_id, to_state, by, reason, name, expected)

    async def withdrawn(self, lead_id: str) -> None:
        """Note in the history of a lead that is over that the person took it back."""
        await lead_care.note(self._scope, lead_id, "withdrawn", "person")

    async def empty_lead(self, lead_id: str) -> None:
        """Forget what the team was given and what was written; the request's moves stay."""
        await leads.empty(self._scope, lead_id)

    async def offer_lead_to(
        self, lead_id: str, team: Team, card: Callable[[str], Rendered], topic: Callable[[str], str],
        by: str = "bot", *, stays: bool = False,
    ) -> None:
        """Give the lead to another team and queue its card there. ``by``: whose wish it was. Raises LeadGone.

        ``stays``: it is the team that has it: what waits to be sent to it, the person's words too, still goes.
        """
        if not stays:
            await lead_posts.drop_pending(self._scope, lead_id)
        ref = await leads.offer(self._scope, lead_id, team, by)
        self._done.team_rows.extend(await lead_posts.card(self._scope, lead_id, card(ref), topic(ref)))

    async def give_items(self, lead_id: str, effect: OpenLead) -> None:
        """What the person agreed that the next team may know, before it is offered the lead."""
        await leads.give(self._scope, lead_id, effect)

    async def show_lead(self, lead_id: str, card: Rendered, topic: str) -> None:
        """Queue the lead's card to the groups of its team that do not have it yet."""
        self._done.team_rows.extend(await lead_posts.late_card(self._scope, lead_id, card, topic))

    async def reads_console(self, counsellor_id: str | None) -> bool:
        """Whether somebody of the teams reads the console, and so what no chat shows."""
        return counsellor_id is not None and await counsellors.at_console(self._scope, counsellor_id)

    async def left_team(self, counsellor_id: str) -> bool:
        """Whether the counsellor's access was withdrawn, be it since they were looked up."""
        return await counsellors.was_disabled(self._scope, counsellor_id)

    def _alive(self) -> None:
        if self.erased:
            raise ConversationGone
