"""The bot in a terminal."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.channels.terminal import chat, content_of, shown
from bot.inbound import Content, Press, Start, Words
from bot.outbound import Button, Rendered
from tests.channels.web_rig import Web, open_web


@pytest.fixture
async def web(tmp_path: Path) -> AsyncIterator[Web]:
    async with open_web(tmp_path) as opened:
        yield opened


async def talk(web: Web, *lines: str, address: str = "terminal") -> list[str]:
    """What is written when these lines are typed, then the end of the input."""
    typed, written = list(lines), list[str]()

    async def read() -> str | None:
        return typed.pop(0) if typed else None

    await chat(web.turns, web.clock, read=read, write=written.append, address=address)
    return written


@pytest.mark.parametrize(("line", "content"), [
    ("bonjour", Words("bonjour")), ("", Words("")), ("2", Words("2")),
    ("/start", Start()), ("/start ", Start()), ("/start vnx-marche", Start("vnx-marche")),
    ("/startle", Press("/startle")), ("/start a b", Press("/start a b")),
    ("/o1.0", Press("/o1.0")), ("/o1.0 ", Press("/o1.0")),
    ("a\x1b[Ab", Words("a [Ab")), ("caf\udce9", Words("caf ")),
])
def test_a_line_is_a_start_a_press_or_words(line: str, content: Content) -> None:
    assert content_of(line) == content


def test_a_message_is_shown_with_who_speaks_and_numbered_choices() -> None:
    buttons = (Button("Oui", "/o1.0"), Button("Non", "/o1.1"))
    assert shown(Rendered("Ça va ?", "fr", buttons, "counsellor", "Nadia")) == (
        "Nadia : Ça va ?\n  1. Oui\n  2. Non\n"
    )
    assert shown(Rendered("Bonjour.", "fr")) == "Bonjour.\n"


async def test_it_opens_with_the_languages_and_a_number_chooses(web: Web) -> None:
    opening, *answers = await talk(web, "1")
    assert "1. Français" in opening
    assert answers[0].startswith(web.words("utter_welcome"))


async def test_a_seat_is_booked_by_numbers_and_words(web: Web) -> None:
    written = await talk(web, "1", "1", "/find_permanence", "Vénissieux", "1")
    assert "Votre code" in written[-1]


@pytest.mark.parametrize("line", [
    "", "   ", "\x00", "\udcff\udcfe", "/", "/o999.9", "😀", "a" * 50_000, "\u202eabc",
])
async def test_any_line_is_answered(web: Web, line: str) -> None:
    before = len(await talk(web, "1", "1", address="a"))
    assert len(await talk(web, "1", "1", line, address="b")) > before


async def test_an_emergency_is_answered_before_the_language_is_chosen(web: Web) -> None:
    written = await talk(web, "je veux mourir")
    assert any("3114" in message for message in written)
