"""Words not yet in any language: a key and what to put in it, rendered by the shell."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, TypeAlias


@dataclass(frozen=True, slots=True)
class Text:
    """A message key and its arguments; ``args`` values are rendered for the reader's language."""

    key: str
    args: Mapping[str, "Arg"] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Bullets:
    """Several texts, one a line, each behind a bullet."""

    items: tuple["Text | Quoted", ...]


@dataclass(frozen=True, slots=True)
class Quoted:
    """Words passed on as they are (a person's, a name, a place): never translated, isolated in RTL."""

    words: str


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment shown in Europe/Paris: the whole (day and hour), the day, or the hour alone."""

    at: datetime
    style: Literal["whole", "day", "hour"] = "whole"


Arg: TypeAlias = str | int | date | Text | Bullets | Quoted | Moment
