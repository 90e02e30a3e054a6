"""The links in mails to teams: sealed, for a time, one lead for one mailbox."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.clock import Clock
from bot.store.crypto import Vault
from bot.store.errors import CannotOpen

# The channel's name, in rows and addresses.
MAIL = "mail"
# A link opens so long; the next message brings a new one.
LINK_FOR = timedelta(days=7)


class LinkRefused(Exception):
    """The link was altered, or its time is over."""


@dataclass(frozen=True, slots=True)
class Link:
    """What a link opens: one lead, for one mailbox."""

    ref: str
    address: str


class Links:
    """Makes and opens the links: sealed, so that nothing in them can be read or changed."""

    def __init__(self, vault: Vault, clock: Clock, base: str) -> None:
        """``base``: the address of the site, without the last slash."""
        self._vault = vault
        self._clock = clock
        self._base = base.rstrip("/")

    def make(self, link: Link) -> str:
        """The whole address."""
        until = int((self._clock.now() + LINK_FOR).timestamp())
        return f"{self._base}/mail/{self._vault.seal(json.dumps([link.ref, link.address, until])).decode()}"

    def open(self, token: str) -> Link:
        """What a token opens now. Raises LinkRefused."""
        try:
            ref, address, until = json.loads(self._vault.open_token(token))
        except (CannotOpen, ValueError) as e:
            raise LinkRefused from e
        if datetime.fromtimestamp(until, self._clock.now().tzinfo) < self._clock.now():
            raise LinkRefused
        return Link(str(ref), str(address))
