"""One way of writing: letters, digits and spellings folded so that words can be compared."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

# Armenian signs of stress, of a cry or of a question stand inside the word they are about ("որտե՞ղ").
SIGNS_WITHIN = "՛՜՞"

# Letters that mean the same to the reader. The Arabic block follows what people do on a phone: hamza and
# dots left out, Persian or Maghrebi forms mixed with Arabic ones.
_SAME_LETTER = str.maketrans(
    {
        "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ی": "ي", "ې": "ي", "ئ": "ي", "ؤ": "و", "ة": "ه",
        "ۀ": "ه", "ک": "ك", "گ": "ق", "ڭ": "ق", "ڨ": "ق", "ڤ": "ف", "پ": "ب", "چ": "ش", "ء": None, "ـ": None,
        "œ": "oe", "æ": "ae", "ı": "i", "ł": "l", "đ": "d", "ø": "o",
        **dict.fromkeys(SIGNS_WITHIN),
        "’": "'", "‘": "'", "ʼ": "'", "´": "'", "`": "'", "‐": "-", "‑": "-", "–": "-", "—": "-", "−": "-",
    }
)  # fmt: skip

_LONG_RUN = re.compile(r"([^\W\d])\1{2,}")
# Joiners, direction marks, the frame of a keycap ("1️⃣"): typed by keyboards, never read.
_INVISIBLE = frozenset({"Cf", "Me"})
_JOINS = "ـ" + SIGNS_WITHIN
_AS_PICTURE = "\ufe0f"  # asks for the picture of the sign before it


@dataclass(frozen=True, slots=True)
class Token:
    """One word or number of a message.

    `norm` is folded; `start` and `end` are character offsets in the text as the person wrote it.
    """

    norm: str
    start: int
    end: int


def digits(text: str) -> str:
    """The text with the digits of every script as 0-9. Same length: offsets still hold."""
    return "".join(str(unicodedata.decimal(c)) if c.isdecimal() and c > "9" else c for c in text)


def fold(text: str) -> str:
    """The text in lower case, without accents, harakat or invisible marks, same-sounding letters as one.

    A letter typed three times or more is kept once ("aideeez" -> "aidez"); doubles are kept.
    """
    if text.isascii():
        return _LONG_RUN.sub(r"\1", text.lower())
    decomposed = unicodedata.normalize("NFKD", digits(text).casefold().translate(_SAME_LETTER))
    bare = "".join(
        c for c in decomposed
        if not unicodedata.combining(c) and unicodedata.category(c) not in _INVISIBLE and c != _AS_PICTURE
    )
    # NFKD splits some precomposed Arabic letters again, so the table is applied a second time.
    return _LONG_RUN.sub(r"\1", unicodedata.normalize("NFC", bare).translate(_SAME_LETTER))


@lru_cache(maxsize=16)  # language, danger and communes each cut the message that is being read
def tokens(text: str, *, mixed: bool = False) -> tuple[Token, ...]:
    """The words and numbers of a message in order, cut at apostrophes, hyphens, punctuation and blanks.

    Digits and letters that touch are cut apart ("14h30" is 14, h, 30), unless `mixed` ("m3a" is one word).
    """
    found = []
    for run in _raw_runs(text, mixed):
        norm = fold(text[run[0] : run[1]])
        if norm:
            found.append(Token(norm, *run))
    return tuple(found)


def words(text: str, *, mixed: bool = False) -> tuple[str, ...]:
    """The folded words of a message, without their places."""
    return tuple(token.norm for token in tokens(text, mixed=mixed))


def _raw_runs(text: str, mixed: bool) -> Iterable[tuple[int, int]]:
    start: int | None = None
    kind = ""
    for place, char in enumerate(text):
        category = unicodedata.category(char)
        if start is not None and (category[0] == "M" or category == "Cf" or char in _JOINS):
            continue  # a mark or joiner belongs to the word it is in
        now = "d" if char.isdecimal() and not mixed else "l" if category[0] == "L" or char.isdecimal() else ""
        if start is not None and now != kind:
            yield start, place
            start = None
        if start is None and now:
            start = place
        kind = now
    if start is not None:
        yield start, len(text)


_ARABIZI_SOUNDS = (
    ("ch", "$"), ("sh", "$"), ("kh", "x"), ("5", "x"), ("gh", "g"), ("dj", "j"), ("th", "t"), ("dh", "d"),
    ("ph", "f"), ("ou", "w"), ("oo", "w"), ("9", "q"), ("k", "q"), ("c", "q"), ("7", "h"), ("8", "h"),
    ("3", ""), ("2", ""), ("'", ""), ("y", "i"), ("ee", "i"),
)  # fmt: skip
_VOWELS = re.compile(r"(?<=.)[aeiou](?=.)")
_VOWEL_PAIRS = str.maketrans("eo", "au")
_DOUBLE = re.compile(r"(.)\1+")


_SHORT_WORD = 4  # letters: in words this short the vowels tell words apart ("mama", "ma", "mous", "mois")


def arabizi_skeleton(word: str) -> str:
    """Maghrebi Arabic in Latin letters, reduced to what every spelling of a word shares.

    There is no standard spelling: "ydrabni", "yadrebni" and "idhrabni" are one word. Digits and digraphs
    become one sign; in words of five letters or more, inner vowels and doubles go; e is a, and o is u.
    """
    for spelling, sound in _ARABIZI_SOUNDS:
        word = word.replace(spelling, sound)
    word = word.replace("w", "u").translate(_VOWEL_PAIRS)
    if len(word) <= _SHORT_WORD:
        return word
    bones = _DOUBLE.sub(r"\1", _VOWELS.sub("", word))
    return bones if len(bones) >= _SHORT_WORD - 1 else word
