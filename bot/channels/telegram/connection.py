"""The Bot itself: its addresses, its time-outs, its silence."""

import logging
from dataclasses import dataclass, field

from telegram import Bot
from telegram.request import HTTPXRequest

DEFAULT_API_URL = "https://api.telegram.org"
# How long getUpdates waits for an update, in seconds; the answer may take a little more to arrive.
POLL_SECONDS = 30
_POLL_READ_TIMEOUT = POLL_SECONDS + 10.0


@dataclass(frozen=True, slots=True)
class Webhook:
    """Where Telegram posts updates: the public address, and the secret it repeats in a header.

    ``secret``: 1 to 256 of A-Z a-z 0-9 _ - (https://core.telegram.org/bots/api#setwebhook).
    """

    url: str
    secret: str = field(repr=False)


def make_bot(token: str, api_url: str | None) -> tuple[Bot, HTTPXRequest]:
    """A Bot on the Bot API server at ``api_url`` (Telegram's own by default), and its polling connection."""
    hush()
    root = (api_url or DEFAULT_API_URL).rstrip("/")
    polling = HTTPXRequest(1, read_timeout=_POLL_READ_TIMEOUT, connect_timeout=10, pool_timeout=10)
    sending = HTTPXRequest(32, read_timeout=15, connect_timeout=10, pool_timeout=10)
    return Bot(token, f"{root}/bot", f"{root}/file/bot", request=sending, get_updates_request=polling), polling


def hush() -> None:
    """Silence the libraries' loggers, whatever the root's level.

    They write addresses, which hold the token (at DEBUG, and httpx at INFO), and messages' contents (at
    ERROR, an answer that is not JSON). What goes wrong is logged here instead, in our own words.
    """
    logging.getLogger("telegram").setLevel(logging.CRITICAL)
    for name in ("httpx", "httpcore"):
        logging.getLogger(name).setLevel(logging.WARNING)
