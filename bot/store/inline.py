"""SQLite without a change of thread a statement.

An asynchronous driver hands every call (cursor, execute, fetch, close) to a thread and waits: several hops a
statement, far longer than the statements of a turn, which are tens of microseconds. Here they run where they are;
only what may wait for the disk or for another process (BEGIN, COMMIT, ROLLBACK, opening) goes to a thread, and
``SingleWriter`` sees to that. One task at a time uses such a connection, so nothing is shared.
"""

import sqlite3
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, Self, TypeVar

from sqlalchemy import Connection, CursorResult, Dialect, Engine, Executable, create_engine
from sqlalchemy.engine import URL

Found = TypeVar("Found")


class InlineConnection:
    """A connection that is awaited as an ``AsyncConnection`` is, and answers at once."""

    def __init__(self, sync: Connection) -> None:
        self.sync = sync

    @property
    def dialect(self) -> Dialect:
        """SQLite's, with the vault of this database."""
        return self.sync.dialect

    async def execute(
        self, statement: Executable, values: Mapping[str, Any] | Sequence[Mapping[str, Any]] | None = None,
    ) -> CursorResult[Any]:
        """Execute one statement; all its rows are read."""
        return self.sync.execute(statement, values)

    async def run_sync(self, work: Callable[[Connection], Found]) -> Found:
        """What ``work`` gives."""
        return work(self.sync)


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
