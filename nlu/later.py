"""Understanding, made in a thread while the program answers buttons already: who writes meanwhile waits for it."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TYPE_CHECKING

from dialogues.reading import Reading
from nlu.client import Parsed
from nlu.communes import Gazetteer
from nlu.learning import Learning

if TYPE_CHECKING:
    from nlu.understanding import Understanding


class UnderstandingLater:
    """An Understanding that is made once, when it is asked for. Buttons do not need it."""

    def __init__(self, make: "Callable[[], Understanding]") -> None:
        self._make = make
        self._making: asyncio.Task[Understanding] | None = None

    async def made(self) -> "Understanding":
        """Make it, or wait until it is made. Raises what ``make`` raises."""
        if self._making is None:
            self._making = asyncio.create_task(asyncio.to_thread(self._make), name="understanding")
        return await asyncio.shield(self._making)  # somebody who goes away takes it from nobody else

    async def read(self, text: str, prior: str | None, hint: str | None, now: datetime) -> Reading:
        """As ``Understanding.read``, once it is there."""
        return await (await self.made()).read(text, prior, hint, now)


def make_understanding(
    gazetteer: Gazetteer, learning: Learning, parse: Callable[[str], Awaitable[Parsed]],
) -> "Understanding":
    """From the files of the project. Raises DangerFileInvalid, AnswerWordsInvalid."""
    # Here, not above: spaCy alone is half a second, which nobody who presses a button should wait for.
    from nlu.danger_model import DangerModel
    from nlu.emergencies import load
    from nlu.entities import EntityExtractor
    from nlu.language import LanguageDetector
    from nlu.understanding import Understanding

    return Understanding(
        LanguageDetector(learning.languages), load(), EntityExtractor(gazetteer), parse, DangerModel.load(),
        learning.usual.intent,
    )
