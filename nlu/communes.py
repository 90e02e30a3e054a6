"""The communes of France: found in what a person writes, by place, or by code."""

import csv
import math
import re
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from rapidfuzz import fuzz, process
from rapidfuzz.distance import Levenshtein
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from nlu.arrondissements import city_of
from nlu.errors import NluError
from nlu.normalise import Token, fold, tokens, words

LOOKUPS = Path(__file__).parent / "lookups"
TERRITORIES = frozenset({"69", "26", "28", "44", "85"})  # Lyon, Drôme, Eure-et-Loir, Loire-Atlantique, Vendée

_SAINTS = frozenset({"saint", "sainte"})  # begins so many names that what follows may be any word
_MONEY = frozenset({"euro", "euros", "eur", "e", "balles", "dinars", "da", "dh", "اورو", "يورو", "دينار"})
_KM_PER_DEGREE = 111.195  # of a great circle, Earth radius 6 371 km
_NEAR_KM = 30.0  # farther than this from every town hall is not in France
_LONGEST = 6  # words in a name that is looked for
_TOWN_HERE = 1_500  # inhabitants: above this a misspelt name is looked for in the four territories
_WELL_KNOWN = 10_000  # inhabitants: above this a misspelt name is looked for outside the four territories
_ALIKE = 84.0  # rapidfuzz ratio (0-100) for a misspelling after "à", "in", "في", or alone in the message
_VERY_ALIKE = 88.0  # and anywhere else in a sentence
_SOUND_ALIKE = 95.0  # the score given to a name that only sounds the same ("venicieu")
_TOWN = 5_000  # inhabitants: above this a town of the four territories is known by the start of its name
_NOT_A_START = frozenset({"bourg", "pont", "portes", "chapelle", "la chapelle", "la tour", "saint", "sainte",
                          "le poire", "notre", "champ", "mont", "ville", "belleville"})  # fmt: skip
_SHORT_FORMS = {"st": "saint", "ste": "sainte", "sts": "saints", "snt": "saint"}
_ARABIC_PREFIXES = ("وب", "ول", "ب", "ف", "ل", "و")
_CASE_ENDING = 4  # letters a declined name may end with ("Лионом", "Վենիսյոյում")
_DECLINED_FROM = 4  # letters: shorter names are taken as they are listed
_MISSPELT_ELSEWHERE = 6  # letters: shorter names of other scripts must be spelt as they are listed


class GazetteerFileInvalid(NluError):
    """A file of communes cannot be read."""


@dataclass(frozen=True, slots=True)
class Commune:
    """One commune: INSEE code, official name, postcodes, département code, inhabitants, and its town hall's
    place in degrees (WGS 84), None where the source has none."""

    insee: str
    name: str
    postcodes: tuple[str, ...]
    departement: str
    population: int
    lat: float | None
    lon: float | None


@dataclass(frozen=True, slots=True)
class CommuneMatch:
    """A commune found in a message: `start` and `end` are character offsets, `score` is 0-100 (100: exact)."""

    commune: Commune
    start: int
    end: int
    score: float


