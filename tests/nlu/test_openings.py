"""A greeting and a question in one message: the question is answered."""

from datetime import UTC, datetime

import pytest

from nlu.client import Parsed
from nlu.communes import Gazetteer
from nlu.danger_model import DangerModel
from nlu.emergencies import load as load_emergencies
from nlu.entities import EntityExtractor
from nlu.errors import UnderstandingUnavailable
from nlu.language import LanguageDetector
from nlu.openings import after_greeting
from nlu.understanding import Understanding

NOW = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
GREETINGS = {"salut": "greet", "bonjour": "greet", "slm cv": "greet", "السلام عليكم": "greet", "merci": "thank"}
HELLO = Parsed("greet", 0.9, (("greet", 0.9), ("rights_food", 0.1)))
HUNGRY = Parsed("rights_food", 0.9, (("rights_food", 0.9), ("greet", 0.1)))
POLITE = Parsed("thank", 0.9, (("thank", 0.9),))
PERHAPS = Parsed("rights_youth", 0.7, (("rights_youth", 0.7), ("greet", 0.2)))
# Whether somebody is in danger is surer than which danger.
DANGER = Parsed("emergency_shelter", 0.4, (("emergency_shelter", 0.4), ("emergency_child", 0.3), ("greet", 0.3)))


def to_the_letter(text: str) -> str | None:
    return GREETINGS.get(text.casefold())


@pytest.mark.parametrize(("text", "rest"), [
    ("Salut, j'ai faim", "j'ai faim"),
    ("السلام عليكم راني جيعان بزاف", "راني جيعان بزاف"),
    ("salut", None), ("slm cv", None), ("salut cv", None), ("j'ai faim", None), ("merci j'ai mangé", None),
    ("merci je me sens mieux", None), ("merci, et mon fils peut aller où ?", "et mon fils peut aller où ?"),
    ("", None),
    ("👋 bonjour !! où manger ?", "où manger ?"),
])
def test_what_comes_after_a_greeting(text: str, rest: str | None) -> None:
    assert after_greeting(text, to_the_letter) == rest


@pytest.mark.parametrize(("rest", "intent"), [
    (HUNGRY, "rights_food"), (DANGER, "emergency_shelter"), (POLITE, "greet"), (HELLO, "greet"), (PERHAPS, "greet"),
    (None, "greet"),
])
async def test_the_question_is_heard_when_there_is_one(rest: Parsed | None, intent: str) -> None:
    async def parse(text: str) -> Parsed:
        if text.startswith("salut"):
            return HELLO
        if rest is None:
            raise UnderstandingUnavailable("late")
        return rest

    understanding = Understanding(
        LanguageDetector(), load_emergencies(), EntityExtractor(Gazetteer()), parse, DangerModel.load(),
        to_the_letter)
    reading = await understanding.read("salut tout le monde ici", None, None, NOW)
    assert reading.intent == intent
    assert reading.available


async def test_what_is_no_greeting_is_read_once() -> None:
    asked: list[str] = []

    async def parse(text: str) -> Parsed:
        asked.append(text)
        return HUNGRY

    understanding = Understanding(
        LanguageDetector(), load_emergencies(), EntityExtractor(Gazetteer()), parse, DangerModel.load(),
        to_the_letter)
    await understanding.read("salut j'ai faim", None, None, NOW)
    assert asked == ["salut j'ai faim"]


@pytest.mark.parametrize(("text", "intent"), [
    ("salut, je veux un rdv", "book_appointment"), ("salut rdv corbas", "greet"),
])
async def test_a_request_after_a_greeting_is_no_greeting(text: str, intent: str) -> None:
    """In so many words: « hello from Corbas » asks for nothing."""
    async def parse(text: str) -> Parsed:
        booking = Parsed("book_appointment", 0.95, (("book_appointment", 0.95),))
        return HELLO if text.startswith("salut") else booking

    understanding = Understanding(
        LanguageDetector(), load_emergencies(), EntityExtractor(Gazetteer()), parse, DangerModel.load(),
        to_the_letter)
    assert (await understanding.read(text, None, None, NOW)).intent == intent
