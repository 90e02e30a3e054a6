"""The mean of two adapters of the encoder."""

import numpy as np

from nlu.rasa.components.e5_weights import TAUGHT
from nlu.rasa.components.taught_pieces import PIECES, TaughtPieces
from nlu.rasa.tuning.mean import mean

CHANCE = np.random.default_rng(0)


def adapter(wide: np.ndarray, taught: list[int]) -> dict[str, np.ndarray]:
    tall = CHANCE.normal(size=(12, 2))
    matrices = {"l0.q.w.A": wide.astype(np.float16), "l0.q.w.B": tall.astype(np.float16)}
    return {**matrices, TAUGHT: np.array(taught, np.uint32)}


def adds(one: dict[str, np.ndarray]) -> np.ndarray:
    return one["l0.q.w.B"].astype(np.float64) @ one["l0.q.w.A"].astype(np.float64)


def test_it_adds_the_mean_of_what_both_add_at_the_same_rank() -> None:
    wide = CHANCE.normal(size=(2, 9))  # the same directions in both: nothing is lost by the rank
    one, other = adapter(wide, [1, 5]), adapter(wide, [5, 7])
    found = mean(one, other)
    assert found["l0.q.w.A"].shape == (2, 9)
    np.testing.assert_allclose(adds(found), (adds(one) + adds(other)) / 2, atol=0.02)
    assert found[TAUGHT].tolist() == [1, 5, 7]


def test_the_mean_of_one_with_itself_is_itself() -> None:
    one = adapter(CHANCE.normal(size=(2, 9)), [3])
    np.testing.assert_allclose(adds(mean(one, one)), adds(one), atol=0.02)


def with_pieces(one: dict[str, np.ndarray], numbers: list[int], wide: np.ndarray) -> dict[str, np.ndarray]:
    thin = CHANCE.normal(size=(len(numbers), len(wide))).astype(np.float16)
    pieces = {f"{PIECES}.A": wide.astype(np.float16), f"{PIECES}.B": thin}
    return {**one, **pieces, PIECES: np.array(numbers, np.uint32)}


def test_a_piece_that_one_of_them_changes_is_changed_by_half() -> None:
    matrices, wide = adapter(CHANCE.normal(size=(2, 9)), [3]), CHANCE.normal(size=(1, 9))
    one, other = with_pieces(matrices, [5, 9], wide), with_pieces(matrices, [2, 9], wide)
    asked = [2, 5, 7, 9]
    found, first, second = (TaughtPieces.of(each, 9).added(asked) for each in (mean(one, other), one, other))
    np.testing.assert_allclose(found, (first + second) / 2, atol=0.02)
    assert np.abs(found[[0, 1, 3]]).max() > 0.1
    assert not found[2].any()


def test_an_adapter_made_before_there_were_pieces_has_a_mean_with_one_that_has_some() -> None:
    matrices, wide = adapter(CHANCE.normal(size=(2, 9)), [3]), CHANCE.normal(size=(1, 9))
    other = with_pieces(matrices, [2, 9], wide)
    for found in (mean(matrices, other), mean(other, matrices)):
        added, of_other = (TaughtPieces.of(each, 9).added([2, 9]) for each in (found, other))
        np.testing.assert_allclose(added, of_other / 2, atol=0.02)
