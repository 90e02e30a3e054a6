"""The large products of a training, by TensorFlow, which Rasa brings.

SciPy multiplies a sparse matrix on one core, one number at a time; its OpenBLAS and NumPy's, of 2021 and 2022, know
nothing of newer processors and fall back on what those of 2004 could do. TensorFlow takes a third to a fifth of it.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import tensorflow as tf
from scipy.sparse import csr_matrix

# Columns at once: a row of so many, or twice, or three times, is read without rests.
WIDTH = 16

Times = Callable[[np.ndarray], np.ndarray]


def gaussian(a: np.ndarray, b: np.ndarray, gamma: float) -> np.ndarray:
    """exp(-gamma |a - b|²) of rows of length 1, (len(a), len(b)), float32."""
    return np.asarray(tf.exp(2 * gamma * (tf.matmul(a, b, transpose_b=True) - 1)))


def crossed(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """``a.T @ b``."""
    return np.asarray(tf.matmul(a, b, transpose_a=True))


def times(matrix: csr_matrix) -> Times:
    """What gives ``matrix @ other`` for `other` (columns, k), float32."""
    rows = csr_matrix(matrix, dtype=np.float32)
    if not rows.has_canonical_format:  # TensorFlow wants each place once, in order
        rows = rows.copy()  # it shares the places of `matrix`, which stays as it is
        rows.sum_duplicates()
    places = np.column_stack([np.repeat(np.arange(rows.shape[0]), np.diff(rows.indptr)), rows.indices])
    held = tf.raw_ops.SparseTensorToCSRSparseMatrix(
        indices=places.astype(np.int64), values=rows.data, dense_shape=rows.shape
    )
    return lambda other: np.asarray(tf.raw_ops.SparseMatrixMatMul(a=held, b=other))


def widened(columns: np.ndarray) -> np.ndarray:
    """The same with columns of zeros after, so that there are a multiple of WIDTH."""
    return np.pad(columns, ((0, 0), (0, -columns.shape[1] % WIDTH)))
