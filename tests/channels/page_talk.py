"""What the page's scripts and forms do, as short as a test wants it."""

import html
import re
from typing import Any

import httpx

from tests.channels.web_rig import PAGE

MESSAGES, FORM = "/chat/messages", "/chat/send"
AR = {"Accept-Language": "ar"}


async def say(browser: httpx.AsyncClient, number: int, **what: object) -> dict[str, Any]:
    """What the page's scripts do: one message under an id of theirs, answered by 200."""
    answer = await browser.post(MESSAGES, json={"id": f"client-{number:04}", **what}, headers=PAGE)
    assert answer.status_code == 200, answer.text
    data: dict[str, Any] = answer.json()
    return data


async def heard(browser: httpx.AsyncClient, after: float = 0) -> dict[str, Any]:
    answer = await browser.get(MESSAGES, params={"after": after}, headers=PAGE)
    assert answer.status_code == 200, answer.text
    data: dict[str, Any] = answer.json()
    return data


def csrf(page: str) -> str:
    found = re.search(r'name="csrf" value="([0-9a-f]+)"', page)
    assert found
    return found[1]


def offered(page: str, title: str) -> str:
    """What the last button of this title sends, in a page."""
    found = re.findall(r'<button name="payload" value="([^"]*)">.*?<span dir="auto">([^<]*)</span>', page)
    matching = [html.unescape(value) for value, words in found if title in html.unescape(words)]
    assert matching, f"no button « {title} »"
    return str(matching[-1])


async def arrive(browser: httpx.AsyncClient, language: str = "Français") -> None:
    """Opened, language chosen, consent given."""
    page = (await browser.get("/?c=vnx-marche")).text
    if 'lang="ar"' not in page:
        await say(browser, 1, payload=offered(page, language))
    await say(browser, 2, payload="/SetSlots(consent_storage=yes)")
