"""Asks the official pages that answers name whether they are still there."""

import asyncio
from collections.abc import Iterable

import httpx

TIMEOUT_SECONDS = 20.0
AT_ONCE = 8
# A page that asks for a browser, or for patience, is there.
THERE = frozenset({401, 403, 405, 406, 429})


class NoNetworkError(Exception):
    """No page at all could be reached: it is not the pages that are gone."""


async def dead(urls: Iterable[str], network: httpx.AsyncBaseTransport | None = None) -> list[str]:
    """Those that do not answer, or answer that there is nothing; one sentence each.

    ``network``: the real one when it is None. Raises NoNetworkError when not one of them could be reached.
    """
    unreached = 0
    gate = asyncio.Semaphore(AT_ONCE)
    async with httpx.AsyncClient(timeout=TIMEOUT_SECONDS, follow_redirects=True, transport=network) as http:

        async def ask(url: str) -> str | None:
            nonlocal unreached
            async with gate:
                try:
                    answer = await http.get(url)
                except httpx.HTTPError as cause:
                    unreached += isinstance(cause, httpx.ConnectError)
                    return f"{url}: no answer ({type(cause).__name__})"
            if answer.is_success or answer.status_code in THERE:
                return None
            return f"{url}: {answer.status_code}"

        answers = await asyncio.gather(*map(ask, urls))
    if answers and unreached == len(answers):
        raise NoNetworkError
    return [problem for problem in answers if problem]
