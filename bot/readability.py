"""How hard the French is to read, topic by topic: words in a sentence, the longest one, and an index of ease."""

import re
from dataclasses import dataclass

from bot.content import Content
from bot.content_checks import keys_of
from dialogues.state import EASY

# A sentence ends where it ends: a colon or a semicolon is inside it, a line of its own is one.
_END = re.compile(r"[.!?…]+(?=[\s»]|$)|\n", re.MULTILINE)
_PLACE = re.compile(r"\{[a-z_0-9]+\}")
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_VOWELS = re.compile(r"[aeiouyàâäéèêëîïôöùûüœæ]+", re.IGNORECASE)
# A mute e at the end of a word is not said: « aide » has one syllable.
_MUTE = re.compile(r"(?<=[^aeiouyàâäéèêëîïôöùûüœæ\W])e(s|nt)?$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Readability:
    """``words``: in a sentence, on average; ``longest``: words of the longest one.

    ``ease``: Kandel and Moles (1958), Flesch's index for French: 207 - 1.015 words a sentence - 73.6 syllables a
    word. From 70 on a text is easy, under 50 it is hard.
    """

    words: float
    longest: int
    ease: float


def sentences(text: str) -> list[list[str]]:
    """The words of each sentence; a figure is one word."""
    split = (_WORD.findall(sentence) for sentence in _END.split(_PLACE.sub("1", text)))
    return [found for found in split if found]


def syllables(word: str) -> int:
    """How many syllables are said, at least one."""
    return max(1, len(_VOWELS.findall(_MUTE.sub("", word))))


def readability(content: Content, topic: str, language: str = "fr") -> Readability:
    """Of one topic's French, or of its easy words (``language`` EASY) where there are any."""
    assert language in ("fr", EASY)
    found = [one for key in keys_of(content, topic) for one in sentences(content.words(key, language))]
    words = sum(map(len, found))
    if not words:
        return Readability(0.0, 0, 0.0)
    said = sum(syllables(word) for one in found for word in one)
    average = words / len(found)
    return Readability(average, max(map(len, found)), 207 - 1.015 * average - 73.6 * said / words)
