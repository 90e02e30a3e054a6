"""Rows of a spreadsheet into entries. Every problem of the file is found before anything is said."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, time
from typing import Protocol, TypeVar

from bot.calendar import cells
from bot.calendar.columns import COLUMNS, NEEDED
from bot.calendar.entries import Entry, Kind, PlaceEntry, Status
from bot.calendar.recurrence import ever_falls, holiday
from dialogues.errors import Problem
from dialogues.snapshot import Commune

T = TypeVar("T")
_KINDS: Mapping[str, Kind] = {"": "permanence", "permanence": "permanence", "atelier": "workshop",
                              "workshop": "workshop"}  # fmt: skip
_STATUSES: Mapping[str, Status] = {"": "open", "ouvert": "open", "ouverte": "open", "open": "open",
                                   "annulé": "cancelled", "annulée": "cancelled", "cancelled": "cancelled",
                                   "complet": "full", "complète": "full", "full": "full"}  # fmt: skip
# What a person may ask for besides a place (nlu/lookups/words, wishes).
_WISHES: Mapping[str, str] = {
    "femme": "woman", "femmes": "woman", "conseillère": "woman", "woman": "woman", "women": "woman",
    "enfant": "children", "enfants": "children", "child": "children", "children": "children",
}
_LANGUAGE = re.compile(r"^[a-z]{2,3}$")
_NONE: tuple[str, ...] = ()
_LONGEST = 300  # characters in a cell of text: it has to fit a message
_SLOT_MINUTES = (5, 240)
_YEARS = (2000, 2100)  # of a first day: a rule is searched from there
MOST_PROBLEMS = 100    # then the rest of the file is not read: nobody corrects more at once


class Towns(Protocol):
    """Finds communes, by code or by name."""

    def by_insee(self, insee: str) -> Commune | None:
        """The commune with this code."""

    def named(self, name: str) -> Commune | None:
        """The commune a person means by this name, or None."""


class Bodies(Protocol):
    """Knows who is in which territory."""

    def has(self, territory: str, body: str) -> bool:
        """Whether this body is part of this territory's consortium."""


@dataclass(frozen=True, slots=True)
class Defaults:
    """What a file does not say: whose calendar it is."""

    territory: str = ""
    body: str = ""


@dataclass
class _Row:
    """One row being read; a cell that cannot be read leaves a problem and a stand-in."""

    file: str
    line: int
    values: Mapping[str, object]
    problems: list[Problem] = field(default_factory=list)

    def problem(self, column: str, sentence: str) -> None:
        name = COLUMNS[column][0]
        self.problems.append(Problem(self.file, self.line, f"column « {name} »: {sentence}"))

    def read(self, column: str, how: Callable[[object], T], otherwise: T) -> T:
        cell = self.values.get(column)
        try:
            if column in NEEDED and cells.plain(cell) == "":
                raise ValueError("is empty")
            return how(cell) if cells.plain(cell) != "" else otherwise
        except ValueError as e:
            self.problem(column, str(e))
            return otherwise

    def text(self, column: str) -> str:
        return self.read(column, _text, "")


def entries(
    file: str, rows: Iterable[tuple[int, Mapping[str, object]]], towns: Towns, bodies: Bodies, defaults: Defaults,
    problems: list[Problem],
) -> tuple[Entry, ...]:
    """The entries of these (row number, column key → cell), adding every problem to ``problems``."""
    found: list[Entry] = []
    seen: dict[str, int] = {}
    for line, values in rows:
        if len(problems) >= MOST_PROBLEMS:
            break
        row = _Row(file, line, values)
        entry = _entry(row, towns, bodies, defaults)
        problems += row.problems
        if entry is None:
            continue
        if entry.id in seen:
            problems.append(Problem(file, line, f"the same session as row {seen[entry.id]}"))
        seen.setdefault(entry.id, line)
        found.append(entry)
    return tuple(found)