class Gazetteer:
    """All communes, about 35 000, read once from `directory` (communes.csv, communes_<language>.csv for other
    scripts, ordinary.txt, place_words.yml).

    What counts as a commune in a sentence, so that an ordinary word is not taken for a place:

    - a known postcode of five digits, unless it is a sum ("30000 euros");
    - the exact name when it is all the message says ("Ay", "je suis à Rue", but not "je suis à la rue"), or has
      several words ("saint fons"), or five letters and more and is not an ordinary word (ordinary.txt), or
      follows a word that announces a place (à, de, in, في…) and is not an ordinary word;
    - a misspelt name of five letters and more that is no ordinary word, with as many words as the name or in
      one: after a word that announces a place or alone in the message, among the communes of 1 500 inhabitants
      and more in the four territories and 10 000 elsewhere; in the rest of a sentence only from eight letters,
      in the four territories.

    Several communes bear one name: those of the four territories come first, then the most inhabited.
    """

    def __init__(self, directory: Path = LOOKUPS) -> None:
        """Raises GazetteerFileInvalid when a file is missing or a line cannot be read."""
        self._insee: dict[str, Commune] = {}
        self._names: dict[str, list[Commune]] = defaultdict(list)
        self._postcodes: dict[str, list[Commune]] = defaultdict(list)
        self._other_scripts: dict[str, Commune] = {}
        # First letter -> name -> name without blanks: names looked for when misspelt, and those of the territories.
        self._misspelt: dict[str, dict[str, str]] = defaultdict(dict)
        self._misspelt_here: dict[str, dict[str, str]] = defaultdict(dict)
        self._sounds: dict[str, str] = {}  # how it sounds -> name
        self._squares: dict[tuple[int, int], list[Commune]] = defaultdict(list)
        self._ordinary = frozenset(
            fold(line) for line in _lines(directory / "ordinary.txt") if line and not line.startswith("#")
        )
        cues = _cues(directory / "place_words.yml")
        self._cues, self._joins, self._around = cues["before"], cues["between"], cues["around"]
        self._read_communes(directory / "communes.csv")
        for path in sorted(directory.glob("communes_*.csv")):
            self._read_other_script(path)

    def by_insee(self, code: str) -> Commune | None:
        """The commune with that INSEE code ("69259"), or with that part ("69387"); None when there is none."""
        return self._insee.get(code) or self._insee.get(city_of(code))

    def nearest(self, lat: float, lon: float) -> Commune | None:
        """The commune whose town hall is nearest to that place (degrees); None beyond 30 km of any."""
        row, column = _square(lat, lon)
        around = [
            commune
            for i in range(row - 1, row + 2)
            for j in range(column - 2, column + 3)
            for commune in self._squares.get((i, j), ())
        ]
        best = min(around, key=lambda c: _km(lat, lon, c), default=None)
        return best if best is not None and _km(lat, lon, best) <= _NEAR_KM else None

    def find(self, text: str) -> tuple[CommuneMatch, ...]:
        """The communes named in a message, in its order, each once; at most one for each stretch of text."""
        found = tokens(text)
        matches: list[CommuneMatch] = []
        place = 0
        while place < len(found):
            match, used = self._at(found, place, bool(matches))
            if match and match.commune.insee not in {m.commune.insee for m in matches}:
                matches.append(match)
            place += used
        return self._agree(matches)

    def _at(self, found: tuple[Token, ...], place: int, after_match: bool) -> tuple[CommuneMatch | None, int]:
        first = found[place]
        if first.norm.isdigit():
            follows = found[place + 1].norm if place + 1 < len(found) else ""
            communes = [] if follows in _MONEY else self._postcodes.get(first.norm, [])
            return (_match(communes[0], first, first, 100.0) if communes else None), 1
        before = found[place - 1].norm if place else ""
        announced = before in self._cues or (before in self._joins and after_match)
        for count in range(min(_LONGEST, len(found) - place), 0, -1):
            run = found[place : place + count]
            alone = self._alone(found, place, count)
            hit = self._exact(run, announced, alone, count == len(found)) or self._other_script(run)
            if hit:
                return _match(hit, run[0], run[-1], 100.0), count
        for count in range(min(4, len(found) - place), 0, -1):
            run = found[place : place + count]
            near = self._near(run, announced, self._alone(found, place, count))
            if near:
                return _match(near[0], run[0], run[-1], near[1]), count
        return None, 1

    def _alone(self, found: tuple[Token, ...], place: int, count: int) -> bool:
        """Whether the rest of the message is only small words around that name ("je suis à Ay")."""
        rest = [*found[:place], *found[place + count :]]
        return len(rest) <= 4 and all(token.norm in self._around or token.norm.isdigit() for token in rest)

    def _exact(self, run: tuple[Token, ...], announced: bool, alone: bool, bare: bool) -> Commune | None:
        name = _key([token.norm for token in run])
        communes = self._names.get(name)
        if not communes:
            return None
        if name in self._ordinary:
            return communes[0] if alone and len(name) > 1 and (announced or bare) else None
        if alone and len(name) > 1:
            return communes[0]
        if len(run) > 1:
            return communes[0] if len(name) >= 5 and run[-1].norm not in self._cues else None
        return communes[0] if len(name) >= 5 or (announced and len(name) >= 3) else None

    def _near(self, run: tuple[Token, ...], announced: bool, alone: bool) -> tuple[Commune, float] | None:
        parts = [_SHORT_FORMS.get(token.norm, token.norm) for token in run]
        if any(part.isdigit() for part in parts):
            return None
        if parts[0] not in _SAINTS and any(part in self._ordinary for part in parts):
            return None
        name = " ".join(parts)
        joined = name.replace(" ", "")
        lenient = announced or alone
        if len(joined) < 5 or (len(joined) < 8 and not lenient):
            return None
        same_sound = self._sounds.get(_sound(joined))
        if same_sound and (len(run) == 1 or name.count(" ") == same_sound.count(" ")):
            commune = self._names[same_sound][0]
            if lenient or commune.departement in TERRITORIES:
                return commune, _SOUND_ALIKE
        bucket = (self._misspelt if lenient else self._misspelt_here).get(joined[0], {})
        likely = process.extract(
            joined, bucket, scorer=fuzz.ratio, score_cutoff=_ALIKE if lenient else _VERY_ALIKE, limit=3
        )
        close = [
            (score, self._names[known][0])
            for plain, score, known in likely
            if (len(joined) > 6 or Levenshtein.distance(joined, plain) <= 1)
            and (len(run) == 1 or name.count(" ") == known.count(" "))
        ]
        if not close:
            return None
        score, commune = max(close, key=lambda pair: (pair[0], _weight(pair[1])))
        return commune, score

    def _other_script(self, run: tuple[Token, ...]) -> Commune | None:
        name = " ".join(token.norm for token in run)
        if name[0].isascii() or name in self._ordinary:
            return None
        prefixes = _ARABIC_PREFIXES if "ء" <= name[0] <= "ي" else ()
        for bare in (name, *(name[len(p) :] for p in prefixes if name.startswith(p))):
            if bare in self._other_scripts:
                return self._other_scripts[bare]
        if "ء" <= name[0] <= "ي":  # Arabic words are too close to each other for more
            return None
        for length in range(len(name) - 1, max(_DECLINED_FROM, len(name) - _CASE_ENDING) - 1, -1):
            if name[:length] in self._other_scripts:
                return self._other_scripts[name[:length]]
        if len(name) < _MISSPELT_ELSEWHERE:
            return None
        near = process.extractOne(name, self._other_scripts.keys(), scorer=fuzz.ratio, score_cutoff=_VERY_ALIKE)
        return self._other_scripts[near[0]] if near and near[0][0] == name[0] else None

    def _agree(self, matches: list[CommuneMatch]) -> tuple[CommuneMatch, ...]:
        """ "Lyon 69008" and "69200 Vénissieux" name one place; a postcode picks among communes of one name."""
        kept = list(matches)
        for code in matches:
            for name in matches:
                if code is name or code.end - code.start != 5 or code not in kept or name not in kept:
                    continue
                if abs(code.start - name.end) <= 2 or abs(name.start - code.end) <= 2:
                    same = self._namesake(name.commune, code.commune)
                    if same:
                        kept.remove(code)
                        kept[kept.index(name)] = CommuneMatch(same, name.start, name.end, name.score)
        return tuple(kept)

    def _namesake(self, named: Commune, coded: Commune) -> Commune | None:
        shared = set(coded.postcodes)
        candidates = self._names.get(_key(list(words(named.name))), [])
        return next((c for c in candidates if shared & set(c.postcodes)), None)

    def _read_communes(self, path: Path) -> None:
        for line, row in _rows(path):
            try:
                commune = Commune(
                    row["insee"], row["name"], tuple(row["postcodes"].split()), row["departement"],
                    int(row["population"]), _degrees(row["lat"]), _degrees(row["lon"]),
                )  # fmt: skip
                former = [name for name in row["former_names"].split("|") if name]
            except (KeyError, ValueError, AttributeError) as e:
                raise GazetteerFileInvalid(f"{path.name}, line {line}: not a commune ({e})") from e
            self._insee[commune.insee] = commune
            for name in _ways_to_say(commune, former):
                self._names[name].append(commune)
            for postcode in commune.postcodes:
                self._postcodes[postcode].append(commune)
            if commune.lat is not None and commune.lon is not None:
                self._squares[_square(commune.lat, commune.lon)].append(commune)
        for communes in (*self._names.values(), *self._postcodes.values()):
            communes.sort(key=_weight, reverse=True)
        for name, communes in self._names.items():
            here = communes[0].departement in TERRITORIES
            large = communes[0].population >= (_TOWN_HERE if here else _WELL_KNOWN)
            if len(name) >= 5 and name not in self._ordinary and large:
                self._add_misspelt(name, here)

    def _add_misspelt(self, name: str, here: bool) -> None:
        joined = name.replace(" ", "")
        self._misspelt[name[0]][name] = joined
        if here:
            self._misspelt_here[name[0]][name] = joined
        rival = self._sounds.get(_sound(joined))
        if rival is None or _weight(self._names[rival][0]) < _weight(self._names[name][0]):
            self._sounds[_sound(joined)] = name

    def _read_other_script(self, path: Path) -> None:
        for line, row in _rows(path):
            commune = self._insee.get(row.get("insee") or "")
            names = [" ".join(words(name)) for name in (row.get("names") or "").split("|")]
            if commune is None or not all(names):
                raise GazetteerFileInvalid(f"{path.name}, line {line}: unknown INSEE code or empty name")
            self._other_scripts.update(dict.fromkeys(names, commune))


