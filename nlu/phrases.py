"""The way phrases are written in data files: a few signs a social worker can learn in a minute.

(word)     may be there or not            word|other   one or the other
word*      any word that starts so        ...          up to four words in between
<name>     any word of that group, listed under `groups` in the same file
"""

import itertools
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

_PIECE = re.compile(r"\((?P<optional>[^()]+)\)|(?P<gap>\.\.\.)|(?P<plain>[^\s()]+)")


@dataclass(frozen=True, slots=True)
class Element:
    """One place in a phrase: any of `words`, or a word starting with one of `prefixes`; a gap has neither."""

    words: frozenset[str]
    prefixes: frozenset[str]
    optional: bool

    @property
    def gap(self) -> bool:
        """Whether this stands for up to four words of any kind."""
        return not self.words and not self.prefixes


Phrase = tuple[Element, ...]
_GAP = Element(frozenset(), frozenset(), True)


def parse(
    phrase: str, groups: Mapping[str, str], fold: Callable[[str], tuple[str, ...]]
) -> tuple[Phrase, ...]:
    """The phrase as elements; several when an alternative has more than one word ("ce soir|demain").

    `fold` cuts a text into comparable words. Raises ValueError with a sentence naming what is wrong.
    """
    left = _PIECE.sub("", phrase).strip()
    if left:
        raise ValueError(f"cannot read {left!r} in {phrase!r}")
    places: list[list[Phrase]] = []
    for found in _PIECE.finditer(phrase):
        if found["gap"]:
            places.append([(_GAP,)])
        else:
            optional = found["optional"] is not None
            places.append(_place(found["optional"] or found["plain"], optional, groups, fold))
    if places and any(choice[0].optional for end in (places[0], places[-1]) for choice in end):
        raise ValueError(f"{phrase!r} begins or ends with something that may be missing: leave it out")
    parsed = tuple(tuple(itertools.chain(*choice)) for choice in itertools.product(*places))
    if not parsed or any(all(e.optional for e in one) for one in parsed):
        raise ValueError(f"{phrase!r} needs at least one word that must be there")
    return parsed


def _place(
    text: str, optional: bool, groups: Mapping[str, str], fold: Callable[[str], tuple[str, ...]]
) -> list[Phrase]:
    single: set[str] = set()
    prefixes: set[str] = set()
    several: list[Phrase] = []
    for choice in _choices(text, groups):
        tokens = fold(choice)
        if not tokens:
            raise ValueError(f"{choice!r} has no word in it")
        starred = choice.endswith("*")
        if starred and len(tokens[-1]) < 2:
            raise ValueError(f"{choice!r} needs two letters or more before the star")
        if len(tokens) > 1:
            *first, last = (frozenset({token}) for token in tokens)
            end = Element(frozenset(), last, optional) if starred else Element(last, frozenset(), optional)
            several.append((*(Element(word, frozenset(), optional) for word in first), end))
        elif starred:
            prefixes.add(tokens[0])
        else:
            single.add(tokens[0])
    if single or prefixes:
        several.append((Element(frozenset(single), frozenset(prefixes), optional),))
    return several


def _choices(text: str, groups: Mapping[str, str]) -> list[str]:
    choices: list[str] = []
    for choice in text.split("|"):
        if choice.startswith("<"):
            name = choice.strip("<>")
            if name not in groups:
                raise ValueError(f"there is no group called {name!r}")
            choices.extend(part.strip() for part in groups[name].split("|"))
        else:
            choices.append(choice)
    return choices
