"""The one door to APScheduler: a clock of a few interval ticks, nothing stored, nothing that must not be missed."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import structlog

if TYPE_CHECKING:
    from apscheduler.schedulers.asyncio import AsyncIOScheduler

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Tick:
    """Something to do every so many ``seconds``; a tick that is still running is not started again."""

    seconds: float
    run: Callable[[], Awaitable[object]]


class Schedule:
    """Ticks until stopped. A tick that fails is logged and comes again."""

    def __init__(self, ticks: Mapping[str, Tick]) -> None:
        self._ticks = ticks
        self._scheduler: AsyncIOScheduler | None = None

    def start(self) -> None:
        """Start ticking; needs a running loop."""
        # Looks through all that is installed for plug-ins: not before the first people are answered.
        from apscheduler.schedulers.asyncio import AsyncIOScheduler

        self._scheduler = AsyncIOScheduler(timezone="UTC")
        for name, tick in self._ticks.items():
            self._scheduler.add_job(
                self._run, "interval", args=[name], seconds=tick.seconds, id=name,
                max_instances=1, coalesce=True, misfire_grace_time=None,
            )
        self._scheduler.start()

    def stop(self) -> None:
        """Stop ticking; what runs is left to end."""
        if self._scheduler is not None and self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    async def _run(self, name: str) -> None:
        try:
            await self._ticks[name].run()
        except Exception as cause:  # the next tick tries again
            log.error("tick_failed", tick=name, cause=type(cause).__name__)
