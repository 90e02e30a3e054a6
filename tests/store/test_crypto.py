import stat
from pathlib import Path

import pytest

from bot.inbound import Start, Words
from bot.store.crypto import Vault
from bot.store.errors import CannotOpen, KeysExposed, KeysMalformed
from bot.store.key_file import keys_line, load_vault, new_vault, save_vault
from bot.store.store import Store
from bot.store.values import CounsellorSeed
from dialogues.effects import RelayToTeam
from tests.clock import FixedClock
from tests.store.samples import SAMIA, connect_group, every_sealed, inbound, need, open_lead, said


def test_what_is_sealed_opens_and_says_nothing() -> None:
    vault = new_vault()
    sealed = vault.seal("Samia, سامية")
    assert vault.open(sealed) == "Samia, سامية"
    assert b"Samia" not in sealed


def test_other_keys_do_not_open() -> None:
    with pytest.raises(CannotOpen):
        new_vault().open(new_vault().seal("x"))


def test_a_new_key_seals_and_the_old_one_still_opens() -> None:
    old = new_vault()
    new = old.with_new_key()
    assert new.open(old.seal("x")) == "x"
    assert not new.is_current(old.seal("x"))
    assert new.is_current(new.seal("x"))
    with pytest.raises(CannotOpen):
        new.with_newest_key_only().open(old.seal("x"))


def test_lookups_depend_on_the_key_and_on_the_use() -> None:
    vault = new_vault()
    assert vault.lookup("address", "1") == vault.with_new_key().lookup("address", "1")
    assert vault.lookup("address", "1") != vault.lookup("author", "1")
    assert vault.lookup("address", "1") != new_vault().lookup("address", "1")


def test_a_vault_never_shows_its_keys() -> None:
    vault = new_vault()
    assert vault.keys[0].decode() not in f"{vault!r} {vault}"


def test_the_key_file_is_made_once_and_private(tmp_path: Path) -> None:
    first, second = load_vault(tmp_path), load_vault(tmp_path)
    assert second.open(first.seal("x")) == "x"
    assert [path.name for path in tmp_path.iterdir()] == ["keys"]
    assert stat.S_IMODE((tmp_path / "keys").stat().st_mode) == 0o600


def test_a_key_file_others_can_read_is_refused(tmp_path: Path) -> None:
    load_vault(tmp_path)
    (tmp_path / "keys").chmod(0o640)
    with pytest.raises(KeysExposed, match="chmod 600"):
        load_vault(tmp_path)


def test_a_saved_vault_is_what_the_next_start_loads(tmp_path: Path) -> None:
    newer = load_vault(tmp_path).with_new_key()
    save_vault(tmp_path, newer)
    assert load_vault(tmp_path).keys == newer.keys


def test_keys_come_from_the_environment_when_it_has_them(tmp_path: Path) -> None:
    vault = new_vault().with_new_key()
    assert load_vault(tmp_path, keys_line(vault)).keys == vault.keys
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("line", ["abc", "abc,lookup:xyz", "lookup:" + "A" * 43 + "=", "lookup:a,lookup:b"])
def test_malformed_keys_are_refused_without_showing_them(tmp_path: Path, line: str) -> None:
    with pytest.raises(KeysMalformed, match="PREMIERPAS_KEYS") as caught:
        load_vault(tmp_path, line)
    assert "xyz" not in str(caught.value)


def bytes_of(folder: Path, name: str) -> bytes:
    """The file and those SQLite keeps beside it, before anything is folded back."""
    return b"".join(file.read_bytes() for file in folder.iterdir() if file.name.startswith(name))


async def test_nothing_personal_is_in_the_bytes_of_the_database(
    tmp_path: Path, vault: Vault, hours: FixedClock,
) -> None:
    path = tmp_path / "store.db"
    store = await Store.open(f"sqlite+aiosqlite:///{path}", vault, hours.clock)
    await store.migrate()
    await connect_group(store)
    await store.add_counsellor(CounsellorSeed("portes-du-sud", None, "admin", "Fatoumata-B"))
    await store.receive(inbound(Words("j'ai peur chez moi"), "update-777"))
    lead = await open_lead(store, need("violence", name="Samia-K", commune="Saint-Fons"))
    async with store.turn(*SAMIA) as tx:
        await tx.note_inbox(inbound(Start("vnx-marche"), "update-778"))
        await tx.say([said("le rendez-vous secret")], delivered=False)
        await tx.apply(RelayToTeam(lead, "mon fils est malade"))
        await tx.save('{"slots": {"first_name": "Samia-K"}}', "ar")
    await store.keep_gap("zzqq incompris", "fr", (("rights_rsa", 0.2),))
    held = bytes_of(tmp_path, "store.db")
    await store.close()
    for personal in ("Samia-K", "chat-424242", "group-1", "peur", "secret", "fils", "incompris", "Fatoumata-B",
                     "update-777", "Saint-Fons", "violence", "Fatou"):
        assert personal.encode() not in held, personal
    assert b"vnx-marche" not in held  # an origin is stored by RecordOrigin alone
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


async def test_two_stores_with_different_keys_live_side_by_side(tmp_path: Path, hours: FixedClock) -> None:
    stores = []
    for name in ("one", "two"):
        store = await Store.open(f"sqlite+aiosqlite:///{tmp_path / name}.db", new_vault(), hours.clock)
        await store.migrate()
        stores.append(store)
    for number, store in enumerate(stores):
        async with store.turn(*SAMIA) as tx:
            await tx.save(f"state {number}", "fr")
    for number, store in enumerate(stores):
        async with store.turn(*SAMIA) as tx:
            assert tx.state == f"state {number}"
        assert all(store.database.vault.is_current(sealed) for sealed in await every_sealed(store))
        await store.close()
