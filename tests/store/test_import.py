"""A file becomes the calendar, all of it or nothing, and everyone it concerns is told; on both engines."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from bot.calendar.importing import carry_out, lay_out_checked, lay_out_further
from bot.calendar.layout import place_of
from bot.calendar.planning import Plan, plan
from bot.clock import PARIS
from bot.store import tables as t
from bot.store.calendar_replace import Changes
from bot.store.errors import MovedToThePast, TeamElsewhere
from bot.store.store import Store
from bot.store.values import StoredSession
from dialogues.effects import BookSeat
from dialogues.events.answers import SeatBooked
from tests.calendar.parts import NOW, read, write
from tests.clock import FixedClock
from tests.store.samples import PLACE, SAMIA, opening

WEEKLY = {"répétition": "toutes les semaines"}
FIRST = "portes-du-sud:ifra:marche:2026-12-01"


async def put(store: Store, path: Path, *, really: bool = True) -> tuple[Plan, int]:
    async with store.calendar() as desk:
        wanted = await plan(desk, lay_out_checked(read(path), NOW.date(), path.name), NOW)
        return wanted, (await carry_out(desk, wanted)).people if really else 0


async def book(store: Store, session: str) -> None:
    async with store.turn(*SAMIA) as tx:
        assert isinstance(await tx.apply(BookSeat(session)), SeatBooked)


async def kinds(store: Store) -> list[str]:
    return [row.kind for row in await store.claim_due(NOW, 50, timedelta(minutes=1))]


async def test_the_same_file_again_changes_nothing(store: Store, tmp_path: Path) -> None:
    path = write(tmp_path, WEEKLY)
    first, _ = await put(store, path)
    assert len(first.changes.added) == 17
    await book(store, FIRST)
    again, told = await put(store, path)
    assert (again.changes, told) == (Changes(), 0)
    async with store.calendar() as desk:
        assert [one.taken for one in await desk.stored(NOW)][:2] == [1, 0]


async def test_another_hour_moves_the_seat_and_tells(store: Store, tmp_path: Path) -> None:
    await put(store, write(tmp_path, WEEKLY))
    await book(store, FIRST)
    later = write(tmp_path, {**WEEKLY, "début": "10h"})
    dry, told = await put(store, later, really=False)
    assert (len(dry.changes.moved), dry.people, told) == (17, 1, 0)
    assert await kinds(store) == []
    _, told = await put(store, later)
    assert told == 1
    assert await kinds(store) == ["session_moved"]
    async with store.turn(*SAMIA) as tx:
        (held,) = (await tx.snapshot(True)).appointments
    assert held.session.starts_at.hour == 9  # ten in Paris


async def test_a_file_at_night_that_puts_off_the_same_morning_wakes_who_would_be_on_the_road(
    store: Store, tmp_path: Path, hours: FixedClock,
) -> None:
    await put(store, write(tmp_path, {**WEEKLY, "début": "8h30"}))
    await book(store, FIRST)
    hours.now = datetime(2026, 11, 30, 22, 0, tzinfo=PARIS)
    _, told = await put(store, write(tmp_path, {**WEEKLY, "début": "11h"}))
    assert told == 1
    rows = await store.claim_due(hours.now, 50, timedelta(minutes=1))
    assert "session_moved" in [row.kind for row in rows]


async def test_a_date_taken_out_is_cancelled_and_told(store: Store, tmp_path: Path) -> None:
    await put(store, write(tmp_path, WEEKLY))
    await book(store, FIRST)
    wanted, told = await put(store, write(tmp_path, {**WEEKLY, "sauf": "01/12/2026"}))
    assert (wanted.changes.gone, told) == ((FIRST,), 1)
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


async def said(store: Store) -> list[str]:
    """What is to be said now, and is."""
    rows = await store.claim_due(NOW, 50, timedelta(minutes=1))
    for row in rows:
        async with store.turn_of(row.conversation_id) as tx:
            assert await tx.finish_due(row.id)
    return [row.kind for row in rows]


async def one(store: Store, session: str) -> StoredSession:
    async with store.calendar() as desk:
        (found,) = await desk.stored(NOW - timedelta(days=1), ids=[session])
    return found


async def test_a_session_the_file_takes_back_and_gives_again_is_held(store: Store, tmp_path: Path) -> None:
    path = write(tmp_path, WEEKLY)
    await put(store, path)
    await book(store, FIRST)
    await put(store, write(tmp_path, {**WEEKLY, "sauf": "01/12/2026"}))
    assert await said(store) == ["session_cancelled"]
    wanted, told = await put(store, write(tmp_path, WEEKLY))
    assert (wanted.changes.reopened, told) == ((FIRST,), 1)
    async with store.database.reading() as scope:
        rows = (await scope.run(select(t.due.c.kind, t.due.c.subject).where(t.due.c.done_at.is_(None)))).all()
    assert ("session_reopened", FIRST) in [tuple(row) for row in rows]
    assert not (await one(store, FIRST)).session.cancelled
    await book(store, FIRST)


async def test_who_was_not_told_yet_has_their_seat_as_before(store: Store, tmp_path: Path) -> None:
    await put(store, write(tmp_path, WEEKLY))
    await book(store, FIRST)
    await put(store, write(tmp_path, {**WEEKLY, "sauf": "01/12/2026"}))
    async with store.database.writing() as scope:  # the word goes out in the morning, say
        await scope.run(update(t.due).values(at=NOW + timedelta(hours=9)))
    _, told = await put(store, write(tmp_path, WEEKLY))
    assert (told, (await one(store, FIRST)).taken) == (0, 1)
    async with store.turn(*SAMIA) as tx:
        assert [held.session.id for held in (await tx.snapshot(True)).appointments] == [FIRST]
    async with store.database.reading() as scope:
        left = (await scope.run(select(t.due.c.kind).where(t.due.c.done_at.is_(None)))).scalars()
    assert sorted(left) == ["day_before", "two_hours"]


async def test_what_was_reopened_and_goes_again_is_not_said_to_be_held(store: Store, tmp_path: Path) -> None:
    await put(store, write(tmp_path, WEEKLY))
    await book(store, FIRST)
    await put(store, write(tmp_path, {**WEEKLY, "sauf": "01/12/2026"}))
    assert await said(store) == ["session_cancelled"]
    await put(store, write(tmp_path, WEEKLY))
    await put(store, write(tmp_path, {**WEEKLY, "sauf": "01/12/2026"}))
    assert await kinds(store) == []


async def test_what_a_counsellor_moved_stays_there_when_the_file_comes_again(store: Store, tmp_path: Path) -> None:
    path = write(tmp_path, WEEKLY)
    await put(store, path)
    await book(store, FIRST)
    was = (await one(store, FIRST)).session
    by_hand = {"starts_at": was.starts_at + timedelta(hours=1), "ends_at": was.ends_at + timedelta(hours=1)}
    async with store.calendar() as desk:
        await desk.change(FIRST, "moved", by_hand)
    assert await kinds(store) == ["session_moved"]
    wanted, told = await put(store, path)
    assert (wanted.changes.moved, wanted.kept, told) == ((), 1, 0)
    assert (await one(store, FIRST)).session.starts_at == by_hand["starts_at"]
    wanted, told = await put(store, write(tmp_path, {**WEEKLY, "début": "10h", "fin": "13h30"}))
    assert FIRST not in wanted.changes.moved  # the file says what the counsellor had said
    assert (told, (await one(store, FIRST)).given) == (0, None)
    wanted, told = await put(store, write(tmp_path, WEEKLY))
    assert (FIRST in wanted.changes.moved, told) == (True, 1)
    assert (await one(store, FIRST)).session.starts_at == was.starts_at


@pytest.mark.parametrize("days", [-7, 14])
async def test_moved_by_hand_to_another_day_is_neither_lost_nor_doubled(
    store: Store, tmp_path: Path, days: int
) -> None:
    later = FIRST.replace("12-01", "12-08")
    path = write(tmp_path, {**WEEKLY, "équipe": "a"})
    await put(store, path)
    was = (await one(store, later)).session
    hours = timedelta(days=days, hours=6)
    async with store.calendar() as desk:
        await desk.change(later, "moved", {"starts_at": was.starts_at + hours, "ends_at": was.ends_at + hours})
    now = was.starts_at - timedelta(hours=1) + (timedelta() if days < 0 else timedelta(days=1))
    async with store.calendar() as desk:  # the same file, when one of the two days is over
        wanted = await plan(desk, lay_out_checked(read(path), now.date(), path.name), now)
    assert later not in (*wanted.changes.gone, *wanted.changes.added, *wanted.changes.moved)


async def test_a_session_is_not_moved_into_the_past_nor_where_the_team_is_not(
    store: Store, tmp_path: Path, hours: FixedClock
) -> None:
    await put(store, write(tmp_path, WEEKLY, {"identifiant": "b", "début": "14h", "fin": "16h"}))
    was = (await one(store, FIRST)).session
    over = {"starts_at": NOW - timedelta(days=1), "ends_at": NOW + timedelta(hours=1)}
    busy = {"starts_at": was.starts_at + timedelta(hours=2), "ends_at": was.ends_at + timedelta(hours=2)}
    for values, refused in ((over, MovedToThePast), (busy, TeamElsewhere)):
        with pytest.raises(refused):
            async with store.calendar() as desk:
                await desk.change(FIRST, "moved", values)
    assert (await one(store, FIRST)).session == was
    hours.now = was.starts_at + timedelta(hours=1)  # it has begun: it may still end later
    async with store.calendar() as desk:
        await desk.change(FIRST, "moved", {
            "starts_at": was.starts_at, "ends_at": was.ends_at + timedelta(minutes=30)})
    assert (await one(store, FIRST)).sequence == 1


async def test_details_that_change_reach_agendas_and_other_systems(store: Store, tmp_path: Path) -> None:
    await put(store, write(tmp_path, WEEKLY, {"identifiant": "b", "lieu": "Gare", "date": "02/12/2026"}))
    store.database.tells_others = True
    new = write(tmp_path, {**WEEKLY, "places": "9"}, {"identifiant": "b", "lieu": "Gare", "date": "02/12/2026",
                                                      "adresse": "1 place de la gare"})
    wanted, told = await put(store, new)
    assert (len(wanted.changes.changed), len(wanted.changes.moved), told) == (18, 0, 0)
    assert (await one(store, FIRST)).sequence == 1
    async with store.calendar() as desk:
        calls = await desk.claim_webhooks(50, timedelta(minutes=1))
    assert {call.event for call in calls} == {"session.changed"}
    assert len(calls) == 18
    wanted, _ = await put(store, new)
    assert wanted.changes.changed == ()


async def test_two_bodies_with_a_place_of_the_same_name_have_two_places(store: Store, tmp_path: Path) -> None:
    (entry,) = read(write(tmp_path, {}))
    other = replace(entry, body="autre", id="portes-du-sud:autre:marche")
    mine, theirs = place_of(entry), place_of(other)
    assert mine.id != theirs.id
    await store.load_calendar([replace(mine, id="known-before")], [])
    wanted, _ = await put(store, write(tmp_path, {}))
    assert [place.id for place in wanted.places] == ["known-before"]  # the address of its feed stays


async def test_who_cannot_be_written_to_is_named_by_their_code(store: Store, tmp_path: Path) -> None:
    await put(store, write(tmp_path, WEEKLY))
    await book(store, FIRST)
    async with store.turn("web", "page-1") as tx:
        mine = await tx.apply(BookSeat(FIRST))
    assert isinstance(mine, SeatBooked)
    async with store.calendar() as desk:
        path = write(tmp_path, {**WEEKLY, "sauf": "01/12/2026"})
        wanted = await plan(desk, lay_out_checked(read(path), NOW.date(), path.name), NOW)
        told = await carry_out(desk, wanted)
    assert (told.people, told.unreached.codes) == (2, (mine.appointment.code,))
