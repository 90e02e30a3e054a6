"""Key rotation from the command line: the new key is kept before anything is sealed with it."""

from bot.clock import Clock
from bot.settings import Settings
from bot.store.errors import VaultError
from bot.store.key_file import load_vault, save_vault
from bot.store.rotation import rotate_keys
from bot.store.store import Store


async def rotate(settings: Settings, clock: Clock) -> int:
    """Re-encrypt everything with a fresh key; how many rows. Raises VaultError when keys come from elsewhere."""
    if settings.keys is not None:
        raise VaultError("the keys come from PREMIERPAS_KEYS: put a new one first there, then start again")
    vault = load_vault(settings.data, None)
    both = vault.with_new_key()
    save_vault(settings.data, both)
    url = settings.database_url or f"sqlite+aiosqlite:///{(settings.data / 'premierpas.sqlite').absolute()}"
    store = await Store.open(url, both, clock)
    try:
        count = await rotate_keys(store, both)
    finally:
        await store.close()
    # The old key stays behind the new one: what a process that still runs seals with it must remain readable.
    return count
