"""Reads `lookups/words/*.yml`: yes and no, days, months, hours, numbers in each language."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from nlu.errors import NluError
from nlu.normalise import words

WORDS = Path(__file__).parent / "lookups" / "words"

_LISTS = {
    "yes": "yes", "no": "no", "defers": "defers", "wants": "wants", "more": "more", "lives_in": "lives_in",
    "in": "in",
    "day_units": "days", "week_units": "weeks",
    "later": "later", "next_week": "next_week", "before_weekday": "next",
    "before_day_number": "the", "before_choice": "choice", "beside_choice": "beside",
    "hour_words": "hour_word",
    "before_hour": "at", "afternoon": "afternoon", "morning": "morning", "half": "half", "quarter": "quarter",
    "ordinal_endings": "ending", "greetings": "greeting", "my_age": "my_age", "years": "years", "aged": "aged",
    "denies": "denies", "denies_back": "denies_back", "denies_not": "denies_not", "but": "but", "nor": "nor",
    "busy": "busy", "except": "except", "not_me": "not_me",
}  # fmt: skip
_BY_VALUE = {"days": "day", "numbers": "number", "ordinals": "ordinal", "hours": "hour", "periods": "period",
             "wishes": "wish", "publics": "public",
             "spot": "spot"}  # fmt: skip
_BY_PLACE = {"weekdays": (7, "weekday", 0), "months": (12, "month", 1)}


class AnswerWordsInvalid(NluError):
    """A file of words for days, hours and answers cannot be read."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What some words mean: `kind` (yes, no, day, weekday, month, number, ordinal, hour, in, at…) and `value`.

    The value of a weekday is 0 for Monday, of a month 1 for January, of a day its distance from today.
    """

    kind: str
    value: str
    language: str
    phrase: tuple[str, ...]


def read(directory: Path = WORDS) -> tuple[Meaning, ...]:
    """Every meaning of every language. Raises AnswerWordsInvalid naming the file and the part."""
    paths = sorted(directory.glob("*.yml"))
    if not paths:
        raise AnswerWordsInvalid(f"No .yml file in {directory.name}.")
    return tuple(meaning for path in paths for meaning in _file(path))


def _file(path: Path) -> Iterator[Meaning]:
    try:
        data = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    except (OSError, YAMLError) as e:
        raise AnswerWordsInvalid(f"{path.name}: {e}") from e
    if not isinstance(data, dict):
        raise AnswerWordsInvalid(f"{path.name}: must hold the parts listed in the README.")
    for part, listed in data.items():
        try:
            found = [(kind, value, text) for kind, value, text in _part(part, listed)]
        except (TypeError, ValueError, AttributeError) as e:
            raise AnswerWordsInvalid(f"{path.name}, {part}: {e}") from e
        for kind, value, text in found:
            phrase = words(str(text))
            if phrase:
                yield Meaning(kind, value, path.stem, phrase)


def _part(part: str, listed: object) -> Iterator[tuple[str, str, object]]:
    if part in _LISTS and isinstance(listed, list):
        yield from ((_LISTS[part], "", text) for text in listed)
    elif part in _BY_VALUE and isinstance(listed, Mapping):
        yield from ((_BY_VALUE[part], str(value), text) for value, texts in listed.items() for text in texts)
    elif part in _BY_PLACE and isinstance(listed, list):
        count, kind, first = _BY_PLACE[part]
        if len(listed) != count:
            raise ValueError(f"needs {count} lists, has {len(listed)}")
        yield from ((kind, str(place), text) for place, texts in enumerate(listed, first) for text in texts)
    else:
        raise ValueError("unknown part, or not a list where one is needed")
