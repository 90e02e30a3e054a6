"""Recognises someone in danger, in process, whatever else is up: phrases from data files, matched by spaCy."""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from spacy.matcher import Matcher
from spacy.tokens import Doc
from spacy.vocab import Vocab

from nlu.danger_files import EMERGENCIES, DangerFiles, Rule, read
from nlu.language import looks_arabizi
from nlu.normalise import Token, arabizi_skeleton, tokens
from nlu.phrases import Element, Phrase

DANGER = Path(__file__).parent / "danger"

_UNKNOWN = "·"  # stands for every word no phrase has: what people write is kept nowhere, not even by spaCy
_GAP = 4  # words "..." may stand for
_WINDOW = 12  # words between the parts of a phrase joined by "+"
_TYPO_FROM = 6  # letters: one wrong letter is forgiven in words this long
_SENTENCE_END = re.compile(r"(?<!\.)\.(?!\.)|[!?;\n؟؛]")
_WAYS = 4  # words that one misspelt word may stand for: each is tried
_LONGEST_ENDING = 3  # letters that may follow a misspelt start
_LONG_START = 8  # letters: shorter starts must be spelt right
_ARABIZI_PROOF = 4  # consonants
_ARABIC_TYPO_FROM = 7  # Arabic words are closer to each other: "انتظار" is waiting, "انتحار" suicide
_ARABIC_BEGINNINGS = ("و", "ف", "ال", "وال", "بال", "لل", "ب", "ل", "فال")


@dataclass(frozen=True)
class _Compiled:
    rule: Rule
    needs: tuple[frozenset[str], ...]  # for each part, the words of which the message must have one
    make: Callable[[Rule], tuple[Any, ...]]

    @cached_property
    def matchers(self) -> tuple[Any, ...]:
        """One spacy.matcher.Matcher a part, untyped. Made when a message first has the rule's words: most rules
        are never looked for, and making all of them is a third of a second of every start."""
        return self.make(self.rule)


@dataclass(frozen=True, slots=True)
class _Reading:
    """One way to read the message: comparable words, and the sentence each one is in."""

    words: list[str]
    sentences: list[int]
    skeleton: bool


