"""News of a session that an outage kept until night: nobody is woken for what can wait; on both engines."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.clock import PARIS
from bot.store.store import Store
from tests.clock import FixedClock
from tests.store.samples import CHANNELS, MINUTE, NOW, PLACE, SAMIA, opening, said
from tests.store.test_calendar import seat

NIGHT, MORNING = datetime(2026, 11, 23, 22, 0, tzinfo=PARIS), datetime(2026, 11, 24, 8, 0, tzinfo=PARIS)


async def sent(store: Store, now: datetime) -> list[str]:
    """What goes now; it arrives."""
    texts = []
    while rows := await store.claim_outbox(CHANNELS, now, 50, MINUTE):
        for row in rows:
            texts.append(row.rendered.text)
            assert await store.failed(row.id)  # closed, whatever became of it: what is behind it may go
    return texts


async def test_it_waits_for_the_morning_and_holds_up_no_answer(store: Store) -> None:
    async with store.turn(*SAMIA) as tx:
        (row,) = await tx.say([replace(said("moved"), begins=MORNING + timedelta(hours=6))], delivered=False)
    await store.retry(row, NOW + MINUTE, "ChannelBusy")
    async with store.turn(*SAMIA) as tx:
        await tx.say([said("answer")], delivered=False)
    assert await sent(store, NIGHT) == ["answer"]
    async with store.turn(*SAMIA) as tx:
        await tx.say([said("another")], delivered=False)
    assert await sent(store, NIGHT + timedelta(hours=1)) == ["another"]
    assert await sent(store, MORNING) == ["moved"]


@pytest.mark.parametrize("begins", [NIGHT, MORNING + timedelta(hours=1), None])
async def test_what_cannot_wait_is_sent_in_its_turn(store: Store, begins: datetime | None) -> None:
    async with store.turn(*SAMIA) as tx:
        await tx.say([replace(said("moved"), begins=begins), said("answer")], delivered=False)
    assert await sent(store, NIGHT) == ["moved", "answer"]


async def test_by_day_the_order_is_kept(store: Store) -> None:
    news = replace(said("moved"), begins=NOW + timedelta(days=2))
    async with store.turn(*SAMIA) as tx:
        row, _ = await tx.say([news, said("answer")], delivered=False)
    await store.retry(row, NOW + MINUTE, "ChannelBusy")
    assert await sent(store, NOW) == []
    assert await sent(store, NOW + MINUTE) == ["moved", "answer"]


async def test_who_is_not_reached_yet_or_was_not_in_time_is_listed(store: Store, hours: FixedClock) -> None:
    await store.load_calendar([PLACE], [opening()])
    await seat(store)
    ends = opening().ends_at
    async with store.calendar() as desk:
        await desk.change("s1", "cancelled")
    async with store.turn(*SAMIA) as tx:
        (row,) = await tx.say([replace(said("off"), begins=opening().starts_at, until=ends)], delivered=False)
    async with store.calendar() as desk:
        assert not await desk.unreached(["s1"])  # on its way
    await store.retry(row, NOW + MINUTE, "ChannelBusy")
    async with store.calendar() as desk:
        assert len((await desk.unreached(["s1"])).codes) == 1
    hours.now = ends
    assert await sent(store, ends) == []
    async with store.calendar() as desk:
        assert len((await desk.unreached(["s1"])).codes) == 1
