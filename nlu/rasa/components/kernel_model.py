"""Ranks meanings by likeness to the training sentences, in what they mean and in how they are spelt.

Two rankings, learnt apart and added. By meaning: kernel ridge regression (Saunders et al. 1998) on one-hot labels,
on a Gaussian of the distance between embeddings, which tells neighbours apart better than a straight line does;
past so many sentences by Nyström's approximation. By spelling: ridge regression on weighted runs of letters. Learnt
together, the embeddings (tuned on these very sentences) would explain everything, the spelling nothing.
docs/decisions/0003-nlu-pipeline.md has the measures.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
from scipy.linalg import solve
from scipy.sparse import csr_matrix, diags

from nlu import ridge

from .spelling import Spelling

# Rows at once: more of them take more memory (32 KB each), fewer more additions of the whole matrix.
CHUNK = 8000
BLOCK = 1000


@dataclass(frozen=True)
class Settings:
    """How to learn. `gamma`: how near is alike; `alpha`: how much a single sentence is doubted, by meaning;
    `spelling_alpha`: the same by spelling; `spelling_weight`: what the ranking by spelling counts, where the one by
    meaning counts 1; `sharpness`: turns scores into likelihoods that come true as often as they say; `landmarks`:
    past this number of sentences, likeness to so many of them only (all count all the same; 12 m² bytes while it
    trains); `spelling_bits`: runs of letters share 2 to this power columns."""

    gamma: float = 0.7
    alpha: float = 0.02
    spelling_alpha: float = 0.3
    spelling_weight: float = 1.5
    sharpness: float = 8.0
    landmarks: int = 4_000
    spelling_bits: int = 18

    @classmethod
    def from_dict(cls, given: Mapping[str, Any]) -> Settings:
        """The settings among the keys of a Rasa component's configuration."""
        return cls(**{f.name: given[f.name] for f in fields(cls) if f.name in given})

    def as_dict(self) -> dict[str, Any]:
        """The settings as a Rasa component's configuration."""
        return asdict(self)


@dataclass(frozen=True)
class KernelModel:
    """What was learnt. `labels` (k,), `mean` (d,), `anchors` (m, d) and `dense` (m, k), `idf` (v,) and
    `sparse` (v, k), `gamma` and `sharpness` (1,)."""

    labels: np.ndarray
    mean: np.ndarray
    anchors: np.ndarray
    dense: np.ndarray
    idf: np.ndarray
    sparse: np.ndarray
    gamma: np.ndarray
    sharpness: np.ndarray

    @classmethod
    def train(
        cls, dense: np.ndarray, embedded: np.ndarray, spell: Callable[[], Spelling], labels: np.ndarray,
        settings: Settings,
    ) -> KernelModel:
        """Learns from dense features (r, d) of the `embedded` sentences (r,), how all n are spelt, and labels (n,).

        `spell` is asked for last: it may still be found out meanwhile.
        Raises ValueError when there are fewer than two labels, or no features at all.
        """
        names, numbers = np.unique(labels, return_inverse=True)
        if len(names) < 2:
            raise ValueError("at least two intents are needed")
        if not dense.shape[1]:
            raise ValueError("no featurizer before KernelIntents")
        mean = dense.mean(axis=0).astype(np.float32)
        x = _centred(dense, mean)
        truth = np.eye(len(names), dtype=np.float32)[numbers]
        chosen = _landmarks(len(x), settings.landmarks)
        by_meaning = _by_meaning(x, chosen, truth[embedded], settings)
        spelt = spell()
        counts = spelt.counts()
        idf = _inverse_document_frequency(counts)
        by_spelling = _by_spelling(spelt, counts, idf, truth, settings.spelling_alpha)
        return cls(
            labels=names,
            mean=mean,
            anchors=x[chosen],
            dense=by_meaning,
            idf=idf,
            # Half precision: 33 MB less while it serves.
            sparse=(settings.spelling_weight * by_spelling).astype(np.float16),
            gamma=np.array([settings.gamma], np.float32),
            sharpness=np.array([settings.sharpness], np.float32),
        )

    def predict(self, dense: np.ndarray, spelt: Spelling) -> np.ndarray:
        """The likelihood of each label for each row, (n, k), each row adding up to 1.

        Dense features may be missing, with no columns: a message of signs only has none.
        """
        counts = spelt.counts()
        scores = _product(_weighted(counts, self.idf), self.sparse)
        if dense.shape[1]:
            likeness = _gaussian(_centred(dense, self.mean), self.anchors, float(self.gamma[0]))
            scores += likeness @ self.dense
        scores = self.sharpness[0] * (scores - scores.max(axis=1, keepdims=True))
        odds = np.exp(scores)
        return np.asarray(odds / odds.sum(axis=1, keepdims=True))

    def save(self, file: Path) -> None:
        """Writes the arrays: no code is stored, so none is run when they are read."""
        np.savez(file, **{f.name: getattr(self, f.name) for f in fields(self)})

    @classmethod
    def load(cls, file: Path) -> KernelModel:
        """Reads what `save` wrote."""
        with np.load(file, allow_pickle=False) as saved:
            return cls(**{f.name: saved[f.name] for f in fields(cls)})


