"""Wakes due rows (reminders), and inbox rows left behind by a crash."""

from datetime import timedelta

import structlog

from bot.clock import Clock
from bot.desk import Desk
from bot.store.lead_care import KINDS, UNSEEN
from bot.store.store import Store
from bot.store.values import DueRow
from bot.turn import Turns

log = structlog.get_logger(__name__)

AT_ONCE = 50
LEASE = timedelta(minutes=2)
# A row that was not taken up this long after it came in was left behind by a process that died.
STALE = timedelta(seconds=30)
# Tried so often, a reminder is dropped: its moment has passed anyway. A lead's clock never is: somebody waits.
MOST_ATTEMPTS = 5


async def wake(store: Store, turns: Turns, desk: Desk, clock: Clock) -> int:
    """Take every due row whose moment has come; how many. A cancelled session may have hundreds."""
    taken = 0
    while True:
        rows = await store.claim_due(clock.now(), AT_ONCE, LEASE)
        for row in rows:
            try:
                await _take(store, turns, desk, row)
            except Exception as cause:  # one broken reminder must not hold back the others; its lease ends
                log.error("due_failed", kind=row.kind, cause=type(cause).__name__)
        taken += len(rows)
        if len(rows) < AT_ONCE:
            return taken


async def _take(store: Store, turns: Turns, desk: Desk, row: DueRow) -> None:
    if row.kind in (*KINDS, UNSEEN):
        await desk.due(row)
        return
    try:
        await turns.due(row)
    except Exception:
        if row.attempts >= MOST_ATTEMPTS:
            await store.drop_due(row.id)
        raise


async def sweep(store: Store, turns: Turns, desk: Desk, clock: Clock) -> int:
    """Take up the messages that a process left behind; how many people had one."""
    left = await store.stale_inbox(clock.now() - STALE, AT_ONCE)
    for channel, address in left:
        for drain in (turns.drain, desk.drain):
            try:
                await drain(channel, address)
            except Exception as cause:  # their lease ends; those behind them wait for nobody
                log.error("sweep_failed", channel=channel, cause=type(cause).__name__)
    return len(left)
