"""The things a person names: a town, a day, an hour, a phone number, a choice, yes or no."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import phonenumbers
from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc
from spacy.vocab import Vocab

from dialogues.reading import Entity
from nlu.answer_words import WORDS, Meaning, read
from nlu.communes import Gazetteer
from nlu.normalise import Token, digits, tokens

_PARIS = ZoneInfo("Europe/Paris")
_ANSWER = 6  # words: a longer message is a story, "non" in it answers nothing
_CHOICES = 20  # a bare number up to this may be a choice
_OFFICE_HOURS = range(7, 22)  # an hour without "heures" or "am/pm" is believed only in these
# Of several things said about an appointment that is now, the one that matters most.
_SPOT = ("lost", "away", "here", "late")
# What may stand beside a number that chooses: "oui, 2", "2 svp", "le 2".
_BESIDE_CHOICE = frozenset({"beside", "yes", "the", "choice"})
_UNKNOWN = "·"  # stands for every word the files do not have, so that nothing a person writes is kept


@dataclass(frozen=True, slots=True)
class _Span:
    kind: str
    value: str
    start: int  # tokens
    end: int


class EntityExtractor:
    """Extracts entities; built once, about a second with a Gazetteer of all communes."""

    def __init__(self, gazetteer: Gazetteer, directory: Path = WORDS) -> None:
        """Raises AnswerWordsInvalid when a file of `directory` cannot be read."""
        self._gazetteer = gazetteer
        self._vocab = Vocab()
        self._known: set[str] = set()
        self._meanings: dict[int, list[Meaning]] = defaultdict(list)
        self._matcher: Any = PhraseMatcher(self._vocab)
        for meaning in read(directory):
            self._known.update(meaning.phrase)
            written = " ".join(meaning.phrase)
            key = self._vocab.strings.add(written)
            if key not in self._meanings:
                self._matcher.add(written, [Doc(self._vocab, words=list(meaning.phrase))])
            self._meanings[key].append(meaning)

    def extract(self, text: str, language: str | None, now: datetime) -> tuple[Entity, ...]:
        """The entities, kind by kind, in the order of the text. Digits of every script are read.

        `language` (a code, or None) settles what a word shared by two languages means; every language is
        tried. `now` is aware; days are those of Europe/Paris. A weekday is the next one, today included; a
        day and month that have passed are next year's.
        """
        text = digits(text)
        found = tokens(text)
        if not found:
            return ()
        today = now.astimezone(_PARIS).date()
        spans = self._spans(found, language)
        phones = list(_phones(text))
        taken = [(start, end) for _, start, end in phones]
        free = [s for s in spans if not _within(found[s.start].start, taken)]
        numbers = _numbers(found, free, taken)
        entities: list[Entity] = []
        for place in self._gazetteer.find(text):
            raw = text[place.start : place.end]
            if not _within(place.start, taken):
                entities.append(Entity("commune", place.commune.insee, raw))
        for token in found:
            if _postcode(token.norm) and not _within(token.start, taken):
                entities.append(Entity("postcode", token.norm, token.norm))
        days, used_by_days = _days(found, free, numbers, today)
        hours, used_by_hours = _hours(found, free, numbers, used_by_days)
        for name, spans_of_kind in (("day", days), ("hour", hours)):
            entities += [Entity(name, s.value, _raw(text, found, s)) for s in spans_of_kind]
        entities += [Entity("phone", number, text[a:b]) for number, a, b in phones]
        ordinal = _ordinal(found, free, numbers, used_by_days | used_by_hours)
        if ordinal:
            entities.append(Entity("ordinal", ordinal.value, _raw(text, found, ordinal)))
        for name in ("period", "wish"):
            said = next((s for s in free if s.kind == name and s.start not in used_by_hours), None)
            if said:
                entities.append(Entity(name, said.value, _raw(text, found, said)))
        on_the_spot = [s for s in free if s.kind == "spot"]
        if on_the_spot and not _elsewhere(found, on_the_spot):
            first = min(on_the_spot, key=lambda s: _SPOT.index(s.value))
            entities.append(Entity("spot", first.value, _raw(text, found, first)))
        answer = _yes_no(found, spans)
        if answer:
            entities.append(Entity("yes_no", answer.kind, _raw(text, found, answer)))
        return tuple(entities)

    def _spans(self, found: tuple[Token, ...], language: str | None) -> list[_Span]:
        mixed = [token.norm if token.norm in self._known else _UNKNOWN for token in found]
        doc = Doc(self._vocab, words=mixed)
        spans: list[_Span] = []
        for key, start, end in self._matcher(doc):
            meanings = self._meanings[key]
            own = [m for m in meanings if m.language == language]
            own = own or [m for m in meanings if not language or not _too_short_abroad(m)]
            for kind, value in dict.fromkeys((m.kind, m.value) for m in own):
                spans.append(_Span(kind, value, start, end))
        longest = [
            s
            for s in spans
            if not any(
                o.kind == s.kind and o.start <= s.start and s.end <= o.end and _longer(o, s) for o in spans
            )
        ]
        return sorted(longest, key=lambda s: (s.start, -(s.end - s.start)))


def _elsewhere(found: tuple[Token, ...], spans: list[_Span]) -> bool:
    """Whether the message is about a country, a year or a search, not about who waits in front of a truck."""
    years = (token.norm for token in found if len(token.norm) == 4 and token.norm.isdigit())
    return any("1960" <= year < "2030" for year in years) or any(span.value == "elsewhere" for span in spans)


def _too_short_abroad(meaning: Meaning) -> bool:
    """Whether a word is too short to be believed in a message of another language ("la" is no in Arabic only).

    "oui", "non", "ok", "no" are said in every language.
    """
    word = meaning.phrase[0]
    if meaning.kind in {"yes", "no"} and meaning.language in {"fr", "en"} and len(word) > 1:
        return False
    return len(meaning.phrase) == 1 and len(word) <= 3 and word.isascii()


def _longer(one: _Span, other: _Span) -> bool:
    return one.end - one.start > other.end - other.start


def _within(place: int, taken: list[tuple[int, int]]) -> bool:
    return any(start <= place < end for start, end in taken)


def _postcode(word: str) -> bool:
    return len(word) == 5 and word.isdigit() and "01" <= word[:2] <= "98"


def _raw(text: str, found: tuple[Token, ...], span: _Span) -> str:
    return text[found[span.start].start : found[span.end - 1].end]


def _phones(text: str) -> Iterator[tuple[str, int, int]]:
    for match in phonenumbers.PhoneNumberMatcher(text, "FR"):
        number = phonenumbers.format_number(match.number, phonenumbers.PhoneNumberFormat.E164)
        yield number, match.start, match.end


def _numbers(
    found: tuple[Token, ...], spans: list[_Span], taken: list[tuple[int, int]]
) -> dict[int, tuple[int, int]]:
    """Token place -> (number, place after it), in digits or words."""
    numbers = {s.start: (int(s.value), s.end) for s in reversed(spans) if s.kind == "number"}
    for place, token in enumerate(found):
        if token.norm.isdigit() and len(token.norm) <= 4 and not _within(token.start, taken):
            numbers[place] = (int(token.norm), place + 1)
    return numbers


def _of(spans: list[_Span], *kinds: str) -> dict[int, _Span]:
    """Token place -> the longest span of these kinds that starts there."""
    return {s.start: s for s in reversed(spans) if s.kind in kinds}


def _days(
    found: tuple[Token, ...], spans: list[_Span], numbers: dict[int, tuple[int, int]], today: date
) -> tuple[list[_Span], set[int]]:
    by_date = list(_dated(found, spans, numbers, today))
    used = {i for s in by_date for i in range(s.start, s.end)}
    later = [s for s in _relative(spans, numbers, today) if not used & set(range(s.start, s.end))]
    days: dict[str, _Span] = {}
    # "jeudi 12 décembre" is one day: a weekday touching a date says nothing more.
    for span in [*by_date, *(s for s in later if not _touches(s, by_date))]:
        days.setdefault(span.value, span)
    kept = sorted(days.values(), key=lambda s: s.start)
    return kept, {i for s in [*by_date, *later] for i in range(s.start, s.end)}


def _touches(span: _Span, others: list[_Span]) -> bool:
    return any(0 <= other.start - span.end <= 1 or 0 <= span.start - other.end <= 1 for other in others)


def _dated(
    found: tuple[Token, ...], spans: list[_Span], numbers: dict[int, tuple[int, int]], today: date
) -> Iterator[_Span]:
    """ "12 décembre", "1er mai 2027", "december 12", "12/12", "12-12-2026", "le 12"."""
    months = _of(spans, "month")
    endings = {s.start for s in spans if s.kind == "ending"}
    the = {s.end for s in spans if s.kind == "the"}
    for place, (number, after) in numbers.items():
        follow = after + 1 if after in endings else after
        month = months.get(follow) or (months.get(follow + 1) if follow < len(found) else None)
        if month and 1 <= number <= 31:
            year = numbers.get(month.end)
            yield from _date(number, int(month.value), year[0] if year else None, today, place,
                             year[1] if year and year[0] > 31 else month.end)  # fmt: skip
        elif place and months.get(place - 1) and 1 <= number <= 31 and place - 2 not in numbers:
            yield from _date(number, int(months[place - 1].value), None, today, place - 1, after)
        elif after in numbers and _joined(found, place) and 1 <= number <= 31:
            second, end = numbers[after]
            year = numbers.get(end) if end < len(found) and _joined(found, after) else None
            yield from _date(
                number, second, year[0] if year else None, today, place, year[1] if year else end
            )
        elif (
            place in the
            and 1 <= number <= 31
            and follow == after
            and not _counts_something(found, spans, after)
        ):
            yield from _next_numbered(number, today, place, after)


def _joined(found: tuple[Token, ...], place: int) -> bool:
    """Whether a token and the next stand one character apart, as in 12/12."""
    return (
        place + 1 < len(found)
        and found[place + 1].start - found[place].end == 1
        and (found[place].norm.isdigit() and found[place + 1].norm.isdigit())
    )


def _counts_something(found: tuple[Token, ...], spans: list[_Span], place: int) -> bool:
    """Whether a number is followed by a word it counts ("les 12 heures", "le 2 rue…")."""
    return place < len(found) and not any(
        s.start == place and s.kind in {"at", "month", "afternoon", "morning", "yes", "in"} for s in spans
    )


def _date(day: int, month: int, year: int | None, today: date, start: int, end: int) -> Iterator[_Span]:
    if year is not None and year < 100:
        year += 2000
    try:
        found = date(year or today.year, month, day)
        if year is None and found < today:
            found = date(today.year + 1, month, day)
    except ValueError:  # the 31st of a month of 30, or not a date at all
        return
    yield _Span("day", found.isoformat(), start, end)


def _next_numbered(number: int, today: date, start: int, end: int) -> Iterator[_Span]:
    for ahead in range(62):
        day = today + timedelta(days=ahead)
        if day.day == number:
            yield _Span("day", day.isoformat(), start, end)
            return


def _relative(spans: list[_Span], numbers: dict[int, tuple[int, int]], today: date) -> Iterator[_Span]:
    """ "demain", "jeudi", "jeudi en huit", "haftaya perşembe", "dans trois jours", "üç gün sonra"."""
    next_week = _of(spans, "next_week")
    units = _of(spans, "days", "weeks")
    later, before = _of(spans, "later"), {s.end: s for s in spans if s.kind == "next"}
    # "de azi într-o săptămână": the day the counting starts from is not the day meant.
    counting = [s for s in spans if s.kind == "in"]
    for span in spans:
        if span.kind == "day" and not any(c.start <= span.start and span.end <= c.end for c in counting):
            yield _Span("day", (today + timedelta(days=int(span.value))).isoformat(), span.start, span.end)
        elif span.kind == "weekday":
            ahead = (int(span.value) - today.weekday()) % 7
            after, earlier = next_week.get(span.end), before.get(span.start)
            ahead += 7 if after or earlier else 0
            start, end = earlier.start if earlier else span.start, after.end if after else span.end
            yield _Span("day", (today + timedelta(days=ahead)).isoformat(), start, end)
        elif span.kind == "in" and span.end in numbers:
            number, end = numbers[span.end]
            yield from _counted(number, units.get(end), today, span.start)
        elif span.kind == "in" and span.end in units and units[span.end].kind == "weeks":
            yield from _counted(1, units[span.end], today, span.start)
    for start, (number, end) in numbers.items():
        unit = units.get(end)
        if unit and unit.end in later and start not in {c.end for c in counting}:
            yield from _counted(number, unit, today, start)


def _counted(number: int, unit: _Span | None, today: date, start: int) -> Iterator[_Span]:
    if unit and number <= 90:
        days = number * (7 if unit.kind == "weeks" else 1)
        yield _Span("day", (today + timedelta(days=days)).isoformat(), start, unit.end)


def _hours(
    found: tuple[Token, ...], spans: list[_Span], numbers: dict[int, tuple[int, int]], used: set[int]
) -> tuple[list[_Span], set[int]]:
    """ "14h", "14h30", "14:30", "à 9 heures et demie", "2pm", "at 3", "الساعة الثالثة مساء", "midi"."""
    hour_words, parts = _of(spans, "hour_word"), _of(spans, "afternoon", "morning")
    halves = _of(spans, "half", "quarter")
    at = {s.end for s in spans if s.kind == "at"}
    ordinals = {s.start: (int(s.value), s.end) for s in spans if s.kind == "ordinal"}
    # "de l'après-midi" is not noon.
    in_parts = {i for part in parts.values() for i in range(part.start, part.end)}
    hours = [s for s in spans if s.kind == "hour" and s.start not in used | in_parts]
    for place, (hour, end) in {**{p: v for p, v in ordinals.items() if p in at}, **numbers}.items():
        if place in used or hour > 24:
            continue
        minute, named = 0, False
        if end in hour_words:
            end, named = hour_words[end].end, True
            if end in numbers and numbers[end][0] < 60 and found[end].norm.isdigit():
                minute, end = numbers[end]
        elif end in numbers and _clock(found, place) and numbers[end][0] < 60:
            (minute, end), named = numbers[end], True
        if end in halves:
            minute, end = (30 if halves[end].kind == "half" else 15), halves[end].end
            named = True
            if end not in parts and 0 < hour < _OFFICE_HOURS.start:  # nobody is seen at half past two at night
                hour += 12
        part = parts.get(end)
        if part:
            end, named = part.end, True
            if part.kind == "afternoon" and hour < 12:
                hour += 12
            elif part.kind == "morning" and hour == 12:
                hour = 0
        elif not named:
            if place not in at or _counts_something(found, spans, end):
                continue
            hour = hour + 12 if hour < _OFFICE_HOURS.start else hour
            named = hour in _OFFICE_HOURS
        if named and place not in {i for s in hours for i in range(s.start, s.end)}:
            hours.append(_Span("hour", f"{hour % 24:02d}:{minute:02d}", place, end))
    hours.sort(key=lambda s: s.start)
    return hours, {i for s in hours for i in range(s.start, s.end)}


def _clock(found: tuple[Token, ...], place: int) -> bool:
    """14:30, two digits after the sign."""
    return _joined(found, place) and len(found[place + 1].norm) == 2


def _ordinal(
    found: tuple[Token, ...], spans: list[_Span], numbers: dict[int, tuple[int, int]], used: set[int]
) -> _Span | None:
    """ "la 2ème", "the second one", "الثاني", "option 2", "2", "2 svp"; None in a longer story.

    A number that counts something chooses nothing: "un avocat", "2 semaines".
    """
    if len(found) > 8:
        return None
    endings = _of(spans, "ending")
    choice = {s.end for s in spans if s.kind == "choice"}
    the = {s.end for s in spans if s.kind == "the"}
    beside = {i for s in spans if s.kind in _BESIDE_CHOICE for i in range(s.start, s.end)}
    for place, (number, end) in sorted(numbers.items()):
        alone = beside.issuperset({*range(place), *range(end, len(found))})
        if not 1 <= number <= _CHOICES:
            continue
        if end in endings and found[end].start == found[end - 1].end:
            return _Span("ordinal", str(number), place, endings[end].end)
        if place in choice or (place not in used and alone) or (place in the and len(found) <= 3):
            return _Span("ordinal", str(number), place, end)
    named = [s for s in spans if s.kind == "ordinal" and s.start not in used]
    return max(named, key=lambda s: s.end - s.start) if named else None


def _yes_no(found: tuple[Token, ...], spans: list[_Span]) -> _Span | None:
    """The answer a short message begins with, or the only one in it."""
    if len(found) > _ANSWER:
        return None
    answers = sorted((s for s in spans if s.kind in {"yes", "no"}), key=lambda s: (s.start, s.start - s.end))
    outer = [s for s in answers if not any(o.start <= s.start and s.end <= o.end and o != s for o in answers)]
    if not outer:
        return None
    if outer[0].start == 0 or (len({s.kind for s in outer}) == 1 and len(found) <= 4):
        return outer[0]
    return None
