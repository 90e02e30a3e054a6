"""Addresses of what a counsellor sent, for who is answered over REST: sealed, for a time, for one conversation."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.clock import Clock
from bot.store.crypto import Vault
from bot.store.errors import CannotOpen
from dialogues.enclosure import Enclosure

# Under the REST channel, before the sealed part.
PATH = "/webhooks/rest/file/"
# A widget shows its conversation for a while; the next answer brings nothing old.
OPENS_FOR = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class FileLink:
    """What a link opens: this file, while it is in this sender's conversation."""

    sender: str
    file: str


class FileLinks:
    """Makes and opens the links: sealed, so that nothing in them can be read or changed."""

    def __init__(self, vault: Vault, clock: Clock, base: str) -> None:
        """``base``: the address of the site, without the last slash."""
        self._vault = vault
        self._clock = clock
        self._base = base.rstrip("/")

    def make(self, sender: str, enclosure: Enclosure) -> str:
        """The whole address."""
        until = int((self._clock.now() + OPENS_FOR).timestamp())
        sealed = self._vault.seal(json.dumps(["rest file", sender, enclosure.file, until]))
        return f"{self._base}{PATH}{sealed.decode()}"

    def open(self, token: str) -> FileLink | None:
        """What a token opens now; None for one that was altered, is of another kind, or whose time is over."""
        try:
            kind, sender, file, until = json.loads(self._vault.open_token(token))
        except (CannotOpen, ValueError):
            return None
        if kind != "rest file" or datetime.fromtimestamp(until, self._clock.now().tzinfo) < self._clock.now():
            return None
        return FileLink(str(sender), str(file))
