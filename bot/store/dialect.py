"""All that differs between SQLite and PostgreSQL."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from sqlite3 import Connection as Driver
from typing import Any

from sqlalchemy import Connection, Engine, Insert, Table, event, make_url, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from bot.store.errors import UnsupportedDatabase
from bot.store.inline import InlineConnection, inline_engine

BUSY_TIMEOUT_MS = 10_000       # another process (a key rotation) may hold SQLite's one write lock this long
SQLITE_READERS = 4
POSTGRES_CONNECTIONS = 8
# Any constants. Two processes that start together migrate one after the other; of two that write a report for the
# funder, the second sees the first's.
MIGRATION, REPORT = 0x5072_5061, 0x5072_5062


def parse_url(url: str) -> URL:
    """The address, when it is one of the two engines'. Raises UnsupportedDatabase (without the password)."""
    try:
        parsed = make_url(url)
    except ArgumentError as e:
        raise UnsupportedDatabase("it cannot be read") from e
    if parsed.drivername == "sqlite+aiosqlite" and parsed.database not in (None, "", ":memory:"):
        return parsed
    if parsed.drivername == "postgresql+psycopg":
        return parsed
    raise UnsupportedDatabase(parsed.render_as_string(hide_password=True))


def is_sqlite(url: URL) -> bool:
    """Whether this is the embedded engine: one writer, kept open, and a few readers."""
    return url.get_backend_name() == "sqlite"


def postgres_engine(url: URL) -> AsyncEngine:
    """The engine that everything goes through."""
    return create_async_engine(url, hide_parameters=True, pool_size=POSTGRES_CONNECTIONS, max_overflow=0,
                               pool_pre_ping=True)


def sqlite_writing_engine(url: URL) -> Engine:
    """The engine that turns go through: one connection; each transaction takes the write lock first."""
    engine = inline_engine(url)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_immediate)
    return engine


def sqlite_reading_engine(url: URL) -> AsyncEngine:
    """The engine for reads outside a turn: connections of their own, which cannot write nor wait."""
    # At DEBUG, aiosqlite logs each statement with its values: no setting of ours may let that out.
    logging.getLogger("aiosqlite").setLevel(logging.INFO)
    engine = create_async_engine(url, hide_parameters=True, pool_size=SQLITE_READERS, max_overflow=0,
                                 isolation_level="AUTOCOMMIT", skip_autocommit_rollback=True)
    event.listen(engine.sync_engine, "connect", _prepare_sqlite_reader)
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:  # noqa: ANN401 - SQLAlchemy's adapted DBAPI
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")  # a person told "booked" is booked, even if the power goes now
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute("PRAGMA secure_delete=ON")  # erased means overwritten, not only unlinked
    cursor.close()


def _prepare_sqlite_reader(connection: Any, record: object) -> None:  # noqa: ANN401 - SQLAlchemy's adapted DBAPI
    _prepare_sqlite(connection, record)
    cursor = connection.cursor()
    cursor.execute("PRAGMA query_only=ON")
    cursor.close()


def _begin_immediate(connection: Connection) -> None:
    # A deferred BEGIN would read first and be refused the write lock later, half-way through a turn.
    connection.exec_driver_sql("BEGIN IMMEDIATE")


@contextmanager
def without_waiting(driver: Driver) -> Iterator[None]:
    """Inside, SQLite refuses at once what another program's lock holds up."""
    driver.execute("PRAGMA busy_timeout=0")
    try:
        yield
    finally:
        driver.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")


async def hold_off_others(connection: AsyncConnection | InlineConnection, work: int) -> None:
    """Hold off other processes at the same work (MIGRATION, REPORT), until the end of the transaction."""
    if connection.dialect.name == "postgresql":  # on SQLite, BEGIN IMMEDIATE already does
        await connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": work})


def insert_or_ignore(table: Table, dialect: str) -> Insert:
    """INSERT that leaves out, without a word, a row that any unique constraint refuses."""
    if dialect == "sqlite":
        return sqlite.insert(table).on_conflict_do_nothing()
    return postgresql.insert(table).on_conflict_do_nothing()


def upsert(table: Table, dialect: str, key: tuple[str, ...], columns: tuple[str, ...]) -> Insert:
    """INSERT that overwrites ``columns`` of the row that has the same ``key``."""
    if dialect == "sqlite":
        light = sqlite.insert(table)
        new = {name: light.excluded[name] for name in columns}
        return light.on_conflict_do_update(index_elements=key, set_=new)
    full = postgresql.insert(table)
    return full.on_conflict_do_update(index_elements=key, set_={name: full.excluded[name] for name in columns})


def keeps_parameter_order(dialect: str) -> bool:
    """Whether rows of one INSERT get rising ids by themselves; PostgreSQL promises it only when asked."""
    return dialect == "sqlite"

