"""Asks Rasa what a message means."""

import asyncio
from dataclasses import dataclass
from typing import Any

import httpx

from nlu.errors import UnderstandingUnavailable
from nlu.intents import FALLBACK

LONGEST_TEXT = 1_000  # characters; what follows changes nothing in what is asked
AT_ONCE = 4  # Rasa reads one message at a time: those who wait do so here, where giving up costs it nothing


@dataclass(frozen=True, slots=True)
class Parsed:
    """What Rasa made of a message.

    `intent` is the likeliest meaning, or `nlu_fallback` when none is likely enough; `confidence` is that of
    the likeliest meaning all the same, 0 to 1. `ranking` holds real meanings only, the likeliest first.
    """

    intent: str
    confidence: float
    ranking: tuple[tuple[str, float], ...]


class RasaClient:
    """Rasa's `/model/parse` on loopback. One for the whole app.

    Rasa takes its token in the address: whoever sets up logs must keep httpx's own (`httpx`, level INFO),
    which print addresses, out of them.
    """

    def __init__(self, base_url: str, token: str, http: httpx.AsyncClient, deadline: float = 1.0) -> None:
        """`deadline`: seconds a message may take, waiting for its turn included."""
        self._url = f"{base_url.rstrip('/')}/model/parse"
        self._token = token
        self._http = http
        self._deadline = deadline
        self._turns = asyncio.Semaphore(AT_ONCE)

    async def parse(self, text: str) -> Parsed:
        """The meaning of `text`, of which only the first 1 000 characters are read.

        Raises UnderstandingUnavailable when Rasa is late, down, or answers something else.
        """
        if not text.strip():
            return Parsed(FALLBACK, 0.0, ())
        # Only the kind of failure is told: httpx's own words may hold the address, and so the token.
        try:
            async with asyncio.timeout(self._deadline), self._turns:
                response = await self._http.post(
                    self._url,
                    params={"token": self._token},
                    json={"text": text[:LONGEST_TEXT]},
                    timeout=self._deadline,
                )
        except (TimeoutError, httpx.TimeoutException) as e:
            raise UnderstandingUnavailable(f"No answer within {self._deadline:g} s.") from e
        except httpx.HTTPError as e:
            raise UnderstandingUnavailable(f"The connection failed ({type(e).__name__}).") from e
        if response.status_code != httpx.codes.OK:
            raise UnderstandingUnavailable(f"It answered with status {response.status_code}.")
        try:
            return _read(response.json())
        except (ValueError, KeyError, TypeError, AttributeError) as e:
            raise UnderstandingUnavailable("Its answer could not be read.") from e


def _read(answer: dict[str, Any]) -> Parsed:
    ranking = tuple(
        (str(one["name"]), float(one["confidence"]))
        for one in answer.get("intent_ranking", [])
        if one["name"] != FALLBACK
    )
    name = answer["intent"]["name"]
    if not name:  # a message of which no feature is known: signs only, say
        return Parsed(FALLBACK, 0.0, ranking)
    if name == FALLBACK:
        return Parsed(FALLBACK, ranking[0][1] if ranking else 0.0, ranking)
    return Parsed(str(name), float(answer["intent"]["confidence"]), ranking)
