"""Links with a sealed part, for a time: nothing in it can be read or changed."""

import json
from datetime import timedelta

from bot.clock import Clock
from bot.store.crypto import Vault
from bot.store.errors import CannotOpen


class LinkRefused(Exception):
    """The link was altered, is of another kind, or its time is over."""


class SealedLinks:
    """Makes and opens the links of one kind."""

    def __init__(self, vault: Vault, clock: Clock, base: str, opens_for: timedelta) -> None:
        """``base``: the address before the sealed part, with its last slash."""
        self._vault = vault
        self._clock = clock
        self._base = base
        self._opens_for = opens_for

    def make(self, *parts: str) -> str:
        """The whole address."""
        until = int((self._clock.now() + self._opens_for).timestamp())
        return f"{self._base}{self._vault.seal(json.dumps([*parts, until])).decode()}"

    def open(self, token: str, count: int) -> tuple[str, ...]:
        """The ``count`` parts of a token, as they were given to ``make``. Raises LinkRefused."""
        try:
            match json.loads(self._vault.open_token(token)):
                case [*parts, int(until)] if len(parts) == count and until >= self._clock.now().timestamp():
                    return tuple(str(part) for part in parts)
        except (CannotOpen, ValueError) as e:
            raise LinkRefused from e
        raise LinkRefused  # sealed by us, but as something else
