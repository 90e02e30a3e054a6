"""Danger learnt from the examples: what is left, beside the phrases, while Rasa does not answer."""

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from dialogues.reading import Entity
from nlu.client import Parsed
from nlu.danger_learning import learn
from nlu.danger_model import DangerModel, spelt
from nlu.emergencies import EmergencyRecogniser, load
from nlu.errors import UnderstandingUnavailable
from nlu.language import LanguageDetector
from nlu.understanding import Understanding

EVALUATION = Path(__file__).parents[2] / "nlu" / "evaluation"
# Told without a word that a phrase waits for: only what was learnt knows.
QUIET = "ce soir je dis adieu à mes enfants pour toujours"


@pytest.fixture(scope="module")
def phrases() -> EmergencyRecogniser:
    return load()


@pytest.fixture(scope="module")
def model() -> DangerModel:
    return DangerModel.load()


def test_with_rasa_down_most_emergencies_are_recognised_in_all_varieties(
    phrases: EmergencyRecogniser, model: DangerModel,
) -> None:
    seen: dict[bool, list[bool]] = {True: [], False: []}
    for file in sorted(EVALUATION.glob("*.tsv")):
        for line in file.read_text("utf-8").splitlines():
            intent, _, text = line.partition("\t")
            found = phrases.recognise(text) or model.recognise(text)
            seen[intent.startswith("emergency_")].append(found is not None)
    recall, alarms = np.mean(seen[True]), np.mean(seen[False])
    assert recall >= 0.81, recall
    assert alarms <= 0.035, alarms


class Nothing:
    def extract(self, text: str, language: str | None, now: datetime) -> tuple[Entity, ...]:
        return ()


@pytest.mark.parametrize("up", [False, True])
async def test_it_speaks_only_while_rasa_does_not(
    phrases: EmergencyRecogniser, model: DangerModel, up: bool,
) -> None:
    assert phrases.recognise(QUIET) is None

    async def parse(text: str) -> Parsed:
        if up:
            return Parsed("goodbye", 0.9, (("goodbye", 0.9),))
        raise UnderstandingUnavailable("It is down.")

    understanding = Understanding(LanguageDetector(), phrases, Nothing(), parse, model)
    reading = await understanding.read(QUIET, "fr", None, datetime(2026, 11, 29, tzinfo=UTC))
    assert (reading.available, reading.emergency) == ((True, None) if up else (False, "emergency_suicide"))


def test_what_is_learnt_is_what_the_examples_say_and_survives_the_file(tmp_path: Path) -> None:
    told = [("emergency_medical", f"il saigne beaucoup {n}") for n in range(8)]
    told += [("emergency_child", f"la petite est seule {n}") for n in range(8)]
    told += [("greet", f"bonjour tout le monde {n}") for n in range(16)]
    learnt = learn(told)
    assert learnt.recognise("elle saigne") == "emergency_medical"
    assert learnt.recognise("la petite seule") == "emergency_child"
    assert learnt.recognise("bonjour à tous") is None
    learnt.save(tmp_path / "learnt.npz")
    again = DangerModel.load(tmp_path / "learnt.npz")
    np.testing.assert_allclose(again.scores("elle saigne"), learnt.scores("elle saigne"), atol=2e-3)


@pytest.mark.parametrize("text", ["", " ", "…", "👍", "\u200f"])
def test_a_message_without_letters_is_no_danger(model: DangerModel, text: str) -> None:
    assert model.recognise(text) is None


def test_arabizi_is_read_in_both_scripts() -> None:
    in_latin, _ = spelt("khouya 3afak ma3andich fin nbat")
    in_arabic, _ = spelt("خويا")
    assert set(in_arabic.tolist()) & set(in_latin.tolist())
