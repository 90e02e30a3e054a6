"""Where the keys come from: the environment, or the embedded key file beside the database."""

import base64
import binascii
import os
import secrets
import stat
from collections.abc import Iterable
from pathlib import Path

from cryptography.fernet import Fernet

from bot.store.crypto import LOOKUP_KEY_BYTES, Vault
from bot.store.errors import KeysExposed, KeysMalformed

KEY_FILE = "keys"
_LOOKUP = "lookup:"
_HEADER = """\
# The keys of this database. Without this file nothing in it can be read: keep a copy elsewhere, in private.
# Newest Fernet key first; the line "lookup:" never changes.
"""


def load_vault(directory: Path, env_keys: str | None = None) -> Vault:
    """The vault of ``env_keys`` (comma separated, as PREMIERPAS_KEYS), else of ``directory``/keys.

    The file is made, private (0600), when there is none. Raises KeysExposed, KeysMalformed.
    """
    if env_keys and env_keys.strip():
        return parse_keys(env_keys.split(","), "PREMIERPAS_KEYS")
    path = directory / KEY_FILE
    if not path.exists():
        directory.mkdir(parents=True, exist_ok=True)
        _write(path, new_vault(), replace=False)
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise KeysExposed(str(path))
    return parse_keys(path.read_text("ascii").splitlines(), str(path))


def save_vault(directory: Path, vault: Vault) -> Path:
    """Replace the key file of ``directory`` by ``vault``'s keys, all at once; its path."""
    path = directory / KEY_FILE
    _write(path, vault, replace=True)
    return path


def new_vault() -> Vault:
    """A vault of fresh keys."""
    return Vault([Fernet.generate_key()], secrets.token_bytes(LOOKUP_KEY_BYTES))


def keys_line(vault: Vault) -> str:
    """The keys as PREMIERPAS_KEYS wants them. A secret: to be shown to the admin only."""
    return ",".join(_items(vault))


def parse_keys(items: Iterable[str], where: str) -> Vault:
    """The vault written as ``items``; ``where`` names their source in the message. Raises KeysMalformed."""
    kept = [item.strip() for item in items if item.strip() and not item.strip().startswith("#")]
    lookups = [item.removeprefix(_LOOKUP) for item in kept if item.startswith(_LOOKUP)]
    if len(lookups) != 1:
        raise KeysMalformed(f"{where} must have one item \"{_LOOKUP}...\", it has {len(lookups)}")
    try:
        lookup_key = base64.urlsafe_b64decode(lookups[0])
        return Vault([item.encode() for item in kept if not item.startswith(_LOOKUP)], lookup_key)
    except (binascii.Error, KeysMalformed) as e:
        raise KeysMalformed(f"{where}, {e}") from e


def _items(vault: Vault) -> list[str]:
    return [*(key.decode() for key in vault.keys),
            _LOOKUP + base64.urlsafe_b64encode(vault.lookup_key).decode()]


def _write(path: Path, vault: Vault, *, replace: bool) -> None:
    """Write beside, then put in place: no reader ever sees half a file, no second process overwrites."""
    beside = path.with_name(f"{path.name}.{os.getpid()}.new")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        os.fchmod(file.fileno(), 0o600)  # whatever was left there by a crash, or the umask
        file.write(_HEADER + "\n".join(_items(vault)) + "\n")
        file.flush()
        os.fsync(file.fileno())
    try:
        if replace:
            beside.replace(path)
        else:
            path.hardlink_to(beside)  # refuses to overwrite: of two first starts, one makes the keys
    except FileExistsError:
        pass
    finally:
        beside.unlink(missing_ok=True)
