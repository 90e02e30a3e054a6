"""A file becomes the calendar, all of it or nothing, and everyone it concerns is told; on both engines."""

from datetime import timedelta
from pathlib import Path

from bot.calendar.importing import Plan, carry_out, lay_out_checked, lay_out_further, plan
from bot.store.store import Store
from dialogues.effects import BookSeat
from dialogues.events import SeatBooked
from tests.calendar.parts import NOW, read, write
from tests.clock import FixedClock
from tests.store.samples import PLACE, SAMIA, opening

WEEKLY = {"répétition": "toutes les semaines"}
FIRST = "portes-du-sud:ifra:marche:2026-12-01"


async def put(store: Store, path: Path, *, really: bool = True) -> tuple[Plan, int]:
    async with store.calendar() as desk:
        wanted = await plan(desk, lay_out_checked(read(path), NOW.date(), path.name), NOW)
        return wanted, await carry_out(desk, wanted) if really else 0


async def book(store: Store, session: str) -> None:
    async with store.turn(*SAMIA) as tx:
        assert isinstance(await tx.apply(BookSeat(session)), SeatBooked)


async def kinds(store: Store) -> list[str]:
    return [row.kind for row in await store.claim_due(NOW, 50, timedelta(minutes=1))]


async def test_the_same_file_again_changes_nothing(store: Store, tmp_path: Path) -> None:
    path = write(tmp_path, WEEKLY)
    first, _ = await put(store, path)
    assert len(first.added) == 17
    await book(store, FIRST)
    again, told = await put(store, path)
    assert (again.added, again.moved, again.gone, told) == ((), (), (), 0)
    async with store.calendar() as desk:
        assert [one.taken for one in await desk.stored(NOW)][:2] == [1, 0]


async def test_another_hour_moves_the_seat_and_tells(store: Store, tmp_path: Path) -> None:
    await put(store, write(tmp_path, WEEKLY))
    await book(store, FIRST)
    later = write(tmp_path, {**WEEKLY, "début": "10h"})
    dry, told = await put(store, later, really=False)
    assert (len(dry.moved), dry.people, told) == (17, 1, 0)
    assert await kinds(store) == []
    _, told = await put(store, later)
    assert told == 1
    assert await kinds(store) == ["session_moved"]
    async with store.turn(*SAMIA) as tx:
        (held,) = (await tx.snapshot(True)).appointments
    assert held.session.starts_at.hour == 9  # ten in Paris


async def test_a_date_taken_out_is_cancelled_and_told(store: Store, tmp_path: Path) -> None:
    await put(store, write(tmp_path, WEEKLY))
    await book(store, FIRST)
    wanted, told = await put(store, write(tmp_path, {**WEEKLY, "sauf": "01/12/2026"}))
    assert (wanted.gone, told) == ((FIRST,), 1)
    assert await kinds(store) == ["session_cancelled"]


async def test_a_real_calendar_takes_the_place_of_the_demonstration(store: Store, tmp_path: Path) -> None:
    await store.load_calendar([PLACE], [opening("sample-1"), opening("sample-2")])
    await book(store, "sample-1")
    await put(store, write(tmp_path, WEEKLY))
    async with store.calendar() as desk:
        found = {one.session.id: one.session.cancelled for one in await desk.stored(NOW)}
        assert await desk.has_real() == {("portes-du-sud", "ifra")}
    assert found["sample-1"]
    assert "sample-2" not in found


async def test_each_day_lays_the_calendar_out_further(store: Store, tmp_path: Path, hours: FixedClock) -> None:
    await put(store, write(tmp_path, WEEKLY))
    hours.advance(days=30)
    async with store.calendar() as desk:
        await desk.change(FIRST.replace("12-01", "12-29"), "late", {"late_minutes": 15})
    assert await lay_out_further(store, (), hours.now) == 4
    assert await lay_out_further(store, (), hours.now) == 0
    async with store.calendar() as desk:
        late = [one for one in await desk.stored(hours.now) if one.late_minutes]
    assert len(late) == 1  # what a counsellor changed by hand stays


async def test_a_session_cancelled_by_hand_stays_cancelled_when_the_file_comes_again(
    store: Store, tmp_path: Path
) -> None:
    path = write(tmp_path, WEEKLY)
    await put(store, path)
    async with store.calendar() as desk:
        await desk.change(FIRST, "cancelled")
    await put(store, path)
    async with store.calendar() as desk:
        assert [one.session.cancelled for one in await desk.stored(NOW)][:2] == [True, False]
