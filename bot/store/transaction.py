"""One turn's transaction: what the shell may do to the rows of one person, all or nothing."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Literal

from bot.inbound import Inbound
from bot.outbound import Rendered
from bot.store import (
    consents,
    conversations,
    counsellors,
    due,
    inbox,
    lead_care,
    lead_delivery,
    lead_posts,
    lead_reads,
    leads,
    liaisons,
    outbox,
    outbox_claims,
    seats,
)
from bot.store.apply import Applied, apply
from bot.store.conversations import ConversationRow
from bot.store.errors import ConversationGone
from bot.store.lead_delivery import Copy
from bot.store.scope import Scope
from bot.store.values import Author, LeadRow, LeadState
from bot.store.wire import kind_of
from dialogues.effects import Effect, OpenLead, RecordConsent
from dialogues.enclosure import Enclosure
from dialogues.events import Answer, LeadOpened
from dialogues.snapshot import Appointment, Session, Snapshot, Team


class Transaction:
    """The conversation is locked until the end. Made by ``Store.turn`` and ``Store.turn_of``."""

    def __init__(self, scope: Scope, row: ConversationRow) -> None:
        self._scope = scope
        self._row = row
        self._done = Applied()
        self._written = replace(row)
        self._kept: int | None = None  # the counsellor's line that the next words to the person carry
        self._corrected: tuple[str, ...] = ()  # the person's copies of what these words correct
        self.conversation_id = row.id
        self.channel = row.channel
        self.address = row.address

    @property
    def state(self) -> str | None:
        """The dialogue's state as last saved (JSON), None for somebody new."""
        return self._row.state

    @property
    def language(self) -> str | None:
        """The language as last saved."""
        return self._row.language

    @property
    def last_seen_at(self) -> datetime:
        """When the person last wrote."""
        return self._row.last_seen_at

    @property
    def blocked(self) -> bool:
        """Whether the person blocked the bot and has not written since."""
        return self._row.blocked_at is not None

    @property
    def erased(self) -> bool:
        """Whether this very turn erased the person."""
        return self._done.erased

    async def begin_inbox(self, row_id: int) -> bool:
        """Take this update: done at commit. False when another worker did it, or it was erased."""
        kind = await inbox.finish(self._scope, row_id)
        if kind is None:
            return False
        self._seen(row_id, kind)
        return True

    async def note_inbox(self, inbound: Inbound) -> bool:
        """Write an update answered in this turn. False for a repeat. Raises ValueError for a position."""
        row_id = await inbox.write(self._scope, inbound, done=True)
        if row_id is None:
            return False
        self._seen(row_id, kind_of(inbound))
        return True

    async def snapshot(self, understanding: bool) -> Snapshot:
        """What the person has with us now. ``Lead.team`` is the body's id."""
        return await conversations.snapshot(self._scope, self._row, understanding=understanding)

    async def apply(self, effect: Effect) -> Answer | None:
        """Carry out an effect of the store's. Raises TypeError for the others, ConversationGone, SeatContention."""
        return await apply(self._scope, self._row, self._done, effect)

    async def say(self, rendered: Sequence[Rendered], delivered: bool) -> tuple[int, ...]:
        """Queue these messages to the person, in order; their ids. Nothing to somebody who blocked the bot.

        ``delivered``: the answer itself carries them. After an erasure the rows last only until delivered.
        """
        if self.blocked:
            return ()
        to = outbox.Recipient(self.channel, self.address, None if self.erased else self._row.id, self.erased)
        copies, self._corrected = self._corrected, ()
        for copy in copies:
            await outbox.queue(self._scope, to, rendered, reply_to=copy, kind="edit")
        reply_to = copies[-1] if copies else None
        ids = await outbox.queue(self._scope, to, rendered, delivered=delivered, reply_to=reply_to)
        if self._kept is not None and ids:  # the counsellor's own words, else what the bot says of them
            carrier = next((at for at, one in enumerate(rendered) if one.speaker == "counsellor"), 0)
            await lead_delivery.carried_by(self._scope, self._kept, ids[carrier])
            self._kept = None
        if self.erased and delivered:
            await outbox.forget_farewells(self._scope, ids)
        return ids

    async def fetch(self) -> tuple[Rendered, ...]:
        """What was said to the person meanwhile and waits for them to come; the answer to this carries it."""
        return await outbox.fetch(self._scope, self.channel, self.address)

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

    async def keep_word(self, appointment_id: str, word: str) -> None:
        """Note with the seat what this person said on the day, for the list of the day."""
        if not self.erased:
            await seats.keep_word(self._scope, self._row.id, appointment_id, word)

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

    async def reads_console(self, counsellor_id: str | None) -> bool:
        """Whether somebody of the teams reads the console, and so what no chat shows."""
        return counsellor_id is not None and await counsellors.at_console(self._scope, counsellor_id)

    async def left_team(self, counsellor_id: str) -> bool:
        """Whether the counsellor's access was withdrawn, be it since they were looked up."""
        return await counsellors.was_disabled(self._scope, counsellor_id)

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
        if self.channel in outbox.FETCHED:
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

    async def give_up(self, row_id: int) -> bool:
        """A row of the outbox will never be sent; False when another node had sent it, or given it up."""
        return await outbox_claims.close(self._scope, row_id, "failed")

    async def answered(self, lead: LeadRow) -> None:
        """The person waits for nothing: no clock, and nobody was told that they wait."""
        await self.watch(lead.id, None, None)
        if lead.level:
            await lead_care.set_level(self._scope, lead.id, 0)

    async def outcome(self, lead_id: str, outcome: str, by: str) -> None:
        """What came of it."""
        await lead_care.set_outcome(self._scope, lead_id, outcome, by)

    async def appointment(self, appointment_id: str) -> Appointment | None:
        """An appointment whatever became of it; None when it is nobody's any more."""
        return await seats.appointment(self._scope, appointment_id)

    async def session(self, session_id: str) -> Session | None:
        """A session of the calendar, whatever became of it."""
        return await seats.session(self._scope, session_id)

    async def finish_due(self, row_id: int) -> bool:
        """Mark a due row done at commit; False when it was cancelled or done meanwhile."""
        return await due.finish(self._scope, row_id)

    async def save(self, state: str | None, language: str | None) -> None:
        """Write the conversation; nothing after an erasure."""
        if not self.erased:
            self._row.state, self._row.language = state, language
            await self._write()

    async def flush(self) -> None:
        """Write what effects changed of the conversation, when the turn did not end by ``save``."""
        if not self.erased and self._row != self._written:
            await self._write()

    async def _write(self) -> None:
        await conversations.save(self._scope, self._row)
        self._written = replace(self._row)

    def _seen(self, row_id: int, kind: str) -> None:
        self._done.inbox_id = row_id
        if kind != "blocked":
            self._row.last_seen_at = self._scope.now()
            self._row.blocked_at = None  # they wrote: they want an answer

    def _alive(self) -> None:
        if self.erased:
            raise ConversationGone
