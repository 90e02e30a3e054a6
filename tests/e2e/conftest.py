"""The whole app, with a real Rasa trained on the project's own examples, and a Bot API server on loopback."""

import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest_asyncio
from pydantic import SecretStr

from bot.app import ROOT, App, open_app
from bot.clock import Clock, real_clock
from bot.rasa import Rasa
from bot.settings import Settings
from tests.bot_api.server import BotApi

# A Tuesday at ten in Paris: the teams are there, whatever the day the tests run.
OPEN_HOUR = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)


def office_clock() -> Clock:
    """A clock that runs, from a working hour."""
    started = time.monotonic()
    return replace(real_clock(), now=lambda: OPEN_HOUR + timedelta(seconds=time.monotonic() - started))


@dataclass(frozen=True)
class Meaning:
    """A Rasa that answers: where, and its token."""

    url: str
    token: str


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def meaning() -> AsyncIterator[Meaning]:
    """Rasa with the model of the present examples: trained once, kept in var/ for the next run."""
    async with httpx.AsyncClient() as http:
        lines: list[str] = []
        rasa = Rasa(ROOT, ROOT / "var", http, lines.append)
        rasa.start()
        await rasa.settled()
        assert rasa.state == "ready", "\n".join(lines)
        assert rasa.server is not None
        yield Meaning(rasa.server.base_url, rasa.server.token)
        await rasa.stop()


@pytest_asyncio.fixture(loop_scope="session")
async def api() -> AsyncIterator[BotApi]:
    """A Bot API server in the session's loop."""
    server = BotApi()
    await server.start()
    yield server
    await server.stop()


@pytest_asyncio.fixture(loop_scope="session")
async def app(tmp_path: Path, meaning: Meaning, api: BotApi) -> AsyncIterator[App]:
    """The app as ``start`` composes it, connected to both."""
    settings = Settings(
        _env_file=None, data=tmp_path, rasa_url=meaning.url, rasa_token=SecretStr(meaning.token),
        TELEGRAM_BOT_TOKEN=SecretStr(api.token), TELEGRAM_API_URL=api.url,
    )
    async with open_app(settings, office_clock(), lambda _: None) as app:
        app.start()
        await app.start_telegram()
        yield app
