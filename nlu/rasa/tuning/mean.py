"""The mean of two adapters, as one of the same rank: often better on unseen messages than either.

``python -m nlu.rasa.tuning.mean ADAPTER OTHER OUT``. What each adds to a matrix is the product of two thin ones;
the mean of the two products has twice the rank and is cut back by singular values. Both must come from one tuning
after another, or from the same one: weights far apart have no mean that knows anything (Wortsman et al. 2022,
arXiv:2203.05482).
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from nlu.rasa.components.e5_weights import TAUGHT
from nlu.rasa.components.taught_pieces import PIECES


def mean(one: Mapping[str, np.ndarray], other: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """The adapter between the two, taught with the sentences of both. Raises KeyError where they do not fit."""
    one, other = _with_the_pieces_of(one, other), _with_the_pieces_of(other, one)
    found = {name: one[name] for name in (PIECES,) if name in one}
    found |= {TAUGHT: np.union1d(one[TAUGHT], other[TAUGHT])}
    for name in (key.removesuffix(".A") for key in one if key.endswith(".A")):
        rank = len(one[f"{name}.A"])
        tall = np.hstack([each[f"{name}.B"].astype(np.float64) for each in (one, other)]) / 2
        wide = np.vstack([each[f"{name}.A"].astype(np.float64) for each in (one, other)])
        (left, up), (right, down) = np.linalg.qr(tall), np.linalg.qr(wide.T)
        turned, sizes, back = np.linalg.svd(up @ down.T)
        share = np.sqrt(sizes[:rank])
        found[f"{name}.B"] = ((left @ turned[:, :rank]) * share).astype(np.float16)
        found[f"{name}.A"] = ((share[:, None] * back[:rank]) @ right.T).astype(np.float16)
    return found


def _with_the_pieces_of(one: Mapping[str, np.ndarray], other: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """The adapter, with nothing added to the pieces that only the other one changes."""
    if PIECES not in other:
        return dict(one)
    wide = one.get(f"{PIECES}.A", other[f"{PIECES}.A"])
    own = one.get(PIECES, np.zeros(0, np.uint32))
    numbers = np.union1d(own, other[PIECES])
    thin = np.zeros((len(numbers), len(wide)), np.float16)
    if len(own):
        thin[np.searchsorted(numbers, own)] = one[f"{PIECES}.B"]
    return {**one, PIECES: numbers, f"{PIECES}.A": wide, f"{PIECES}.B": thin}


def main() -> None:
    """Read two adapters, write their mean."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("one", "other", "out"):
        parser.add_argument(name, type=Path)
    wanted = parser.parse_args()
    found: Any = mean(dict(np.load(wanted.one)), dict(np.load(wanted.other)))
    np.savez_compressed(wanted.out, **found)


if __name__ == "__main__":
    main()
