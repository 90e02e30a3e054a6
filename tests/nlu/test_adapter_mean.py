"""The mean of two adapters of the encoder."""

import numpy as np

from nlu.rasa.components.e5_weights import TAUGHT
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
