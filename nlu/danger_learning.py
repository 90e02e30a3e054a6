"""Learns `nlu/danger/learnt.npz` from nlu/examples: ``python -m nlu.danger_learning``, a minute or two.

Run it when the examples of danger have changed much; tests/nlu/test_danger_model.py measures what it is worth. The
messages kept for evaluation are never read.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np

from nlu.danger_files import EMERGENCIES
from nlu.danger_model import BITS, DangerModel, spelt, weighed
from nlu.examples_check import examples
from nlu.ridge import solve

DOUBT = 0.3  # how much a single run of letters is doubted


def learn(told: Iterable[tuple[str, str]]) -> DangerModel:
    """From (intent, text): ridge regression for each emergency and for any of them, all at once."""
    intents, messages = [], []
    for intent, text in told:
        rows, counts = spelt(text)
        if len(rows):
            intents.append(intent)
            messages.append((rows.astype(np.int32), counts))
    columns = np.concatenate([rows for rows, _ in messages])
    seen_in = np.bincount(columns, minlength=2**BITS)
    idf = (np.log((1 + len(messages)) / (1 + seen_in)) + 1).astype(np.float32)
    values = np.concatenate([weighed(counts, idf[rows]) for rows, counts in messages])
    starts = np.cumsum([0, *(len(rows) for rows, _ in messages)])[:-1]
    truth = np.array([[intent == one for one in EMERGENCIES] for intent in intents], np.float32)
    truth = np.hstack([truth, truth.max(axis=1, keepdims=True)])
    lengths = np.diff([*starts, len(columns)])

    def forth(weights: np.ndarray) -> np.ndarray:
        return np.column_stack([
            np.add.reduceat(values * weights[columns, k], starts) for k in range(weights.shape[1])
        ]).astype(np.float32)

    def back(scores: np.ndarray) -> np.ndarray:
        return np.column_stack([
            np.bincount(columns, values * np.repeat(scores[:, k], lengths), 2**BITS) for k in range(scores.shape[1])
        ]).astype(np.float32)

    scale = (np.bincount(columns, values * values, 2**BITS) + DOUBT).astype(np.float32)[:, None]
    weights = solve(lambda way: back(forth(way)) + np.float32(DOUBT) * way, back(truth), scale)
    return DangerModel(idf, weights)


def main() -> None:
    """Learn, and write the file."""
    root = Path(__file__).parents[1]
    learn((one.intent, one.text) for one in examples(root)).save()


if __name__ == "__main__":
    main()
