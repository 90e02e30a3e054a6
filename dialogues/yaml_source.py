"""Content files as plain values that remember their line, read strictly."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from dialogues.catalog import Place
from dialogues.errors import Problem
from dialogues.lined_yaml import LinedMap, NotYaml, load

Report = Callable[[Problem], None]


@dataclass(frozen=True)
class Node:
    """A mapping of a content file, read strictly: what is wrong is reported, what is left over is refused."""

    file: str
    values: LinedMap
    report: Report

    @property
    def place(self) -> Place:
        """Where the mapping starts."""
        return Place(self.file, self.values.line)

    def line_of(self, key: str) -> int:
        """The line of ``key``, or of the mapping when it is not there."""
        return self.values.lines.get(key, self.values.line)

    def problem(self, key: str, sentence: str) -> None:
        """Report ``sentence`` at the line of ``key``."""
        self.report(Problem(self.file, self.line_of(key), sentence))

    def only(self, allowed: Iterable[str]) -> None:
        """Report every key that is not one of ``allowed``."""
        known = sorted(allowed)
        for key in self.values:
            if key not in known:
                self.problem(str(key), f"unknown key « {key} »; known here: {', '.join(known)}")

    def text(self, key: str, default: str | None = None) -> str:
        """The text under ``key``; a missing one without ``default`` is reported."""
        value = self.values.get(key, default)
        if value is None:
            self.problem(key, f"« {key} » is missing")
            return ""
        if not isinstance(value, str):
            self.problem(key, f"« {key} » must be a text")
            return str(value)
        return value

    def flag(self, key: str) -> bool:
        """The boolean under ``key``, False when it is not there."""
        value = self.values.get(key, False)
        if not isinstance(value, bool):
            self.problem(key, f"« {key} » must be true or false")
        return bool(value)

    def day(self, key: str) -> date:
        """The date under ``key``."""
        value = self.values.get(key)
        if not isinstance(value, date):
            self.problem(key, f"« {key} » must be a date (2026-11-23)")
            return date(1970, 1, 1)
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """The list of texts under ``key``, empty when it is not there."""
        value = self.values.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            self.problem(key, f"« {key} » must be a list of texts")
            return ()
        return tuple(str(item) for item in value)

    def child(self, key: str) -> "Node":
        """The mapping under ``key``, empty (and reported) when it is not one."""
        value = self.values.get(key)
        if not isinstance(value, LinedMap):
            self.problem(key, f"« {key} » must be a mapping")
            return Node(self.file, LinedMap(self.line_of(key)), self.report)
        return Node(self.file, value, self.report)

    def children(self, key: str) -> Iterator["Node"]:
        """The mappings of the list under ``key``."""
        value = self.values.get(key, [])
        if not isinstance(value, list):
            self.problem(key, f"« {key} » must be a list")
            return
        for item in value:
            if isinstance(item, LinedMap):
                yield Node(self.file, item, self.report)
            else:
                self.problem(key, f"each item of « {key} » must be a mapping, not « {item} »")

    def named(self, key: str) -> Iterator[tuple[str, "Node"]]:
        """The mappings under the mapping ``key``, with their names."""
        inner = self.child(key)
        for name in inner.values:
            yield str(name), inner.child(str(name))


def read(files: Mapping[str, str], report: Report) -> Iterator[Node]:
    """Each content file's top mapping. ``files``: name -> text. What cannot be read is reported, not raised."""
    for name, text in sorted(files.items()):
        try:
            top = load(text)
        except NotYaml as cause:
            report(Problem(name, cause.line, f"not YAML: {cause.what}"))
            continue
        if not isinstance(top, LinedMap):
            report(Problem(name, 1, "the file must be a mapping"))
            continue
        yield Node(name, top, report)
