import pytest

from bot.inbound import Words
from bot.outbound import Delivered
from bot.store.errors import WrongKeys
from bot.store.key_file import new_vault
from bot.store.rotation import rotate_batch, rotate_keys, sealed_columns
from bot.store.store import Store
from tests.clock import FixedClock
from tests.store.conftest import Opener
from tests.store.samples import SAMIA, claimed, connect_group, every_row, every_sealed, inbound, open_lead, said
from tests.store.test_erasure import a_whole_life


async def test_after_a_rotation_the_new_key_alone_opens_everything(
    store: Store, opened: Opener, hours: FixedClock,
) -> None:
    await a_whole_life(store, hours)
    before, old = await every_row(store), store.database.vault
    assert await rotate_keys(store, old.with_new_key()) == len(await every_sealed(store))
    later = await opened(store.database.vault.with_newest_key_only())
    await later.migrate()
    assert await every_row(later) == before
    async with later.turn(*SAMIA, create=False) as tx:
        assert tx.state == '{"name": "Samia"}'


async def test_a_rotation_stopped_half_way_goes_on_from_there(store: Store, hours: FixedClock) -> None:
    await a_whole_life(store, hours)
    new = store.database.vault.with_new_key()
    store.database.use_vault(new)
    table, columns = next((table, columns) for table, columns in sealed_columns() if table.name == "outbox")
    async with store.database.writing() as scope:
        _, done = await rotate_batch(scope, table, columns, None)
    assert done > 0
    assert await rotate_keys(store, new) == len(await every_sealed(store)) - done
    assert await rotate_keys(store, new) == 0


async def test_life_goes_on_with_the_new_key(store: Store) -> None:
    await connect_group(store)
    await open_lead(store)
    await rotate_keys(store, store.database.vault.with_new_key())
    assert await store.receive(inbound(Words("a")))
    (card,) = await claimed(store)
    await store.delivered(card.id, Delivered("m1", "t1"))
    async with store.turn(*SAMIA) as tx:
        await tx.say([said("b")], delivered=False)
    assert all(store.database.vault.is_current(sealed) for sealed in await every_sealed(store))


async def test_the_lookup_key_cannot_change(store: Store) -> None:
    with pytest.raises(WrongKeys, match="lookup key never changes"):
        await rotate_keys(store, new_vault())
