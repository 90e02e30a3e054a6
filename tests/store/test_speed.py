"""What makes a turn quick, counted rather than timed."""

from pathlib import Path

import pytest

from bot.inbound import Press, Words
from bot.store.crypto import Vault
from bot.store.errors import StoreError
from bot.store.store import Store
from tests.clock import FixedClock
from tests.store.samples import SAMIA, inbound
from tests.store.samples import said as said_to
from tests.store.test_single_writer import elsewhere, traced


async def test_on_sqlite_only_commit_changes_thread(
    tmp_path: Path, vault: Vault, hours: FixedClock,
) -> None:
    store = await Store.open(f"sqlite+aiosqlite:///{tmp_path / 'store.db'}", vault, hours.clock)
    await store.migrate()
    for update in ("1", "2"):
        said = await traced(store.database)
        async with store.turn(*SAMIA) as tx:
            await tx.note_inbox(inbound(Press("/o1.1"), update))
            await tx.snapshot(True)
            await tx.say([said_to("un")], delivered=True)
            await tx.save("{}", "fr")
        assert elsewhere(said) == ["COMMIT"]
        assert len(said) > 1
    await store.close()


async def test_on_sqlite_a_turn_that_would_wait_for_itself_says_so(
    tmp_path: Path, vault: Vault, hours: FixedClock,
) -> None:
    store = await Store.open(f"sqlite+aiosqlite:///{tmp_path / 'store.db'}", vault, hours.clock)
    await store.migrate()
    async with store.turn(*SAMIA) as tx:
        with pytest.raises(StoreError, match="a transaction open already"):
            await store.receive(inbound(Words("a")))
        await tx.save("{}", "fr")
    assert await store.receive(inbound(Words("a")))
    await store.close()
