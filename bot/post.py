"""Takes updates of push channels in, and sends what they cause at once: the ticks only catch what is left."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from bot.inbound import Inbound
from bot.store.store import Store
from bot.team_inbound import TeamInbound
from bot.turn import Turns

log = structlog.get_logger(__name__)


class Post:
    """The inbox door of push channels. ``send``: sends what waits in the outbox."""

    def __init__(
        self, store: Store, turns: Turns, team: Callable[[TeamInbound], Awaitable[None]],
        send: Callable[[], Awaitable[object]],
    ) -> None:
        self._store = store
        self._turns = turns
        self._team = team
        self._send = send
        self._work: set[asyncio.Task[None]] = set()
        self._sending = asyncio.Lock()

    async def on_person(self, inbound: Inbound) -> None:
        """Keep the update (it is safe when this returns), then take its turn behind."""
        if await self._turns.accept(inbound):
            self._behind(self._drain(inbound.channel, inbound.address))

    async def on_team(self, inbound: TeamInbound) -> None:
        """A group's update: short, so taken at once; then sent."""
        await self._team(inbound)
        self._behind(self.send())

    async def send(self) -> None:
        """Send what waits, one sender at a time in this process."""
        async with self._sending:
            await self._send()

    async def stop(self) -> None:
        """Let what is under way end."""
        await asyncio.gather(*self._work, return_exceptions=True)

    async def _drain(self, channel: str, address: str) -> None:
        await self._turns.drain(channel, address)
        await self.send()

    def _behind(self, work: Awaitable[None]) -> None:
        task = asyncio.ensure_future(self._guarded(work))
        self._work.add(task)
        task.add_done_callback(self._work.discard)

    async def _guarded(self, work: Awaitable[None]) -> None:
        try:
            await work
        except Exception as cause:  # the sweep takes up what this left
            log.error("turn_left_behind", cause=type(cause).__name__)
