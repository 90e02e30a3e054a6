"""The things a person names: a town, a day, an hour, a phone number, a choice, yes or no, more of an answer."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import phonenumbers

from dialogues.reading import Entity
from nlu.answer_words import WORDS
from nlu.choices import find_more, find_ordinal, find_yes_no, is_a_home
from nlu.communes import Gazetteer
from nlu.days import find_days
from nlu.denials import denied, say_no
from nlu.hours import find_hours
from nlu.normalise import Token, digits, tokens
from nlu.spans import Span, SpanFinder, as_written, find_numbers, within
from nlu.wishes import find_wishes, greetings, settled

_PARIS = ZoneInfo("Europe/Paris")
# Of several things said about an appointment that is now, the one that matters most.
_SPOT = ("lost", "away", "here", "late")


class EntityExtractor:
    """Extracts entities; built once, about a second with a Gazetteer of all communes."""

    def __init__(self, gazetteer: Gazetteer, directory: Path = WORDS) -> None:
        """Raises AnswerWordsInvalid when a file of `directory` cannot be read."""
        self._gazetteer = gazetteer
        self._spans = SpanFinder(directory)

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
        spans = self._spans.find(found, language)
        phones = list(_phones(text))
        taken = [*((start, end) for _, start, end in phones), *greetings(found, spans)]
        spans = settled(spans)
        free = [s for s in spans if not within(found[s.start].start, taken)]
        numbers = find_numbers(found, free, taken)
        entities: list[Entity] = []
        places = [place for place in self._gazetteer.find(text) if not within(place.start, taken)]
        entities += [Entity("commune", one.commune.insee, text[one.start : one.end]) for one in places]
        if len(places) == 1 and is_a_home(found, free, (places[0].start, places[0].end)):
            entities.append(Entity("lives_in", places[0].commune.insee, text))
        for token in found:
            if _postcode(token.norm) and not within(token.start, taken):
                entities.append(Entity("postcode", token.norm, token.norm))
        days, used_by_days = find_days(found, free, numbers, today)
        hours, used_by_hours = find_hours(found, free, numbers, used_by_days)
        no = denied(text, found, free, [*days, *(s for s in free if s.kind in {"period", "wish", "public"})])
        for name, spans_of_kind in (("day", say_no(days, no)), ("hour", hours)):
            entities += [Entity(name, s.value, as_written(text, found, s)) for s in spans_of_kind]
        entities += [Entity("phone", number, text[a:b]) for number, a, b in phones]
        ordinal = find_ordinal(found, free, numbers, used_by_days | used_by_hours)
        if ordinal:
            entities.append(Entity("ordinal", ordinal.value, as_written(text, found, ordinal)))
        for said in find_wishes(found, free, numbers, used_by_hours, no, days):
            entities.append(Entity(said.kind, said.value, as_written(text, found, said)))
        on_the_spot = [s for s in free if s.kind == "spot"]
        if on_the_spot and not _elsewhere(found, on_the_spot):
            first = min(on_the_spot, key=lambda s: _SPOT.index(s.value))
            entities.append(Entity("spot", first.value, as_written(text, found, first)))
        answer = find_yes_no(found, free)
        if answer:
            entities.append(Entity("yes_no", answer.kind, as_written(text, found, answer)))
        more = find_more(found, free)
        if more:
            entities.append(Entity("more", more.value, as_written(text, found, more)))
        return tuple(entities)


def _elsewhere(found: tuple[Token, ...], spans: list[Span]) -> bool:
    """Whether the message is about a country, a year or a search, not about who waits in front of a truck."""
    years = (token.norm for token in found if len(token.norm) == 4 and token.norm.isdigit())
    return any("1960" <= year < "2030" for year in years) or any(span.value == "elsewhere" for span in spans)


def _postcode(word: str) -> bool:
    return len(word) == 5 and word.isdigit() and "01" <= word[:2] <= "98"


def _phones(text: str) -> Iterator[tuple[str, int, int]]:
    for match in phonenumbers.PhoneNumberMatcher(text, "FR"):
        number = phonenumbers.format_number(match.number, phonenumbers.PhoneNumberFormat.E164)
        yield number, match.start, match.end
