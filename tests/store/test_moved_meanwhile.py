"""A seat taken in the very moment its session is moved: its holder hears of the hour that is true; both engines."""

from datetime import timedelta

from bot.store.store import Store
from dialogues.effects import BookSeat, ConfirmSeat
from dialogues.events.answers import SeatBooked
from tests.clock import FixedClock
from tests.store.conftest import Opener
from tests.store.samples import NOW, PLACE, SAMIA, TEAM, opening
from tests.store.test_calendar import LINA, act, due, seat

STARTS = NOW + timedelta(days=2)
LATER = {"starts_at": STARTS + timedelta(hours=2), "ends_at": STARTS + timedelta(hours=5)}


async def look(store: Store) -> int:
    async with store.calendar() as desk:
        return await desk.tell_of_moves()


async def test_who_booked_in_the_very_moment_of_a_move_is_told_of_it_once(store: Store, opened: Opener) -> None:
    await store.load_calendar([PLACE], [opening()])
    other = await opened()

    async def moves() -> int:
        async with other.calendar() as desk:
            return await desk.change("s1", "moved", LATER)

    async with store.turn(*SAMIA) as tx:
        answer = await tx.apply(BookSeat("s1"))
        assert isinstance(answer, SeatBooked)
        assert answer.appointment.session.starts_at == STARTS  # what the confirmation says
        at_once = not store.database.one_at_a_time  # SQLite has one writer: there a move waits for this turn
        told = await moves() if at_once else -1
    told = told if at_once else await moves()
    assert told == (0 if at_once else 1)
    assert await look(store) == (1 if at_once else 0)
    assert [(row.kind, row.subject) for row in await due(store, NOW)] == [("session_moved", answer.appointment.id)]
    assert await look(store) == 0
    assert await due(store, NOW) == []


async def test_who_knows_of_the_move_is_told_no_more(store: Store, hours: FixedClock) -> None:
    await store.load_calendar([PLACE], [opening(), opening("s2")])
    await seat(store)
    async with store.calendar() as desk:
        assert await desk.change("s1", "moved", LATER) == 1
    assert len(await due(store, NOW)) == 1
    await seat(store, who=LINA)  # the confirmation has the new hour
    assert await look(store) == 0
    hours.now = STARTS + timedelta(days=1)
    assert await look(store) == 0


async def test_a_seat_put_right_after_a_move_is_told_of_it(store: Store) -> None:
    await store.load_calendar([PLACE], [opening()])
    mine = await seat(store)
    await act(store, SAMIA, ConfirmSeat(mine))
    async with store.calendar() as desk:
        await desk.mark(mine, "excused", [TEAM])
        assert await desk.change("s1", "moved", LATER) == 0
        await desk.mark(mine, "booked", [TEAM])
    assert await look(store) == 1
    assert [(row.kind, row.subject) for row in await due(store, NOW)] == [("session_moved", mine)]
