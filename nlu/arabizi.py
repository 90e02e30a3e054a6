"""Arabizi, Maghrebi Arabic in Latin letters and digits, spelt again in Arabic letters.

Rough on purpose: what comes out need not be right, only near enough to how the same words are written in
Arabic letters for the two to help each other.
"""

from __future__ import annotations

import re

from nlu.language import looks_arabizi

# Two letters for one sound come first. The digits are the Maghrebi habits: 3 is ayn, 7 hard h, 9 qaf.
_SOUNDS = {
    "kh": "خ", "gh": "غ", "ch": "ش", "sh": "ش", "th": "ث", "dh": "ذ",
    "ou": "و", "oo": "و", "ee": "ي", "ei": "ي", "ai": "اي", "ay": "اي",
    "2": "ء", "3": "ع", "4": "ذ", "5": "خ", "6": "ط", "7": "ح", "8": "غ", "9": "ق",
    "a": "ا", "b": "ب", "c": "ك", "d": "د", "f": "ف", "g": "ق", "h": "ه", "i": "ي", "j": "ج", "k": "ك",
    "l": "ل", "m": "م", "n": "ن", "o": "و", "p": "ب", "q": "ق", "r": "ر", "s": "س", "t": "ت", "u": "و",
    "v": "ف", "w": "و", "x": "كس", "y": "ي", "z": "ز", "à": "ا", "é": "ي", "è": "ي", "ê": "ي",
}  # fmt: skip
_WORD = re.compile(r"[a-z0-9àéèê]+")
_SOUND = re.compile("|".join(_SOUNDS) + "|e")
_DOUBLED = re.compile(r"([a-z])\1+")


def in_arabic_letters(text: str) -> str | None:
    """The text in Arabic letters when it looks like arabizi, else None."""
    if not looks_arabizi(text):
        return None
    return _WORD.sub(lambda found: _respell(found.group()), text.lower())


def _respell(word: str) -> str:
    if word.isdigit():
        return word
    word = _DOUBLED.sub(r"\1", word)
    # A short e is not written in Arabic, unless the word begins with it.
    return _SOUND.sub(lambda s: _SOUNDS.get(s.group(), "ا" if s.start() == 0 else ""), word)
