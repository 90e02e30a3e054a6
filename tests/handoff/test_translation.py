"""Machine translation between a person and a counsellor, by a LibreTranslate-like server on loopback."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse

from bot.inbound import Inbound, Words
from bot.translate import LONGEST_TRANSLATED, LibreTranslate
from dialogues.reading import Reading
from tests.bot_api.server import Site
from tests.handoff.office import TRUCK, Office

KNOWN = {("ar", "fr", "أين الشاحنة"): "Où est le camion ?", ("fr", "ar", "Venez mardi"): "تعالوا يوم الثلاثاء"}


@dataclass
class Server:
    """What it was asked; ``status``: what it answers instead, when not 200."""

    url: str = ""
    asked: list[dict[str, Any]] = field(default_factory=list)
    status: int = 200

    def app(self) -> FastAPI:
        app = FastAPI()

        @app.post("/translate")
        async def translate(request: Request) -> Response:
            body = await request.json()
            self.asked.append(body)
            found = KNOWN.get((body["source"], body["target"], body["q"]))
            if self.status != 200 or found is None:
                return JSONResponse({"error": f"{body['source']} is not supported"}, self.status if found else 400)
            return JSONResponse({"translatedText": found})

        return app


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    server = Server()
    site = Site(server.app())
    server.url = site.url
    yield server
    await site.stop()


@pytest.fixture
async def translator(server: Server) -> AsyncIterator[LibreTranslate]:
    async with httpx.AsyncClient(trust_env=False) as http:
        yield LibreTranslate(server.url + "/", "k3y", http)


class Arabic:
    """Everything is read as Arabic."""

    async def read(self, text: str, *_: object) -> Reading:
        return Reading(language="ar")


@pytest.fixture
async def talking(office: Office, translator: LibreTranslate) -> Office:
    """Somebody who speaks Arabic talks with Fatou; the desk and the turns have a translator."""
    office.desk.translator = translator
    office.turns._inbound._translator = translator
    office.turns._inbound._reader = Arabic()
    await office.group("group-truck", TRUCK)
    lead = await office.lead()
    async with office.store.turn("memory", "person-1") as tx:
        await tx.save(None, "ar")
    await office.desk.take(lead.ref, await office.counsellor("Fatou", TRUCK))
    async with office.store.turn("memory", "person-1") as tx:
        assert tx.state is not None
        await tx.save(tx.state.replace('"lang":null', '"lang":"ar"').replace('"lang":"fr"', '"lang":"ar"'), "ar")
    await office.deliver()
    return office


async def says(office: Office, words: str) -> list[str]:
    office.updates += 1
    await office.turns.answer(Inbound("memory", f"w-{office.updates}", "person-1", Words(words), office.hours.now))
    return await office.heard("group-truck")


async def test_the_counsellor_reads_french_with_the_original_under_it(talking: Office, server: Server) -> None:
    (told,) = await says(talking, "أين الشاحنة")
    machine, original = told.index("Où est le camion ?"), told.index("أين الشاحنة")
    assert machine < original
    assert told.startswith("🤖 Traduit par une machine")
    assert server.asked == [
        {"q": "أين الشاحنة", "source": "ar", "target": "fr", "format": "text", "api_key": "k3y"}]


async def test_the_person_reads_their_language_with_the_original_under_it(talking: Office) -> None:
    (lead,) = await talking.store.leads(TRUCK[1], [TRUCK[0]], open_only=True)
    fatou = await talking.store.counsellor(lead.taken_by or "")
    assert fatou is not None
    await talking.desk.reply(lead.ref, fatou, "Venez mardi")
    (row,) = [row for row in await talking.deliver() if row.address == "person-1"]
    text = row.rendered.text
    assert text.index("تعالوا يوم الثلاثاء") < text.index("Venez mardi")
    assert row.rendered.speaker == "counsellor"
    lines = await talking.store.lead_thread(lead.id)
    assert [line.text for line in lines] == ["Venez mardi"]


@pytest.mark.parametrize("status", [429, 500, 503])
async def test_when_it_cannot_be_translated_the_words_go_as_they_are(
    talking: Office, server: Server, status: int
) -> None:
    server.status = status
    assert await says(talking, "أين الشاحنة") == ["أين الشاحنة"]


async def test_a_language_the_server_does_not_know_goes_as_it_is(talking: Office) -> None:
    assert await says(talking, "كلام لا تعرفه الآلة") == ["كلام لا تعرفه الآلة"]


async def test_nothing_leaves_while_no_human_talks(
    office: Office, translator: LibreTranslate, server: Server
) -> None:
    office.turns._inbound._translator = translator
    office.turns._inbound._reader = Arabic()
    office.updates += 1
    await office.turns.answer(Inbound("memory", "w", "person-9", Words("أين الشاحنة"), office.hours.now))
    assert server.asked == []


async def test_a_server_that_is_not_there_or_answers_nonsense_is_no_translation(server: Server) -> None:
    async with httpx.AsyncClient(trust_env=False) as http:
        assert await LibreTranslate("http://127.0.0.1:9", None, http).translate("x", "ar", "fr") is None
        working = LibreTranslate(server.url, None, http)
        assert await working.translate("أين الشاحنة", "ar", "fr") == "Où est le camion ?"
        assert "api_key" not in server.asked[-1]
        assert await working.translate("x" * (LONGEST_TRANSLATED + 1), "ar", "fr") is None
        assert await working.translate("bonjour", "fr", "fr") is None
        assert await working.translate("  ", "ar", "fr") is None
