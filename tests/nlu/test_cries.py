"""« SOS » and nothing else: whom to call is said first, whatever Rasa makes of it."""

from datetime import UTC, datetime

import pytest

from dialogues.doubt import perhaps_danger
from nlu.client import Parsed
from nlu.communes import Gazetteer
from nlu.cries import cries
from nlu.danger_model import DangerModel
from nlu.emergencies import load as load_emergencies
from nlu.entities import EntityExtractor
from nlu.intents import FALLBACK
from nlu.language import LanguageDetector
from nlu.understanding import Understanding

NOW = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize("text", [
    "SOS", "s.o.s !!", "🆘", "🆘🆘🆘", "au secours", "AU SECOURS AIDEZ-MOI VITE", "bonjour aidez moi svp",
    "Help me please!",
    "النجدة", "ساعدوني من فضلكم", "3awnouni", "¡Socorro!", "ajudem-me por favor", "ajutor", "yardım edin lütfen",
    "помогите пожалуйста", "рятуйте", "کمکم کنید", "مرسته وکړئ", "ሓግዙኒ", "ndihmë", "օգնեցե՛ք",
])
def test_a_call_for_help_that_says_nothing_else(text: str) -> None:
    assert cries(text)


@pytest.mark.parametrize("text", [
    "", "bonjour", "svp", "aide", "sos racisme", "SOS Médecins", "le Secours catholique",
    "aidez-moi pour mes papiers",
    "help with food", "besoin d'aide alimentaire", "🆘 Prévenir l'équipe", "je veux de l'aide",
    " ".join(["sos"] * 13),
])
def test_what_says_something_is_no_mere_call(text: str) -> None:
    assert not cries(text)


async def test_sos_is_not_the_village_of_sos() -> None:
    async def parse(_text: str) -> Parsed:
        return Parsed(FALLBACK, 0.1, ())

    reader = Understanding(
        LanguageDetector(), load_emergencies(), EntityExtractor(Gazetteer()), parse, DangerModel.load())
    reading = await reader.read("SOS", None, None, NOW)
    assert perhaps_danger(reading)
    assert reading.entity("commune") is None
    there = await reader.read("une permanence à Sos", None, None, NOW)
    assert not perhaps_danger(there)
    assert there.entity("commune") is not None
