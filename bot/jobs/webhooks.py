"""Tells another system of each change of the calendar, signed, until it takes it. The row is the retry."""

import hashlib
import hmac
from datetime import timedelta

import httpx
import structlog

from bot.clock import Clock
from bot.store.store import Store
from bot.store.webhooks import WebhookCall

log = structlog.get_logger(__name__)
AT_ONCE = 20
TIMEOUT_SECONDS = 10.0
# Longer than all of them take, one after the other, where nobody answers: else another process makes them too.
LEASE = timedelta(seconds=AT_ONCE * TIMEOUT_SECONDS + 60)
# After so many tries (about two days, each wait twice the one before) a call is given up.
MOST_ATTEMPTS = 12
FIRST_WAIT = timedelta(seconds=30)


def signature(secret: bytes, body: bytes) -> str:
    """What the header ``X-Premierpas-Signature`` holds: ``sha256=`` and the HMAC-SHA256 of the body, in hex."""
    return "sha256=" + hmac.new(secret, body, hashlib.sha256).hexdigest()


async def call(store: Store, http: httpx.AsyncClient, clock: Clock, url: str, secret: bytes) -> int:
    """Make the calls that wait, in order; how many were taken."""
    async with store.calendar() as desk:
        calls = await desk.claim_webhooks(AT_ONCE, LEASE)
    taken = 0
    for one in calls:
        good = await _post(http, url, secret, one)
        taken += good
        attempts = one.attempts + 1
        retry = None if good or attempts >= MOST_ATTEMPTS else clock.now() + FIRST_WAIT * 2 ** (attempts - 1)
        try:
            async with store.calendar() as desk:
                await desk.settle_webhook(one.id, retry)
        except Exception as cause:  # its lease ends and it is made again: the other system knows it by its id
            log.error("webhook_not_settled", event_name=one.event, cause=type(cause).__name__)
    return taken


async def _post(http: httpx.AsyncClient, url: str, secret: bytes, one: WebhookCall) -> bool:
    """Whether the other system took it."""
    body = one.body.encode()
    headers = {"Content-Type": "application/json", "X-Premierpas-Event": one.event,
               "X-Premierpas-Signature": signature(secret, body)}
    try:
        return (await http.post(url, content=body, headers=headers, timeout=TIMEOUT_SECONDS)).is_success
    except Exception as cause:  # an address that cannot be asked (httpx.InvalidURL) is no HTTPError
        log.warning("webhook_failed", event_name=one.event, cause=type(cause).__name__)
        return False
