"""Sends what waits in the outbox: after the commit, from the row, in order per person, with back-off."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Protocol

import structlog

from bot.clock import Clock
from bot.ports import Channel, ChannelBlocked, ChannelBusy, ChannelMoved, ChannelRefused
from bot.store.errors import ConversationGone
from bot.store.store import Store
from bot.store.values import ClaimedOutbound
from dialogues.events import Event
from dialogues.events.person import ContactBlocked

log = structlog.get_logger(__name__)

AT_ONCE = 50
# While a send is under way no other node takes the row; longer than any send with its time-outs.
LEASE = timedelta(seconds=90)
# 2, 4, 8 … seconds, at most five minutes between two tries; given up after a day.
FIRST_WAIT, LONGEST_WAIT = 2.0, 300.0
MOST_ATTEMPTS = 300
# A loss that could not be told is tried so often, about a quarter of an hour.
MOST_TELLS = 10


# (channel, address) of a team that nothing reaches any more; see bot.desk.lost.Lost.notice.
Lost = Callable[[str, str], Awaitable[None]]


class Happen(Protocol):
    """What the outbox tells the rest; see bot.turn.Turns.happen."""

    async def happen(self, conversation_id: str, event: Event) -> None:
        """An event of a conversation."""

    async def undelivered(self, row_id: int) -> None:
        """Give up a row that will never arrive, and tell whom it concerns."""


def wait_after(attempts: int, asked: float | None) -> timedelta:
    """How long to wait after this many failed sends. ``asked``: seconds the channel asked for (429)."""
    own = min(LONGEST_WAIT, FIRST_WAIT * 2.0 ** min(attempts, 10))
    return timedelta(seconds=max(own, asked or 0.0))


async def nobody_told(_channel: str, _address: str) -> None:
    """No team is told that one of its chats is lost."""


async def send_waiting(
    store: Store, channels: Mapping[str, Channel], turns: Happen, clock: Clock, lost: Lost = nobody_told,
) -> int:
    """Send every row that may go now; how many were tried."""
    tried = 0
    while True:
        rows = await store.claim_outbox(frozenset(channels), clock.now(), AT_ONCE, LEASE)
        for row in rows:
            try:
                await _send(store, channels[row.channel], turns, clock, row, lost)
            except Exception as cause:  # its lease ends and it is tried again: those behind it are other people's
                log.error("send_not_settled", channel=row.channel, kind=row.kind, cause=type(cause).__name__)
        tried += len(rows)
        if not rows:
            return tried


async def _send(
    store: Store, channel: Channel, turns: Happen, clock: Clock, row: ClaimedOutbound, lost: Lost,
) -> None:
    try:
        delivered = await channel.send(row)
    except ChannelBusy as cause:
        await _again(store, turns, clock, row, "busy", cause.retry_after)
    except ChannelMoved as cause:
        await store.chat_moved(row.channel, row.address, cause.new_address)
        await store.retry(row.id, clock.now(), "moved")
    except ChannelBlocked:
        try:
            await nothing_arrives(store, turns, row.id, (row.channel, row.address), lost)
        except Exception as cause:  # tried again: what is not told now must be told then
            log.error("block_not_told", channel=row.channel, cause=type(cause).__name__)
            await _again(store, turns, clock, row, type(cause).__name__)
    except ChannelRefused:
        log.warning("send_refused", channel=row.channel, kind=row.kind)
        await _give_up(store, turns, clock, row)
    except Exception as cause:  # a fault of ours in one message must not stop those of other people
        log.error("send_failed", channel=row.channel, kind=row.kind, cause=type(cause).__name__)
        await _again(store, turns, clock, row, type(cause).__name__)
    else:
        await store.delivered(row.id, delivered)


async def nothing_arrives(store: Store, turns: Happen, row_id: int, place: tuple[str, str], lost: Lost) -> None:
    """The address refuses us for good. What waits there is dropped last: cut short before, it comes here again.

    ``place``: (channel, address) of the row that was refused, at once or by a mail that came back.
    """
    await lost(*place)
    conversation = await store.addressee(row_id)
    if conversation is None:
        await store.chat_left(*place)
    else:
        try:
            await turns.happen(conversation, ContactBlocked())
        except ConversationGone:
            log.info("blocked_after_erasure", channel=place[0])  # nobody is left to be told of
    await store.blocked(row_id)


async def _again(
    store: Store, turns: Happen, clock: Clock, row: ClaimedOutbound, error: str, asked: float | None = None,
) -> None:
    """Later, unless it was tried often enough."""
    if row.attempts + 1 >= MOST_ATTEMPTS:
        await _give_up(store, turns, clock, row, MOST_ATTEMPTS)
    else:
        await store.retry(row.id, clock.now() + wait_after(row.attempts, asked), error)


async def _give_up(store: Store, turns: Happen, clock: Clock, row: ClaimedOutbound, since: int = 0) -> None:
    """It will never arrive: a counsellor whose words it has must not believe that it did. ``since``: attempts."""
    try:
        await turns.undelivered(row.id)
    except Exception as cause:
        log.error("loss_not_told", channel=row.channel, cause=type(cause).__name__)
        if row.attempts >= since + MOST_TELLS:  # the console shows it too; what waits behind has waited enough
            await store.failed(row.id)
        else:
            await store.retry(row.id, clock.now() + wait_after(row.attempts, None), "loss_not_told")
