"""A clock that only a test moves, and chance that repeats."""

from collections import Counter
from datetime import UTC, datetime, timedelta

from bot.clock import CODE_LETTERS, Clock


class FixedClock:
    """``clock`` is what the program gets; ids count id-1, id-2…, codes count in base 27 (``AAAC``…)."""

    def __init__(self, now: datetime = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)) -> None:
        self.now = now
        self._drawn: Counter[str] = Counter()
        self.clock = Clock(now=lambda: self.now, new_id=self._new_id, new_code=self._new_code,
                           new_secret=self._new_secret)

    def advance(self, **step: float) -> datetime:
        """Let time pass, as ``timedelta`` says it; the new moment."""
        self.now += timedelta(**step)
        return self.now

    def _count(self, kind: str) -> int:
        self._drawn[kind] += 1
        return self._drawn[kind]

    def _new_id(self) -> str:
        return f"id-{self._count('id')}"

    def _new_code(self, length: int) -> str:
        number, letters = self._count(f"code {length}"), ""
        for _ in range(length):
            number, letter = divmod(number, len(CODE_LETTERS))
            letters = CODE_LETTERS[letter] + letters
        return letters

    def _new_secret(self) -> str:
        return f"secret-{self._count('secret')}"
