"""Reads `lookups/varieties.yml`: the words that give a way of writing, or a wished language, away."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from nlu.errors import NluError
from nlu.normalise import arabizi_skeleton, words

_BONES = 4  # consonants a skeleton needs to prove anything
_FILE = Path(__file__).parent / "lookups" / "varieties.yml"


class VarietiesInvalid(NluError):
    """The list of words that tell varieties apart cannot be read."""


@dataclass(frozen=True, slots=True)
class VarietyWords:
    """All folded.

    `arabizi_skeletons` are the longer arabizi words by `arabizi_skeleton`; `greetings` and `language_names` go
    from words to the code of a language, `small_words` from a code to words.
    """

    arabizi: frozenset[str]
    arabizi_beside: frozenset[str]
    arabizi_skeletons: frozenset[str]
    ary: frozenset[str]
    fr_sms: frozenset[str]
    not_arabizi: frozenset[str]
    greetings: Mapping[str, str]
    language_names: Mapping[str, str]
    not_asking: frozenset[str]
    small_words: Mapping[str, frozenset[str]]


@cache
def variety_words() -> VarietyWords:
    """The file's words, read at the first call. Raises VarietiesInvalid."""
    try:
        data: Any = YAML(typ="safe").load(_FILE.read_text(encoding="utf-8"))
        return VarietyWords(
            arabizi=frozenset(words(data["arabizi"], mixed=True)),
            arabizi_beside=frozenset(words(data["arabizi_beside"], mixed=True)),
            arabizi_skeletons=frozenset(
                bone
                for word in words(data["arabizi"], mixed=True)
                if len(bone := arabizi_skeleton(word)) >= _BONES
            ),
            ary=frozenset(words(data["ary"])),
            fr_sms=frozenset(words(data["fr-sms"], mixed=True)),
            not_arabizi=frozenset(words(data["not_arabizi"], mixed=True)),
            greetings=_by_name(data["greetings"]),
            language_names=_by_name(data["language_names"]),
            not_asking=frozenset(" ".join(words(phrase)) for phrase in data["not_asking"]),
            small_words={code: frozenset(words(listed)) for code, listed in data["small_words"].items()},
        )
    except (OSError, YAMLError, KeyError, TypeError, AttributeError) as e:
        raise VarietiesInvalid(f"{_FILE.name}: {e}") from e


def _by_name(listed: Mapping[str, list[str]]) -> dict[str, str]:
    return {" ".join(words(name)): code for code, names in listed.items() for name in names}