def distance_km(a: Commune, b: Commune) -> float | None:
    """Kilometres as the crow flies between two town halls (haversine); None when one's place is unknown."""
    if a.lat is None or a.lon is None or b.lat is None:
        return None
    return _km(a.lat, a.lon, b)


def _km(lat: float, lon: float, commune: Commune) -> float:
    if commune.lat is None or commune.lon is None:
        return math.inf
    p, q = math.radians(lat), math.radians(commune.lat)
    h = math.sin((q - p) / 2) ** 2
    h += math.cos(p) * math.cos(q) * math.sin(math.radians(commune.lon - lon) / 2) ** 2
    return math.degrees(2 * math.asin(math.sqrt(h))) * _KM_PER_DEGREE


def _square(lat: float, lon: float) -> tuple[int, int]:
    return math.floor(lat / 0.3), math.floor(lon / 0.3)  # about 33 km by 23 km in France


def _weight(commune: Commune) -> tuple[bool, int]:
    return commune.departement in TERRITORIES, commune.population


def _key(parts: list[str]) -> str:
    return " ".join(_SHORT_FORMS.get(part, part) for part in parts)


_CUT = re.compile(r"[^a-z0-9]+")
_ARTICLE = re.compile(r"^(le|la|les|l) ")
_TAIL = re.compile(r" (sur|en|les|le|la|l|d|de|du|et|sous|aux) .*$")


