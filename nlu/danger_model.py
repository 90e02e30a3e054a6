"""Danger learnt from the examples, in process: what speaks for the phrases when Rasa does not answer.

Ridge regression on weighted runs of letters (docs/decisions/0004-emergencies.md has the figures). Its weights are a
file of the project, so that it is there from the first second, before anything is trained; `nlu.danger_learning`
makes that file.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

import numpy as np

from nlu.arabizi import in_arabic_letters
from nlu.danger_files import EMERGENCIES
from nlu.normalise import fold

LEARNT = Path(__file__).parent / "danger" / "learnt.npz"
RUNS = 5  # letters at most in a run
BITS = 17  # runs share 2 to this power rows
# Above this somebody is in danger. About 2 in 100 messages of other meanings are above it: docs/decisions/0004.
DANGER = 0.42


@dataclass(frozen=True)
class DangerModel:
    """What was learnt. `idf` (v,): how rare each run is; `weights` (v, 6): for each emergency, then for any."""

    idf: np.ndarray
    weights: np.ndarray

    def recognise(self, text: str) -> str | None:
        """The emergency this message tells, if any."""
        scores = self.scores(text)
        if scores[-1] < DANGER:
            return None
        return EMERGENCIES[int(np.argmax(scores[:-1]))]

    def scores(self, text: str) -> np.ndarray:
        """How much it looks like each of EMERGENCIES, then like any: (6,), about 0 for no, about 1 for yes."""
        rows, counts = spelt(text)
        values = weighed(counts, self.idf[rows])
        return np.asarray(values @ self.weights[rows].astype(np.float32))

    def save(self, file: Path = LEARNT) -> None:
        """Write it, in half precision: a tenth of a percent of a score does not matter."""
        np.savez_compressed(file, idf=self.idf.astype(np.float16), weights=self.weights.astype(np.float16))

    @classmethod
    def load(cls, file: Path = LEARNT) -> DangerModel:
        """Read what `save` wrote. Raises OSError, ValueError or KeyError when it is not that."""
        with np.load(file, allow_pickle=False) as saved:
            return cls(saved["idf"].astype(np.float32), saved["weights"])


def spelt(text: str) -> tuple[np.ndarray, np.ndarray]:
    """The rows of the runs of letters in the text, and how often each is there; arabizi in both scripts."""
    seen: Counter[int] = Counter()
    for word in f"{fold(text)} {fold(in_arabic_letters(text) or '')}".split():
        padded = f" {word} "
        for length in range(1, RUNS + 1):
            for place in range(len(padded) - length + 1):
                seen[crc32(padded[place : place + length].encode()) % 2**BITS] += 1
    return np.fromiter(seen.keys(), np.int64, len(seen)), np.fromiter(seen.values(), np.float32, len(seen))


def weighed(counts: np.ndarray, rarity: np.ndarray) -> np.ndarray:
    """The values of one message's runs, of length 1 together."""
    values = (1 + np.log(counts)) * rarity
    return np.asarray(values / max(float(np.sqrt(values @ values)), 1e-12), np.float32)
