import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection

from bot.store import tables
from bot.store.errors import StoreUnavailable, UnsupportedDatabase, WrongKeys
from bot.store.key_file import new_vault
from bot.store.store import Store
from tests.clock import FixedClock
from tests.store.conftest import Opener


async def test_migrations_make_the_tables_that_the_code_declares(store: Store) -> None:
    def differences(connection: Connection) -> list[object]:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, tables.metadata))

    async with store.database.writing() as scope:
        assert await scope.connection.run_sync(differences) == []


async def test_migrating_twice_changes_nothing(store: Store) -> None:
    await store.migrate()


async def test_a_start_with_other_keys_is_refused(store: Store, opened: Opener) -> None:
    stranger = await opened(new_vault())
    with pytest.raises(WrongKeys, match="keys are not the ones this database was made with"):
        await stranger.migrate()


@pytest.mark.parametrize("url", ["sqlite+aiosqlite://", "mysql://admin:secret@host/db", "not an address"])
async def test_other_databases_are_refused_without_their_password(url: str, hours: FixedClock) -> None:
    with pytest.raises(UnsupportedDatabase) as caught:
        await Store.open(url, new_vault(), hours.clock)
    assert "secret" not in str(caught.value)


async def test_a_server_that_is_away_is_said_at_once(hours: FixedClock) -> None:
    with pytest.raises(StoreUnavailable):
        await Store.open("postgresql+psycopg://u@127.0.0.1:1/db?connect_timeout=2", new_vault(), hours.clock)
