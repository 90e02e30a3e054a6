"""From the menu to a seat in four taps at most, in every language, by somebody who never booked before."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.content import NAMES
from tests.channels.web_rig import Web, open_web

MOST = 4


@pytest.fixture
async def web(tmp_path: Path) -> AsyncIterator[Web]:
    async with open_web(tmp_path) as opened:
        opened.rasa.up = False  # buttons and a town's name need no understanding of sentences
        yield opened


async def begun(web: Web, sender: str, language: str) -> str:
    """The menu's button of permanences, in a conversation that has chosen its language and nothing else."""
    await web.rest(sender, "/start")
    await web.rest(sender, f'/change_language{{"language":"{language}"}}')
    menu = await web.rest(sender, "/ask_menu")
    wanted = web.words("label/find_permanence", language)
    return next(str(button["payload"]) for button in menu[-1]["buttons"] if wanted in button["title"])


@pytest.mark.parametrize("language", NAMES)
async def test_a_seat_is_taken_in_four_taps(web: Web, language: str) -> None:
    answers = await web.rest("amina", await begun(web, "amina", language))
    answers = await web.rest("amina", "Vénissieux")  # or a tap that shares where they are
    booked = web.content.words("utter_booked", language).split("{")[0].split("\n")[0]
    taps = 2
    while taps < MOST:
        answers = await web.rest("amina", answers[-1]["buttons"][0]["payload"])
        taps += 1
        if any(answer["text"].startswith(booked) for answer in answers):
            return
    pytest.fail(f"not booked after {taps} taps: {answers[-1]['text']}")
