"""The store: one object that the shell holds. Each method is one transaction, or opens one."""

from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Self

from bot.clock import Clock
from bot.inbound import Inbound
from bot.outbound import Delivered, Rendered
from bot.store import (
    calendar,
    conversations,
    day_list,
    due,
    files,
    gaps,
    inbox,
    lead_delivery,
    outbox,
    outbox_claims,
    told,
)
from bot.store.calendar_desk import CalendarDesk
from bot.store.crypto import Vault
from bot.store.database import Database
from bot.store.errors import ConversationGone
from bot.store.retention import FORGET, RETENTION, unseen_with_team
from bot.store.team_store import TeamStore
from bot.store.transaction import Transaction
from bot.store.values import (
    BookedSeat,
    CalendarSession,
    ClaimedOutbound,
    DueRow,
    Gap,
    HistoryItem,
    InboxRow,
    LostWords,
    Place,
    TeamChat,
)
from bot.team_inbound import TeamInbound


class Store(TeamStore):
    """Rows in, values out. Every method may raise StoreUnavailable."""

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

    # ── the calendar ────────────────────────────────────────────────────────────────────────────────────

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
