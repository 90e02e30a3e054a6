"""How people write each language here, learnt from the project's own example messages.

Naive Bayes over words and their letter triples, the textbook way (Cavnar & Trenkle 1994 for the triples; Manning,
Raghavan & Schütze 2008, chapter 13, for the rest): what general-purpose detectors have never read (phone spelling,
arabizi, French office words inside every language) is what these messages are made of.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np

from nlu.normalise import words

SMOOTHING = 0.1  # what a feature never seen in a language counts for
# Letters of one word depend on each other, which the model does not know: its certainty is taken down by as much.
TEMPERATURE = 3.0


class LanguageModel:
    """Counts of features by language. ``languages``: the classes, arabizi apart from ar."""

    def __init__(self, languages: Sequence[str], features: Sequence[str], counts: np.ndarray) -> None:
        """``counts``: (features, languages), how often each was seen."""
        self.languages = tuple(languages)
        totals = counts.sum(axis=0) + SMOOTHING * len(features)
        self._logs = (np.log(counts + SMOOTHING) - np.log(totals)).astype(np.float32)
        self._unseen = np.log(SMOOTHING) - np.log(totals)
        self._rows = {feature: row for row, feature in enumerate(features)}
        self._counts = counts

    @classmethod
    def learn(cls, examples: Iterable[tuple[str, str]]) -> LanguageModel:
        """From (language, text). Every language weighs the same, however many examples it has."""
        seen: dict[str, Counter[str]] = {}
        for language, text in examples:
            seen.setdefault(language, Counter()).update(_features(text))
        languages = sorted(seen)
        features = sorted(set().union(*seen.values()))
        counts = np.zeros((len(features), len(languages)), np.float32)
        rows = {feature: row for row, feature in enumerate(features)}
        for column, language in enumerate(languages):
            for feature, times in seen[language].items():
                counts[rows[feature], column] = times
        return cls(languages, features, counts)

    def shares(self, text: str, among: Iterable[str]) -> dict[str, float]:
        """Each language's share of the belief, adding up to 1; empty when it knows none of them."""
        known = [language for language in among if language in self.languages]
        if not known:
            return {}
        columns = [self.languages.index(language) for language in known]
        scores: np.ndarray = np.zeros(len(known))
        for feature in _features(text):
            row = self._rows.get(feature)
            scores = scores + (self._unseen if row is None else self._logs[row])[columns]
        odds = np.exp((scores - scores.max()) / TEMPERATURE)
        return dict(zip(known, (odds / odds.sum()).tolist(), strict=True))

    def known_words(self, text: str, language: str) -> int:
        """How many words of three letters and more its examples have of the text."""
        column = self.languages.index(language)
        return sum(
            self._counts[row, column] > 0
            for word in words(text, mixed=True)
            if len(word) > 2 and not word.isdigit() and (row := self._rows.get(f"={word}")) is not None
        )

    def save(self, file: Path) -> None:
        """Write it: counts and features only, nobody's sentence."""
        unfinished = file.with_suffix(".tmp.npz")
        np.savez_compressed(
            unfinished, languages=np.array(self.languages), features=np.array(list(self._rows)), counts=self._counts
        )
        unfinished.replace(file)

    @classmethod
    def load(cls, file: Path) -> LanguageModel:
        """Read what ``save`` wrote. Raises OSError, ValueError or KeyError when it is not that."""
        with np.load(file, allow_pickle=False) as saved:
            return cls(saved["languages"].tolist(), saved["features"].tolist(), saved["counts"])


def _features(text: str) -> Iterator[str]:
    for word in words(text, mixed=True):
        yield f"={word}"
        padded = f" {word} "
        for place in range(len(padded) - 2):
            yield padded[place : place + 3]


