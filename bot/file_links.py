"""Addresses of what a counsellor sent, for who is answered over REST: sealed, for a time, for one conversation."""

from dataclasses import dataclass
from datetime import timedelta

from bot.clock import Clock
from bot.sealed_links import LinkRefused, SealedLinks
from bot.store.crypto import Vault
from dialogues.enclosure import Enclosure

# Under the REST channel, before the sealed part.
PATH = "/webhooks/rest/file/"
# A widget shows its conversation for a while; the next answer brings nothing old.
OPENS_FOR = timedelta(days=7)
_KIND = "rest file"


@dataclass(frozen=True, slots=True)
class FileLink:
    """What a link opens: this file, while it is in this sender's conversation."""

    sender: str
    file: str


class FileLinks:
    """Makes and opens the links."""

    def __init__(self, vault: Vault, clock: Clock, base: str) -> None:
        """``base``: the address of the site, without the last slash."""
        self._links = SealedLinks(vault, clock, base.rstrip("/") + PATH, OPENS_FOR)

    def make(self, sender: str, enclosure: Enclosure) -> str:
        """The whole address."""
        return self._links.make(_KIND, sender, enclosure.file)

    def open(self, token: str) -> FileLink | None:
        """What a token opens now; None for one that was altered, is of another kind, or whose time is over."""
        try:
            kind, sender, file = self._links.open(token, 3)
        except LinkRefused:
            return None
        return FileLink(sender, file) if kind == _KIND else None
