"""The one door to ruamel.yaml for files that people write: plain values that remember the line they stand on."""

from collections.abc import Hashable, Iterator
from functools import cached_property
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.constructor import SafeConstructor
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.nodes import MappingNode, SequenceNode
from ruamel.yaml.reader import ReaderError
from ruamel.yaml.resolver import VersionedResolver


class LinedMap(dict[Any, Any]):
    """A mapping. ``line``: where it starts, counted from 1. ``lines``: the line of each key."""

    def __init__(self, line: int = 1) -> None:
        super().__init__()
        self.line = line
        self.lines: dict[Hashable, int] = {}


class LinedList(list[Any]):
    """A list. ``lines``: the line of each item, counted from 1."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[int] = []


class NotYaml(Exception):
    """This is not YAML."""

    def __init__(self, line: int, what: str) -> None:
        super().__init__(f"line {line}: {what}")
        self.line, self.what = line, what


class _Constructor(SafeConstructor):
    """Values as in safe YAML, with the lines that the parser knew. It parses in C where libyaml is there."""

    def construct_lined_map(self, node: MappingNode) -> Iterator[LinedMap]:
        built = LinedMap(node.start_mark.line + 1)
        yield built
        built.update(self.construct_mapping(node, deep=True))
        for key, _ in node.value:
            built.lines[self.construct_object(key, deep=True)] = key.start_mark.line + 1

    def construct_lined_list(self, node: SequenceNode) -> Iterator[LinedList]:
        built = LinedList()
        yield built
        built.extend(self.construct_sequence(node, deep=True))
        built.lines.extend(item.start_mark.line + 1 for item in node.value)


_Constructor.add_constructor("tag:yaml.org,2002:map", _Constructor.construct_lined_map)
_Constructor.add_constructor("tag:yaml.org,2002:seq", _Constructor.construct_lined_list)


class _Resolver(VersionedResolver):
    """What a plain word is (a number, a date, a text) by the rules of YAML's version, which are looked up once a
    document: ruamel looks them up twice a word, and there are tens of thousands to read at a start."""

    @cached_property
    def versioned_resolver(self) -> Any:  # noqa: ANN401 - ruamel's own
        return super().versioned_resolver


def load(text: str) -> object:
    """The document: LinedMap, LinedList, or a plain value; a key that comes twice is refused. Raises NotYaml."""
    yaml: Any = YAML(typ="safe")
    yaml.Constructor = _Constructor
    yaml.Resolver = _Resolver
    yaml.allow_duplicate_keys = False
    try:
        return yaml.load(text)
    except MarkedYAMLError as cause:
        mark = cause.problem_mark or cause.context_mark
        raise NotYaml(mark.line + 1 if mark else 1, str(cause.problem or cause.context)) from cause
    except ReaderError as cause:
        raise NotYaml(text.count("\n", 0, cause.position) + 1, str(cause.reason)) from cause
