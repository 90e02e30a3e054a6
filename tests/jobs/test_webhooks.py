"""Another system is told of changes, signed, over a real socket, until it takes them."""

import asyncio
import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from datetime import timedelta

import httpx
import pytest

from bot.jobs.webhooks import MOST_ATTEMPTS, call
from bot.store.key_file import new_vault
from bot.store.store import Store
from tests.clock import FixedClock
from tests.store.samples import PLACE, opening

SECRET = b"shared"


class Other:
    """The other system: an HTTP server on loopback that answers with these codes, then with 200."""

    def __init__(self) -> None:
        self.codes: list[int] = []
        self.heard: list[tuple[dict[str, str], bytes]] = []
        self.url = ""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")[1:]
        headers = {k.lower(): v for k, _, v in (line.partition(": ") for line in head) if k}
        self.heard.append((headers, await reader.readexactly(int(headers["content-length"]))))
        code = self.codes.pop(0) if self.codes else 200
        writer.write(f"HTTP/1.1 {code} X\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode())
        await writer.drain()
        writer.close()


@pytest.fixture
async def other() -> AsyncIterator[Other]:
    system = Other()
    server = await asyncio.start_server(system.serve, "127.0.0.1", 0)
    system.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/hook"
    async with server:
        yield system


@pytest.fixture
def hours() -> FixedClock:
    return FixedClock()


@pytest.fixture
async def store(tmp_path: object, hours: FixedClock) -> AsyncIterator[Store]:
    store = await Store.open(f"sqlite+aiosqlite:///{tmp_path}/s.db", new_vault(), hours.clock)
    await store.migrate()
    await store.load_calendar([PLACE], [opening()])
    store.database.tells_others = True
    async with store.calendar() as desk:
        await desk.change("s1", "cancelled")
    yield store
    await store.close()


async def test_a_change_is_told_once_and_signed(store: Store, other: Other, hours: FixedClock) -> None:
    async with httpx.AsyncClient() as http:
        assert await call(store, http, hours.clock, other.url, SECRET) == 1
        assert await call(store, http, hours.clock, other.url, SECRET) == 0
    ((headers, body),) = other.heard
    wanted = "sha256=" + hmac.new(SECRET, body, hashlib.sha256).hexdigest()
    assert headers["x-premierpas-signature"] == wanted
    said = json.loads(body)
    assert (said["event"], said["session"]) == ("session.cancelled", "s1")
    assert set(said) == {"id", "event", "at", "session", "starts_at"}


async def test_a_refusal_or_an_absence_is_tried_again_later(store: Store, other: Other, hours: FixedClock) -> None:
    other.codes = [500]
    async with httpx.AsyncClient() as http:
        assert await call(store, http, hours.clock, other.url, SECRET) == 0
        assert await call(store, http, hours.clock, other.url, SECRET) == 0
        hours.advance(seconds=31)
        assert await call(store, http, hours.clock, "http://127.0.0.1:1/nobody", SECRET) == 0
        hours.advance(seconds=61)
        assert await call(store, http, hours.clock, other.url, SECRET) == 1
    assert [body for _, body in other.heard] == [other.heard[0][1]] * 2


async def test_a_call_nobody_takes_is_given_up(store: Store, other: Other, hours: FixedClock) -> None:
    other.codes = [503] * (MOST_ATTEMPTS + 5)
    async with httpx.AsyncClient() as http:
        for _ in range(MOST_ATTEMPTS + 5):
            await call(store, http, hours.clock, other.url, SECRET)
            hours.now += timedelta(days=3)
    assert len(other.heard) == MOST_ATTEMPTS
