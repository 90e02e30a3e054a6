"""An admin corrects a row and sends the file again: who has a seat keeps it, and hears of it; both engines."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from bot.store.store import Store
from tests.calendar.parts import write
from tests.clock import FixedClock
from tests.store.samples import SAMIA
from tests.store.test_import import WEEKLY, book, kinds, put

NO_ID = {"identifiant": ""}


async def first_id(store: Store, hours: FixedClock) -> str:
    async with store.calendar() as desk:
        return min((one.session.starts_at, one.session.id) for one in await desk.stored(hours.now))[1]


async def seats(store: Store) -> list[str]:
    async with store.turn(*SAMIA) as tx:
        held = [one.session for one in (await tx.snapshot(True)).appointments]
    return [f"{one.starts_at:%d %H} {one.place}" for one in held]


@pytest.mark.parametrize(("was", "now", "then"), [
    ({**NO_ID, **WEEKLY}, {"début": "10h"}, "01 09 Place du marché"),
    ({**NO_ID, **WEEKLY}, {"lieu": "Place de la mairie"}, "01 08 Place de la mairie"),
    (NO_ID, {"début": "10h"}, "01 09 Place du marché"),
    ({}, {"date": "03/12/2026"}, "03 08 Place du marché"),
    ({}, {"date": "03/12/2026", "début": "10h"}, "03 09 Place du marché"),
])
async def test_what_was_corrected_is_moved_and_not_called_off(
    store: Store, tmp_path: Path, hours: FixedClock, was: Mapping[str, str], now: Mapping[str, str], then: str,
) -> None:
    await put(store, write(tmp_path, was))
    await book(store, await first_id(store, hours))
    corrected = write(tmp_path, {**was, **now})
    wanted, told = await put(store, corrected)
    assert (wanted.changes.gone, wanted.changes.added, told) == ((), (), 1)
    assert await kinds(store) == ["session_moved"]
    assert await seats(store) == [then]
    again, _ = await put(store, corrected)  # the same again changes nothing, nor does a day go by
    assert (again.changes.gone, again.changes.added, again.changes.moved) == ((), (), ())
    assert await seats(store) == [then]
    back, _ = await put(store, write(tmp_path, was))
    assert (back.changes.gone, back.changes.added) == ((), ())
    assert await seats(store) == ["01 08 Place du marché"]


async def test_a_rule_that_is_said_to_begin_later_keeps_its_dates(
    store: Store, tmp_path: Path, hours: FixedClock,
) -> None:
    await put(store, write(tmp_path, {**NO_ID, **WEEKLY, "date": "24/11/2026"}))
    await book(store, (await first_id(store, hours)).replace(":2026-11-24", ":2026-12-01"))
    wanted, told = await put(store, write(tmp_path, {**NO_ID, **WEEKLY}))
    assert (len(wanted.changes.gone), wanted.changes.added, told) == (1, (), 0)  # the first date alone
    assert await seats(store) == ["01 08 Place du marché"]


async def test_another_date_in_place_of_one_that_is_gone_is_another(
    store: Store, tmp_path: Path, hours: FixedClock,
) -> None:
    await put(store, write(tmp_path, NO_ID))
    await book(store, await first_id(store, hours))
    wanted, told = await put(store, write(tmp_path, {**NO_ID, "date": "17/12/2026"}))
    assert (len(wanted.changes.gone), len(wanted.changes.added), told) == (1, 1, 1)


async def test_two_rows_that_could_each_be_it_are_not_guessed(store: Store, tmp_path: Path) -> None:
    await put(store, write(tmp_path, NO_ID))
    both = [{**NO_ID, "début": "10h", "fin": "11h"}, {**NO_ID, "début": "11h", "fin": "12h"}]
    wanted, _ = await put(store, write(tmp_path, *both))
    assert (len(wanted.changes.gone), len(wanted.changes.added)) == (1, 2)


async def test_a_date_that_a_counsellor_called_off_is_another_when_the_file_puts_it_off(
    store: Store, tmp_path: Path, hours: FixedClock,
) -> None:
    await put(store, write(tmp_path, {}))
    first = await first_id(store, hours)
    async with store.calendar() as desk:
        await desk.change(first, "cancelled")
    wanted, _ = await put(store, write(tmp_path, {"date": "03/12/2026"}))
    assert wanted.changes.added == (first.replace("12-01", "12-03"),)
