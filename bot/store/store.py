"""The store: one object that the shell holds. Each method is one transaction, or opens one."""

from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Literal, Self

from bot.clock import Clock
from bot.inbound import Inbound
from bot.outbound import Delivered, Rendered
from bot.store import (
    calendar,
    codes,
    conversations,
    counsellors,
    day_list,
    due,
    files,
    gaps,
    inbox,
    lead_delivery,
    lead_facts,
    lead_reads,
    liaisons,
    outbox,
    outbox_claims,
    team_chats,
    told,
)
from bot.store.calendar_desk import CalendarDesk
from bot.store.crypto import Vault
from bot.store.database import Database
from bot.store.errors import ConversationGone
from bot.store.lead_facts import LeadFact
from bot.store.retention import FORGET, RETENTION, unseen_with_team
from bot.store.transaction import Transaction
from bot.store.values import (
    BookedSeat,
    CalendarSession,
    ClaimedOutbound,
    Counsellor,
    CounsellorSeed,
    DueRow,
    Gap,
    Grant,
    HistoryItem,
    InboxRow,
    LeadMessage,
    LeadMove,
    LeadRow,
    Liaison,
    LostWords,
    Place,
    Purpose,
    Role,
    TeamChat,
)
from bot.team_inbound import TeamInbound


