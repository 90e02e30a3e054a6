"""A real Chromium, and the app served on a free port of this machine. One loop for all, one Chromium."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest_asyncio
import uvicorn
from playwright.async_api import Browser, async_playwright

from tests.browser.visit import Visit, open_visit
from tests.channels.web_rig import Web, open_web
from tests.prepare import browser as installed_browser

# Headless, and silent: a browser that calls home would hide what the page itself asks for.
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def chromium() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=installed_browser(), args=ARGUMENTS)
        yield browser
        await browser.close()


class Served:
    """The app behind ``base``, and what a test needs of its inside."""

    def __init__(self, web: Web, base: str, chromium: Browser) -> None:
        self.web, self.base, self._chromium = web, base, chromium

    @asynccontextmanager
    async def visit(self, **context: Any) -> AsyncIterator[Visit]:  # noqa: ANN401  (playwright's own options)
        """Somebody's phone on the page; at the end nothing went outside and no script failed."""
        async with open_visit(self._chromium, self.base, **context) as visit:
            yield visit


@pytest_asyncio.fixture(loop_scope="session")
async def served(tmp_path: Path, chromium: Browser) -> AsyncIterator[Served]:
    async with open_web(tmp_path) as web:
        config = uvicorn.Config(
            web.app, host="127.0.0.1", port=0, log_config=None, access_log=False, lifespan="off")
        server = uvicorn.Server(config)
        listening = config.bind_socket()
        running = asyncio.create_task(server.serve(sockets=[listening]))
        try:
            yield Served(web, f"http://127.0.0.1:{listening.getsockname()[1]}", chromium)
        finally:
            web.pauses.over.set()
            server.should_exit = server.force_exit = True
            await running
            listening.close()