def _by_meaning(x: np.ndarray, chosen: np.ndarray, truth: np.ndarray, settings: Settings) -> np.ndarray:
    """The weight of each chosen sentence for each label, (m, k)."""
    from . import products  # TensorFlow: a message needs none

    m, n = len(chosen), len(truth)
    square = _gaussian(x[chosen], x[chosen], settings.gamma)
    if m == n:
        square[np.diag_indices(m)] += settings.alpha
        # The transpose of a symmetric matrix is itself, in the order of columns that LAPACK wants: no copy.
        weights = solve(square.T, truth[chosen], assume_a="pos", overwrite_a=True, check_finite=False)
        return np.asarray(weights, np.float32)
    # Nyström: all the sentences count, but as mixtures of the chosen ones.
    left = settings.alpha * square.astype(np.float64)
    left[np.diag_indices(m)] += 1e-6 * n
    right = np.zeros((m, truth.shape[1]))
    for start in range(0, n, CHUNK):
        part = products.gaussian(x[start : start + CHUNK], x[chosen], settings.gamma)
        for block in range(0, m, BLOCK):  # of what is alike on both sides of the diagonal, the upper half is enough
            left[block : block + BLOCK, block:] += products.crossed(part[:, block : block + BLOCK], part[:, block:])
        right += products.crossed(part, truth[start : start + CHUNK])
    return np.asarray(solve(left, right, assume_a="pos", lower=False, overwrite_a=True), np.float32)


def _by_spelling(
    spelt: Spelling, counts: csr_matrix, idf: np.ndarray, truth: np.ndarray, alpha: float
) -> np.ndarray:
    """The weight of each run of letters for each label, (v, k): ridge regression by conjugate gradients, for all
    the labels at once, the runs weighed by how often they are there (Jacobi). `counts`: of runs in texts.

    What multiplies is never texts by runs but texts by words and words by runs: a sixth of the numbers.
    """
    runs = csr_matrix(spelt.runs @ diags(idf))
    squares = csr_matrix(((counts.data * idf[counts.indices]) ** 2, counts.indices, counts.indptr), counts.shape)
    shorter = 1 / np.maximum(np.asarray(squares.sum(axis=1), np.float32).ravel(), np.float32(1e-12))
    scale = (squares.T @ shorter)[:, None].astype(np.float32) + np.float32(alpha)
    words = csr_matrix(diags(np.sqrt(shorter)) @ spelt.words)
    from . import products  # TensorFlow: a message needs none

    to_runs, to_words, back_to_words, back_to_runs = map(products.times, (runs, words, words.T, runs.T))
    weights = ridge.solve(
        lambda way: back_to_runs(back_to_words(to_words(to_runs(way)))) + np.float32(alpha) * way,
        back_to_runs(back_to_words(products.widened(truth))), scale,
    )
    return weights[:, : truth.shape[1]]


def _landmarks(n: int, most: int) -> np.ndarray:
    if n <= most:
        return np.arange(n)
    return np.sort(np.random.default_rng(0).choice(n, most, replace=False))


def _centred(dense: np.ndarray, mean: np.ndarray) -> np.ndarray:
    # E5's vectors all point the same way (cosines of 0.77 to 0.96): what tells them apart is what is
    # left once their common part is removed.
    if not dense.shape[1]:
        return np.zeros((len(dense), 0), np.float32)
    left = dense - mean
    return np.asarray(left / np.maximum(np.linalg.norm(left, axis=1, keepdims=True), 1e-12), np.float32)


def _gaussian(a: np.ndarray, b: np.ndarray, gamma: float) -> np.ndarray:
    """exp(-gamma |a - b|²) for rows of length 1, or 0 for what could not be embedded."""
    likeness = a @ b.T
    likeness -= 1
    likeness *= 2 * gamma
    return np.asarray(np.exp(likeness, out=likeness), np.float32)


def _product(s: csr_matrix, weights: np.ndarray) -> np.ndarray:
    """``s @ weights``, whose precision is less than a sparse matrix can be multiplied by."""
    columns, where = np.unique(s.indices, return_inverse=True)
    narrow = csr_matrix((s.data, where, s.indptr), shape=(s.shape[0], len(columns)))
    return np.asarray(narrow @ weights[columns].astype(np.float32), np.float32)


def _inverse_document_frequency(counts: csr_matrix) -> np.ndarray:
    n, v = counts.shape
    seen_in = np.bincount(counts.indices, minlength=v)
    return np.asarray(np.log((1 + n) / (1 + seen_in)) + 1, np.float32)


def _weighted(counts: csr_matrix, idf: np.ndarray) -> csr_matrix:
    values = counts.data * idf[counts.indices]
    rows = np.repeat(np.arange(counts.shape[0]), np.diff(counts.indptr))
    lengths = np.sqrt(np.bincount(rows, values * values, counts.shape[0]))
    shorter = (values / np.maximum(lengths, 1e-12)[rows]).astype(np.float32)
    return csr_matrix((shorter, counts.indices, counts.indptr), shape=counts.shape)
