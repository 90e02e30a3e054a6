"""Messages as somebody else would have spelt them: letters slipped, accents left out, a sound written otherwise."""

from __future__ import annotations

import random
import re
import unicodedata

from nlu.language import looks_arabizi

# How a sound of Maghrebi Arabic in Latin letters is written by another writer.
_WAYS = {
    "ch": ("sh", "x"), "sh": ("ch", "x"), "kh": ("5", "x"), "5": ("kh",), "gh": ("8", "4", "r"), "8": ("gh",),
    "ou": ("o", "u", "w"), "w": ("ou", "u"), "oo": ("ou",), "3": ("a", ""), "7": ("h",), "9": ("k", "q"),
    "q": ("9",), "2": ("",), "i": ("y", "e"), "y": ("i",), "aa": ("a",), "a": ("e",), "e": ("", "a"),
    "dj": ("j",), "th": ("t",),
}  # fmt: skip
# How one Arabic letter is typed for another.
_ARABIC = str.maketrans("أإآةىؤئیک", "اااهيوييك")
_WORD = re.compile(r"\w{4,}")
OTHER_WAYS = 3
SLIPS = 2


def misspelt(text: str, chance: random.Random) -> str:
    """The same message by another hand. Says the same, nearly always."""
    if looks_arabizi(text):
        text = _by_another_writer(text, chance)
    if chance.random() < 0.5:
        text = _without_accents(text)
    if chance.random() < 0.3:
        text = text.lower()
    for _ in range(chance.randint(0, SLIPS)):
        text = _slipped(text, chance)
    return text


def _by_another_writer(text: str, chance: random.Random) -> str:
    text = text.lower()
    heard = [sound for sound in _WAYS if sound in text]
    for sound in chance.sample(heard, min(OTHER_WAYS, len(heard))):
        text = text.replace(sound, chance.choice(_WAYS[sound]))
    return text


def _without_accents(text: str) -> str:
    text = text.translate(_ARABIC)
    # Only what stands on Latin letters: the marks of other scripts are letters.
    return "".join(
        unicodedata.normalize("NFD", letter)[0] if "\u00c0" <= letter <= "\u024f" else letter for letter in text
    )


def _slipped(text: str, chance: random.Random) -> str:
    """One letter of a longer word gone, doubled, or changed with its neighbour; never the first."""
    words = list(_WORD.finditer(text))
    if not words:
        return text
    word = chance.choice(words)
    at = chance.randrange(word.start() + 1, word.end() - 1)
    match chance.randrange(3):
        case 0:
            return text[:at] + text[at + 1 :]
        case 1:
            return text[:at] + text[at] + text[at:]
        case _:
            return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
