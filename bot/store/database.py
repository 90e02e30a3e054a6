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
from bot.store.dialect import is_sqlite, lock_for_migration, parse_url, reading_engine, writing_engine
from bot.store.errors import StoreError, StoreUnavailable
from bot.store.migrate import upgrade
from bot.store.probe import check_keys
from bot.store.scope import Scope
from bot.store.single_writer import SingleWriter


class Database:
    """One database. On SQLite a single connection writes, kept open; on PostgreSQL a small pool does."""

    def __init__(self, writing: AsyncEngine, reading: AsyncEngine, vault: Vault, clock: Clock) -> None:
        self._writing = writing
        self._reading = reading
        self._writer: SingleWriter | None = None
        self.clock = clock
        self.tells_others = False  # set when another system is to hear of changes of the calendar
        self.use_vault(vault)

    @classmethod
    async def open(cls, url: str, vault: Vault, clock: Clock) -> Self:
        """Connect. Raises UnsupportedDatabase, StoreUnavailable."""
        parsed = parse_url(url)
        writing = writing_engine(parsed)
        database = cls(writing, reading_engine(parsed, writing), vault, clock)
        try:
            with _in_a_sentence():
                if is_sqlite(parsed):
                    _make_private(Path(parsed.database or ""))
                    database._writer = SingleWriter(await writing.connect())
                else:
                    async with writing.connect():
                        pass  # a wrong address or password is said now, not at the first message
        except StoreError:
            await database.close()
            raise
        return database

    async def close(self) -> None:
        """Close every connection."""
        if self._writer is not None:
            await self._writer.close()
        await self._writing.dispose()
        await self._reading.dispose()

    def use_vault(self, vault: Vault) -> None:
        """Seal and open with these keys from now on."""
        self.vault = vault
        for engine in (self._writing, self._reading):
            bind_vault(engine.sync_engine.dialect, vault)

    async def migrate(self) -> None:
        """Bring the tables up to date and check the keys. Raises WrongKeys."""
        async with self.writing() as scope:
            await lock_for_migration(scope.connection)
            await scope.connection.run_sync(upgrade)
            await check_keys(scope)

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[Scope]:
        """A transaction: committed at the end, rolled back by an exception."""
        with _in_a_sentence():
            if self._writer is None:
                async with self._writing.begin() as connection:
                    yield Scope(connection, self.vault, self.clock, self.tells_others)
            else:
                async with self._writer.transaction() as connection:
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
