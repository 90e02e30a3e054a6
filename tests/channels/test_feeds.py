"""Calendars to subscribe to, over HTTP: secret addresses, stable events, nobody's data."""


from collections.abc import AsyncIterator
from pathlib import Path

import icalendar
import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient

from bot.channels.web.feeds import feeds_router
from bot.store.store import Store
from dialogues.effects import BookSeat
from tests.channels.web_rig import Web, open_web


@pytest.fixture
async def web(tmp_path: Path) -> AsyncIterator[Web]:
    async with open_web(tmp_path) as opened:
        yield opened


async def tokens(store: Store) -> dict[str, str]:
    async with store.calendar() as desk:
        return {feed.name: feed.token for feed in await desk.feeds("portes-du-sud")}


def client(web: Web) -> AsyncClient:
    app = FastAPI()
    app.include_router(feeds_router(web.store, web.clock))
    return AsyncClient(transport=ASGITransport(app=app), base_url="http://feeds.example")


async def test_a_subscription_shows_sessions_and_nobody(web: Web) -> None:
    known = await tokens(web.store)
    async with web.store.calendar() as desk:
        first = (await desk.stored(web.clock.now(), territories=["portes-du-sud"]))[0].session.id
    async with web.store.turn("telegram", "chat-42") as tx:
        booked = await tx.apply(BookSeat(first))
    async with client(web) as http:
        answer = await http.get(f"/calendar/{known['Tout, ifra']}.ics")
        same = await http.get(answer.request.url, headers={"If-None-Match": answer.headers["etag"]})
    assert answer.headers["content-type"].startswith("text/calendar")
    assert same.status_code == 304
    events = icalendar.Calendar.from_ical(answer.content).walk("VEVENT")
    assert len({str(event["UID"]) for event in events}) == len(events) > 10
    assert booked.appointment.code not in answer.text  # type: ignore[union-attr]  # a seat, or the test fails
    assert "chat-42" not in answer.text


async def test_a_cancelled_session_stays_as_cancelled_with_a_higher_sequence(web: Web) -> None:
    known = await tokens(web.store)
    async with web.store.calendar() as desk:
        first = (await desk.stored(web.clock.now(), territories=["portes-du-sud"]))[0].session.id
        await desk.change(first, "cancelled")
    async with client(web) as http:
        answer = await http.get(f"/calendar/{known['Tout, ifra']}.ics")
    event = next(e for e in icalendar.Calendar.from_ical(answer.content).walk("VEVENT")
                 if str(e["UID"]).startswith(first))
    assert (str(event["STATUS"]), int(event["SEQUENCE"])) == ("CANCELLED", 1)


async def test_an_address_that_is_not_one_is_nothing(web: Web) -> None:
    async with client(web) as http:
        for token in ("0" * 32, "é", "..", "x" * 500):
            assert (await http.get(f"/calendar/{token}.ics")).status_code == 404
