"""What an adapter adds to single pieces."""

import numpy as np

from nlu.rasa.components.taught_pieces import PIECES, TaughtPieces

ADAPTER: dict[str, np.ndarray] = {
    PIECES: np.array([3, 7, 250_001], np.uint32),
    f"{PIECES}.B": np.array([[1, 0], [0, 2], [1, 1]], np.float16),
    f"{PIECES}.A": np.array([[1, 2, 3], [10, 20, 30]], np.float16),
}


def test_each_piece_gets_what_it_was_taught_and_others_nothing() -> None:
    added = TaughtPieces.of(ADAPTER, 3).added([7, 0, 3, 8, 250_001, 7])
    np.testing.assert_array_equal(
        added, [[20, 40, 60], [0, 0, 0], [1, 2, 3], [0, 0, 0], [11, 22, 33], [20, 40, 60]]
    )
    assert added.dtype == np.float32


def test_an_adapter_made_before_there_were_any_adds_nothing() -> None:
    np.testing.assert_array_equal(TaughtPieces.of({}, 3).added([7, 0]), np.zeros((2, 3)))
