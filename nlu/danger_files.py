"""Reads the emergency phrase files (`nlu/danger/*.yml`; the README beside them says how they are written)."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from dialogues.lined_yaml import LinedList, LinedMap, NotYaml, load
from nlu.errors import NluError
from nlu.normalise import arabizi_skeleton, words
from nlu.phrases import Phrase, parse

# The one order of urgency: when a message tells several, the first found here is answered.
EMERGENCIES = (
    "emergency_medical",
    "emergency_suicide",
    "emergency_violence",
    "emergency_child",
    "emergency_shelter",
)
_KEYS = {"variety", "compare", "groups", "respell", "not_typos", "emergencies", "elsewhere", "now"}


class DangerFileInvalid(NluError):
    """An emergency phrase file cannot be read."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One phrase of a file: its `parts` must all be in one sentence, in any order; each
    is written in one or more ways.

    `emergency` is None for a phrase that holds for all ("elsewhere", "now"); `skeleton` says it is compared
    by consonants (arabizi); `source` is the file, line and text, for whoever asks why.
    """

    kind: str  # says, unless, elsewhere, now
    emergency: str | None
    parts: tuple[tuple[Phrase, ...], ...]
    skeleton: bool
    source: str


@dataclass(frozen=True, slots=True)
class DangerFiles:
    """Everything the files say together."""

    rules: tuple[Rule, ...]
    # As typed, accents kept ("jé" is not "je"), small letters.
    respell: Mapping[str, tuple[str, ...]]
    not_typos: frozenset[str]


def read(directory: Path) -> DangerFiles:
    """Reads every .yml of the directory. Raises DangerFileInvalid naming the file, the line and what is wrong."""
    paths = sorted(directory.glob("*.yml"))
    if not paths:
        raise DangerFileInvalid(f"No .yml file in {directory.name}.")
    rules: list[Rule] = []
    respell: dict[str, tuple[str, ...]] = {}
    not_typos: set[str] = set()
    for path in paths:
        data = _yaml(path)
        skeleton = data.get("compare") == "consonants"
        # The words of a group are those of many phrases: each is cut once.
        fold = cache(_skeletons if skeleton else words)
        groups = {str(k): str(v) for k, v in _mapping(path, data, "groups").items()}
        for short, long in _mapping(path, data, "respell").items():
            respell[str(short).casefold()] = words(str(long))
        for listed in data.get("not_typos") or ():
            not_typos.update(words(str(listed)))
        for kind in ("elsewhere", "now"):
            rules += _rules(path, data, kind, None, groups, fold, skeleton)
        emergencies = _mapping(path, data, "emergencies")
        for emergency in emergencies:
            if emergency not in EMERGENCIES:
                raise DangerFileInvalid(f"{_where(path, emergencies, emergency)}: unknown {emergency!r}.")
            parts = _mapping(path, emergencies, emergency)
            for kind in parts:
                if kind not in {"says", "unless"}:
                    raise DangerFileInvalid(
                        f"{_where(path, parts, kind)}: {kind!r} is neither says nor unless."
                    )
                rules += _rules(path, parts, kind, emergency, groups, fold, skeleton)
    return DangerFiles(tuple(rules), respell, frozenset(not_typos))


def _skeletons(text: str) -> tuple[str, ...]:
    return tuple(arabizi_skeleton(word) for word in words(text, mixed=True))


def _yaml(path: Path) -> LinedMap:
    try:
        data = load(path.read_text(encoding="utf-8"))
    except OSError as e:
        raise DangerFileInvalid(f"{path.name} cannot be opened.") from e
    except NotYaml as e:
        raise DangerFileInvalid(f"{path.name}, line {e.line}: {e.what}.") from e
    if not isinstance(data, LinedMap) or "variety" not in data:
        raise DangerFileInvalid(f"{path.name}, line 1: must begin with `variety:`.")
    for key in data:
        if key not in _KEYS:
            raise DangerFileInvalid(f"{_where(path, data, key)}: {key!r} is not a known part.")
    return data


def _mapping(path: Path, data: LinedMap, key: str) -> LinedMap:
    part = data.get(key)
    if part is None:
        return LinedMap()
    if not isinstance(part, LinedMap):
        raise DangerFileInvalid(f"{_where(path, data, key)}: {key} must be a list of `name: value` lines.")
    return part


def _rules(
    path: Path,
    data: LinedMap,
    kind: str,
    emergency: str | None,
    groups: Mapping[str, str],
    fold: Callable[[str], tuple[str, ...]],
    skeleton: bool,
) -> Iterable[Rule]:
    lines = data.get(kind) or LinedList()
    if not isinstance(lines, LinedList):
        raise DangerFileInvalid(f"{_where(path, data, kind)}: {kind} must be a list of phrases.")
    for index, text in enumerate(lines):
        line = lines.lines[index]
        if not isinstance(text, str):
            raise DangerFileInvalid(f"{path.name}, line {line}: {text!r} is not a phrase; put it in quotes.")
        try:
            parts = tuple(parse(part, groups, fold) for part in text.split(" + "))
        except ValueError as e:
            raise DangerFileInvalid(f"{path.name}, line {line}: {e}.") from e
        yield Rule(kind, emergency, parts, skeleton, f"{path.name}, line {line}: {text}")


def _where(path: Path, data: LinedMap, key: object) -> str:
    return f"{path.name}, line {data.lines.get(key, data.line)}"
