"""Somebody's phone: one page, what it asked for, and what went wrong in it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from playwright.async_api import Browser, BrowserContext, Error, Locator, Page, Response, Route, expect

PHONE: dict[str, Any] = {
    "viewport": {"width": 360, "height": 740}, "locale": "fr-FR", "has_touch": True, "is_mobile": True,
}
ANSWERED_MS = 10_000


class Visit:
    """``outside``: addresses asked for that are not ours; ``failures``: errors of scripts and of the policy."""

    def __init__(self, context: BrowserContext, page: Page, base: str) -> None:
        self.context, self.page, self.base = context, page, base
        self.outside: list[str] = []
        self.failures: list[str] = []
        self.script_bytes: dict[str, int] = {}

    async def open(self, path: str = "/") -> None:
        await self.page.goto(self.base + path)

    async def press(self, title: str) -> None:
        """Press the last button of that title; the answer is on the page afterwards."""
        before = await self.messages().count()
        await self.page.locator(".choices button", has_text=title).last.click()
        await expect(self.messages().nth(before)).to_be_visible(timeout=ANSWERED_MS)

    async def write(self, words: str) -> None:
        """Type and send by Enter; the answer is on the page afterwards."""
        before = await self.messages().count()
        await self.page.locator("#box").fill(words)
        await self.page.locator("#box").press("Enter")
        await expect(self.messages().nth(before)).to_be_visible(timeout=ANSWERED_MS)

    def messages(self) -> Locator:
        """What was said to the person, oldest first."""
        return self.page.locator("#log .msg:not(.person)")

    def last(self) -> Locator:
        return self.messages().last

    async def visible_words(self) -> str:
        return await self.page.locator("body").inner_text()

    async def answer_from_outside(self, route: Route) -> None:
        """Nothing leaves this machine: what asks for the outside gets an empty page, and is written down."""
        if route.request.url.startswith(self.base):
            await route.continue_()
        else:
            self.outside.append(route.request.url)
            await route.fulfill(status=200, content_type="text/html", body="<title>Outside</title><p>Outside</p>")

    async def measure(self, response: Response) -> None:
        if response.url.startswith(self.base) and response.url.split("?")[0].endswith(".js"):
            try:
                self.script_bytes[response.url] = len(await response.body())
            except Error:
                if not self.page.is_closed():  # a visit may end while its last script still arrives
                    raise


@asynccontextmanager
async def open_visit(
    chromium: Browser, base: str, *, leaves: bool = False, **options: Any,  # noqa: ANN401  (playwright's own options)
) -> AsyncIterator[Visit]:
    """A fresh phone. ``leaves``: the test goes outside on purpose; otherwise nothing may."""
    context = await chromium.new_context(**{**PHONE, **options})
    try:
        page = await context.new_page()
        visit = Visit(context, page, base)
        await context.route("**/*", visit.answer_from_outside)
        page.on("pageerror", lambda error: visit.failures.append(str(error)))
        page.on("console", lambda said: visit.failures.append(said.text)
                if said.type == "error" and "net::ERR_INTERNET_DISCONNECTED" not in said.text else None)
        page.on("response", visit.measure)
        yield visit
        assert visit.failures == []
        assert leaves or visit.outside == []
    finally:
        await context.close()
