"""Asks the official pages that answers name whether they are still there."""

import asyncio
from collections.abc import Iterable

import httpx

TIMEOUT_SECONDS = 20.0
AT_ONCE = 8
# A page that asks for a browser, or for patience, is there.
THERE = frozenset({401, 403, 405, 406, 429})


async def dead(urls: Iterable[str]) -> list[str]:
    """Those that do not answer, or answer that there is nothing; one sentence each."""
    gate = asyncio.Semaphore(AT_ONCE)
    async with httpx.AsyncClient(timeout=TIMEOUT_SECONDS, follow_redirects=True) as http:

        async def ask(url: str) -> str | None:
            async with gate:
                try:
                    answer = await http.get(url)
                except httpx.HTTPError as cause:
                    return f"{url}: no answer ({type(cause).__name__})"
            if answer.is_success or answer.status_code in THERE:
                return None
            return f"{url}: {answer.status_code}"

        return [problem for problem in await asyncio.gather(*map(ask, urls)) if problem]