def _entry(row: _Row, towns: Towns, bodies: Bodies, defaults: Defaults) -> Entry | None:
    place = _place(row, towns)
    first = row.read("first", _first, date.min)
    starts, ends = row.read("starts", cells.hour, None), row.read("ends", cells.hour, None)
    if starts and ends and starts >= ends:
        row.problem("ends", "it ends before it starts")
    territory = row.text("territory") or defaults.territory
    body = row.text("body") or defaults.body
    if not bodies.has(territory, body):
        row.problem("body", f"« {body} » is not a body of « {territory} »")
    capacity = row.read("capacity", lambda cell: cells.number(cell, 1, cells.HIGHEST_CAPACITY), 1)
    walk_in = row.read("walk_in", lambda cell: cells.number(cell, 0, cells.HIGHEST_CAPACITY), 0)
    if walk_in > capacity:
        row.problem("walk_in", f"{walk_in} seats are kept of {capacity}")
    slot = row.read("slot", lambda cell: cells.number(cell, *_SLOT_MINUTES), None)
    if slot and starts and ends and _minutes(ends) - _minutes(starts) < slot:
        row.problem("slot", f"no slot of {slot} minutes fits between {starts:%Hh%M} and {ends:%Hh%M}")
    languages = tuple(code.lower() for code in row.read("languages", cells.several, _NONE))
    for code in languages:
        if not _LANGUAGE.match(code):
            row.problem("languages", f"« {code} » is not a code such as fr, ar, ps")
    rule = row.read("rule", lambda cell: cells.rule(cell, first), None)
    given = row.text("id")
    if place is None or starts is None or ends is None or row.problems:
        return None
    entry = Entry(
        where=f"{row.file}:{row.line}", id=own_id(territory, body, given or _made(place, first, starts)),
        territory=territory, body=body,
        place=place, first=first, starts=starts, ends=ends, capacity=capacity, rule=rule,
        until=row.read("until", cells.day, None), without=row.read("without", cells.days, ()),
        holidays=row.read("holidays", cells.flag, False), walk_in=walk_in, slot=slot,
        team=row.text("team") or body, crew=row.read("crew", cells.several, _NONE), languages=languages,
        publics=row.read("publics", cells.several, _NONE), wishes=row.read("wishes", _wishes, _NONE),
        kind=row.read("kind", _among(_KINDS, ("permanence", "atelier")), "permanence"), title=row.text("title"),
        status=row.read("status", _among(_STATUSES, ("ouvert", "annulé", "complet")), "open"),
        sample=row.read("sample", cells.flag, False),
        replaces=_own_replaced(territory, body, row.read("replaces", _replaced, None)),
        part=row.read("part", lambda cell: cells.number(cell, 0, 24 * 60), None),
    )
    try:
        if not ever_falls(entry) and entry.status == "open":
            shut = rule is None and holiday(first) and first not in entry.without
            row.problem("rule" if rule else "first", f"{first:%d/%m/%Y} is a public holiday: write « oui » under "
                        "« jours fériés » when it is held that day" if shut
                        else "it never falls on a day that is not left out")
    except ValueError as e:
        row.problem("rule", str(e))
    return None if row.problems else entry


def _place(row: _Row, towns: Towns) -> PlaceEntry | None:
    def commune(cell: object) -> Commune:
        text = cells.plain(cell).removesuffix(".0")  # a code in a number's cell
        if re.fullmatch(r"\d{4}", text):
            text = text.zfill(5)  # a spreadsheet took its 0 away
        found = towns.by_insee(text) or towns.named(text)
        if found is None:
            raise ValueError(f"« {text} » is not a commune of France; write its name or its INSEE code")
        return found

    found = row.read("commune", commune, None)
    name = row.text("place")
    latitude = row.read("latitude", lambda cell: cells.degrees(cell, 90), None)
    longitude = row.read("longitude", lambda cell: cells.degrees(cell, 180), None)
    if (latitude is None) != (longitude is None):
        row.problem("longitude", "a position has a latitude and a longitude")
    if found is None or not name:
        return None
    return PlaceEntry(
        name, found.insee, found.name, row.text("address"), row.text("landmark"), latitude, longitude,
        row.text("transport"), row.text("accessibility"), row.read("photo", _link, ""),
        found.latitude, found.longitude, row.text("formerly"),
    )


def _minutes(hour: time) -> int:
    return hour.hour * 60 + hour.minute


def _wishes(cell: object) -> tuple[str, ...]:
    one = _among(_WISHES, ("femme", "enfants"))
    return tuple(dict.fromkeys(one(part) for part in cells.several(cell)))


def _first(cell: object) -> date:
    found = cells.day(cell)
    if not _YEARS[0] <= found.year <= _YEARS[1]:
        raise ValueError(f"« {found:%d/%m/%Y} » is not in the years {_YEARS[0]} to {_YEARS[1]}")
    return found


def _text(cell: object) -> str:
    text = " ".join(cells.plain(cell).split())
    if len(text) > _LONGEST:
        raise ValueError(f"is longer than {_LONGEST} characters")
    return text


def _link(cell: object) -> str:
    text = cells.plain(cell)
    if not re.fullmatch(r"https://\S{3,500}", text):
        raise ValueError(f"« {text[:60]} » is not an address that begins with https://")
    return text


def _among(known: Mapping[str, T], said: Iterable[str]) -> Callable[[object], T]:
    def read(cell: object) -> T:
        text = cells.plain(cell).casefold()
        if text not in known:
            raise ValueError(f"« {text} » is not one of {', '.join(said)}")
        return known[text]

    return read


def _replaced(cell: object) -> tuple[str, date]:
    name, _, moment = cells.plain(cell).rpartition(" ")
    if not name:
        raise ValueError("names a session and a day: « vnx-mardi 2026-12-08 »")
    return name, cells.day(moment)


def own_id(territory: str, body: str, name: str) -> str:
    """The id of a line: one that no other body's file can have."""
    prefix = f"{territory}:{body}:"
    return name if name.startswith(prefix) else prefix + name


def _own_replaced(territory: str, body: str, replaced: tuple[str, date] | None) -> tuple[str, date] | None:
    return (own_id(territory, body, replaced[0]), replaced[1]) if replaced else None


def made_id(entry: Entry) -> str:
    """The id of this line when its row has none of its own."""
    return own_id(entry.territory, entry.body, _made(entry.place, entry.first, entry.starts))


def _made(place: PlaceEntry, first: date, starts: time) -> str:
    """An id for a row without one: the same row gives the same id the next time the file comes."""
    words = re.sub(r"[^a-z0-9]+", "-", f"{place.commune} {place.name}".casefold()).strip("-")
    return f"{words[:60]}-{first.isoformat()}-{starts:%H%M}"
