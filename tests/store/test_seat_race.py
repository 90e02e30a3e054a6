"""The last seat goes to one person, with several processes, one of them killed on the way, on both engines."""

import asyncio
import sys
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest

from bot.clock import real_clock
from bot.store.key_file import load_vault
from bot.store.store import Store
from bot.store.values import CalendarSession
from tests.store.samples import PLACE, TEAM, every_row
from tests.store.seat_race import SESSION

SEATS, PEOPLE, TRIES = 20, 60, 4


async def start(url: str, keys: Path, people: range, out: Path) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.store.seat_race", url, str(keys), str(people.start), str(people.stop),
        str(TRIES), str(out), cwd=Path(__file__).parents[2])


def read(out: Path) -> list[str]:
    return out.read_text("utf-8").splitlines() if out.exists() else []


async def answers(out: Path, wanted: int) -> list[str]:
    while True:
        lines = read(out)
        if len(lines) >= wanted:
            return lines
        await asyncio.sleep(0.01)  # another process writes: there is nothing to be woken by


@pytest.mark.timeout(120)
async def test_two_processes_one_killed_and_started_again_sell_each_seat_once(url: str, tmp_path: Path) -> None:
    clock, keys = real_clock(), tmp_path / "keys"
    keys.mkdir()
    store = await Store.open(url, load_vault(keys, None), clock)
    await store.migrate()
    starts = clock.now() + timedelta(days=2)
    await store.load_calendar([PLACE], [
        CalendarSession(SESSION, PLACE.id, starts, starts + timedelta(hours=3), SEATS, *TEAM)])
    half, first, second, again = PEOPLE // 2, tmp_path / "1", tmp_path / "2", tmp_path / "3"
    one = await start(url, keys, range(half), first)
    other = await start(url, keys, range(half, PEOPLE), second)
    await answers(first, 10)
    one.kill()
    await one.wait()
    assert await other.wait() == 0
    restarted = await start(url, keys, range(half), again)
    assert await restarted.wait() == 0
    rows = await every_row(store)
    await store.close()
    held = [row for row in rows["appointments"] if row["active"]]
    assert sorted(row["seat"] for row in held) == list(range(1, SEATS + 1))
    assert max(Counter(row["conversation_id"] for row in held).values()) == 1
    told = Counter(line.split()[1] for out in (second, again) for line in out.read_text("utf-8").splitlines())
    assert sum(told.values()) == PEOPLE * TRIES
    assert set(told) <= {"booked", "already", "full"}
