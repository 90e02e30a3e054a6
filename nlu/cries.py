"""« SOS », « au secours », 🆘: a call for help that says nothing else. Whom to call is said before anything."""

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from ruamel.yaml import YAML

from nlu.normalise import words

_FILE = Path(__file__).parent / "lookups" / "cries.yml"
# The pictures that call: read as the first word of the list.
_PICTURES, _AS_WORD = ("🆘", "🚨"), " sos "
_LONGEST = 12  # words: whoever writes more says what about

Phrases = frozenset[tuple[str, ...]]


def cries(text: str) -> bool:
    """Whether the message is a call for help and nothing else, in any of the languages."""
    for picture in _PICTURES:
        text = text.replace(picture, _AS_WORD)
    said = words(text)
    calls, beside = _phrases()
    if not said or len(said) > _LONGEST:
        return False
    return _made_of(said, calls, beside, called=False)


def _made_of(said: tuple[str, ...], calls: Phrases, beside: Phrases, *, called: bool) -> bool:
    """Whether the words are these phrases one after another, a call among them."""
    if not said:
        return called
    for count in range(1, len(said) + 1):
        first, rest = said[:count], said[count:]
        if first in calls and _made_of(rest, calls, beside, called=True):
            return True
        if first in beside and _made_of(rest, calls, beside, called=called):
            return True
    return False


@cache
def _phrases() -> tuple[Phrases, Phrases]:
    read: Mapping[str, Mapping[str, list[str]]] = YAML(typ="safe").load(_FILE.read_text(encoding="utf-8"))
    return _folded(read["cries"].values()), _folded(read["with"].values())


def _folded(lists: Iterable[list[str]]) -> Phrases:
    return frozenset(words(text) for one in lists for text in one)
