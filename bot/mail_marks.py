"""The mark on each mail of ours, by which one that comes back is known: sealed, and short enough for an address.

24 letters (base32: servers may change the case of an address): 10 bytes that only our key makes, 5 that hold the
number under that key. Whoever reads a mark learns nothing; whoever makes one up is not believed.
"""

import base64
import hmac
import re

from bot.clock import CODE_LETTERS
from bot.store.crypto import Vault

_MAC_BYTES, _NUMBER_BYTES = 10, 5
_MARK = re.compile(r"(?<![a-z0-9])[a-z2-7]{24}(?![a-z0-9])")
# Nothing is sent to that domain: it only tells our mails from all others.
DOMAIN = "premierpas.invalid"
# RFC 5321 lets 64 characters stand before the @, and a mark and its plus are 25 of them.
_LONGEST_NAME = 64 - 25
_ADDRESS = re.compile(r"[A-Za-z0-9._-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")


class BounceAddressUnusable(ValueError):
    """PREMIERPAS_BOUNCE_ADDRESS must look like retours@association.fr, without a +, short before the @."""


class Marks:
    """Makes and reads marks. ``returns_to``: the address mails come back to; None: to whom they are from."""

    def __init__(self, vault: Vault, returns_to: str | None = None) -> None:
        """Raises BounceAddressUnusable."""
        self._vault = vault
        self._name, _, self._domain = (returns_to or "").partition("@")
        if returns_to and (not _ADDRESS.fullmatch(returns_to) or len(self._name) > _LONGEST_NAME):
            raise BounceAddressUnusable

    def of_row(self, row_id: int) -> str:
        """The mark of the mail of this outbox row."""
        return self._of("row", row_id)

    def of_sheet(self, ref: str) -> str:
        """The mark of a sheet about the lead of this reference."""
        number = 1  # so that a first letter that counts zero is not lost
        for letter in ref:
            number = number * len(CODE_LETTERS) + CODE_LETTERS.index(letter)
        return self._of("sheet", number)

    def sender(self, mark: str) -> str | None:
        """The envelope's sender of that mail: refused, it comes back there. None: to the From address."""
        return f"{self._name}+{mark}@{self._domain}" if self._name else None

    def message_id(self, mark: str, more: str = "") -> str:
        """Its Message-ID. Of a row's, always the same: sent twice after a crash, mail programs show one."""
        return f"<{mark}{'.' if more else ''}{more}@{DOMAIN}>"

    def rows(self, words: str) -> tuple[int, ...]:
        """The outbox rows whose marks stand in ``words`` (headers of a mail), each once."""
        return self._found("row", words)

    def sheets(self, words: str) -> tuple[str, ...]:
        """The references of the leads whose sheets' marks stand there, each once."""
        return tuple(_ref(number) for number in self._found("sheet", words))

    def _of(self, kind: str, number: int) -> str:
        sealed = number.to_bytes(_NUMBER_BYTES, "big")
        mac = self._mac(kind, sealed)
        return base64.b32encode(mac + self._veil(mac, sealed)).decode().lower()

    def _found(self, kind: str, words: str) -> tuple[int, ...]:
        numbers = (self._number(kind, mark) for mark in _MARK.findall(words.lower()))
        return tuple(dict.fromkeys(number for number in numbers if number is not None))

    def _number(self, kind: str, mark: str) -> int | None:
        sealed = base64.b32decode(mark.upper())
        mac, number = sealed[:_MAC_BYTES], self._veil(sealed[:_MAC_BYTES], sealed[_MAC_BYTES:])
        return int.from_bytes(number, "big") if hmac.compare_digest(mac, self._mac(kind, number)) else None

    def _mac(self, kind: str, number: bytes) -> bytes:
        return bytes.fromhex(self._vault.lookup(f"mail mark {kind}", number.hex()))[:_MAC_BYTES]

    def _veil(self, mac: bytes, number: bytes) -> bytes:
        """Hides the number, or shows it again."""
        veil = bytes.fromhex(self._vault.lookup("mail mark veil", mac.hex()))
        return bytes(one ^ other for one, other in zip(number, veil, strict=False))


def _ref(number: int) -> str:
    letters = ""
    while number > 1:
        number, letter = divmod(number, len(CODE_LETTERS))
        letters = CODE_LETTERS[letter] + letters
    return letters
