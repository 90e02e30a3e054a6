"""Which places of a file are places of the calendar that is there, though their name was corrected.

They keep their id, and with it the address of their feed and what was held there.
"""

import hashlib
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher

from bot.calendar.columns import header
from bot.calendar.entries import Entry
from bot.calendar.layout import place_of
from bot.store.calendar_desk import CalendarDesk
from bot.store.values import CalendarSession, Place
from dialogues.errors import Problem

SAME_SPOT_KM, ELSEWHERE_KM = 0.03, 0.3  # a pin put right; too far for one door
_KM_A_DEGREE = 111.2
# So alike, two names may be one that was misspelt: then it is asked. « Salle A » and « Salle B » are 86 % alike.
ALIKE = 0.85
_ANOTHER = {"non", "no", "nouveau", "new"}
Key = tuple[str, str, str, str]


@dataclass(frozen=True, slots=True)
class Known:
    """Places of the file that have another name in the calendar: id in the file → the place as it is known.

    ``told``: known ids of those whose new name people would not recognise: who has a seat there hears it.
    """

    places: Mapping[str, Place] = field(default_factory=dict)
    told: frozenset[str] = frozenset()

    def name_of(self, entry: Entry) -> tuple[str, str]:
        """Commune and name that the place of this entry has in the calendar."""
        place = self.places.get(place_of(entry).id) or entry.place
        return place.commune, place.name


def key_of(place: Place) -> Key:
    """What a place is found by: one name in one commune is one place of a body."""
    return place.territory, place.body, place.commune, place.name


def recognise_places(
    entries: Sequence[Entry], known: Sequence[Place], in_use: frozenset[str], *, ask: bool, problems: list[Problem],
) -> Known:
    """The places of these entries that are known under another name. What cannot be told goes to ``problems``.

    The column « ancien nom » says it; else the name is the same but for accents, capitals and marks; else the
    address, or the position, is the same. ``ask``: whether a name that is only alike is asked about; ``in_use``:
    ids of places where something is to come.
    """
    named = {key_of(place) for place in known}
    new: dict[str, tuple[Place, Entry]] = {}
    for entry in entries:
        place = place_of(entry)
        if key_of(place) not in named:
            _, before = new.get(place.id, (place, entry))
            new[place.id] = (place, before if before.place.formerly else entry)
    kept = {key_of(place_of(entry)) for entry in entries}
    free = [place for place in known if key_of(place) not in kept]
    claims: dict[str, list[Place]] = {}
    for place_id, (place, entry) in new.items():
        pair = [old for old in free if _of_one_body(old, place)]
        said = header(entry.place.formerly)
        if said in _ANOTHER:
            continue
        if said:
            claims[place_id] = [old for old in pair if header(old.name) == said]
            if not claims[place_id] and any(_of_one_body(old, place) for old in known):
                said = f"« {entry.place.formerly} » is no place that this file leaves out"
                problems.append(_problem(entry, said))
            continue
        spelt = [old for old in pair if old.commune == place.commune and _fold(old.name) == _fold(place.name)]
        claims[place_id] = spelt or [old for old in pair if _same_spot(old, place)]
        asked = [old for old in pair if old.id in in_use and _alike(old, place)] if ask else []
        if not claims[place_id] and asked:
            problems.append(_problem(entry, _question(place, asked)))
    wanted = [old.id for olds in claims.values() for old in olds]
    for place_id, olds in claims.items():
        if len(olds) > 1 or any(wanted.count(old.id) > 1 for old in olds):
            problems.append(_problem(new[place_id][1], _question(new[place_id][0], olds)))
    found = {place_id: olds[0] for place_id, olds in claims.items() if olds}
    told = {old.id for place_id, old in found.items()
            if not (new[place_id][1].place.formerly or _close(old.name, new[place_id][0].name))}
    return Known(found, frozenset(told))


async def at_known_places(
    desk: CalendarDesk, places: Iterable[Place], sessions: Iterable[CalendarSession], renamed: Known | None = None,
) -> tuple[tuple[Place, ...], tuple[CalendarSession, ...]]:
    """The same, at the places known already: they keep their id. ``renamed``: those known under another name."""
    found = tuple(places)
    there = [place for territory in sorted({place.territory for place in found})
             for place in await desk.places(territory, None)]
    known = {key_of(place): place.id for place in there}
    taken = {place.id for place in there}
    others = renamed.places if renamed else {}
    ids = {place.id: others[place.id].id if place.id in others else known.get(key_of(place)) or _free(place, taken)
           for place in found}
    return (tuple(replace(place, id=ids[place.id]) for place in found),
            tuple(replace(session, place_id=ids[session.place_id]) for session in sessions))


def _free(place: Place, taken: set[str]) -> str:
    """An id for a new place: the name it is made of may have been that of one that has another name now."""
    made = place.id
    while made in taken:
        made = hashlib.sha256(made.encode()).hexdigest()[:16]
    return made


def _of_one_body(old: Place, place: Place) -> bool:
    return (old.territory, old.body, old.sample) == (place.territory, place.body, place.sample)


def _fold(name: str) -> str:
    return " ".join(re.findall(r"\w+", header(name)))


def _close(one: str, other: str) -> bool:
    """One name, or one that is misspelt: but with the same numbers and the same letters that stand alone."""
    first, second = _fold(one), _fold(other)
    marks = [sorted(word for word in text.split() if word.isdigit() or len(word) == 1) for text in (first, second)]
    return marks[0] == marks[1] and SequenceMatcher(None, first, second).ratio() >= ALIKE


def _alike(old: Place, place: Place) -> bool:
    """Whether a name that is new may be this one misspelt; not when they are said to be somewhere else."""
    elsewhere = bool(old.address and place.address and _fold(old.address) != _fold(place.address))
    apart = _apart(old, place)
    return (old.commune == place.commune and _close(old.name, place.name) and not elsewhere
            and not (apart is not None and apart > ELSEWHERE_KM))


def _same_spot(old: Place, place: Place) -> bool:
    apart = _apart(old, place)
    if apart is not None and (apart <= SAME_SPOT_KM or apart > ELSEWHERE_KM):
        return apart <= SAME_SPOT_KM
    return bool(place.address) and _fold(old.address) == _fold(place.address) and (
        old.commune == place.commune or _fold(old.name) == _fold(place.name))


def _apart(old: Place, place: Place) -> float | None:
    """Kilometres between them, None when a position is not known."""
    if old.latitude is None or old.longitude is None or place.latitude is None or place.longitude is None:
        return None
    squeeze = math.cos(math.radians(place.latitude))
    return _KM_A_DEGREE * math.hypot(old.latitude - place.latitude, (old.longitude - place.longitude) * squeeze)


def _question(place: Place, olds: Sequence[Place]) -> str:
    names = " or ".join(f"« {old.name} »" for old in olds)
    return (f"is « {place.name} » the place that was called {names}? Write that name here, or « non » for another "
            "place")


def _problem(entry: Entry, sentence: str) -> Problem:
    file, _, row = entry.where.rpartition(":")
    return Problem(file, int(row), f"column « ancien nom du lieu »: {sentence}")
