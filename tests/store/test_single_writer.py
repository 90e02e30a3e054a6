"""Transactions that stand in line on SQLite: one COMMIT, each its own fate, nobody told too early."""

import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.store.crypto import Vault
from bot.store.database import Database
from bot.store.errors import StoreError
from bot.store.inline import InlineConnection
from bot.store.scope import Scope
from tests.clock import FixedClock

Work = Callable[[], Awaitable[None]]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "store.db"


@pytest.fixture
async def database(file: Path, vault: Vault, hours: FixedClock) -> AsyncIterator[Database]:
    database = await Database.open(f"sqlite+aiosqlite:///{file}", vault, hours.clock)
    async with database.writing() as scope:
        await scope.connection.execute(text("CREATE TABLE whole (id INTEGER PRIMARY KEY)"))
        await scope.connection.execute(text(
            "CREATE TABLE part (id INTEGER PRIMARY KEY,"
            " of INTEGER REFERENCES whole (id) DEFERRABLE INITIALLY DEFERRED)"))
    yield database
    await database.close()


async def add(database: Database, number: int, then: Work | None = None, of: int | None = None) -> int:
    async with database.writing() as scope:
        await scope.connection.execute(text("INSERT INTO part VALUES (:id, :of)"), {"id": number, "of": of})
        await asyncio.sleep(0)
        if then is not None:
            await then()
    return number


async def traced(database: Database) -> list[tuple[str, threading.Thread]]:
    """Fills with what SQLite is told from now on, and by which thread."""
    said: list[tuple[str, threading.Thread]] = []
    async with database.writing() as scope:
        driver = driver_of(scope)
    driver.set_trace_callback(lambda words: said.append((words.strip(), threading.current_thread())))
    return said


def elsewhere(said: list[tuple[str, threading.Thread]]) -> list[str]:
    """What was told to SQLite by another thread than this one."""
    return [words for words, thread in said if thread is not threading.current_thread()]


def driver_of(scope: Scope) -> sqlite3.Connection:
    assert isinstance(scope.connection, InlineConnection)
    driver = scope.connection.sync.connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)
    return driver


def lasting(file: Path) -> list[int]:
    """What another program sees in the file."""
    with sqlite3.connect(file) as other:
        return [row[0] for row in other.execute("SELECT id FROM part ORDER BY id")]


async def test_those_in_line_are_committed_together(database: Database, file: Path) -> None:
    said = await traced(database)
    assert await asyncio.gather(*(add(database, n) for n in range(8))) == list(range(8))
    assert lasting(file) == list(range(8))
    ends = [words for words, _thread in said if words.startswith(("BEGIN", "COMMIT"))]
    assert ends == ["BEGIN IMMEDIATE", "COMMIT"]


async def test_only_what_may_wait_changes_thread(database: Database, file: Path) -> None:
    said = await traced(database)
    await asyncio.gather(*(add(database, n) for n in range(3)))
    assert elsewhere(said) == ["COMMIT"]
    assert len(said) > 1
    said.clear()
    with sqlite3.connect(file, isolation_level=None, check_same_thread=False) as other:
        other.execute("BEGIN IMMEDIATE")
        waiting = asyncio.create_task(add(database, 9))
        await asyncio.sleep(0)
        await asyncio.sleep(0)  # it waits by now, and nobody else is held up
        other.execute("COMMIT")
    assert await waiting == 9
    assert elsewhere(said) == ["BEGIN IMMEDIATE", "COMMIT"]


async def test_rows_are_those_of_the_moment_the_statement_ran(database: Database) -> None:
    for number in range(3):
        await add(database, number)
    async with database.writing() as scope:
        seen = []
        for row in await scope.run(text("SELECT id FROM part ORDER BY id")):
            seen.append(row.id)
            await scope.run(text("DELETE FROM part"))
            await scope.run(text("INSERT INTO part (id) VALUES (:id)"), {"id": row.id + 10})
    assert seen == [0, 1, 2]


async def test_who_is_cancelled_while_it_begins_leaves_nothing_begun(database: Database, file: Path) -> None:
    with sqlite3.connect(file, isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")  # so that ours waits in its thread
        waiting = asyncio.create_task(add(database, 1))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        waiting.cancel()
        other.execute("COMMIT")
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert await add(database, 2) == 2
    assert lasting(file) == [2]


async def test_nobody_is_told_before_it_lasts(database: Database, file: Path) -> None:
    seen: list[tuple[int, list[int]]] = []

    async def one(number: int) -> None:
        await add(database, number)
        seen.append((number, lasting(file)))

    await asyncio.gather(*(one(n) for n in range(5)))
    assert all(number in there for number, there in seen)


@pytest.mark.parametrize("broken", range(4))
async def test_one_that_fails_undoes_its_own_part_alone(database: Database, file: Path, broken: int) -> None:
    async def fail() -> None:
        raise RuntimeError("in the middle")

    ended = await asyncio.gather(
        *(add(database, n, fail if n == broken else None) for n in range(4)), return_exceptions=True)
    assert [isinstance(one, RuntimeError) for one in ended] == [n == broken for n in range(4)]
    assert lasting(file) == [n for n in range(4) if n != broken]


async def test_a_commit_that_fails_is_told_to_all_it_was_for(database: Database, file: Path) -> None:
    """The second points to nothing, which SQLite refuses at the end only."""
    ended = await asyncio.gather(*(add(database, n, of=7 if n == 1 else None) for n in range(3)),
                                 return_exceptions=True)
    assert [type(one) for one in ended] == [StoreError] * 3
    assert lasting(file) == []
    assert await add(database, 9) == 9
    assert lasting(file) == [9]


async def test_one_who_goes_away_while_in_line_holds_nobody_up(database: Database, file: Path) -> None:
    may_end = asyncio.Event()

    async def wait() -> None:
        await may_end.wait()

    first = asyncio.create_task(add(database, 1, wait))
    await asyncio.sleep(0)
    second = asyncio.create_task(add(database, 2))
    third = asyncio.create_task(add(database, 3))
    await asyncio.sleep(0)
    second.cancel()
    may_end.set()
    assert list(await asyncio.gather(first, third)) == [1, 3]
    with pytest.raises(asyncio.CancelledError):
        await second
    assert lasting(file) == [1, 3]


async def test_a_database_undone_under_a_part_is_told_to_those_before(database: Database, file: Path) -> None:
    async def undone() -> None:
        async with database.reading():
            pass
        held[0].rollback()  # as SQLite itself does on a full disk
        raise OSError("no room left")

    held: list[sqlite3.Connection] = []

    async def second() -> None:
        async with database.writing() as scope:
            held.append(driver_of(scope))
            await undone()

    ended = await asyncio.gather(add(database, 1), second(), add(database, 3), return_exceptions=True)
    assert isinstance(ended[0], StoreError)
    assert isinstance(ended[1], Exception)
    assert ended[2] == 3
    assert lasting(file) == [3]


async def test_once_closed_it_says_so_and_may_be_closed_again(database: Database) -> None:
    await database.close()
    with pytest.raises(StoreError, match="closed"):
        await add(database, 1)
    await database.close()
