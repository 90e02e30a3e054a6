"""A session that was called off is held after all: who hears of it, and of which hour; on both engines."""

from pathlib import Path

from bot.store.store import Store
from dialogues.effects import JoinWaiting, NoteInterest
from tests.calendar.parts import write
from tests.store.samples import NOW, PLACE, opening
from tests.store.test_calendar import LINA, OMAR, act, due
from tests.store.test_import import FIRST, WEEKLY, book, kinds, put, said

WITHOUT, AT_TEN = {**WEEKLY, "sauf": "01/12/2026"}, {**WEEKLY, "début": "10h"}


async def test_who_was_not_told_that_it_was_off_hears_that_it_is_at_another_hour(
    store: Store, tmp_path: Path,
) -> None:
    await put(store, write(tmp_path, WEEKLY))
    await book(store, FIRST)
    await put(store, write(tmp_path, WITHOUT))
    _, told = await put(store, write(tmp_path, AT_TEN))
    assert told == 1
    assert await kinds(store) == ["session_moved"]


async def test_who_was_told_hears_once_with_the_new_hour(store: Store, tmp_path: Path) -> None:
    await put(store, write(tmp_path, WEEKLY))
    await book(store, FIRST)
    await put(store, write(tmp_path, WITHOUT))
    assert await said(store) == ["session_cancelled"]
    _, told = await put(store, write(tmp_path, AT_TEN))
    assert told == 1
    assert await said(store) == ["session_reopened"]


async def test_who_had_only_asked_and_was_told_not_to_come_hears_of_it_too(store: Store) -> None:
    await store.load_calendar([PLACE], [opening()])
    await act(store, OMAR, NoteInterest(("s1",)))
    await act(store, LINA, JoinWaiting("s1"))
    async with store.calendar() as desk:
        assert await desk.change("s1", "cancelled") == 2
    assert len(await due(store, NOW)) == 2
    async with store.calendar() as desk:
        assert await desk.restore("s1") == 2
        assert (await desk.to_tell(["s1"])).asked == 2  # and of what becomes of it next
    assert [row.kind for row in await due(store, NOW)] == ["session_reopened"] * 2


async def test_who_was_not_told_yet_goes_on_as_somebody_who_asked(store: Store) -> None:
    await store.load_calendar([PLACE], [opening()])
    await act(store, OMAR, NoteInterest(("s1",)))
    async with store.calendar() as desk:
        await desk.change("s1", "cancelled")
        assert await desk.restore("s1") == 0
        assert (await desk.to_tell(["s1"])).asked == 1
