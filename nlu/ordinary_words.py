"""The words that example messages have, which are nobody's name: counted once, then read from the data folder."""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from nlu.examples_check import examples
from nlu.learnt_files import kept
from nlu.normalise import tokens, words

ORDINARY = 3  # example messages that must have a word before it is nobody's name (first names are in some)
CAPITALS = 6  # times it must have a capital in them: a first name has one each time, and some come more than once


@dataclass(frozen=True, slots=True)
class OrdinaryWords:
    """Folded words. ``known``: in several messages; ``capitals``: written with a capital in several of them."""

    known: frozenset[str]
    capitals: frozenset[str]

    @classmethod
    def learn(cls, texts: Iterable[str]) -> "OrdinaryWords":
        """From texts whose words are nobody's name. Takes seconds for all the examples."""
        seen: Counter[str] = Counter()
        capitals: Counter[str] = Counter()
        for text in texts:
            seen.update(set(words(text)))
            # « karim » is « my wife » to somebody who types Turkish without accents; « Karim » is a name.
            capitals.update({token.norm for token in tokens(text) if text[token.start].isupper()})
        return cls(frozenset(word for word, times in seen.items() if times >= ORDINARY),
                   frozenset(word for word, times in capitals.items() if times >= CAPITALS))


def ordinary_words(root: Path, data_dir: Path) -> OrdinaryWords:
    """Those of `nlu/examples` as they stand, kept in `<data_dir>/cache`."""
    def learn() -> OrdinaryWords:
        return OrdinaryWords.learn(one.text for one in examples(root))

    return kept(root, data_dir, "ordinary_words.json", read=_read, learn=learn, write=_write)


def _read(file: Path) -> OrdinaryWords:
    lists = json.loads(file.read_text(encoding="utf-8"))
    return OrdinaryWords(frozenset(lists["known"]), frozenset(lists["capitals"]))


def _write(made: OrdinaryWords, file: Path) -> None:
    unfinished = file.with_suffix(".tmp")
    lists = {"known": sorted(made.known), "capitals": sorted(made.capitals)}
    unfinished.write_text(json.dumps(lists, ensure_ascii=False), encoding="utf-8")
    unfinished.replace(file)
