"""SQLite's own statements without a change of thread each.

aiosqlite hands every call (cursor, execute, fetch, close) to its thread and waits: four hops a statement, far
longer than the statements of a turn, which are tens of microseconds. Here only what may wait for the disk or for
another process goes there (BEGIN, COMMIT, ROLLBACK, opening, closing); the rest runs where it is.
One task at a time uses such a connection (the store's single writer), so nothing is shared.
"""

import sqlite3
from collections.abc import Callable
from typing import Any

import aiosqlite

_MAY_WAIT = ("BEGIN", "PRAGMA")


class InlineConnection(aiosqlite.Connection):
    """An aiosqlite connection whose statements run at once.

    It stands on ``Connection._execute``, aiosqlite's own: should that change, statements go by the thread
    again, slower and just as right (tests/store/test_speed.py would say so).
    """

    async def _execute(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - any call of sqlite3
        if self._connection is not None and self._running and _is_quick(fn, args):
            return fn(*args, **kwargs)
        return await super()._execute(fn, *args, **kwargs)  # type: ignore[no-untyped-call] # aiosqlite's


async def connect_inline(path: str) -> InlineConnection:
    """Open the database file; transactions are begun and ended by the caller alone."""
    connection = InlineConnection(
        lambda: sqlite3.connect(path, isolation_level=None, check_same_thread=False, cached_statements=256),
        iter_chunk_size=64)
    connection._thread.daemon = True  # as SQLAlchemy does: a forgotten connection must not keep the program alive
    return await connection  # type: ignore[return-value] # awaiting it gives itself


def _is_quick(fn: Callable[..., Any], args: tuple[Any, ...]) -> bool:
    owner = getattr(fn, "__self__", None)
    if isinstance(owner, sqlite3.Cursor):
        return not (args and isinstance(args[0], str) and args[0].startswith(_MAY_WAIT))
    return isinstance(owner, sqlite3.Connection) and getattr(fn, "__name__", "") == "cursor"