class EmergencyRecogniser:
    """Says which emergency a message tells, if any; when in doubt, it says one.

    A phrase under `says` counts unless a phrase under `unless` of the same emergency shares a word with it, or
    a phrase under `elsewhere` (a film, last year, a story told for a paper) stands in the same sentence and no
    phrase under `now` is in the message. Accents, letter repetition, Arabic letter variants and one wrong
    letter in a long word do not matter. All varieties are tried on every message: people mix them.
    """

    def __init__(self, files: DangerFiles) -> None:
        self._files = files
        self._vocab = Vocab()
        self._known: dict[bool, frozenset[str]] = {}
        self._prefixes: dict[bool, frozenset[str]] = {}
        self._starting: dict[tuple[bool, str], set[str]] = {}
        # A misspelt form may stand for several of the phrases' words (« insulina »: insulin, insuline).
        self._typos: dict[str, tuple[str, ...]] = {}
        self._by_word: dict[tuple[bool, str], list[_Compiled]] = defaultdict(list)
        for skeleton in (False, True):
            elements = [
                e for r in files.rules if r.skeleton is skeleton for part in r.parts for p in part for e in p
            ]
            self._known[skeleton] = frozenset(w for e in elements for w in e.words)
            self._prefixes[skeleton] = frozenset(p for e in elements for p in e.prefixes)
            canonical = sorted(self._known[skeleton] | self._prefixes[skeleton])
            for prefix in self._prefixes[skeleton]:
                self._starting[skeleton, prefix] = set(_starting_with(prefix, canonical))
        # In one order, whatever the process: a set's changes from start to start, and with it what is recognised.
        for word in sorted(self._known[False] | self._prefixes[False]):
            if len(word) >= (_ARABIC_TYPO_FROM if _arabic(word) else _TYPO_FROM):
                for variant in set(_one_letter_less(word)):
                    self._typos[variant] = (*self._typos.get(variant, ()), word)
        for rule in files.rules:
            self._compile(rule)

    def recognise(self, text: str) -> str | None:
        """One of the EMERGENCIES, the most urgent the message tells, or None. Takes about a millisecond."""
        found = {rule.emergency for reading in self._readings(text) for rule in self._found(reading)}
        return next((emergency for emergency in EMERGENCIES if emergency in found), None)

    def explain(self, text: str) -> tuple[str, ...]:
        """The phrases recognised in a text, one an emergency: file, line and phrase. For whoever edits them."""
        return tuple(rule.source for reading in self._readings(text) for rule in self._found(reading))

    def _found(self, reading: _Reading) -> list[Rule]:
        by_kind = self._candidates(reading)
        if not by_kind["says"]:
            return []
        doc = Doc(self._vocab, words=reading.words)
        elsewhere: set[int] = set()
        if not any(_sentences_told(c, doc, reading, set()) for c in by_kind["now"]):
            for compiled in by_kind["elsewhere"]:
                elsewhere |= _sentences_told(compiled, doc, reading, set())
        taken_back: dict[str | None, set[int]] = defaultdict(set)
        for compiled in by_kind["unless"]:
            taken_back[compiled.rule.emergency] |= _places(compiled, doc, reading)
        found: dict[str, Rule] = {}
        for compiled in by_kind["says"]:
            emergency = compiled.rule.emergency
            if emergency and emergency not in found:
                told = _sentences_told(compiled, doc, reading, taken_back[emergency])
                if told - elsewhere:
                    found[emergency] = compiled.rule
        return list(found.values())

    def _candidates(self, reading: _Reading) -> dict[str, list[_Compiled]]:
        """The rules that have a word of each part in the message, by kind."""
        by_kind: dict[str, list[_Compiled]] = defaultdict(list)
        present = set(reading.words)
        candidates = {id(c): c for word in present for c in self._by_word.get((reading.skeleton, word), ())}
        for compiled in candidates.values():
            if not any(need.isdisjoint(present) for need in compiled.needs):
                by_kind[compiled.rule.kind].append(compiled)
        return by_kind

    def _readings(self, text: str) -> list[_Reading]:
        found = tokens(text)
        sentences = _sentences(text, [token.start for token in found])
        readings = _each_way([self._canonical(token.norm) for token in found], sentences)
        mixed = tokens(text, mixed=True)
        mixed_sentences = _sentences(text, [token.start for token in mixed])
        typed = [text[token.start : token.end].casefold() for token in mixed]
        if any(word in self._files.respell for word in typed):
            words: list[tuple[str, ...]] = []
            places: list[int] = []
            for token, word, sentence in zip(mixed, typed, mixed_sentences, strict=True):
                long = self._files.respell.get(word, (token.norm,))
                words += [self._canonical(part) for part in long]
                places += [sentence] * len(long)
            readings += _each_way(words, places)
        bones = [arabizi_skeleton(token.norm) for token in mixed]
        if looks_arabizi(text) or self._has_arabizi(mixed, bones):
            known = self._known[True]
            readings.append(_Reading([b if b in known else _UNKNOWN for b in bones], mixed_sentences, True))
        return readings

    def _has_arabizi(self, mixed: tuple[Token, ...], bones: list[str]) -> bool:
        """Whether words are in the arabizi phrases and in no other language's ("baba ydrebni ana 13 ans")."""
        own = [
            bone
            for token, bone in zip(mixed, bones, strict=True)
            if bone in self._known[True]
            and token.norm not in self._known[False]
            and token.norm not in self._files.not_typos
        ]
        long = sum(len(bone) >= _ARABIZI_PROOF for bone in own)
        return long >= 2 or (long == 1 and len(own) * 2 >= len(mixed))

    def _canonical(self, word: str) -> tuple[str, ...]:
        """The word as the phrases have it, or _UNKNOWN; several where it is misspelt and may be one or another."""
        known, prefixes = self._known[False], self._prefixes[False]
        if word in known:
            return (word,)
        for beginning in _ARABIC_BEGINNINGS if _arabic(word) else ():
            if word.startswith(beginning) and word[len(beginning) :] in known:
                return (word[len(beginning) :],)
        for length in range(len(word), 1, -1):
            if word[:length] in prefixes:
                return (word[:length],)
        if len(word) >= _TYPO_FROM - 1 and word not in self._files.not_typos:
            return self._meant(word) or self._meant_start(word) or (_UNKNOWN,)
        return (_UNKNOWN,)

    def _meant(self, word: str) -> tuple[str, ...]:
        """The phrases' words that are one wrong, missing or added letter away; the first letter is right."""
        near = {
            meant: None
            for variant in _one_letter_less(word)
            for meant in self._typos.get(variant, ())
            if meant[0] == word[0] and abs(len(meant) - len(word)) <= 1
        }
        return tuple(near)

    def _meant_start(self, word: str) -> tuple[str, ...]:
        """The same for the start of a long word with an ending ("inconsciante" for "inconscient*")."""
        for ending in range(1, min(_LONGEST_ENDING, len(word) - _LONG_START) + 1):
            meant = tuple(one for one in self._meant(word[:-ending]) if one in self._prefixes[False])
            if meant:
                return meant
        return ()

    def _compile(self, rule: Rule) -> None:
        needs = tuple(
            frozenset().union(*(self._accepted(_anchor(way), rule.skeleton) for way in ways))
            for ways in rule.parts
        )
        compiled = _Compiled(rule, needs, self._matchers)
        # A rule is looked at only in messages that have one of the words of its rarest (longest) part.
        rarest = max(range(len(needs)), key=lambda part: min(len(word) for word in needs[part]))
        for word in needs[rarest]:
            self._by_word[rule.skeleton, word].append(compiled)

    def _matchers(self, rule: Rule) -> tuple[Any, ...]:
        made = []
        for ways in rule.parts:
            # What spaCy would validate is made here, from phrases already checked: it takes most of the time.
            matcher = Matcher(self._vocab, validate=False)
            matcher.add("part", [[self._pattern(element, rule.skeleton) for element in way] for way in ways])
            made.append(matcher)
        return tuple(made)

    def _pattern(self, element: Element, skeleton: bool) -> dict[str, Any]:
        if element.gap:
            return {"OP": f"{{0,{_GAP}}}"}
        accepted = sorted(self._accepted(element, skeleton))
        pattern: dict[str, Any] = {"ORTH": accepted[0] if len(accepted) == 1 else {"IN": accepted}}
        return pattern | ({"OP": "?"} if element.optional else {})

    def _accepted(self, element: Element, skeleton: bool) -> frozenset[str]:
        """Every canonical word that fits an element."""
        return element.words.union(*(self._starting[skeleton, prefix] for prefix in element.prefixes))


