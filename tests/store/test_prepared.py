"""A statement run again is made ready once: it says the same, and its failures too."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from sqlalchemy import bindparam, insert, select, text, update
from sqlalchemy.exc import MultipleResultsFound, NoResultFound

from bot.store import tables as t
from bot.store.crypto import Vault
from bot.store.errors import StoreError
from bot.store.prepared import Prepared
from bot.store.store import Store
from tests.clock import FixedClock
from tests.store.samples import SAMIA

_c = t.conversations.c
OTHERS = select(_c.address_enc, _c.last_seen_at).where(
    _c.language == "fr", _c.id.in_(bindparam("ids_", expanding=True)), _c.last_seen_at <= bindparam("now_"))
SPEAK = update(t.conversations).where(_c.language.is_(None)).values(language=bindparam("language_"))


@pytest.fixture
async def sqlite(tmp_path: Path, vault: Vault, hours: FixedClock) -> Store:
    store = await Store.open(f"sqlite+aiosqlite:///{tmp_path / 'store.db'}", vault, hours.clock)
    await store.migrate()
    return store


async def met(store: Store, addresses: Sequence[str]) -> list[str]:
    """Ids of new people, who speak French."""
    ids = []
    for address in addresses:
        async with store.turn("telegram", address) as tx:
            ids.append(tx.conversation_id)
            await tx.save("{}", "fr")
    return ids


async def test_each_run_finds_what_the_first_does(sqlite: Store, hours: FixedClock) -> None:
    ids = await met(sqlite, ["1", "2", "3"])
    async with sqlite.database.writing() as scope:
        for among, found in ((ids, ["1", "2", "3"]), (ids[:2], ["1", "2"]), ([], []), (ids[2:], ["3"])):
            rows = (await scope.run(OTHERS, {"ids_": among, "now_": hours.now})).all()
            assert sorted(row.address_enc for row in rows) == found
            assert all(row.last_seen_at == hours.now for row in rows)
    await sqlite.close()


async def test_how_many_rows_were_touched_is_known_each_time(sqlite: Store) -> None:
    await met(sqlite, ["1", "2"])
    async with sqlite.database.writing() as scope:
        for language, touched in (("fr", 0), ("fr", 0), ("ar", 0)):
            assert (await scope.run(SPEAK, {"language_": language})).rowcount == touched
        await scope.run(update(t.conversations).values(language=None))
        assert (await scope.run(SPEAK, {"language_": "ar"})).rowcount == 2
    await sqlite.close()


async def test_a_refusal_is_the_same_each_time_and_undoes_its_own_turn_alone(sqlite: Store) -> None:
    twice = insert(t.conversations).from_select(
        [column.name for column in t.conversations.columns], select(t.conversations))
    for _ in range(3):
        await met(sqlite, [SAMIA[1]])
        with pytest.raises(StoreError, match="IntegrityError"):
            async with sqlite.database.writing() as scope:
                await scope.run(twice)
    await sqlite.close()


async def test_what_sqlalchemy_alone_can_run_is_left_to_it(sqlite: Store) -> None:
    async with sqlite.database.writing() as scope:
        unknown = select(_c.id).where(_c.last_seen_at < bindparam("now_", callable_=scope.now))
        assert Prepared.of(unknown, (), scope.connection.dialect) is None
        for _ in range(3):
            assert (await scope.connection.execute(text("SELECT 1 AS one"))).one().one == 1
    await sqlite.close()


async def test_one_row_is_one(sqlite: Store) -> None:
    await met(sqlite, ["1", "2"])
    async with sqlite.database.writing() as scope:
        rows = await scope.run(select(_c.language).order_by(_c.id))
        assert rows.scalars() == ["fr", "fr"]
        with pytest.raises(MultipleResultsFound):
            rows.one_or_none()
        nobody = await scope.run(select(_c.language).where(_c.id == "nobody"))
        assert nobody.first() is nobody.scalar_one_or_none() is None
        with pytest.raises(NoResultFound):
            nobody.scalar_one()
    await sqlite.close()
