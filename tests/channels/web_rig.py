"""The web channels on real parts: store, content, rules, map, calendar. Ours: the clock, and Rasa's answers."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx
from fastapi import FastAPI

from bot.app import ROOT, read_directory, read_referrals
from bot.calendar.layout import lay_out
from bot.calendar.recurrence import holiday
from bot.channels.web.app import build_web
from bot.channels.web.page import page_router
from bot.channels.web.rest import WEBHOOK, rest_router, rest_turns
from bot.channels.web.static_files import static_files
from bot.clock import PARIS, Clock
from bot.content import NAMES, Content, read_content
from bot.file_links import FileLinks
from bot.files import Files
from bot.geography import Map
from bot.limits import Limits
from bot.sample import sample_entries
from bot.signs import Signs
from bot.store.crypto import Vault
from bot.store.key_file import new_vault
from bot.store.store import Store
from bot.teams import Teams
from bot.turn import Turns
from dialogues.enclosure import Enclosure
from dialogues.text import Text
from dialogues.world import World
from handoff.directory import Directory
from nlu.client import Parsed
from nlu.communes import Gazetteer
from nlu.danger_model import DangerModel
from nlu.emergencies import EmergencyRecogniser
from nlu.emergencies import load as load_emergencies
from nlu.entities import EntityExtractor
from nlu.errors import UnderstandingUnavailable
from nlu.intents import FALLBACK
from nlu.language import LanguageDetector
from nlu.understanding import Understanding
from tests.clock import FixedClock

HERE = ("127.0.0.1", 40_000)
ELSEWHERE = ("203.0.113.9", 40_000)
VENISSIEUX = {"latitude": 45.697, "longitude": 4.887}
PAGE = {"X-Premierpas": "1"}


@dataclass(frozen=True)
class Parts:
    """What takes a second to read and never changes."""

    directory: Directory
    content: Content
    gazetteer: Gazetteer
    geography: Map
    danger: EmergencyRecogniser
    learnt_danger: DangerModel
    language: LanguageDetector
    vault: Vault


@cache
def parts() -> Parts:
    directory = read_directory(ROOT)
    gazetteer = Gazetteer()
    return Parts(directory, read_content(ROOT, directory.messages()), gazetteer, Map(gazetteer),
                 load_emergencies(), DangerModel.load(), LanguageDetector(), new_vault())


_BLANK: list[bytes] = []


async def _blank_database(clock: Clock) -> bytes:
    """A database with its tables and the calendar, nobody in it; made once, copied by each test."""
    if not _BLANK:
        with TemporaryDirectory() as folder:
            file = Path(folder) / "blank.sqlite"
            store = await Store.open(f"sqlite+aiosqlite:///{file}", parts().vault, clock)
            await store.migrate()
            today = FixedClock().now.astimezone(PARIS).date()
            await store.load_calendar(*lay_out(sample_entries(parts().geography, parts().directory), today))
            await store.close()
            _BLANK.append(file.read_bytes())
    return _BLANK[0]


@dataclass
class Rasa:
    """Rasa's side of the wire: a table of what is understood; everything else is not. ``up``: it answers."""

    table: dict[str, str] = field(default_factory=dict)
    up: bool = True
    asked: list[str] = field(default_factory=list)

    async def parse(self, text: str) -> Parsed:
        self.asked.append(text)
        if not self.up:
            raise UnderstandingUnavailable("It is down.")
        intent = self.table.get(text.strip().lower())
        return Parsed(intent, 0.97, ((intent, 0.97),)) if intent else Parsed(FALLBACK, 0.1, ())


class Pauses:
    """A long poll's pauses. Each lasts until the test lets it end; ``begun`` says that one waits."""

    def __init__(self) -> None:
        self.begun = asyncio.Event()
        self.over = asyncio.Event()
        self.asked: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.asked.append(seconds)
        self.begun.set()
        await self.over.wait()


