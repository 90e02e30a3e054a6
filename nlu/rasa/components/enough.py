"""Which training sentences to embed: what the encoder was taught with, it has learnt, and a part of it is enough.

Embedding is most of a training from nothing. What 37 000 of 148 000 sentences told the ranking by meaning, all
of them told no better (docs/decisions/0003-nlu-pipeline.md); the ranking by spelling learns from all. A sentence
that the encoder never saw, a new example of somebody, always counts.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from .embedding_store import key_of


def number_of(text: str) -> int:
    """By which the adapter knows a text it was taught with: 32 bits of its name in the store."""
    return int(key_of(text)[:8], 16)


def worth_embedding(texts: Iterable[str], taught: np.ndarray, enough: int) -> list[str]:
    """Those of `texts` not in `taught` (sorted numbers, uint32), and `enough` of the others: always the same,
    whatever is added or taken away."""
    different = list(dict.fromkeys(texts))
    numbers = np.array([number_of(text) for text in different], np.uint32)
    known = np.isin(numbers, taught)
    turn = np.where(known, numbers, 0)  # new ones first, then by number, which is as good as chance
    most = int(np.count_nonzero(~known)) + enough
    return [different[at] for at in np.sort(np.argsort(turn, kind="stable")[:most])]
