"""Sealing personal values, and finding rows by them without reading them."""

import hmac
from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from bot.store.errors import CannotOpen, KeysMalformed

LOOKUP_KEY_BYTES = 32
LOOKUP_HEX_DIGITS = 32  # 128 bits: no two addresses meet by chance


class Vault:
    """The keys of one database.

    ``keys``: Fernet keys (https://github.com/fernet/spec), newest first: the first seals, all open.
    ``lookup_key``: 32 bytes for the keyed hashes; it never changes, or every known person would be new.
    Raises KeysMalformed.
    """

    def __init__(self, keys: Sequence[bytes], lookup_key: bytes) -> None:
        if not keys:
            raise KeysMalformed("there is no Fernet key")
        if len(lookup_key) != LOOKUP_KEY_BYTES:
            raise KeysMalformed(f"the lookup key must be {LOOKUP_KEY_BYTES} bytes, it has {len(lookup_key)}")
        try:
            fernets = [Fernet(key) for key in keys]
        except ValueError as e:
            raise KeysMalformed("a Fernet key is not 32 bytes in URL-safe base64") from e
        self.keys = tuple(keys)
        self.lookup_key = lookup_key
        self._newest = fernets[0]
        self._all = MultiFernet(fernets)

    def __repr__(self) -> str:
        return f"<Vault of {len(self.keys)} keys>"  # never the keys: a repr ends up in logs

    def seal(self, words: str) -> bytes:
        """``words`` under the newest key."""
        return self._newest.encrypt(words.encode())

    def open(self, sealed: bytes) -> str:
        """The words that were sealed. Raises CannotOpen."""
        try:
            return self._all.decrypt(sealed).decode()
        except InvalidToken as e:
            raise CannotOpen from e

    def open_token(self, token: str) -> str:
        """The words of a sealed value that came back from outside as text. Raises CannotOpen."""
        try:
            return self.open(token.encode("ascii"))
        except UnicodeEncodeError as e:
            raise CannotOpen from e

    def is_current(self, sealed: bytes) -> bool:
        """Whether the newest key alone opens ``sealed``: then rotation has nothing to do."""
        try:
            self._newest.decrypt(sealed)
        except InvalidToken:
            return False
        return True

    def lookup(self, kind: str, value: str) -> str:
        """The keyed hash (HMAC-SHA256, 32 hex digits) to find ``value`` by; ``kind`` keeps uses apart."""
        message = f"{kind}\0{value}".encode()
        return hmac.digest(self.lookup_key, message, "sha256").hex()[:LOOKUP_HEX_DIGITS]

    def with_new_key(self) -> "Vault":
        """The same vault with one more key, which seals from now on."""
        return Vault((Fernet.generate_key(), *self.keys), self.lookup_key)

    def with_newest_key_only(self) -> "Vault":
        """The same vault without the older keys; for when every value has been sealed again."""
        return Vault(self.keys[:1], self.lookup_key)
