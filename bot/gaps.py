"""Messages that were not understood: redacted behind the turn, then kept for admins to sort."""

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Protocol

from bot.store.store import Store
from dialogues.effects import KeepGap

# In memory only until the next tick: a flood of them must not fill it.
MOST_WAITING = 500


class Redacting(Protocol):
    """Takes what is personal out of a text; see nlu.redact."""

    def redact(self, text: str) -> str:
        """The text without it."""


class Gaps:
    """Takes gaps from turns at once and keeps them a little later: redaction is slow, and a turn holds a lock."""

    def __init__(self, store: Store, redactor: Callable[[], Redacting]) -> None:
        """``redactor``: makes one, at the first gap (it takes seconds and memory)."""
        self._store = store
        self._make = redactor
        self._redactor: Redacting | None = None
        self._waiting: deque[tuple[KeepGap, str | None]] = deque(maxlen=MOST_WAITING)

    def note(self, gap: KeepGap, language: str | None) -> None:
        """A message was not understood. Returns at once."""
        self._waiting.append((gap, language))

    async def keep(self) -> int:
        """Redact and keep what waits; how many. What cannot be redacted is not kept."""
        count = 0
        while self._waiting:
            gap, language = self._waiting.popleft()
            if self._redactor is None:
                self._redactor = await asyncio.to_thread(self._make)
            text = await asyncio.to_thread(self._redactor.redact, gap.text)
            await self._store.keep_gap(text, language, gap.ranking)
            count += 1
        return count
