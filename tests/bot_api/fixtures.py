"""The fixture ``bot_api``: import it in a conftest, or name this module in a test file's pytest_plugins."""

from collections.abc import AsyncIterator

import pytest_asyncio

from tests.bot_api.server import BotApi


@pytest_asyncio.fixture
async def bot_api() -> AsyncIterator[BotApi]:
    """A Bot API server on loopback, in the test's own event loop, with nobody there yet."""
    api = BotApi()
    await api.start()
    yield api
    await api.stop()
