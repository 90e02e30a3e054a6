"""Ridge regression by conjugate gradients, for several columns at once, without ever writing the square matrix."""

from collections.abc import Callable

import numpy as np

# Steps after which more change nothing that is seen.
STEPS = 20


def solve(square: Callable[[np.ndarray], np.ndarray], right: np.ndarray, scale: np.ndarray) -> np.ndarray:
    """The weights (v, k) that `square` turns into `right` (v, k), near enough.

    `square`: what the matrix makes of weights, doubt included; `scale` (v, 1): its diagonal, by which the steps are
    weighed (Jacobi; Golub & Van Loan 2013, 11.5).
    """
    weights = np.zeros_like(right)
    left = right.copy()
    nearer = left / scale
    way, size = nearer.copy(), (left * nearer).sum(axis=0)
    for _ in range(STEPS):
        change = square(way)
        length = size / np.maximum((way * change).sum(axis=0), 1e-12)
        weights += length * way
        left -= length * change
        nearer = left / scale
        before, size = size, (left * nearer).sum(axis=0)
        way = nearer + (size / np.maximum(before, 1e-12)) * way
    return weights
