"""Short messages that the examples hold to the letter are understood without Rasa, and nothing else is."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from dialogues.reading import Entity
from nlu.client import Parsed
from nlu.danger_model import DangerModel
from nlu.emergencies import load
from nlu.errors import UnderstandingUnavailable
from nlu.language import LanguageDetector
from nlu.understanding import Understanding
from nlu.usual_words import UsualWords, learn

ROOT = Path(__file__).resolve().parents[2]
NOW = datetime(2026, 11, 29, tzinfo=UTC)


@pytest.fixture(scope="module")
def usual(tmp_path_factory: pytest.TempPathFactory) -> UsualWords:
    words = UsualWords(ROOT, tmp_path_factory.mktemp("data"))
    assert words.intent("merci") is None  # nothing is read before it is asked for
    words.prepare()
    return words


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("Annuler", "cancel"), ("retour", "go_back"), ("MERCI !!", "thank"), ("menu", "ask_menu"),
        ("rsa", "rights_rsa"), ("ارجع", "go_back"), ("спасибо", "thank"), ("thanks", "thank"), ("gracias", "thank"),
    ],
)
def test_usual_words_are_understood_however_they_are_written(usual: UsualWords, text: str, intent: str) -> None:
    assert usual.intent(text) == intent


@pytest.mark.parametrize("text", ["", "👍", "zargulf", "annuler la france entière demain", "je veux mourir", "115"])
def test_nothing_is_guessed(usual: UsualWords, text: str) -> None:
    assert usual.intent(text) is None


def test_what_means_two_things_or_is_danger_is_left_out() -> None:
    told = [("deny", "non"), ("affirm", "oui"), ("cancel", "Non !"), ("emergency_suicide", "adieu"),
            ("out_of_scope", "mdr"), ("greet", "salut à tous les amis"), ("greet", "👋")]
    assert learn(told) == {"oui": "affirm"}


def test_a_broken_file_is_made_anew(tmp_path: Path) -> None:
    root, data = tmp_path / "project", tmp_path / "data"
    (root / "nlu/examples/fr").mkdir(parents=True)
    lines = 'version: "3.1"\nnlu:\n- intent: greet\n  examples: |\n    - coucou\n'
    (root / "nlu/examples/fr/a.yml").write_text(lines)
    UsualWords(root, data).prepare()
    (file,) = (data / "cache").glob("usual-*.json")
    file.write_text("[]")
    again = UsualWords(root, data)
    again.prepare()
    assert again.intent("Coucou") == "greet"


class Nothing:
    def extract(self, text: str, language: str | None, now: datetime) -> tuple[Entity, ...]:
        return ()


async def _down(text: str) -> Parsed:
    raise UnderstandingUnavailable("It is down.")


async def test_they_stand_in_while_rasa_is_down(usual: UsualWords) -> None:
    understanding = Understanding(LanguageDetector(), load(), Nothing(), _down, DangerModel.load(), usual.intent)
    reading = await understanding.read("annuler", "fr", None, NOW)
    assert (reading.intent, reading.confidence, reading.available) == ("cancel", 1.0, True)
    reading = await understanding.read("ma voisine garde le petit mais elle déménage", "fr", None, NOW)
    assert (reading.intent, reading.available) == (None, False)


async def test_danger_is_heard_all_the_same(usual: UsualWords) -> None:
    danger = DangerModel.load()
    understanding = Understanding(LanguageDetector(), load(), Nothing(), _down, danger, lambda _: "greet")
    reading = await understanding.read("je veux mourir", "fr", None, NOW)
    assert reading.emergency == "emergency_suicide"
