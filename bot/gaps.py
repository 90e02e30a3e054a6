"""Messages that were not understood: redacted behind the turn, then kept for admins to sort."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager

import structlog

from bot.store.store import Store
from dialogues.effects import KeepGap
from nlu.errors import NluError

log = structlog.get_logger(__name__)
# In memory only until the next tick: a flood of them must not fill it.
MOST_WAITING = 500


class Gaps:
    """Takes gaps from turns at once and keeps them a little later: redaction is slow, and a turn holds a lock."""

    def __init__(self, store: Store, redact: Callable[[Sequence[str]], Awaitable[Sequence[str | None]]]) -> None:
        """``redact``: each text without what is personal, or None where that could not be done."""
        self._store = store
        self._redact = redact
        self._waiting: deque[tuple[KeepGap, str | None]] = deque(maxlen=MOST_WAITING)
        self._keeping = asyncio.Lock()  # a stop waits for the tick that is under way

    def note(self, gap: KeepGap, language: str | None) -> None:
        """A message was not understood. Returns at once."""
        self._waiting.append((gap, language))

    async def keep(self) -> int:
        """Redact and keep what waits; how many. What cannot be redacted is not kept.

        Raises what ``redact`` and the store raise; what is not kept yet waits on then, before what came since.
        """
        async with self._keeping:
            taken = tuple(self._waiting)
            self._waiting.clear()
            return await self._keep(taken) if taken else 0

    @asynccontextmanager
    async def last(self, seconds: float) -> AsyncIterator[None]:
        """Redact beside all that is ended inside; at the end, keep what came meanwhile too.

        ``seconds``: from the beginning; what is not kept by then is lost. Raises what the store raises.
        """
        until = asyncio.get_running_loop().time() + seconds
        early = asyncio.create_task(self.keep(), name="gaps")
        try:
            yield
        finally:
            try:
                async with asyncio.timeout_at(until):
                    await asyncio.gather(early, return_exceptions=True)  # what it did not keep waits again
                    await self.keep()
            except (TimeoutError, NluError) as cause:  # they are for those who sort them, no person waits for them
                log.warning("gaps_not_kept", cause=type(cause).__name__)

    async def _keep(self, taken: Sequence[tuple[KeepGap, str | None]]) -> int:
        done = count = 0
        try:
            texts = await self._redact([gap.text for gap, _ in taken])
            for (gap, language), text in zip(taken, texts, strict=True):
                if text is not None:
                    await self._store.keep_gap(text, language, gap.ranking)
                    count += 1
                done += 1
        except BaseException:
            left = taken[done:][: MOST_WAITING - len(self._waiting)]
            self._waiting.extendleft(reversed(left))
            raise
        return count
