"""What the tuning learns from is spelt by other hands, and stays the same message."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.arabizi import in_arabic_letters
from nlu.rasa.tuning.noise import misspelt


def hands(text: str) -> set[str]:
    return {misspelt(text, random.Random(seed)) for seed in range(60)}


@pytest.mark.parametrize(
    ("text", "among"),
    [
        ("école", "ecole"),
        ("إلى", "الي"),
        ("rani bla dar w khayf 3la wladi", "5a"),
        ("rani bla dar w khayf 3la wladi", " ala"),
        ("rani bla dar w khayf 3la wladi", " ou "),
    ],
)
def test_another_hand_leaves_accents_out_and_writes_a_sound_otherwise(text: str, among: str) -> None:
    assert among not in text
    assert any(among in one for one in hands(text))


def test_many_hands_are_not_one() -> None:
    assert len(hands("je ne peux plus payer mon loyer")) > 20


def test_the_marks_of_other_scripts_are_letters() -> None:
    assert all("ў" in one or "й" in one for one in hands("ўй"))


def test_arabizi_stays_arabizi() -> None:
    assert sum(in_arabic_letters(one) is not None for one in hands("rani bla dar w khayf 3la wladi")) > 30


@given(st.text(max_size=60), st.integers())
def test_any_text_has_another_hand(text: str, seed: int) -> None:
    assert abs(len(misspelt(text, random.Random(seed))) - len(text)) <= max(4, len(text))
