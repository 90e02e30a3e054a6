"""Whoever writes while the understanding is made waits for it; it is made once."""

import asyncio
import threading
from datetime import UTC, datetime
from typing import Any

import pytest

from dialogues.reading import Reading
from nlu.danger_files import DangerFileInvalid
from nlu.later import UnderstandingLater

NOW = datetime(2026, 11, 23, tzinfo=UTC)
READING = Reading(language="fr", intent="greet", confidence=1.0, ranking=(), entities=(), emergency=None)


class Understood:
    async def read(self, text: str, prior: str | None, hint: str | None, now: datetime) -> Reading:
        return READING


async def test_those_who_write_meanwhile_wait_and_it_is_made_once() -> None:
    made, begun, release = [], threading.Event(), threading.Event()

    def make() -> Any:  # noqa: ANN401 - stands in for an Understanding
        begun.set()
        release.wait(5)
        made.append(1)
        return Understood()

    later = UnderstandingLater(make)
    first, gone, last = (asyncio.create_task(later.read("salut", None, None, NOW)) for _ in range(3))
    assert await asyncio.to_thread(begun.wait, 5)
    assert not first.done()
    gone.cancel()
    release.set()
    assert [await first, await last] == [READING, READING]
    assert made == [1]


async def test_what_is_wrong_with_its_files_is_told_to_whoever_waits() -> None:
    def make() -> Any:  # noqa: ANN401 - stands in for an Understanding
        raise DangerFileInvalid("fr.yml, line 3: unknown 'x'.")

    later = UnderstandingLater(make)
    for _ in range(2):
        with pytest.raises(DangerFileInvalid, match="line 3"):
            await later.made()
