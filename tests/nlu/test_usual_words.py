"""Short messages that the examples hold to the letter are understood without Rasa, and nothing else is."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from dialogues.reading import Entity
from nlu.client import Parsed
from nlu.danger_model import DangerModel
from nlu.emergencies import load
from nlu.errors import UnderstandingUnavailable
from nlu.intents import INTENTS
from nlu.language import LANGUAGES, LanguageDetector
from nlu.normalise import words
from nlu.understanding import Understanding
from nlu.usual_words import UsualWords, learn

ROOT = Path(__file__).resolve().parents[2]
NOW = datetime(2026, 11, 29, tzinfo=UTC)


@pytest.fixture(scope="module")
def usual(tmp_path_factory: pytest.TempPathFactory) -> UsualWords:
    made = UsualWords(ROOT, tmp_path_factory.mktemp("data"))
    assert made.intent("merci") is None  # nothing is read before it is asked for
    made.prepare()
    return made


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


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("Parler à quelqu'un", "ask_human"), ("human", "ask_human"), ("شخص", "ask_human"), ("человек", "ask_human"),
        ("մարդ", "ask_human"), ("ሰብ", "ask_human"), ("effacer tout", "delete_my_data"),
        ("удалить все", "delete_my_data"), ("ቋንቋ", "change_language"), ("langue", "change_language"),
    ],
)
def test_a_person_an_erasure_another_language_are_asked_for_in_the_words_people_use(
    usual: UsualWords, text: str, intent: str,
) -> None:
    assert usual.intent(text) == intent


def test_commands_are_told_in_every_language_and_no_words_are_told_twice() -> None:
    told = YAML(typ="safe").load((ROOT / "nlu/lookups/commands.yml").read_text("utf-8"))
    for intent in ("ask_human", "delete_my_data", "change_language"):
        assert set(told[intent]) == set(LANGUAGES), intent
    assert set(told) <= set(INTENTS)
    keys = [(" ".join(words(text)), intent) for intent, languages in told.items()
            for texts in languages.values() for text in texts]
    meanings: dict[str, set[str]] = {}
    for key, intent in keys:
        meanings.setdefault(key, set()).add(intent)
    assert [key for key, intents in meanings.items() if len(intents) > 1 or not key] == []


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
