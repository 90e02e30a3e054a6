"""What the adapter adds to single pieces: E5 hardly read those of phone spelling and rare scripts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

PIECES = "pieces"  # in an adapter: the numbers of these pieces, sorted


@dataclass(frozen=True)
class TaughtPieces:
    """`numbers` (n,): which pieces, sorted; `thin` (n, r), half precision, times `wide` (r, width): what is added
    to the vector of each."""

    numbers: np.ndarray
    thin: np.ndarray
    wide: np.ndarray

    @classmethod
    def of(cls, adapter: Mapping[str, np.ndarray], width: int) -> TaughtPieces:
        """Those of an adapter; of one made before there were any, none."""
        if PIECES not in adapter:
            return cls(np.zeros(0, np.uint32), np.zeros((0, 0), np.float16), np.zeros((0, width), np.float32))
        return cls(adapter[PIECES], adapter[f"{PIECES}.B"], adapter[f"{PIECES}.A"].astype(np.float32))

    def added(self, ids: Sequence[int]) -> np.ndarray:
        """What is added to the vectors of these pieces, float32 (len(ids), width)."""
        found = np.zeros((len(ids), self.wide.shape[1]), np.float32)
        if len(self.numbers):
            at = np.minimum(np.searchsorted(self.numbers, ids), len(self.numbers) - 1)
            taught = self.numbers[at] == ids
            found[taught] = self.thin[at[taught]].astype(np.float32) @ self.wide
        return found
