from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path

import pytest

from bot.store.crypto import Vault
from bot.store.key_file import new_vault
from bot.store.store import Store
from tests.clock import FixedClock
from tests.store.postgres import Server, postgres_server

Opener = Callable[..., Awaitable[Store]]


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    with postgres_server() as server:
        yield server


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty (SQLite) or freshly migrated (PostgreSQL) database: every test of the store runs on both."""
    if request.param == "sqlite":
        yield f"sqlite+aiosqlite:///{tmp_path / 'store.db'}"
        return
    server: Server = request.getfixturevalue("server")
    url = server.new_database()
    yield url
    server.drop(url)


@pytest.fixture
def hours() -> FixedClock:
    return FixedClock()


@pytest.fixture
def vault() -> Vault:
    return new_vault()


@pytest.fixture
async def opened(url: str, vault: Vault, hours: FixedClock) -> AsyncIterator[Opener]:
    """Open the test's database, as often as wanted: each one is another process to the others."""
    stores: list[Store] = []

    async def open_store(with_vault: Vault | None = None) -> Store:
        stores.append(await Store.open(url, with_vault or vault, hours.clock))
        return stores[-1]

    yield open_store
    for store in stores:
        await store.close()


@pytest.fixture
async def store(opened: Opener) -> Store:
    store = await opened()
    await store.migrate()
    return store
