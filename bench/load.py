"""Sends turns through a REST channel and says how fast they came back."""

import asyncio
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus

import psutil
from aiohttp import ClientSession, ClientTimeout, TCPConnector

# So many people at once that neither server waits for us: with four, ours stood idle a quarter of the time, all
# four waiting for one commit.
CONNECTIONS = 16
# A conversation of this many turns, then somebody else's: neither a stranger each time nor one person for all.
TURNS_EACH = 8
WEBHOOK = "/webhooks/rest/webhook"
PATIENCE = 60.0  # seconds


@dataclass(frozen=True, slots=True)
class Speed:
    """What a run of turns showed. ``turns``: a second; ``p50``, ``p95``: milliseconds a turn."""

    turns: float
    p50: float
    p95: float


async def drive(base: str, messages: Sequence[str], label: str, *, silent: bool = False) -> Speed:
    """Send each message once, over a few connections at a time. Exits when a turn fails.

    ``silent``: an empty answer is no failure (the peer may find nothing to say).
    """
    took: list[float] = []
    waiting = iter(enumerate(messages))

    connector = TCPConnector(limit=CONNECTIONS)
    async with ClientSession(base, connector=connector, timeout=ClientTimeout(PATIENCE)) as http:

        async def one(connection: int) -> None:
            for place, message in waiting:
                sender = f"{label}-{connection}-{place // (TURNS_EACH * CONNECTIONS)}"
                started = time.perf_counter()
                async with http.post(WEBHOOK, json={"sender": sender, "message": message}) as answer:
                    said = await answer.text()
                took.append(1000 * (time.perf_counter() - started))
                if answer.status != HTTPStatus.OK or not (silent or json.loads(said)):
                    raise SystemExit(f"{label}: turn {place} failed: {answer.status} {said[:200]}")

        began = time.perf_counter()
        await asyncio.gather(*(one(connection) for connection in range(CONNECTIONS)))
        whole = time.perf_counter() - began
    took.sort()
    return Speed(len(took) / whole, took[len(took) // 2], took[int(len(took) * 0.95)])


def resident_mb(pid: int) -> float:
    """Megabytes resident of a process and all its children; shared pages count once a process."""
    own = psutil.Process(pid)
    return sum(float(process.memory_info().rss) for process in (own, *own.children(recursive=True))) / 1e6
