"""Calendars to subscribe to, over HTTP: secret addresses, stable events, nobody's data."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import icalendar
import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient

from bot.calendar.importing import carry_out, lay_out_checked
from bot.calendar.planning import plan
from bot.channels.web.feeds import feeds_router
from bot.clock import PARIS
from bot.sample import sample_entries
from bot.store.store import Store
from dialogues.effects import BookSeat
from tests.channels.web_rig import Web, open_web, parts


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
    event: Any = next(e for e in icalendar.Calendar.from_ical(answer.content).walk("VEVENT")
                 if str(e["UID"]).startswith(first))
    assert (str(event["STATUS"]), int(event["SEQUENCE"])) == ("CANCELLED", 1)


async def test_a_subscriber_hears_of_another_landmark(web: Web) -> None:
    known = await tokens(web.store)
    url = f"/calendar/{known['Tout, ifra']}.ics"
    async with client(web) as http:
        before = await http.get(url)
        web.fixed.now += timedelta(days=1)
        async with web.store.calendar() as desk:
            stored = await desk.stored(web.fixed.now, territories=["portes-du-sud"], body="ifra")
            entries = [replace(entry, place=replace(entry.place, landmark="devant la poste"), sample=True)
                       for entry in sample_entries(parts().geography, parts().directory)
                       if (entry.territory, entry.body) == ("portes-du-sud", "ifra")]
            wanted = await plan(desk, lay_out_checked(
                tuple(entries), web.fixed.now.astimezone(PARIS).date(), "c.csv"), web.fixed.now)
            await carry_out(desk, wanted)
        after = await http.get(url, headers={"If-None-Match": before.headers["etag"]})
    assert after.status_code == 200
    changed = [event for event in icalendar.Calendar.from_ical(after.content).walk("VEVENT")
               if str(event["SEQUENCE"]) == "1"]
    assert len(changed) == len(stored)
    modified = after.text.count(f"LAST-MODIFIED:{web.fixed.now:%Y%m%dT%H%M%SZ}")
    assert modified == len(changed) + len(wanted.changes.added)  # a day later, there is a day more to come
    assert {str(event["X-PREMIERPAS-REPERE"]) for event in changed} == {"devant la poste"}


async def test_an_address_that_is_not_one_is_nothing(web: Web) -> None:
    async with client(web) as http:
        for token in ("0" * 32, "é", "..", "x" * 500):
            assert (await http.get(f"/calendar/{token}.ics")).status_code == 404
