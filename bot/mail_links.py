"""The links in mails to teams: sealed, for a time, one lead for one mailbox."""

from dataclasses import dataclass
from datetime import timedelta

from bot.clock import Clock
from bot.sealed_links import SealedLinks
from bot.store.crypto import Vault

# The channel's name, in rows and addresses.
MAIL = "mail"
# A link opens so long; the next message brings a new one.
LINK_FOR = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Link:
    """What a link opens: one lead, for one mailbox."""

    ref: str
    address: str


class Links:
    """Makes and opens the links."""

    def __init__(self, vault: Vault, clock: Clock, base: str) -> None:
        """``base``: the address of the site, without the last slash."""
        self._links = SealedLinks(vault, clock, base.rstrip("/") + "/mail/", LINK_FOR)

    def make(self, link: Link) -> str:
        """The whole address."""
        return self._links.make(link.ref, link.address)

    def open(self, token: str) -> Link:
        """What a token opens now. Raises LinkRefused."""
        ref, address = self._links.open(token, 2)
        return Link(ref, address)