def load(directory: Path = DANGER) -> EmergencyRecogniser:
    """Builds the recogniser from the phrase files. Raises DangerFileInvalid naming the file and line."""
    return EmergencyRecogniser(read(directory))


def _starting_with(prefix: str, ordered: list[str]) -> Iterator[str]:
    """The words of a sorted list that start with ``prefix``: they stand together."""
    for place in range(bisect_left(ordered, prefix), len(ordered)):
        if not ordered[place].startswith(prefix):
            return
        yield ordered[place]


def _arabic(word: str) -> bool:
    return "ا" <= word[0] <= "ي"


def _spans(compiled: _Compiled, doc: Doc, reading: _Reading) -> list[list[range]]:
    """For each part of a rule, where it stands in the message.

    What is said may run over a full stop (people put them anywhere, and doubt goes to recognising); what takes
    it back must stand within one sentence.
    """
    whole = compiled.rule.kind == "says"
    found = [[range(start, end) for _, start, end in matcher(doc)] for matcher in compiled.matchers]
    return [
        [s for s in part if whole or reading.sentences[s[0]] == reading.sentences[s[-1]]] for part in found
    ]


def _together(
    spans: list[list[range]], compiled: _Compiled, reading: _Reading
) -> Iterator[tuple[range, ...]]:
    """The places where every part of a rule stands, no farther apart than _WINDOW."""
    whole = compiled.rule.kind == "says"
    first, *others = spans
    for start in first:
        near = [
            [
                s
                for s in part
                if abs(s[0] - start[0]) <= _WINDOW
                and (whole or reading.sentences[s[-1]] == reading.sentences[start[-1]])
            ]
            for part in others
        ]
        if all(near):
            yield (start, *(s for part in near for s in part))


def _sentences_told(compiled: _Compiled, doc: Doc, reading: _Reading, taken_back: set[int]) -> set[int]:
    """The sentences in which a rule stands, on words that are not taken back."""
    spans = [[s for s in part if taken_back.isdisjoint(s)] for part in _spans(compiled, doc, reading)]
    return {reading.sentences[found[0][-1]] for found in _together(spans, compiled, reading)}


def _places(compiled: _Compiled, doc: Doc, reading: _Reading) -> set[int]:
    """The words a rule covers."""
    spans = _spans(compiled, doc, reading)
    return {place for found in _together(spans, compiled, reading) for s in found for place in s}


def _anchor(phrase: Phrase) -> Element:
    return max((element for element in phrase if not element.optional), key=_rarity)


def _rarity(element: Element) -> int:
    return min(len(word) for word in element.words | element.prefixes)


def _one_letter_less(word: str) -> list[str]:
    """The word and every form of it with one letter left out, so that two words one slip apart share a form."""
    return [word, *(word[:i] + word[i + 1 :] for i in range(1, len(word)))]


def _each_way(words: list[tuple[str, ...]], sentences: list[int]) -> list[_Reading]:
    """One reading for each word that a misspelt one may stand for."""
    most = min(_WAYS, max(map(len, words), default=1))
    return [_Reading([way[min(n, len(way) - 1)] for way in words], sentences, False) for n in range(most)]


def _sentences(text: str, starts: list[int]) -> list[int]:
    ends = [found.start() for found in _SENTENCE_END.finditer(text)]
    return [sum(end < start for end in ends) for start in starts]
