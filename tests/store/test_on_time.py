"""A lateness that is taken back: who was told of it hears that the hour holds, and nobody else; on both engines."""

from datetime import timedelta

from bot.store.store import Store
from dialogues.effects import JoinWaiting, NoteInterest
from tests.clock import FixedClock
from tests.store.samples import NOW, PLACE, SAMIA, opening
from tests.store.test_calendar import LINA, OMAR, act, due, seat


async def late(store: Store, minutes: int, session: str = "s1") -> int:
    async with store.calendar() as desk:
        return await desk.change(session, "late", {"late_minutes": minutes})


async def test_who_was_told_that_it_is_late_is_told_that_it_is_not(store: Store) -> None:
    await store.load_calendar([PLACE], [opening()])
    mine = await seat(store)
    await act(store, OMAR, JoinWaiting("s1"))
    assert await late(store, 30) == 2
    assert len(await due(store, NOW)) == 2
    await act(store, LINA, NoteInterest(("s1",)))  # sees it later: knows of no lateness
    assert await late(store, 0) == 2
    assert [(row.kind, row.subject) for row in await due(store, NOW)] == [
        ("session_late", mine), ("day_late", "s1")]
    async with store.calendar() as desk:
        (one,) = await desk.stored(NOW)
    assert (one.late_minutes, one.sequence) == (0, 2)
    assert await late(store, 0) == 0  # it is so already
    assert await due(store, NOW) == []


async def test_who_was_not_told_yet_hears_nothing_of_a_lateness_that_is_none(
    store: Store, hours: FixedClock,
) -> None:
    await store.load_calendar([PLACE], [opening()])
    await seat(store)
    await act(store, OMAR, JoinWaiting("s1"))
    hours.now = NOW + timedelta(hours=13)  # in the night: to be told in the morning
    assert await late(store, 30) == 2
    assert await late(store, 0) == 0
    assert await due(store, hours.now + timedelta(hours=12)) == []


async def test_a_seat_taken_while_it_was_late_is_told_too_and_one_told_before_of_more(
    store: Store, hours: FixedClock,
) -> None:
    await store.load_calendar([PLACE], [opening()])
    first = await seat(store)
    await late(store, 15)
    await due(store, NOW)
    second = await seat(store, who=LINA)  # the confirmation said that it is late
    await late(store, 45)  # the first was told of 15 minutes, and is not told of 45 yet
    async with store.turn(*LINA) as tx:
        assert (await tx.snapshot(True)).appointments[0].session.late == 45
    assert len(await due(store, NOW)) == 2
    assert await late(store, 0) == 2
    assert {row.subject for row in await due(store, NOW)} == {first, second}


async def test_who_was_told_of_some_minutes_and_not_of_more_hears_that_the_hour_holds(store: Store) -> None:
    await store.load_calendar([PLACE], [opening()])
    mine = await seat(store, who=SAMIA)
    await late(store, 15)
    await due(store, NOW)
    await late(store, 45)
    assert await late(store, 0) == 1
    assert [(row.kind, row.subject) for row in await due(store, NOW)] == [("session_late", mine)]
