"""How a commune is called: its name in full, in short, and as it sounds."""

import re
from collections.abc import Iterable, Sequence
from functools import cache

from nlu.commune import TERRITORIES, Commune
from nlu.normalise import fold

WELL_KNOWN = 10_000  # inhabitants: above this a commune is known in the whole of France, in short or misspelt
_TOWN = 5_000  # inhabitants: above this a town of the four territories is known by the start of its name
_NOT_A_START = frozenset({"bourg", "pont", "portes", "chapelle", "la chapelle", "la tour", "saint", "sainte",
                          "le poire", "notre", "champ", "mont", "ville", "belleville"})  # fmt: skip
_SHORT_FORMS = {"st": "saint", "ste": "sainte", "sts": "saints", "snt": "saint"}
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")
_CUT = re.compile(r"[^a-z0-9\n]+")
_SHORT_FORM = re.compile(rf"\b({'|'.join(_SHORT_FORMS)})\b")
_ARTICLE = re.compile(r"^(le|la|les|l) ")
_TAIL = re.compile(r" (sur|en|les|le|la|l|d|de|du|et|sous|aux) .*$")


def in_full(words: Iterable[str]) -> list[str]:
    """The folded words of a name, "st" written out."""
    return [_SHORT_FORMS.get(word, word) for word in words]


def keys(names: Sequence[str]) -> list[str]:
    """Each name folded, its words in full between single blanks. All at once: there are tens of thousands."""
    bare_letter = cache(fold)
    plain = _BEYOND_ASCII.sub(lambda found: bare_letter(found[0]), "\n".join(names))
    bare = _CUT.sub(" ", fold(plain))
    return _SHORT_FORM.sub(lambda found: _SHORT_FORMS[found[0]], bare).split("\n")


def ways_to_say(commune: Commune, name: str, *former: str) -> set[str]:
    """The keys under which a commune is known: its name, its former names, and for a town its name in short.

    ``name``, ``former``: its names as ``keys`` gives them.
    """
    ways = {name, *former}
    if commune.departement in TERRITORIES or commune.population >= WELL_KNOWN:
        ways |= {short for way in ways if len(short := _ARTICLE.sub("", way)) >= 5 and " " in short}
    if commune.departement in TERRITORIES and commune.population >= _TOWN:
        head, rest = (name[:3], name[3:]) if name[:3] in {"la ", "le "} else ("", name)
        head, rest = (name[:4], name[4:]) if name.startswith("les ") else (head, rest)
        short = head + _TAIL.sub("", rest)
        if len(short) >= 5 and short not in _NOT_A_START:
            ways.add(short)
    return ways


# French spellings of one sound, in the order they are applied.
_SOUNDS = (
    (re.compile(r"sain(t|te|ts|tes)?(?=[^aeiouy]|$)"), "sin"), (re.compile(r"eau|au"), "o"),
    (re.compile("ph"), "f"), (re.compile(r"c(?=[eiy])"), "s"), (re.compile(r"qu|k|ch(?=r)"), "c"),
    (re.compile("y"), "i"), (re.compile("z"), "s"),
    (re.compile(r"(.)\1"), r"\1"), (re.compile(r"(?<=....)(es|ts|s|x|t|e)$"), ""), (re.compile(r"(?<=.)h"), ""),
)  # fmt: skip


def sound(joined: str) -> str:
    """Roughly how a name is said in French; two names with the same answer sound alike."""
    for pattern, written in _SOUNDS:
        joined = pattern.sub(written, joined)
    return joined