@dataclass
class Web:
    """The channels, and the doors a test needs into what is behind them.

    ``elsewhere``: what another channel can be asked for, by its handle.
    """

    app: FastAPI
    turns: Turns
    store: Store
    content: Content
    fixed: FixedClock
    clock: Clock
    rasa: Rasa
    pauses: Pauses
    file: Path
    elsewhere: dict[str, bytes]
    signs: Signs

    def browser(self, *, at: tuple[str, int] = HERE, headers: Mapping[str, str] | None = None) -> httpx.AsyncClient:
        """A client with its own cookies. ``at``: the address it comes from."""
        return httpx.AsyncClient(
            transport=httpx.ASGITransport(self.app, raise_app_exceptions=True, client=at),
            base_url="http://bot.test", headers={"Accept-Language": "fr-FR,fr;q=0.9", **(headers or {})},
        )

    def words(self, key: str, language: str = "fr") -> str:
        """What the bot says, its figures filled in."""
        return self.content.text(Text(key), language)

    async def rest(self, sender: str, message: str) -> list[dict[str, Any]]:
        """One message over REST, answered by 200."""
        async with self.browser() as browser:
            answer = await browser.post("/webhooks/rest/webhook", json={"sender": sender, "message": message})
        assert answer.status_code == 200, answer.text
        found: list[dict[str, Any]] = answer.json()
        return found


def payload(messages: list[dict[str, Any]], title: str) -> str:
    """What the latest button of this title sends."""
    found = [button["payload"] for message in messages for button in message.get("buttons", ())
             if title in button["title"]]
    assert found, f"no button « {title} » in {messages}"
    return str(found[-1])


@asynccontextmanager
async def open_web(
    folder: Path, *, token: str | None = None, secure: bool = False, addresses: Limits | None = None,
) -> AsyncIterator[Web]:
    """Everything put together as the composition root does, on a database of its own in ``folder``."""
    shared, fixed, rasa, pauses = parts(), FixedClock(), Rasa(), Pauses()
    # Each reading is a little later than the last, as on a real machine, and the same in every run.
    clock = replace(
        fixed.clock, now=lambda: fixed.advance(microseconds=10),
        new_secret=lambda: f"{fixed.clock.new_secret()}-{'x' * 20}",
    )
    file = folder / "web.sqlite"
    file.write_bytes(await _blank_database(clock))
    store = await Store.open(f"sqlite+aiosqlite:///{file}", shared.vault, clock)
    try:
        understanding = Understanding(
            shared.language, shared.danger, EntityExtractor(shared.gazetteer), rasa.parse, shared.learnt_danger,
        )

        teams = Teams(shared.directory, shared.geography, read_referrals(ROOT), holiday)
        turns = Turns(
            store=store, reader=understanding, content=shared.content,
            world=World(shared.content.catalog, shared.geography, shared.content.languages, NAMES), clock=clock,
            teams=teams, nearest=shared.geography.nearest, understanding=lambda: rasa.up,
        )
        elsewhere: dict[str, bytes] = {}

        async def read_elsewhere(enclosure: Enclosure) -> bytes | None:
            return elsewhere.get(enclosure.file)

        signs = Signs(clock.now)
        files = Files({"web": lambda enclosure: store.read_file(enclosure.file), "telegram": read_elsewhere})
        links = FileLinks(shared.vault, clock, "http://bot.test")
        app = build_web(
            routers=[
                rest_router(store, token, files=files, links=links),
                page_router(turns, store, shared.content, clock, secure=secure, understanding=lambda: rasa.up,
                            pause=pauses, addresses=addresses, files=files, signs=signs),
            ],
            health=lambda: {"status": "ok"}, static=[static_files()],
            direct={WEBHOOK: rest_turns(turns, clock, token, addresses, links=links)},
        )
        yield Web(app, turns, store, shared.content, fixed, clock, rasa, pauses, file, elsewhere, signs)
    finally:
        await store.close()
