"""Forgets what was kept long enough. Somebody of whom a team has something is erased by a turn, which tells it."""

import structlog

from bot.clock import Clock
from bot.store.retention import RETENTION
from bot.store.store import Store
from bot.turn import Turns

log = structlog.get_logger(__name__)


async def forget(store: Store, turns: Turns, clock: Clock) -> None:
    """Apply retention once; what is left over of a large batch goes at the next tick."""
    before = clock.now() - RETENTION["conversations"]
    for conversation_id in await store.unseen_with_team(before):
        try:
            await turns.forget(conversation_id, before)
        except Exception as cause:  # one person who cannot be erased must not keep the others
            log.error("forget_failed", cause=type(cause).__name__)
    await store.forget_expired(clock.now())
