"""Machine translation between a person and a counsellor: off unless a server is set. The original always stays."""

import asyncio
from typing import Protocol

import httpx
import structlog

log = structlog.get_logger(__name__)

# A message waits no longer than this for its translation; then it goes as it was written.
TIMEOUT = 5.0  # seconds
LONGEST_TRANSLATED = 2_000


class Translator(Protocol):
    """Puts words of one language into another."""

    async def translate(self, text: str, source: str, target: str) -> str | None:
        """``text`` in ``target``; None when it cannot be done now. Languages: two letters."""


class LibreTranslate:
    """A server that speaks LibreTranslate's API (https://docs.libretranslate.com): ours, or one that is trusted."""

    def __init__(self, url: str, key: str | None, http: httpx.AsyncClient) -> None:
        """``url``: of the server, without ``/translate``; ``key``: when it asks for one."""
        self._url = f"{url.rstrip('/')}/translate"
        self._key = key
        self._http = http

    async def translate(self, text: str, source: str, target: str) -> str | None:
        """By one POST; a language it does not know, a fault or a delay is None."""
        if source == target or not text.strip() or len(text) > LONGEST_TRANSLATED:
            return None
        body = {"q": text, "source": source, "target": target, "format": "text"}
        try:
            async with asyncio.timeout(TIMEOUT):  # of the whole, where httpx counts each part
                answer = await self._http.post(self._url, json=body | ({"api_key": self._key} if self._key else {}))
            answer.raise_for_status()
            found = answer.json().get("translatedText")
        except (httpx.HTTPError, TimeoutError, ValueError, AttributeError) as cause:  # its kind only
            log.warning("translation_failed", cause=type(cause).__name__)
            return None
        return found.strip() or None if isinstance(found, str) else None
