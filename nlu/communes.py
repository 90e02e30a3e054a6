"""The communes of France as people write them in a message."""

from dataclasses import dataclass
from pathlib import Path

from rapidfuzz import fuzz, process
from rapidfuzz.distance import Levenshtein

from nlu.commune import TERRITORIES, Commune, weight
from nlu.commune_names import in_full, sound
from nlu.commune_register import Register, read_cues
from nlu.normalise import Token, tokens

LOOKUPS = Path(__file__).parent / "lookups"

_SAINTS = frozenset({"saint", "sainte"})  # begins so many names that what follows may be any word
_MONEY = frozenset({"euro", "euros", "eur", "e", "balles", "dinars", "da", "dh", "اورو", "يورو", "دينار"})
_LONGEST = 6  # words in a name that is looked for
_ALIKE = 84.0  # rapidfuzz ratio (0-100) for a misspelling after "à", "in", "في", or alone in the message
_VERY_ALIKE = 88.0  # and anywhere else in a sentence
_SOUND_ALIKE = 95.0  # the score given to a name that only sounds the same ("venicieu")
_ARABIC_PREFIXES = ("وب", "ول", "ب", "ف", "ل", "و")
_CASE_ENDING = 4  # letters a declined name may end with ("Лионом", "Վենիսյոյում")
_DECLINED_FROM = 4  # letters: shorter names are taken as they are listed
_MISSPELT_ELSEWHERE = 6  # letters: shorter names of other scripts must be spelt as they are listed


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
        self._register = Register(directory)
        cues = read_cues(directory / "place_words.yml")
        self._cues, self._joins, self._around = cues["before"], cues["between"], cues["around"]

    def by_insee(self, code: str) -> Commune | None:
        """The commune with that INSEE code ("69259"), or with that part ("69387"); None when there is none."""
        return self._register.by_insee(code)

    def nearest(self, lat: float, lon: float) -> Commune | None:
        """The commune whose town hall is nearest to that place (degrees); None beyond 30 km of any."""
        return self._register.nearest(lat, lon)

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
            communes = [] if follows in _MONEY else self._register.postcodes.get(first.norm, [])
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
        name = " ".join(in_full(token.norm for token in run))
        communes = self._register.names.get(name)
        if not communes:
            return None
        if name in self._register.ordinary:
            return communes[0] if alone and len(name) > 1 and (announced or bare) else None
        if alone and len(name) > 1:
            return communes[0]
        if len(run) > 1:
            return communes[0] if len(name) >= 5 and run[-1].norm not in self._cues else None
        return communes[0] if len(name) >= 5 or (announced and len(name) >= 3) else None

    def _near(self, run: tuple[Token, ...], announced: bool, alone: bool) -> tuple[Commune, float] | None:
        parts = in_full(token.norm for token in run)
        if any(part.isdigit() for part in parts):
            return None
        if parts[0] not in _SAINTS and any(part in self._register.ordinary for part in parts):
            return None
        name = " ".join(parts)
        joined = name.replace(" ", "")
        lenient = announced or alone
        if len(joined) < 5 or (len(joined) < 8 and not lenient):
            return None
        same_sound = self._register.sounds.get(sound(joined))
        if same_sound and (len(run) == 1 or name.count(" ") == same_sound.count(" ")):
            commune = self._register.names[same_sound][0]
            if lenient or commune.departement in TERRITORIES:
                return commune, _SOUND_ALIKE
        bucket = (self._register.misspelt if lenient else self._register.misspelt_here).get(joined[0], {})
        likely = process.extract(
            joined, bucket, scorer=fuzz.ratio, score_cutoff=_ALIKE if lenient else _VERY_ALIKE, limit=3
        )
        close = [
            (score, self._register.names[known][0])
            for plain, score, known in likely
            if (len(joined) > 6 or Levenshtein.distance(joined, plain) <= 1)
            and (len(run) == 1 or name.count(" ") == known.count(" "))
        ]
        if not close:
            return None
        score, commune = max(close, key=lambda pair: (pair[0], weight(pair[1])))
        return commune, score

    def _other_script(self, run: tuple[Token, ...]) -> Commune | None:
        name = " ".join(token.norm for token in run)
        if name[0].isascii() or name in self._register.ordinary:
            return None
        listed = self._register.other_scripts
        prefixes = _ARABIC_PREFIXES if "ء" <= name[0] <= "ي" else ()
        for bare in (name, *(name[len(p) :] for p in prefixes if name.startswith(p))):
            if bare in listed:
                return listed[bare]
        if "ء" <= name[0] <= "ي":  # Arabic words are too close to each other for more
            return None
        for length in range(len(name) - 1, max(_DECLINED_FROM, len(name) - _CASE_ENDING) - 1, -1):
            if name[:length] in listed:
                return listed[name[:length]]
        if len(name) < _MISSPELT_ELSEWHERE:
            return None
        near = process.extractOne(name, listed.keys(), scorer=fuzz.ratio, score_cutoff=_VERY_ALIKE)
        return listed[near[0]] if near and near[0][0] == name[0] else None

    def _agree(self, matches: list[CommuneMatch]) -> tuple[CommuneMatch, ...]:
        """ "Lyon 69008" and "69200 Vénissieux" name one place; a postcode picks among communes of one name."""
        kept = list(matches)
        for code in matches:
            for name in matches:
                if code is name or code.end - code.start != 5 or code not in kept or name not in kept:
                    continue
                if abs(code.start - name.end) <= 2 or abs(name.start - code.end) <= 2:
                    same = self._register.namesake(name.commune, code.commune)
                    if same:
                        kept.remove(code)
                        kept[kept.index(name)] = CommuneMatch(same, name.start, name.end, name.score)
        return tuple(kept)


def _match(commune: Commune, first: Token, last: Token, score: float) -> CommuneMatch:
    return CommuneMatch(commune, first.start, last.end, score)
