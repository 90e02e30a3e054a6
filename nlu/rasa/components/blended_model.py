"""A linear model on two kinds of features that must not drown each other.

Dense (what the sentence means, across languages) and sparse (how it is spelt) are learnt apart, each
by a multinomial logistic regression, then their scores are added with fixed weights. Learnt together,
the spelling wins wherever it is known, and is then wrong with assurance in a language not seen in
training (docs/decisions/0003-nlu-pipeline.md).
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, Mapping

import numpy as np
from scipy.sparse import csr_matrix, diags
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import normalize


@dataclass(frozen=True)
class Settings:
    """How to learn. `*_strength` is the inverse of the regularisation, `*_weight` what each part's
    scores count for (their sum is the sharpness of the likelihoods), `max_iter` the most steps."""

    dense_weight: float = 1.0
    sparse_weight: float = 0.6
    dense_strength: float = 10.0
    sparse_strength: float = 10.0
    max_iter: int = 400
    tol: float = 1e-3
    balanced: bool = False

    @classmethod
    def from_dict(cls, given: Mapping[str, Any]) -> Settings:
        """The settings among the keys of a Rasa component's configuration."""
        return cls(**{f.name: given[f.name] for f in fields(cls) if f.name in given})

    def as_dict(self) -> dict[str, Any]:
        """The settings as a Rasa component's configuration."""
        return asdict(self)


@dataclass(frozen=True)
class BlendedModel:
    """What was learnt. `labels` (k,), `mean` (d,), `dense` (d, k), `idf` (v,), `sparse` (v, k),
    `intercept` (k,); d or v is 0 when the pipeline has no such features."""

    labels: np.ndarray
    mean: np.ndarray
    dense: np.ndarray
    idf: np.ndarray
    sparse: np.ndarray
    intercept: np.ndarray

    @classmethod
    def train(
        cls, dense: np.ndarray, sparse: csr_matrix, labels: np.ndarray, settings: Settings
    ) -> BlendedModel:
        """Learns from dense features (n, d), counts (n, v) and labels (n,).

        Raises ValueError when there are fewer than two labels, or no features at all.
        """
        names = np.unique(labels)
        if len(names) < 2:
            raise ValueError("at least two intents are needed")
        if not dense.shape[1] and not sparse.shape[1]:
            raise ValueError("no featurizer before LinearIntents")
        mean = dense.mean(axis=0)
        idf = _inverse_document_frequency(sparse)
        dense_part, dense_shift = _fit(
            _centred(dense, mean), labels, settings.dense_strength, settings
        )
        sparse_part, sparse_shift = _fit(
            _weighted(sparse, idf), labels, settings.sparse_strength, settings
        )
        return cls(
            labels=names,
            mean=mean.astype(np.float32),
            dense=(settings.dense_weight * dense_part).astype(np.float32),
            idf=idf.astype(np.float32),
            sparse=(settings.sparse_weight * sparse_part).astype(np.float32),
            intercept=(
                settings.dense_weight * dense_shift + settings.sparse_weight * sparse_shift
            ).astype(np.float32),
        )

    def predict(self, dense: np.ndarray, sparse: csr_matrix) -> np.ndarray:
        """The likelihood of each label for each row, (n, k), each row adding up to 1."""
        scores = np.tile(self.intercept, (dense.shape[0], 1))
        if self.mean.size:
            scores = scores + _centred(dense, self.mean) @ self.dense
        if self.idf.size:
            scores = scores + _weighted(sparse, self.idf) @ self.sparse
        scores -= scores.max(axis=1, keepdims=True)
        odds = np.exp(scores)
        return np.asarray(odds / odds.sum(axis=1, keepdims=True))

    def save(self, file: Path) -> None:
        """Writes the arrays: no code is stored, so none is run when they are read."""
        np.savez(file, **{f.name: getattr(self, f.name) for f in fields(self)})

    @classmethod
    def load(cls, file: Path) -> BlendedModel:
        """Reads what `save` wrote."""
        with np.load(file, allow_pickle=False) as saved:
            return cls(**{f.name: saved[f.name] for f in fields(cls)})


def _centred(dense: np.ndarray, mean: np.ndarray) -> np.ndarray:
    # E5's vectors all point the same way (cosines of 0.77 to 0.96): what tells them apart is what is
    # left once their common part is removed.
    return normalize(dense - mean) if dense.shape[1] else dense


def _inverse_document_frequency(counts: csr_matrix) -> np.ndarray:
    n, v = counts.shape
    if not v:
        return np.zeros(0)
    seen_in = np.bincount(counts.indices, minlength=v)
    return np.log((1 + n) / (1 + seen_in)) + 1


def _weighted(counts: csr_matrix, idf: np.ndarray) -> csr_matrix:
    if not counts.shape[1]:
        return counts
    softened = counts.astype(np.float32)
    softened.data = 1 + np.log(softened.data)
    return normalize(softened @ diags(idf.astype(np.float32)), copy=False)


def _fit(
    features: Any, labels: np.ndarray, strength: float, settings: Settings
) -> tuple[np.ndarray, np.ndarray]:
    """The coefficients (features, k) and shifts (k,) of a logistic regression with k labels."""
    k = len(np.unique(labels))
    if not features.shape[1]:
        return np.zeros((0, k)), np.zeros(k)
    model = LogisticRegression(
        C=strength,
        max_iter=settings.max_iter,
        tol=settings.tol,
        multi_class="multinomial",
        class_weight="balanced" if settings.balanced else None,
    ).fit(features, labels)
    coefficients, shift = model.coef_.T, model.intercept_
    if k == 2 and coefficients.shape[1] == 1:  # sklearn keeps one column for two labels
        return np.hstack([-coefficients, coefficients]), np.array([-shift[0], shift[0]])
    return coefficients, shift
