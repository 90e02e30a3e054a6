import importlib
from dataclasses import replace

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from bot.calendar.entries import PlaceEntry
from bot.calendar.layout import place_id
from bot.store import tables
from bot.store.errors import StoreUnavailable, UnsupportedDatabase, WrongKeys
from bot.store.key_file import new_vault
from bot.store.migrate import MIGRATIONS, newest
from bot.store.store import Store
from tests.clock import FixedClock
from tests.store.conftest import Opener
from tests.store.samples import NOW, PLACE, opening


async def test_migrations_make_the_tables_that_the_code_declares(store: Store) -> None:
    def differences(connection: Connection) -> list[object]:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, tables.metadata))

    async with store.database.writing() as scope:
        assert await scope.connection.run_sync(differences) == []


def test_the_newest_migration_is_the_one_that_alembic_would_end_with() -> None:
    assert ScriptDirectory(str(MIGRATIONS)).get_current_head() == newest()


async def test_a_database_that_missed_a_migration_is_given_it(store: Store) -> None:
    async with store.database.writing() as scope:
        for told in ("ALTER TABLE sessions DROP COLUMN moves", "ALTER TABLE appointments DROP COLUMN moves",
                     "UPDATE alembic_version SET version_num = '0013'"):
            await scope.connection.execute(text(told))
    await store.migrate()
    async with store.database.reading() as scope:
        await scope.connection.execute(text("SELECT moves FROM sessions"))


async def test_migrating_twice_changes_nothing(store: Store) -> None:
    await store.migrate()


async def test_bodies_that_shared_a_place_by_its_name_have_their_own(store: Store) -> None:
    other = opening("theirs")
    await store.load_calendar([PLACE], [opening("mine"), replace(other, body="autre"), replace(
        opening("far"), territory="drome")])
    module = importlib.import_module("bot.store.migrations.versions.0006_calendar_by_hand")

    def divide(connection: Connection) -> None:
        with Operations.context(MigrationContext.configure(connection)):
            module._divide_places()

    async with store.database.writing() as scope:
        await scope.connection.run_sync(divide)
    async with store.calendar() as desk:
        found = {one.session.id: one.place for one in await desk.stored(NOW)}
    entry = PlaceEntry(PLACE.name, PLACE.commune, PLACE.commune_name)
    assert (found["mine"].id, found["theirs"].id) == (PLACE.id, place_id("portes-du-sud", "autre", entry))
    assert (found["theirs"].body, found["theirs"].name) == ("autre", PLACE.name)
    assert found["far"].id == PLACE.id


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
