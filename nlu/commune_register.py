"""The register of communes: read once from nlu/lookups, found by code, by name, by place."""

import csv
import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from itertools import islice
from operator import itemgetter
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from nlu.arrondissements import city_of
from nlu.commune import TERRITORIES, Commune, km_from, weight
from nlu.commune_names import WELL_KNOWN, in_full, keys, sound, ways_to_say
from nlu.errors import NluError
from nlu.normalise import fold, words

_NEAR_KM = 30.0  # farther than this from every town hall is not in France
_TOWN_HERE = 1_500  # inhabitants: above this a misspelt name is looked for in the four territories
_COLUMNS = ("insee", "name", "postcodes", "departement", "population", "lat", "lon", "former_names")


class GazetteerFileInvalid(NluError):
    """A file of communes cannot be read."""


class Register:
    """All communes, about 35 000.

    ``insee``: by code. ``names``, ``postcodes``: those that bear it, the greatest first. ``other_scripts``: by
    folded name. ``misspelt``, ``misspelt_here``: first letter -> name -> name without blanks, of those that are
    looked for misspelt, in France and in the four territories. ``sounds``: how a name sounds -> name. ``ordinary``:
    names that are words too.
    """

    def __init__(self, directory: Path) -> None:
        """Raises GazetteerFileInvalid when a file is missing or a line cannot be read."""
        self.insee: dict[str, Commune] = {}
        self.names: dict[str, list[Commune]] = defaultdict(list)
        self.postcodes: dict[str, list[Commune]] = defaultdict(list)
        self.other_scripts: dict[str, Commune] = {}
        self.misspelt: dict[str, dict[str, str]] = defaultdict(dict)
        self.misspelt_here: dict[str, dict[str, str]] = defaultdict(dict)
        self.sounds: dict[str, str] = {}
        self.ordinary = frozenset(
            fold(line) for line in _lines(directory / "ordinary.txt") if line and not line.startswith("#")
        )
        self._read_communes(directory / "communes.csv")
        for path in sorted(directory.glob("communes_*.csv")):
            self._read_other_script(path)

    def by_insee(self, code: str) -> Commune | None:
        """The commune with that INSEE code ("69259"), or with that part ("69387"); None when there is none."""
        return self.insee.get(code) or self.insee.get(city_of(code))

    def nearest(self, lat: float, lon: float) -> Commune | None:
        """The commune whose town hall is nearest to that place (degrees); None beyond 30 km of any."""
        row, column = _square(lat, lon)
        squares = self._squares
        around = [
            commune
            for i in range(row - 1, row + 2)
            for j in range(column - 2, column + 3)
            for commune in squares.get((i, j), ())
        ]
        best = min(around, key=lambda c: km_from(lat, lon, c), default=None)
        return best if best is not None and km_from(lat, lon, best) <= _NEAR_KM else None

    @cached_property
    def _squares(self) -> Mapping[tuple[int, int], list[Commune]]:
        """The communes by where they are. Few people send where they are: made for the first who does."""
        squares: dict[tuple[int, int], list[Commune]] = defaultdict(list)
        for commune in self.insee.values():
            if commune.lat is not None and commune.lon is not None:
                squares[_square(commune.lat, commune.lon)].append(commune)
        return squares

    def namesake(self, named: Commune, coded: Commune) -> Commune | None:
        """The commune of the name of the one that has a postcode of the other."""
        shared = set(coded.postcodes)
        candidates = self.names.get(" ".join(in_full(words(named.name))), [])
        return next((c for c in candidates if shared & set(c.postcodes)), None)

    def _read_communes(self, path: Path) -> None:
        named: list[tuple[Commune, int]] = []  # how many names it has
        names: list[str] = []
        for line, (insee, own, postcodes, departement, population, lat, lon, others) in _values(path, _COLUMNS):
            try:
                at = _degrees(lat), _degrees(lon)
                commune = Commune(insee, own, tuple(postcodes.split()), departement, int(population), *at)
            except ValueError as e:
                raise GazetteerFileInvalid(f"{path.name}, line {line}: not a commune ({e})") from e
            former = [name for name in others.split("|") if name]
            self.insee[insee] = commune
            named.append((commune, 1 + len(former)))
            names += (own, *former)
            for postcode in commune.postcodes:
                self.postcodes[postcode].append(commune)
        known = iter(keys(names))
        for commune, count in named:
            for way in ways_to_say(commune, *islice(known, count)):
                self.names[way].append(commune)
        for communes in (*self.names.values(), *self.postcodes.values()):
            if len(communes) > 1:
                communes.sort(key=weight, reverse=True)
        for name, communes in self.names.items():
            here = communes[0].departement in TERRITORIES
            large = communes[0].population >= (_TOWN_HERE if here else WELL_KNOWN)
            if len(name) >= 5 and name not in self.ordinary and large:
                self._add_misspelt(name, here)

    def _add_misspelt(self, name: str, here: bool) -> None:
        joined = name.replace(" ", "")
        self.misspelt[name[0]][name] = joined
        if here:
            self.misspelt_here[name[0]][name] = joined
        heard = sound(joined)
        rival = self.sounds.get(heard)
        if rival is None or weight(self.names[rival][0]) < weight(self.names[name][0]):
            self.sounds[heard] = name

    def _read_other_script(self, path: Path) -> None:
        for line, row in _rows(path):
            commune = self.insee.get(row.get("insee") or "")
            names = [" ".join(words(name)) for name in (row.get("names") or "").split("|")]
            if commune is None or not all(names):
                raise GazetteerFileInvalid(f"{path.name}, line {line}: unknown INSEE code or empty name")
            self.other_scripts.update(dict.fromkeys(names, commune))


def _square(lat: float, lon: float) -> tuple[int, int]:
    return math.floor(lat / 0.3), math.floor(lon / 0.3)  # about 33 km by 23 km in France


def _degrees(text: str) -> float | None:
    return float(text) if text else None


def read_cues(path: Path) -> dict[str, frozenset[str]]:
    """The words that announce a place, join two, or stand around one: "before", "between", "around", folded.

    Raises GazetteerFileInvalid."""
    try:
        data: dict[str, str] = YAML(typ="safe").load("\n".join(_lines(path)))
        return {kind: frozenset(words(data[kind])) for kind in ("before", "between", "around")}
    except (YAMLError, KeyError, TypeError, AttributeError) as e:
        raise GazetteerFileInvalid(f"{path.name}: {e}") from e


def _rows(path: Path) -> list[tuple[int, dict[str, str]]]:
    return [(number, row) for number, row in enumerate(csv.DictReader(_lines(path)), start=2)]


def _values(path: Path, columns: Sequence[str]) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Each line's number and values in these columns: no dictionary a line, of tens of thousands."""
    lines = csv.reader(_lines(path))
    header = next(lines, [])
    if missing := set(columns).difference(header):
        raise GazetteerFileInvalid(f"{path.name}, line 1: no column {', '.join(sorted(missing))}")
    pick = itemgetter(*map(header.index, columns))
    for number, row in enumerate(lines, start=2):
        if len(row) < len(header):
            raise GazetteerFileInvalid(f"{path.name}, line {number}: {len(row)} values, not {len(header)}")
        yield number, pick(row)


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8").splitlines()
    except OSError as e:
        raise GazetteerFileInvalid(f"{path.name}: cannot be read") from e
