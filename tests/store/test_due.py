import asyncio

from bot.store.store import Store
from dialogues.effects import BookSeat, CancelReminders, CancelSeat, ScheduleReminders
from dialogues.events.answers import SeatBooked
from tests.clock import FixedClock
from tests.store.conftest import Opener
from tests.store.samples import MINUTE, NOW, PLACE, SAMIA, opening


async def plan(store: Store, hours: FixedClock, subject: str = "a1", who: tuple[str, str] = SAMIA) -> str:
    async with store.turn(*who) as tx:
        await tx.apply(ScheduleReminders(subject, {"day_before": hours.now, "two_hours": hours.now + MINUTE}))
    return tx.conversation_id


async def test_a_reminder_comes_when_its_moment_has(store: Store, hours: FixedClock) -> None:
    person = await plan(store, hours)
    (row,) = await store.claim_due(NOW, 10, MINUTE)
    assert (row.kind, row.conversation_id, row.subject, row.at) == ("day_before", person, "a1", NOW)
    assert await store.claim_due(NOW, 10, MINUTE) == ()
    async with store.turn_of(person) as tx:
        assert await tx.finish_due(row.id)
        assert not await tx.finish_due(row.id)
    assert [due.kind for due in await store.claim_due(NOW + MINUTE, 10, MINUTE)] == ["two_hours"]


async def test_a_lease_that_ends_gives_the_reminder_to_another(
    store: Store, opened: Opener, hours: FixedClock,
) -> None:
    await plan(store, hours)
    other = await opened()
    await store.claim_due(NOW, 10, MINUTE)
    rows = await other.claim_due(NOW + MINUTE, 10, MINUTE)
    assert [(row.kind, row.attempts) for row in rows] == [("day_before", 1), ("two_hours", 0)]
    assert await store.drop_due(rows[0].id)


async def test_planning_again_replaces_and_cancelling_forgets(store: Store, hours: FixedClock) -> None:
    await plan(store, hours)
    await plan(store, hours)
    assert len(await store.claim_due(NOW + MINUTE, 10, MINUTE)) == 2
    async with store.turn(*SAMIA) as tx:
        await tx.apply(CancelReminders("a1"))
    assert await store.claim_due(NOW + 5 * MINUTE, 10, MINUTE) == ()


async def test_reminders_planned_again_leave_what_else_is_to_be_said(store: Store) -> None:
    await store.load_calendar([PLACE], [opening()])
    async with store.turn(*SAMIA) as tx:
        booked = await tx.apply(BookSeat("s1"))
        assert isinstance(booked, SeatBooked)
    async with store.calendar() as desk:
        await desk.change("s1", "late", {"late_minutes": 30})
    async with store.turn(*SAMIA) as tx:
        await tx.apply(ScheduleReminders(booked.appointment.id, {"two_hours": NOW + MINUTE}))
        await tx.apply(ScheduleReminders(booked.appointment.id, {"two_hours": NOW + 2 * MINUTE}))
    assert [row.kind for row in await store.claim_due(NOW + 3 * MINUTE, 10, MINUTE)] == [
        "session_late", "two_hours"]


async def test_a_seat_given_back_takes_its_reminders_along(store: Store, hours: FixedClock) -> None:
    await store.load_calendar([PLACE], [opening()])
    async with store.turn(*SAMIA) as tx:
        booked = await tx.apply(BookSeat("s1"))
        assert isinstance(booked, SeatBooked)
        await tx.apply(ScheduleReminders(booked.appointment.id, {"two_hours": hours.now}))
        await tx.apply(CancelSeat(booked.appointment.id))
    assert await store.claim_due(NOW, 10, MINUTE) == ()


async def test_two_processes_never_claim_the_same_reminder(
    store: Store, opened: Opener, hours: FixedClock,
) -> None:
    for number in range(20):
        await plan(store, hours, f"a{number}", ("telegram", f"chat-{number}"))
    other = await opened()
    batches = await asyncio.gather(*(each.claim_due(NOW, 3, MINUTE) for each in (store, other) * 10))
    ids = [row.id for batch in batches for row in batch]
    assert len(ids) == len(set(ids))
    assert len(ids) + len(await store.claim_due(NOW, 50, MINUTE)) == 20
