"""What the Telegram tests share: a fixed clock, an inbox that drops repeats, an Outbound in one line."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

from bot.channels.telegram import TelegramChannel, Webhook
from bot.clock import Clock
from bot.inbound import Inbound
from bot.outbound import Button, Outbound, Rendered
from bot.team_inbound import TeamInbound
from tests.bot_api.server import BotApi

NOW = datetime(2026, 11, 23, 22, 5, tzinfo=UTC)
CLOCK = Clock(now=lambda: NOW, new_id=lambda: "id", new_code=lambda n: "A" * n, new_secret=lambda: "secret")


class Inbox:
    """Keeps what it accepts, once; ``refuses`` says which it does not accept, by raising."""

    def __init__(self, api: BotApi) -> None:
        self.people: list[Inbound] = []
        self.teams: list[TeamInbound] = []
        self.offered: list[str] = []
        self.refuses: Callable[[str], bool] = lambda _: False
        self._api = api

    async def on_person(self, inbound: Inbound) -> None:
        self._check(inbound.external_id)
        if inbound.external_id not in {kept.external_id for kept in self.people}:
            self.people.append(inbound)
        self._api.wake()

    async def on_team(self, inbound: TeamInbound) -> None:
        self._check(inbound.external_id)
        self.teams.append(inbound)
        self._api.wake()

    async def wait(self, people: int = 0, teams: int = 0) -> None:
        await self._api.wait_until(lambda: len(self.people) >= people and len(self.teams) >= teams)

    async def wait_offered(self, count: int) -> None:
        await self._api.wait_until(lambda: len(self.offered) >= count)

    def _check(self, key: str) -> None:
        self.offered.append(key)
        self._api.wake()
        if self.refuses(key):
            raise ConnectionError("the database is away")


@asynccontextmanager
async def connected(
    api: BotApi, inbox: Inbox, *, token: str | None = None, webhook: Webhook | None = None,
    first_pause: float = 0.001,
) -> AsyncIterator[TelegramChannel]:
    """A channel at work on ``api``; its pauses are too short to notice."""
    channel = TelegramChannel(token or api.token, CLOCK, inbox.on_person, inbox.on_team,
                              api_url=api.url, webhook=webhook, first_pause=first_pause)
    await channel.start()
    try:
        yield channel
    finally:
        await channel.stop()


def outbound(
    address: int, text: str, *buttons: tuple[str, str], id: int = 1, speaker: str = "bot",  # noqa: A002
    name: str | None = None, **more: Any,  # noqa: ANN401
) -> Outbound:
    choices = tuple(Button(title, payload) for title, payload in buttons)
    return Outbound(id, "telegram", str(address), Rendered(text, "fr", choices, speaker, name), **more)  # type: ignore[arg-type]
