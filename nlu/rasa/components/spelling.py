"""How a message is spelt: its runs of one to five letters within words, counted, accents and variants folded.

Hashed into a fixed number of columns: no vocabulary to keep, to load or to look up, and the same in every training.
Counting for 40 000 sentences takes seconds where Rasa's own CountVectorsFeaturizer takes minutes.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import HashingVectorizer

from nlu.normalise import fold

RUNS = (1, 5)


def spelling_counts(texts: Sequence[str], bits: int) -> csr_matrix:
    """How often each run of letters is in each text: (n, 2**bits), float32."""
    counter = HashingVectorizer(
        analyzer="char_wb", ngram_range=RUNS, n_features=2**bits, alternate_sign=False, norm=None, dtype=np.float32
    )
    return counter.transform([fold(text) for text in texts])
