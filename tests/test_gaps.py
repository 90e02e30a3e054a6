"""Gaps are noted at once in the turn, and kept behind it without what is personal."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest

from bot.gaps import MOST_WAITING, Gaps
from bot.store.errors import StoreError
from bot.store.key_file import new_vault
from bot.store.store import Store
from dialogues.effects import KeepGap
from nlu.errors import RedactionFailed
from tests.clock import FixedClock


async def upper(texts: Sequence[str]) -> list[str | None]:
    return [text.upper() for text in texts]


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    store = await Store.open(f"sqlite+aiosqlite:///{tmp_path / 'store.db'}", new_vault(), FixedClock().clock)
    await store.migrate()
    yield store
    await store.close()


async def test_a_gap_is_redacted_before_it_is_kept(store: Store) -> None:
    asked: list[Sequence[str]] = []

    async def redact(texts: Sequence[str]) -> list[str | None]:
        asked.append(texts)
        return await upper(texts)

    gaps = Gaps(store, redact)
    assert await gaps.keep() == 0
    assert asked == []  # nobody was misunderstood: nothing is started
    gaps.note(KeepGap("zut", (("rights_rsa", 0.2),)), "fr")
    gaps.note(KeepGap("zap", ()), None)
    assert await gaps.keep() == 2
    assert [(gap.text, gap.language) for gap in await store.gaps()] == [("ZAP", None), ("ZUT", "fr")]
    assert asked == [["zut", "zap"]]
    assert await gaps.keep() == 0


async def test_a_flood_of_gaps_does_not_fill_the_memory(store: Store) -> None:
    gaps = Gaps(store, upper)
    for number in range(MOST_WAITING + 10):
        gaps.note(KeepGap(str(number), ()), None)
    assert await gaps.keep() == MOST_WAITING


async def test_what_cannot_be_redacted_is_not_kept(store: Store) -> None:
    async def half(texts: Sequence[str]) -> list[str | None]:
        return [None if "Samia" in text else text for text in texts]

    gaps = Gaps(store, half)
    gaps.note(KeepGap("je m'appelle Samia", ()), "fr")
    gaps.note(KeepGap("zut", ()), "fr")
    assert await gaps.keep() == 1
    assert [gap.text for gap in await store.gaps()] == ["zut"]


async def test_when_redaction_fails_they_wait_in_their_order_for_the_next_try(store: Store) -> None:
    broken = True

    async def sometimes(texts: Sequence[str]) -> list[str | None]:
        if broken:
            gaps.note(KeepGap("came meanwhile", ()), "en")
            raise RedactionFailed
        return await upper(texts)

    gaps = Gaps(store, sometimes)
    gaps.note(KeepGap("zut", ()), "fr")
    with pytest.raises(RedactionFailed):
        await gaps.keep()
    assert await store.gaps() == ()
    broken = False
    assert await gaps.keep() == 2
    assert [gap.text for gap in await store.gaps()] == ["CAME MEANWHILE", "ZUT"]


async def test_when_the_store_fails_only_what_is_not_kept_waits(store: Store) -> None:
    class Once:
        def __init__(self) -> None:
            self.calls = 0

        async def keep_gap(self, text: str, language: str | None, ranking: tuple[tuple[str, float], ...]) -> None:
            self.calls += 1
            if self.calls == 2:
                raise StoreError("away")
            await store.keep_gap(text, language, ranking)

    gaps = Gaps(Once(), upper)  # type: ignore[arg-type]  # the one method of the store that it uses
    for text in ("un", "deux", "trois"):
        gaps.note(KeepGap(text, ()), "fr")
    with pytest.raises(StoreError):
        await gaps.keep()
    assert await gaps.keep() == 2
    assert [gap.text for gap in await store.gaps()] == ["TROIS", "DEUX", "UN"]


async def test_a_stop_waits_for_what_is_being_redacted(store: Store) -> None:
    begun, go = asyncio.Event(), asyncio.Event()

    async def slowly(texts: Sequence[str]) -> list[str | None]:
        begun.set()
        await go.wait()
        return await upper(texts)

    gaps = Gaps(store, slowly)
    gaps.note(KeepGap("zut", ()), "fr")
    tick = asyncio.create_task(gaps.keep())
    await begun.wait()
    stop = asyncio.create_task(gaps.keep())
    await asyncio.sleep(0)
    assert not stop.done()
    go.set()
    assert (await tick, await stop) == (1, 0)


async def test_a_stop_redacts_beside_what_else_it_ends_and_keeps_what_came_meanwhile(store: Store) -> None:
    redacted = asyncio.Event()

    async def redact(texts: Sequence[str]) -> list[str | None]:
        redacted.set()
        return await upper(texts)

    gaps = Gaps(store, redact)
    gaps.note(KeepGap("zut", ()), "fr")
    async with gaps.last(5):
        await asyncio.wait_for(redacted.wait(), 5)  # a turn that ends, Rasa that stops
        gaps.note(KeepGap("zap", ()), "fr")
    assert [gap.text for gap in await store.gaps()] == ["ZAP", "ZUT"]


async def test_a_stop_tries_once_more_what_could_not_be_redacted(store: Store) -> None:
    tries: list[Sequence[str]] = []

    async def second(texts: Sequence[str]) -> list[str | None]:
        tries.append(texts)
        if len(tries) == 1:
            raise RedactionFailed
        return await upper(texts)

    gaps = Gaps(store, second)
    gaps.note(KeepGap("zut", ()), "fr")
    async with gaps.last(5):
        pass
    assert [gap.text for gap in await store.gaps()] == ["ZUT"]


async def test_a_stop_does_not_wait_for_ever_for_what_is_being_redacted(store: Store) -> None:
    async def never(texts: Sequence[str]) -> list[str | None]:
        await asyncio.Event().wait()
        raise AssertionError(texts)

    gaps = Gaps(store, never)
    gaps.note(KeepGap("zut", ()), "fr")
    async with gaps.last(0.01):
        pass
    assert await store.gaps() == ()
