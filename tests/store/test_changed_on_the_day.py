"""What a change of a session does not undo: who was seen, and what was said of another hour; on both engines."""

from datetime import timedelta

from sqlalchemy import update

from bot.store import tables as t
from bot.store.store import Store
from bot.store.values import BookedSeat
from dialogues.effects import ConfirmSeat
from dialogues.reminders import Change
from tests.clock import FixedClock
from tests.store.samples import NOW, PLACE, SAMIA, TEAM, opening
from tests.store.test_calendar import BODIES, LINA, OMAR, act, due, seat

STARTS = opening().starts_at


async def listed(store: Store) -> list[BookedSeat]:
    return list(await store.appointments_between(STARTS, STARTS + timedelta(days=30), [TEAM[0]], TEAM[1]))


async def test_who_was_seen_before_it_broke_off_is_not_told_to_stay_away_and_stays_seen(
    store: Store, hours: FixedClock,
) -> None:
    await store.load_calendar([PLACE], [opening(capacity=6)])
    seen, waits = await seat(store), await seat(store, who=OMAR)
    hours.now = STARTS + timedelta(minutes=30)
    async with store.calendar() as desk:
        await desk.mark(seen, "seen", BODIES)
        walk_in = await desk.walk_in("s1", "Ali", BODIES)
        assert (await desk.to_tell(["s1"])).seated == 1
        assert await desk.change("s1", "cancelled") == 1
    assert [(row.kind, row.subject) for row in await due(store, hours.now)] == [("session_cancelled", waits)]
    left = await listed(store)
    assert [one.state for one in left] == ["seen", "seen"]
    assert (left[0].appointment.id, left[1].appointment.code) == (seen, walk_in)


async def test_who_was_seen_is_not_told_that_it_is_late_or_moves(store: Store, hours: FixedClock) -> None:
    await store.load_calendar([PLACE], [opening(capacity=6)])
    seen, waits = await seat(store), await seat(store, who=LINA)
    hours.now = STARTS + timedelta(minutes=10)
    changes: list[Change] = ["late", "moved"]
    async with store.calendar() as desk:
        await desk.mark(seen, "seen", BODIES)
        for what in changes:
            values = {"late_minutes": 15} if what == "late" else {"place_id": PLACE.id}
            assert await desk.change("s1", what, values) == 1
    assert {row.subject for row in await due(store, hours.now)} == {waits}


async def test_who_comes_after_having_been_seen_says_so_in_vain(store: Store, hours: FixedClock) -> None:
    await store.load_calendar([PLACE], [opening()])
    mine = await seat(store)
    hours.now = STARTS + timedelta(minutes=10)
    async with store.calendar() as desk:
        await desk.mark(mine, "seen", BODIES)
    await act(store, SAMIA, ConfirmSeat(mine))  # the reminder's button, pressed on the spot
    assert [one.state for one in await listed(store)] == ["seen"]


async def test_who_said_yes_to_one_hour_has_said_nothing_of_another(store: Store) -> None:
    await store.load_calendar([PLACE], [opening()])
    mine = await seat(store)
    await act(store, SAMIA, ConfirmSeat(mine))
    async with store.turn(*SAMIA) as tx:
        await tx.keep_word(mine, "late")
    async with store.calendar() as desk:
        await desk.change("s1", "late", {"late_minutes": 30})
        assert [(one.state, one.word) for one in await listed(store)] == [("confirmed", "late")]
        later = {"starts_at": STARTS + timedelta(days=1), "ends_at": STARTS + timedelta(days=1, hours=3)}
        await desk.change("s1", "moved", later)
        (one,) = await desk.stored(NOW)
    assert [(one.state, one.word) for one in await listed(store)] == [("booked", None)]
    assert one.late_minutes == 0
    assert [row.kind for row in await due(store, NOW)] == ["session_moved"]  # late for what is no more: not said


async def test_a_seat_taken_in_the_very_moment_it_was_called_off_goes_and_is_told(
    store: Store, hours: FixedClock,
) -> None:
    await store.load_calendar([PLACE], [opening(), opening("s2")])
    mine, seen = await seat(store), await seat(store, who=OMAR)
    await seat(store, "s2", LINA)
    hours.now = STARTS
    async with store.calendar() as desk:
        await desk.mark(seen, "seen", BODIES)
    async with store.database.writing() as scope:  # a turn that booked had not seen it, nor this the seat
        await scope.run(update(t.sessions).where(t.sessions.c.id == "s1").values(cancelled_at=hours.now))
    async with store.calendar() as desk:
        assert [await desk.revoke_late(), await desk.revoke_late()] == [1, 0]
    assert [(row.kind, row.subject) for row in await due(store, hours.now)] == [("session_cancelled", mine)]
    assert {one.state for one in await listed(store)} == {"seen", "booked"}
