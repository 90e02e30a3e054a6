"""Connections: who may write, who may read, and what a database's own errors become."""

import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Self

from sqlalchemy.exc import InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.clock import Clock
from bot.store.columns import bind_vault
from bot.store.crypto import Vault
from bot.store.dialect import (
    MIGRATION,
    hold_off_others,
    is_sqlite,
    parse_url,
    postgres_engine,
    sqlite_reading_engine,
    sqlite_writing_engine,
)
from bot.store.errors import StoreError, StoreUnavailable
from bot.store.migrate import upgrade
from bot.store.probe import check_keys
from bot.store.scope import Scope
from bot.store.single_writer import SingleWriter


class Database:
    """One database. On SQLite a single connection writes, kept open; on PostgreSQL a small pool does."""

    def __init__(
        self, writing: AsyncEngine | SingleWriter, reading: AsyncEngine, vault: Vault, clock: Clock,
    ) -> None:
        self._writing = writing
        self._reading = reading
        self.clock = clock
        self.tells_others = False  # set when another system is to hear of changes of the calendar
        self.use_vault(vault)

    @classmethod
    async def open(cls, url: str, vault: Vault, clock: Clock) -> Self:
        """Connect. Raises UnsupportedDatabase, StoreUnavailable."""
        parsed = parse_url(url)
        with _in_a_sentence():
            if is_sqlite(parsed):
                _make_private(Path(parsed.database or ""))
                writer = await SingleWriter.open(sqlite_writing_engine(parsed))
                return cls(writer, sqlite_reading_engine(parsed), vault, clock)
            engine = postgres_engine(parsed)
            try:
                async with engine.connect():
                    pass  # a wrong address or password is said now, not at the first message
            except BaseException:
                await engine.dispose()
                raise
            return cls(engine, engine, vault, clock)

    async def close(self) -> None:
        """Close every connection."""
        if isinstance(self._writing, SingleWriter):
            await self._writing.close()
        await self._reading.dispose()

    @property
    def one_at_a_time(self) -> bool:
        """Whether a transaction waits for the one before to end (SQLite)."""
        return isinstance(self._writing, SingleWriter)

    def use_vault(self, vault: Vault) -> None:
        """Seal and open with these keys from now on."""
        self.vault = vault
        for dialect in (self._writing.dialect, self._reading.dialect):
            bind_vault(dialect, vault)

    async def migrate(self) -> None:
        """Bring the tables up to date and check the keys. Raises WrongKeys."""
        async with self.writing() as scope:
            await hold_off_others(scope.connection, MIGRATION)
            await scope.connection.run_sync(upgrade)
            await check_keys(scope)

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[Scope]:
        """A transaction: committed at the end, rolled back by an exception."""
        with _in_a_sentence():
            writing = self._writing
            begun = writing.transaction() if isinstance(writing, SingleWriter) else writing.begin()
            async with begun as connection:
                yield Scope(connection, self.vault, self.clock, self.tells_others)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Scope]:
        """A connection to read with, beside the writer."""
        with _in_a_sentence():
            async with self._reading.connect() as connection:
                yield Scope(connection, self.vault, self.clock)


@contextmanager
def _in_a_sentence() -> Iterator[None]:
    """SQLAlchemy's errors are known behind this door only."""
    try:
        yield
    except (OperationalError, InterfaceError, PoolTimeout) as e:
        raise StoreUnavailable(type(e).__name__) from e
    except SQLAlchemyError as e:
        raise StoreError(type(e).__name__) from e


def _make_private(path: Path) -> None:
    """The database's file exists and is its owner's alone; SQLite gives its -wal and -shm the same mode."""
    path.parent.mkdir(parents=True, exist_ok=True)
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
