"""SQLite without a change of thread a statement.

An asynchronous driver hands every call (cursor, execute, fetch, close) to a thread and waits: several hops a
statement, far longer than the statements of a turn, which are tens of microseconds. Here they run where they are;
only what may wait for the disk or for another process (BEGIN, COMMIT, ROLLBACK, opening) goes to a thread, and
``SingleWriter`` sees to that. One task at a time uses such a connection, so nothing is shared.
"""

import sqlite3
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any, Self, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Dialect, Engine, Executable, Select, create_engine
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.dml import UpdateBase

from bot.store.prepared import Prepared
from bot.store.rows import Rows

Found = TypeVar("Found")
Values = Mapping[str, Any]


class InlineConnection:
    """A connection that is awaited as an ``AsyncConnection`` is, and answers at once."""

    def __init__(self, sync: Connection) -> None:
        self.sync = sync
        # By the names of its values too: an INSERT is not the same with one column less.
        self._prepared: WeakKeyDictionary[Executable, dict[tuple[str, ...], Prepared | None]] = WeakKeyDictionary()

    @property
    def dialect(self) -> Dialect:
        """SQLite's, with the vault of this database."""
        return self.sync.dialect

    async def execute(self, statement: Executable, values: Values | Sequence[Values] | None = None) -> Rows:
        """Execute one statement, or the same for each of a sequence of values."""
        many = [values or {}] if values is None or isinstance(values, Mapping) else values
        prepared = self._of(statement, tuple(many[0])) if many else None
        if prepared is None:
            return Rows.of(self.sync.execute(statement, values))
        driver = self.driver
        with _as_sqlalchemy_says_it():
            each = [prepared.run(driver, one) for one in many]
        return each[0] if len(each) == 1 else Rows([row for one in each for row in one],
                                                   sum(one.rowcount for one in each))

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """What is done inside is undone by an exception, and nothing else is. Not to be nested."""
        driver = self.driver
        with _as_sqlalchemy_says_it():
            driver.execute("SAVEPOINT part")
        try:
            yield
            with _as_sqlalchemy_says_it():
                driver.execute("RELEASE part")
        except BaseException:
            if driver.in_transaction:  # a full or broken disk undoes all of it
                with _as_sqlalchemy_says_it():
                    driver.execute("ROLLBACK TO part")
                    driver.execute("RELEASE part")
            raise

    @property
    def driver(self) -> sqlite3.Connection:
        """SQLite's own connection."""
        driver = self.sync.connection.driver_connection
        assert isinstance(driver, sqlite3.Connection)
        return driver

    def _of(self, statement: Executable, names: tuple[str, ...]) -> Prepared | None:
        """The statement made ready; None for one seen for the first time: many are made to be run once."""
        known = self._prepared.get(statement)
        if known is None:
            self._prepared[statement] = {}
            return None
        if names not in known:
            known[names] = (Prepared.of(statement, names, self.dialect)
                            if isinstance(statement, Select | UpdateBase) else None)
        return known[names]

    async def run_sync(self, work: Callable[[Connection], Found]) -> Found:
        """What ``work`` gives."""
        return work(self.sync)


@contextmanager
def _as_sqlalchemy_says_it() -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as e:
        raise DBAPIError.instance(None, None, e, sqlite3.Error, hide_parameters=True) from e


class _Cursor(sqlite3.Cursor):
    """Reads all rows at once: a statement half read would see what the next one writes."""

    def __init__(self, connection: sqlite3.Connection, /) -> None:
        super().__init__(connection)
        self._rows: deque[Any] = deque()

    def execute(self, sql: str, parameters: Any = (), /) -> Self:  # noqa: ANN401 - sqlite3's own
        super().execute(sql, parameters)
        self._rows = deque(super().fetchall())
        return self

    def fetchone(self) -> Any:  # noqa: ANN401 - sqlite3's own
        return self._rows.popleft() if self._rows else None

    def fetchmany(self, size: int | None = None) -> list[Any]:
        return [self._rows.popleft() for _ in range(min(self.arraysize if size is None else size, len(self._rows)))]

    def fetchall(self) -> list[Any]:
        rows, self._rows = list(self._rows), deque()
        return rows


class _Driver(sqlite3.Connection):
    def cursor(self, factory: Any = _Cursor) -> Any:  # noqa: ANN401 - sqlite3's own
        return super().cursor(factory)


def inline_engine(url: URL) -> Engine:
    """An engine of one connection; transactions are begun and ended by the caller alone."""
    connect = partial(sqlite3.connect, url.database or "", isolation_level=None, check_same_thread=False,
                      cached_statements=256, factory=_Driver)
    return create_engine(url.set(drivername="sqlite+pysqlite"), hide_parameters=True, creator=connect,
                         pool_size=1, max_overflow=0)
