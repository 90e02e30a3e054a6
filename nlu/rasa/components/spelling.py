"""How a message is spelt: its runs of one to five letters within words, counted, accents and variants folded.

Hashed into a fixed number of columns: no vocabulary to keep, to load or to look up, and the same in every training.
A word's runs are counted once, however many texts have it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import HashingVectorizer

from nlu.normalise import fold

RUNS = (1, 5)


@dataclass(frozen=True)
class Spelling:
    """What n texts are spelt of. `words` (n, w): how often each word is in each text; `runs` (w, v): how often each
    run of letters is in each word. Both float32."""

    words: csr_matrix
    runs: csr_matrix

    def counts(self) -> csr_matrix:
        """How often each run of letters is in each text, (n, v)."""
        if self.words.shape == (1, 1):  # a message: multiplying would be most of the time
            return self.runs
        return self.words @ self.runs


def spelt(words: Iterable[str]) -> str:
    """The words of a text as they are compared, blanks between them."""
    return fold(" ".join(words))


def spelling(texts: Sequence[str], bits: int) -> Spelling:
    """How these texts, of words as `spelt` gives them, are spelt: the runs of letters in 2**bits columns."""
    counter = HashingVectorizer(
        analyzer="char_wb", ngram_range=RUNS, n_features=2**bits, alternate_sign=False, norm=None, dtype=np.float32
    )
    if len(texts) == 1:  # a message: all of it is the one word
        return Spelling(csr_matrix(np.ones((1, 1), np.float32)), counter.transform(texts))
    said = [text.split() for text in texts]
    numbers = {word: number for number, word in enumerate(dict.fromkeys(chain.from_iterable(said)))}
    columns = np.fromiter((numbers[word] for words in said for word in words), np.int32)
    starts = np.cumsum([0, *map(len, said)])
    words = csr_matrix((np.ones(len(columns), np.float32), columns, starts), shape=(len(said), len(numbers)))
    return Spelling(words, counter.transform(list(numbers)))
