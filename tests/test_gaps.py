"""Gaps are noted at once in the turn, and kept behind it without what is personal."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.gaps import MOST_WAITING, Gaps
from bot.store.key_file import new_vault
from bot.store.store import Store
from dialogues.effects import KeepGap
from tests.clock import FixedClock


class Upper:
    def redact(self, text: str) -> str:
        return text.upper()


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    store = await Store.open(f"sqlite+aiosqlite:///{tmp_path / 'store.db'}", new_vault(), FixedClock().clock)
    await store.migrate()
    yield store
    await store.close()


async def test_a_gap_is_redacted_before_it_is_kept(store: Store) -> None:
    made: list[Upper] = []
    gaps = Gaps(store, lambda: made.append(Upper()) or made[0])  # type: ignore[func-returns-value]  # a short way to count
    assert await gaps.keep() == 0
    assert made == []  # nobody was misunderstood: nothing is loaded
    gaps.note(KeepGap("zut", (("rights_rsa", 0.2),)), "fr")
    gaps.note(KeepGap("zap", ()), None)
    assert await gaps.keep() == 2
    assert [(gap.text, gap.language) for gap in await store.gaps()] == [("ZAP", None), ("ZUT", "fr")]
    assert len(made) == 1


async def test_a_flood_of_gaps_does_not_fill_the_memory(store: Store) -> None:
    gaps = Gaps(store, Upper)
    for number in range(MOST_WAITING + 10):
        gaps.note(KeepGap(str(number), ()), None)
    assert await gaps.keep() == MOST_WAITING


async def test_what_cannot_be_redacted_is_not_kept(store: Store) -> None:
    class Broken:
        def redact(self, text: str) -> str:
            raise ValueError(text)

    gaps = Gaps(store, Broken)
    gaps.note(KeepGap("je m'appelle Samia", ()), "fr")
    with pytest.raises(ValueError, match="Samia"):
        await gaps.keep()
    assert await store.gaps() == ()
