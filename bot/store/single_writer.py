"""SQLite's one writing connection: a transaction after the other, those that stand in line committed together.

To reach the disk takes about as long as a turn's own work. The next in line therefore goes on in the same
transaction, behind a savepoint, and one COMMIT serves all of them (group commit; DeWitt et al. 1984). Nobody is
told that a transaction is done before that COMMIT has come back; one that fails undoes its own part alone.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from sqlite3 import Connection as Driver
from typing import Self, TypeVar

from sqlalchemy import Connection, Dialect, Engine, RootTransaction
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from bot.store.dialect import without_waiting
from bot.store.errors import StoreError
from bot.store.inline import InlineConnection

Found = TypeVar("Found")


class _Group:
    """Transactions that one COMMIT makes last."""

    def __init__(self, whole: RootTransaction) -> None:
        self.whole = whole
        self.lasting: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def fail(self, cause: Exception) -> None:
        """Nothing of it has lasted."""
        if not self.lasting.done():
            self.lasting.set_exception(cause)
            self.lasting.exception()  # read: it may be that nobody waits any more


class SingleWriter:
    """Gives the connection to one task at a time."""

    def __init__(self, connection: Connection, thread: ThreadPoolExecutor) -> None:
        self._sync = connection
        self._connection = InlineConnection(connection)
        self._thread = thread  # where COMMIT, ROLLBACK, and a BEGIN that another program holds up, wait
        self._line = asyncio.Lock()
        self._waiting = 0
        self._holder: asyncio.Task[object] | None = None
        self._group: _Group | None = None
        self._commits: set[asyncio.Task[None]] = set()

    @classmethod
    async def open(cls, engine: Engine) -> Self:
        """The engine's connection, kept. Raises SQLAlchemyError."""
        thread = ThreadPoolExecutor(1, "sqlite")
        try:
            return cls(await _in(thread, engine.connect), thread)
        except BaseException:
            thread.shutdown(wait=False)
            raise

    @property
    def dialect(self) -> Dialect:
        """The connection's."""
        return self._sync.dialect

    async def close(self) -> None:
        """Wait for what is to be committed, then close the connection. Once more does nothing."""
        await asyncio.gather(*self._commits)
        if not self._sync.closed:
            await _in(self._thread, self._sync.close)
            self._sync.engine.dispose()
            self._thread.shutdown()

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[InlineConnection]:
        """A transaction: it lasts once this has ended; an exception undoes it. Raises StoreError inside another,
        and once closed."""
        async with self._in_line():
            if self._sync.closed:
                raise StoreError("the database is closed")
            if self._group is not None:
                group = self._group
                async with self._part(group):
                    yield self._connection
            else:
                whole = await self._begin()
                try:
                    yield self._connection
                    if not self._waiting:
                        await _in(self._thread, whole.commit)
                        return
                except BaseException:
                    await self._undo(whole)
                    raise
                group = self._group = _Group(whole)
                commit = asyncio.create_task(self._commit(group), name="commit")  # behind those in line now
                self._commits.add(commit)
                commit.add_done_callback(self._commits.discard)
        await asyncio.shield(group.lasting)

    @asynccontextmanager
    async def _in_line(self) -> AsyncIterator[None]:
        if self._holder is not None and self._holder is asyncio.current_task():
            raise StoreError("this task has a transaction open already: it would wait for itself for ever")
        self._waiting += 1
        try:
            await self._line.acquire()
        finally:
            self._waiting -= 1
        self._holder = asyncio.current_task()
        try:
            yield
        finally:
            self._holder = None
            self._line.release()

    async def _begin(self) -> RootTransaction:
        # When another program writes: what waits for it must not hold everybody up.
        with suppress(OperationalError), without_waiting(self._driver):
            return self._sync.begin()
        try:
            return await _in(self._thread, self._sync.begin)
        except asyncio.CancelledError:
            whole = self._sync.get_transaction()  # begun all the same: the next in line could not begin
            assert whole is None or isinstance(whole, RootTransaction)
            if whole is not None:
                await self._undo(whole)
            raise

    @asynccontextmanager
    async def _part(self, group: _Group) -> AsyncIterator[None]:
        try:
            with self._connection.savepoint():
                yield
        except BaseException:
            # A full or broken disk makes SQLite undo the whole: those before must not be told that theirs lasts.
            if not self._driver.in_transaction:
                await self._end(group, StoreError("the database undid a transaction"))
            raise

    async def _commit(self, group: _Group) -> None:
        async with self._line:
            if self._group is group:
                try:
                    await _in(self._thread, group.whole.commit)
                except SQLAlchemyError as e:
                    await self._end(group, e)
                else:
                    self._group = None
                    group.lasting.set_result(None)

    async def _end(self, group: _Group, cause: Exception) -> None:
        self._group = None
        group.fail(cause)
        await self._undo(group.whole)

    async def _undo(self, whole: RootTransaction) -> None:
        if self._sync.get_transaction() is whole:  # else it is over already, one way or the other
            with suppress(SQLAlchemyError):  # the first failure is the one to tell
                await _in(self._thread, whole.rollback)
        # SQLAlchemy leaves it open after a COMMIT that fails: nobody could begin again.
        if self._driver.in_transaction:
            await _in(self._thread, self._driver.rollback)

    @property
    def _driver(self) -> Driver:
        return self._connection.driver


async def _in(thread: ThreadPoolExecutor, work: Callable[[], Found]) -> Found:
    """What ``work`` gives, done in ``thread``; who is cancelled meanwhile goes on once it is over."""
    done = asyncio.get_running_loop().run_in_executor(thread, work)
    try:
        return await asyncio.shield(done)
    except asyncio.CancelledError:
        with suppress(SQLAlchemyError):
            await done
        raise
