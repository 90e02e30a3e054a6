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
    way, size = nearer.copy(), _each(left, nearer)
    for _ in range(STEPS):
        change = square(way)
        length = size / np.maximum(_each(way, change), 1e-12)
        weights += length * way
        left -= np.multiply(change, length, out=change)
        nearer = np.divide(left, scale, out=nearer)
        before, size = size, _each(left, nearer)
        way *= size / np.maximum(before, 1e-12)
        way += nearer
    return weights


def _each(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Of each column of the one with the same of the other, the inner product, (k,)."""
    return np.asarray(np.einsum("vk,vk->k", a, b))
