"""While sentences cannot be read, a button's number or title that is typed is the button, and no call for help."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.content import NAMES
from nlu.danger_model import DangerModel
from tests.channels.web_rig import Web, open_web

# What the learnt spelling of danger takes for danger, though it chooses, names or counts only.
NUMBERS = ("8.", "10.", "11", "١١", "۱۱", "11\ufe0f\u20e3")


@pytest.fixture
async def web(tmp_path: Path) -> AsyncIterator[Web]:
    async with open_web(tmp_path) as opened:
        opened.rasa.up = False
        yield opened


def said(answers: list[dict[str, Any]]) -> list[str]:
    return [answer["text"] for answer in answers]


async def pressed(web: Web, sender: str, offered: list[dict[str, Any]], place: int) -> list[str]:
    return said(await web.rest(sender, offered[-1]["buttons"][place]["payload"]))


async def spoken_to(web: Web, sender: str, language: str, opening: str) -> list[dict[str, Any]]:
    await web.rest(sender, "/start")
    await web.rest(sender, f'/change_language{{"language":"{language}"}}')
    return await web.rest(sender, opening)


@pytest.mark.parametrize("language", NAMES)
async def test_every_title_of_the_menu_and_of_the_needs_can_be_typed(web: Web, language: str) -> None:
    for opening in ("/rights_menu", "/ask_human"):
        offered = await spoken_to(web, "all", language, opening)
        for place, button in enumerate(offered[-1]["buttons"]):
            by_press, by_hand = f"press-{opening}-{place}", f"hand-{opening}-{place}"
            expected = await pressed(web, by_press, await spoken_to(web, by_press, language, opening), place)
            await spoken_to(web, by_hand, language, opening)
            assert said(await web.rest(by_hand, button["title"])) == expected, button["title"]


@pytest.mark.parametrize("number", NUMBERS)
async def test_a_number_chooses_and_tells_of_no_danger(web: Web, number: str) -> None:
    place = {"8": 8, "10": 10}.get(number.rstrip("."), 11) - 1
    expected = await pressed(web, "press", await spoken_to(web, "press", "fr", "/rights_menu"), place)
    await spoken_to(web, "hand", "fr", "/rights_menu")
    assert said(await web.rest("hand", number)) == expected


async def test_numbers_one_calls_are_still_heard(web: Web) -> None:
    await spoken_to(web, "a", "fr", "/ask_menu")
    assert said(await web.rest("a", "115"))[0].startswith("🆘")


@pytest.mark.parametrize("name", ["Moussa", "je m'appelle Moussa", "Leïla B.", "Olena"])
async def test_a_name_that_is_asked_for_is_a_name(web: Web, name: str) -> None:
    perhaps = DangerModel.load().recognise(name) is not None  # what is learnt again may see less
    await spoken_to(web, "a", "fr", "/ask_human")
    await web.rest("a", "/SetSlots(need=work)")
    asked = await web.rest("a", "Vénissieux")
    assert web.words("utter_ask_alias") in said(asked)
    answered = "\n".join(said(await web.rest("a", name)))
    assert "🆘" not in answered
    assert (web.words("utter_perhaps_danger") in answered) is perhaps  # for who meant it


async def test_a_town_that_is_asked_for_is_a_town(web: Web) -> None:
    await spoken_to(web, "a", "fr", "/find_permanence")
    answered = "\n".join(said(await web.rest("a", "Die")))
    assert "3114" not in answered
    assert "Die" in answered


@pytest.mark.parametrize("words", ["il me frappe", "je veux mourir", "frappe"])
async def test_danger_is_heard_where_a_name_is_asked_for(web: Web, words: str) -> None:
    await spoken_to(web, "a", "fr", "/ask_human")
    await web.rest("a", "/SetSlots(need=work)")
    await web.rest("a", "Vénissieux")
    assert any("🆘" in one or "112" in one for one in said(await web.rest("a", words)))
