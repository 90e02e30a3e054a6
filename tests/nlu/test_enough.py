"""Which training sentences are embedded: every new one, and always the same part of those taught before."""

import numpy as np

from nlu.rasa.components.enough import number_of, worth_embedding

KNOWN = [f"sentence {number}" for number in range(1000)]
TAUGHT = np.array(sorted(number_of(text) for text in KNOWN), np.uint32)


def test_every_new_sentence_and_enough_of_the_others() -> None:
    chosen = worth_embedding([*KNOWN, "new", "newer", "new"], TAUGHT, 300)
    assert chosen[-2:] == ["new", "newer"]
    assert len(chosen) == 302
    assert set(chosen) - {"new", "newer"} < set(KNOWN)


def test_a_new_sentence_changes_nothing_for_the_others() -> None:
    before = worth_embedding(KNOWN, TAUGHT, 300)
    assert worth_embedding(["new", *reversed(KNOWN)], TAUGHT, 300) == ["new", *reversed(before)]
    left_out = worth_embedding([text for text in KNOWN if text != before[0]], TAUGHT, 300)
    assert set(before[1:]) < set(left_out)


def test_all_where_the_encoder_does_not_say_what_it_was_taught() -> None:
    assert worth_embedding(KNOWN, np.zeros(0, np.uint32), 0) == KNOWN


def test_all_where_there_are_not_too_many() -> None:
    assert worth_embedding(KNOWN, TAUGHT, 5000) == KNOWN
