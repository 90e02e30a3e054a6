"""What the words of a message mean and where they stand: days, hours and choices are made of these spans."""

from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc
from spacy.vocab import Vocab

from nlu.answer_words import Meaning, read
from nlu.normalise import Token

_UNKNOWN = "·"  # stands for every word the files do not have, so that nothing a person writes is kept

# Token place -> (number, place after it), in digits or words.
Numbers: TypeAlias = dict[int, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Span:
    """What some words of the message mean: `kind` and `value` as of a Meaning."""

    kind: str
    value: str
    start: int  # tokens
    end: int


class SpanFinder:
    """Finds the words that the files know; built once."""

    def __init__(self, directory: Path) -> None:
        """Raises AnswerWordsInvalid when a file of `directory` cannot be read."""
        self._vocab = Vocab()
        self._known: set[str] = set()
        self._meanings: dict[int, list[Meaning]] = defaultdict(list)
        self._matcher: Any = PhraseMatcher(self._vocab)
        for meaning in read(directory):
            self._known.update(meaning.phrase)
            written = " ".join(meaning.phrase)
            key = self._vocab.strings.add(written)
            if key not in self._meanings:
                self._matcher.add(written, [Doc(self._vocab, words=list(meaning.phrase))])
            self._meanings[key].append(meaning)

    def find(self, found: tuple[Token, ...], language: str | None) -> list[Span]:
        """In the order of the text; of two of a kind, the one inside the other is left out.

        `language` (a code, or None) settles what a word shared by two languages means.
        """
        mixed = [token.norm if token.norm in self._known else _UNKNOWN for token in found]
        doc = Doc(self._vocab, words=mixed)
        spans: list[Span] = []
        for key, start, end in self._matcher(doc):
            meanings = self._meanings[key]
            own = [m for m in meanings if m.language == language]
            own = own or [m for m in meanings if not language or not _too_short_abroad(m)]
            for kind, value in dict.fromkeys((m.kind, m.value) for m in own):
                spans.append(Span(kind, value, start, end))
        longest = [
            s
            for s in spans
            if not any(
                o.kind == s.kind and o.start <= s.start and s.end <= o.end and _longer(o, s) for o in spans
            )
        ]
        return sorted(longest, key=lambda s: (s.start, -(s.end - s.start)))


def starting(spans: list[Span], *kinds: str) -> dict[int, Span]:
    """Token place -> the longest span of these kinds that starts there."""
    return {s.start: s for s in reversed(spans) if s.kind in kinds}


def find_numbers(found: tuple[Token, ...], spans: list[Span], taken: list[tuple[int, int]]) -> Numbers:
    """The numbers outside `taken` (stretches of characters that are something else: a phone number)."""
    numbers = {s.start: (int(s.value), s.end) for s in reversed(spans) if s.kind == "number"}
    for place, token in enumerate(found):
        if token.norm.isdigit() and len(token.norm) <= 4 and not within(token.start, taken):
            numbers[place] = (int(token.norm), place + 1)
    return numbers


def as_written(text: str, found: tuple[Token, ...], span: Span) -> str:
    """The words of a span as the person wrote them."""
    return text[found[span.start].start : found[span.end - 1].end]


def within(place: int, taken: list[tuple[int, int]]) -> bool:
    """Whether a place of the text (characters) lies in one of these stretches."""
    return any(start <= place < end for start, end in taken)


def joined(found: tuple[Token, ...], place: int) -> bool:
    """Whether a token and the next stand one character apart, as in 12/12."""
    return (
        place + 1 < len(found)
        and found[place + 1].start - found[place].end == 1
        and (found[place].norm.isdigit() and found[place + 1].norm.isdigit())
    )


def counts_something(found: tuple[Token, ...], spans: list[Span], place: int) -> bool:
    """Whether a number is followed by a word it counts ("les 12 heures", "le 2 rue…")."""
    return place < len(found) and not any(
        s.start == place and s.kind in {"at", "month", "afternoon", "morning", "yes", "in"} for s in spans
    )


def _too_short_abroad(meaning: Meaning) -> bool:
    """Whether a word is too short to be believed in a message of another language ("la" is no in Arabic only).

    "oui", "non", "ok", "no" are said in every language.
    """
    word = meaning.phrase[0]
    if meaning.kind in {"yes", "no"} and meaning.language in {"fr", "en"} and len(word) > 1:
        return False
    return len(meaning.phrase) == 1 and len(word) <= 3 and word.isascii()


def _longer(one: Span, other: Span) -> bool:
    return one.end - one.start > other.end - other.start