def _ways_to_say(commune: Commune, former: list[str]) -> set[str]:
    """The keys under which a commune is known: its name, its former names, and for a town its name in short."""
    ways = {_key(_CUT.split(fold(name))) for name in (commune.name, *former)}
    if commune.departement in TERRITORIES or commune.population >= _WELL_KNOWN:
        ways |= {short for way in ways if len(short := _ARTICLE.sub("", way)) >= 5 and " " in short}
    if commune.departement in TERRITORIES and commune.population >= _TOWN:
        name = _key(_CUT.split(fold(commune.name)))
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


def _sound(joined: str) -> str:
    """Roughly how a name is said in French; two names with the same answer sound alike."""
    for pattern, written in _SOUNDS:
        joined = pattern.sub(written, joined)
    return joined


def _match(commune: Commune, first: Token, last: Token, score: float) -> CommuneMatch:
    return CommuneMatch(commune, first.start, last.end, score)


def _degrees(text: str) -> float | None:
    return float(text) if text else None


def _cues(path: Path) -> dict[str, frozenset[str]]:
    try:
        data: dict[str, str] = YAML(typ="safe").load("\n".join(_lines(path)))
        return {kind: frozenset(words(data[kind])) for kind in ("before", "between", "around")}
    except (YAMLError, KeyError, TypeError, AttributeError) as e:
        raise GazetteerFileInvalid(f"{path.name}: {e}") from e


def _rows(path: Path) -> list[tuple[int, dict[str, str]]]:
    return [(number, row) for number, row in enumerate(csv.DictReader(_lines(path)), start=2)]


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8").splitlines()
    except OSError as e:
        raise GazetteerFileInvalid(f"{path.name}: cannot be read") from e