class Store:
    """Rows in, values out. Every method may raise StoreUnavailable."""

    def __init__(self, database: Database) -> None:
        self.database = database

    @classmethod
    async def open(cls, url: str, vault: Vault, clock: Clock) -> Self:
        """Connect to ``sqlite+aiosqlite:///FILE`` or ``postgresql+psycopg://...``. Raises UnsupportedDatabase."""
        return cls(await Database.open(url, vault, clock))

    async def migrate(self) -> None:
        """Bring the tables up to date and check the keys. Raises WrongKeys."""
        await self.database.migrate()

    async def close(self) -> None:
        """Close every connection."""
        await self.database.close()

    # ── the turn ────────────────────────────────────────────────────────────────────────────────────────

    @asynccontextmanager
    async def turn(self, channel: str, address: str, create: bool = True) -> AsyncIterator[Transaction]:
        """The turn of the person at this address, locked; raises ConversationGone without ``create``."""
        async with self.database.writing() as scope:
            row = await conversations.lock(scope, channel, address, create=create)
            if row is None:
                raise ConversationGone
            tx = Transaction(scope, row)
            yield tx
            await tx.flush()

    @asynccontextmanager
    async def turn_of(self, conversation_id: str) -> AsyncIterator[Transaction]:
        """The turn of this conversation, locked. Raises ConversationGone when it was erased."""
        async with self.database.writing() as scope:
            row = await conversations.lock_by_id(scope, conversation_id)
            if row is None:
                raise ConversationGone
            tx = Transaction(scope, row)
            yield tx
            await tx.flush()

    async def talk(self, channel: str, address: str) -> tuple[str | None, str | None]:
        """(state, language) of the person at this address, as they were before any turn under way."""
        async with self.database.reading() as scope:
            return await conversations.peek(scope, channel, address)

    async def talk_of(self, conversation_id: str) -> tuple[str | None, str | None]:
        """The same, of this conversation."""
        async with self.database.reading() as scope:
            return await conversations.peek_by_id(scope, conversation_id)

    async def where_is(self, conversation_id: str) -> tuple[str, str] | None:
        """(channel, address) of this conversation; None when it was erased."""
        async with self.database.reading() as scope:
            return await conversations.where_is(scope, conversation_id)

    # ── inbox ───────────────────────────────────────────────────────────────────────────────────────────

    async def receive(self, inbound: Inbound | TeamInbound) -> bool:
        """Keep an update; False for a repeat. Raises ValueError for a position: turn it into a commune first."""
        async with self.database.writing() as scope:
            return await inbox.write(scope, inbound, done=False) is not None

    async def pending_inbox(self, channel: str, address: str) -> tuple[InboxRow, ...]:
        """What waits for its turn at this address (a person's or a group's), oldest first."""
        async with self.database.reading() as scope:
            return await inbox.pending(scope, channel, address)

    async def finish_inbox(self, row_id: int) -> bool:
        """Mark an update done outside a turn (a group's, or one given up); False when it was done."""
        async with self.database.writing() as scope:
            return await inbox.finish(scope, row_id) is not None

    async def stale_inbox(
        self, older_than: datetime, limit: int, lease: timedelta = timedelta(minutes=1),
    ) -> tuple[tuple[str, str], ...]:
        """(channel, address) with updates received before then that nobody is at; ours for ``lease``."""
        async with self.database.writing() as scope:
            return await inbox.claim_stale(scope, older_than, limit, lease)

    # ── outbox ──────────────────────────────────────────────────────────────────────────────────────────

    async def claim_outbox(
        self, channels: frozenset[str], now: datetime, limit: int, lease: timedelta,
    ) -> tuple[ClaimedOutbound, ...]:
        """Messages to send now, at most one an address (the next waits for its fate), ours for ``lease``."""
        async with self.database.writing() as scope:
            return await outbox_claims.claim(scope, sorted(channels), now, limit, lease)

    async def delivered(self, row_id: int, delivered: Delivered) -> None:
        """It arrived."""
        async with self.database.writing() as scope:
            await outbox_claims.deliver(scope, row_id, delivered)

    async def retry(self, row_id: int, at: datetime, error: str) -> int:
        """Try again at ``at``; how many sends failed so far. ``error``: a class name, nobody's words."""
        async with self.database.writing() as scope:
            return await outbox_claims.retry(scope, row_id, at, error)

    async def failed(self, row_id: int) -> bool:
        """It will never be sent; the next one to its address may be. False when another node has dealt with it."""
        async with self.database.writing() as scope:
            return await outbox_claims.close(scope, row_id, "failed")

    async def lost_words(self, row_id: int) -> LostWords | None:
        """The counsellor's words that this row had; None when it had none."""
        async with self.database.reading() as scope:
            return await lead_delivery.lost(scope, row_id)

    async def addressee(self, row_id: int) -> str | None:
        """The conversation of the person this row is for; None for a group, or somebody erased."""
        async with self.database.reading() as scope:
            return await outbox_claims.addressee(scope, row_id)

    async def sent_to(self, row_id: int) -> tuple[str, str, datetime] | None:
        """(channel, address, when it was written) of a message; None when it is forgotten."""
        async with self.database.reading() as scope:
            return await outbox_claims.sent_to(scope, row_id)

    async def blocked(self, row_id: int) -> str | None:
        """Nothing more arrives at its address. The person's conversation; None for a group (which has left)."""
        async with self.database.writing() as scope:
            return await outbox_claims.block(scope, row_id)

    async def tell_chat(
        self, channel: str, address: str, rendered: Rendered, *, thread: str | None = None,
        reply_to: str | None = None,
    ) -> int:
        """Queue a message to a group, about no lead; its id."""
        async with self.database.writing() as scope:
            to = outbox.Recipient(channel, address)
            return (await outbox.queue(scope, to, [rendered], thread=thread, reply_to=reply_to))[0]

    async def tell_once(
        self, chats: Sequence[TeamChat], to: str, keys: Sequence[str], render: Callable[[Sequence[str]], Rendered],
    ) -> bool:
        """Queue to ``chats`` a message about those of ``keys`` that ``to`` was not told yet; False when it was all.

        Told and marked in one transaction: of two processes that look, one tells.
        """
        async with self.database.writing() as scope:
            fresh = await told.fresh(scope, to, keys)
            if not fresh:
                return False
            rendered = render(fresh)
            for chat in chats:
                await outbox.queue(scope, outbox.Recipient(chat.channel, chat.address), [rendered])
            return True

    async def unread(self, channel: str, address: str, after: int) -> tuple[tuple[int, datetime, Rendered], ...]:
        """(id, when, message) said after ``after``; they, and earlier ones that waited, are delivered by this."""
        async with self.database.reading() as scope:
            said, waiting = await outbox.unread(scope, channel, address, after)
        if waiting:
            async with self.database.writing() as scope:
                await outbox.mark_read(scope, waiting)
        return said

    async def history(self, channel: str, address: str, limit: int) -> tuple[HistoryItem, ...]:
        """The last ``limit`` lines of both sides, oldest first."""
        async with self.database.reading() as scope:
            return await outbox.history(scope, channel, address, limit)

    # ── due rows and retention ──────────────────────────────────────────────────────────────────────────

    async def claim_due(self, now: datetime, limit: int, lease: timedelta) -> tuple[DueRow, ...]:
        """Rows whose moment has come, ours for ``lease``; a turn ends each by ``finish_due``."""
        async with self.database.writing() as scope:
            return await due.claim(scope, now, limit, lease)

    async def drop_due(self, row_id: int) -> bool:
        """Give a due row up outside a turn; False when it was done."""
        async with self.database.writing() as scope:
            return await due.finish(scope, row_id)

    async def forget_expired(self, now: datetime) -> Mapping[str, int]:
        """Apply retention; rows forgotten, by kind. One transaction a kind."""
        counts = {}
        for kind, forget in FORGET.items():
            async with self.database.writing() as scope:
                counts[kind] = await forget(scope, now - RETENTION[kind])
        return counts

    async def unseen_with_team(self, before: datetime) -> tuple[str, ...]:
        """People who have not written since, and of whom a team has something: see bot.turn.Turns.forget."""
        async with self.database.reading() as scope:
            return await unseen_with_team(scope, before)

    # ── leads and the desk ──────────────────────────────────────────────────────────────────────────────

    async def lead(self, ref_or_id: str) -> LeadRow | None:
        """The lead with this reference or id."""
        async with self.database.reading() as scope:
            return await lead_reads.find(scope, ref_or_id)

    async def leads(
        self, body: str | None, territories: Collection[str], open_only: bool,
    ) -> tuple[LeadRow, ...]:
        """Leads of these territories, of ``body`` alone if given: urgent first, then the latest to move."""
        async with self.database.reading() as scope:
            return await lead_reads.listed(scope, body, territories, open_only=open_only)

    async def leads_of(self, counsellor_id: str) -> tuple[str, ...]:
        """The ids of all that this counsellor has and that is not over, oldest first."""
        async with self.database.reading() as scope:
            return await lead_reads.taken_by(scope, counsellor_id)

    async def lead_facts(self, since: datetime, until: datetime) -> tuple[LeadFact, ...]:
        """What is counted of the leads opened in [since, until)."""
        async with self.database.reading() as scope:
            return await lead_facts.facts(scope, since, until)

    async def lead_thread(self, lead_id: str) -> tuple[LeadMessage, ...]:
        """All that passed between the person and the team, oldest first."""
        async with self.database.reading() as scope:
            return await lead_reads.thread(scope, lead_id)

    async def lead_history(self, lead_id: str) -> tuple[LeadMove, ...]:
        """Everything that became of a lead, oldest first."""
        async with self.database.reading() as scope:
            return await lead_reads.history(scope, lead_id)

    async def liaisons(self, lead_id: str) -> tuple[Liaison, ...]:
        """The sheets that the team which has the lead asked for, oldest first."""
        async with self.database.reading() as scope:
            return await liaisons.of_lead(scope, lead_id)

    async def give_liaison(self, liaison_id: str) -> bool:
        """A sheet is printed or sent now; False when the person no longer agrees."""
        async with self.database.writing() as scope:
            return await liaisons.give(scope, liaison_id)

    async def lead_of_reply(
        self, channel: str, address: str, thread: str | None, reply_to: str | None,
    ) -> str | None:
        """The id of the lead that words in this topic, or replying to this message, are about."""
        async with self.database.reading() as scope:
            return await lead_reads.of_reply(scope, channel, address, thread, reply_to)

    async def known_here(
        self, channel: str, address: str, thread: str | None, reply_to: str | None,
    ) -> Literal["lead", "ours"] | None:
        """Whether that topic or message is a lead's, whoever has it now, or a message of ours about none."""
        async with self.database.reading() as scope:
            return await lead_reads.known_here(scope, channel, address, thread, reply_to)

    async def said_here(self, channel: str, address: str, message: str) -> Rendered | None:
        """What this message of ours in a team's chat said; None when it is about a lead, or is not known."""
        async with self.database.reading() as scope:
            return await lead_reads.said_here(scope, channel, address, message)

    async def lead_of_source(self, channel: str, address: str, message: str) -> str | None:
        """The id of the lead in whose thread this message of a team's chat was kept."""
        async with self.database.reading() as scope:
            copies = await lead_delivery.written(scope, channel, address, message)
        return copies[-1].lead_id if copies else None

    async def appointments_between(
        self, start: datetime, end: datetime, territories: Collection[str], body: str | None = None,
    ) -> tuple[BookedSeat, ...]:
        """Seats held in sessions that start in [start, end)."""
        async with self.database.reading() as scope:
            return await day_list.booked_between(scope, start, end, territories, body)

    async def load_calendar(self, places: Sequence[Place], sessions: Sequence[CalendarSession]) -> None:
        """Write or overwrite these places and sessions by id."""
        async with self.database.writing() as scope:
            await calendar.load(scope, places, sessions)

    @asynccontextmanager
    async def calendar(self) -> AsyncIterator[CalendarDesk]:
        """The calendar, to be read and changed in one transaction."""
        async with self.database.writing() as scope:
            yield CalendarDesk(scope)

    # ── what was not understood ─────────────────────────────────────────────────────────────────────────

    async def keep_gap(self, text: str, language: str | None, ranking: tuple[tuple[str, float], ...]) -> None:
        """Keep a message that was not understood. ``text`` is redacted already."""
        async with self.database.writing() as scope:
            await gaps.keep(scope, text, language, ranking)

    async def gaps(self) -> tuple[Gap, ...]:
        """Those nobody has sorted, the latest first, 100 at most."""
        async with self.database.reading() as scope:
            return await gaps.waiting(scope)

    async def sort_gap(self, gap_id: int, intent: str | None) -> bool:
        """Say what it meant (None: nothing); False when it is sorted or gone."""
        async with self.database.writing() as scope:
            return await gaps.sort(scope, gap_id, intent)

    async def sorted_gaps(self) -> tuple[Gap, ...]:
        """Those that were given a meaning, the oldest first."""
        async with self.database.reading() as scope:
            return await gaps.sorted_ones(scope)

    # ── files of the page ───────────────────────────────────────────────────────────────────────────────

    async def add_file(self, channel: str, address: str, name: str, mime: str, content: bytes) -> str:
        """Keep what somebody sends until their turn says whether a team gets it; its id.

        Raises ConversationGone.
        """
        async with self.database.writing() as scope:
            row = await conversations.lock(scope, channel, address, create=False)
            if row is None:
                raise ConversationGone
            return await files.add(scope, row.id, name, mime, content)

    async def read_file(self, file_id: str) -> bytes | None:
        """The content of a file of the page; None when it is gone."""
        async with self.database.reading() as scope:
            return await files.read(scope, file_id)

    async def drop_stray_file(self, file_id: str) -> None:
        """Forget the file if no team was given it."""
        async with self.database.writing() as scope:
            await files.drop_unless_kept(scope, file_id)

    # ── groups ──────────────────────────────────────────────────────────────────────────────────────────

    async def connect_chat(self, inbound: TeamInbound) -> TeamChat | None:
        """Connect a group by the code it sent (content Connect); None when the code is not good."""
        async with self.database.writing() as scope:
            return await team_chats.connect(scope, inbound)

    async def shut_out(self, inbound: TeamInbound, code: str = "") -> bool:
        """Whether who wrote lost their access to the consortium of this chat, or to that which ``code`` opens."""
        async with self.database.reading() as scope:
            return await team_chats.shut_out(scope, inbound, code)

    async def chat_left(self, channel: str, address: str) -> bool:
        """The bot was removed from the group; of two who notice, one gets True."""
        async with self.database.writing() as scope:
            return await team_chats.leave(scope, channel, scope.address_hash(channel, address))

    async def chat_moved(self, channel: str, old: str, new: str) -> None:
        """The group has another address; what waits for it follows."""
        async with self.database.writing() as scope:
            await team_chats.move(scope, channel, old, new)

    async def team_chats(self) -> tuple[TeamChat, ...]:
        """Every connected group."""
        async with self.database.reading() as scope:
            return await team_chats.connected(scope)

    async def lost_chats(self, consortium: str, since: datetime) -> tuple[TeamChat, ...]:
        """Chats of the consortium that nothing reaches any more since then."""
        async with self.database.reading() as scope:
            return await team_chats.lost(scope, consortium, since)

    async def quiet_chat(
        self, channel: str, address: str, until: datetime | None, *, unless_asked: bool = False,
    ) -> None:
        """Nothing but emergencies makes a sound there before ``until``."""
        async with self.database.writing() as scope:
            await team_chats.quiet(scope, channel, address, until, unless_asked=unless_asked)

    async def end_quiet(self, channel: str, address: str) -> bool:
        """The quiet is over, when it is; of two who look, one gets True."""
        async with self.database.writing() as scope:
            return await team_chats.end_quiet(scope, channel, address)

    async def team_chat(self, channel: str, address: str) -> TeamChat | None:
        """The connected group at this address."""
        async with self.database.reading() as scope:
            return await team_chats.find(scope, channel, address)

    # ── people of the console ───────────────────────────────────────────────────────────────────────────

    async def new_code(
        self, purpose: Purpose, consortium: str, body: str | None, role: Role, ttl: timedelta,
        counsellor_id: str | None = None,
    ) -> str:
        """A one-time code, shown once: ten letters to connect a group, a long token to sign in."""
        async with self.database.writing() as scope:
            return await codes.make(scope, purpose, consortium, body, role, ttl, counsellor_id)

    async def use_code(self, code: str, purpose: Purpose) -> Grant | None:
        """What the code gives, the first time; None when it is unknown, used, or past its hour."""
        async with self.database.writing() as scope:
            return await codes.use(scope, code, purpose)

    async def open_console(self, counsellor_id: str, ttl: timedelta) -> str:
        """A console session's token, shown once."""
        async with self.database.writing() as scope:
            return await codes.open_session(scope, counsellor_id, ttl)

    async def console(self, token: str) -> Counsellor | None:
        """Who is signed in with this token."""
        async with self.database.reading() as scope:
            return await codes.find_session(scope, token)

    async def close_console(self, token: str) -> None:
        """Sign out."""
        async with self.database.writing() as scope:
            await codes.revoke_session(scope, token)

    async def add_counsellor(self, seed: CounsellorSeed) -> Counsellor:
        """A new counsellor, who signs in on the console."""
        async with self.database.writing() as scope:
            return await counsellors.add(scope, seed)

    async def counsellor(self, counsellor_id: str) -> Counsellor | None:
        """The counsellor with this id, unless disabled."""
        async with self.database.reading() as scope:
            return await counsellors.find(scope, counsellor_id)

    async def counsellor_by_author(
        self, channel: str, author: str, consortium: str, create_as: CounsellorSeed | None = None,
    ) -> Counsellor | None:
        """Who writes under this platform's id in a group of ``consortium``; made when unknown and asked."""
        async with self.database.writing() as scope:
            return await counsellors.by_author(scope, channel, author, consortium, create_as)

    async def counsellors(self, consortium: str) -> tuple[Counsellor, ...]:
        """Everybody who has access to the consortium's requests, the first to come first."""
        async with self.database.reading() as scope:
            return tuple(await counsellors.of(scope, consortium))

    async def rename_counsellor(self, counsellor_id: str, name: str) -> None:
        """How they are called from now on; what was said before keeps the name it was said under."""
        async with self.database.writing() as scope:
            await counsellors.rename(scope, counsellor_id, name)

    async def disable_counsellor(self, counsellor_id: str) -> None:
        """They are of the team no more."""
        async with self.database.writing() as scope:
            await counsellors.disable(scope, counsellor_id)
