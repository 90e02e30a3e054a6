"""What a person asks for besides a place and a day: the evening, with a baby, a woman, for young people."""

from collections.abc import Iterable

from nlu.denials import say_no
from nlu.normalise import Token
from nlu.spans import Numbers, Span, starting

# An age outside these is no age of somebody who writes here, but years spent, or children's.
_AGES = range(10, 100)
# Under this one is young, from that on a senior: as the programme's teams have it (handoff/routing.py).
_ADULT, _SENIOR = 26, 60
# A word of the second kind inside a longer phrase of the first says what the phrase says and nothing else:
# "por la mañana" is not tomorrow, "je suis une femme" does not ask for one, nor does "je ne suis pas une femme".
_INSIDE = {("period", "day"), ("period", "weekday"), ("public", "wish"), ("not_me", "wish"), ("not_me", "public")}


def greetings(found: tuple[Token, ...], spans: list[Span]) -> list[tuple[int, int]]:
    """Where the message greets (stretches of characters): "good evening" asks for no evening."""
    return [(found[s.start].start, found[s.end - 1].end) for s in spans if s.kind == "greeting"]


def settled(spans: list[Span]) -> list[Span]:
    """The spans without those that only stand inside a phrase of another meaning."""
    return [one for one in spans if not any(
        (other.kind, one.kind) in _INSIDE and other.start <= one.start and one.end <= other.end
        and other.end - other.start > one.end - one.start for other in spans)]


def find_wishes(
    found: tuple[Token, ...], spans: list[Span], numbers: Numbers, used_by_hours: set[int],
    no: frozenset[Span] = frozenset(), days: Iterable[Span] = (),
) -> list[Span]:
    """At most one period; all that is wished (woman, children), and whom it is for (women, men, youth, adult,
    senior), as one value each: "children+woman".

    ``no``: what the message says no to: "not_morning", where no other is wished for. With a day that it says no to,
    the part of it says nothing more: "pas demain matin".
    """
    said = [s for s in spans if s.start not in used_by_hours]
    off = [day for day in days if day in no]
    periods = [s for s in said if s.kind == "period" and not (
        s in no and any(s.start <= day.end and day.start <= s.end for day in off))]
    wishes = [s for s in said if s.kind == "wish"]
    publics = [s for s in said if s.kind == "public" and s not in no] + _ages(found, spans, numbers)
    return say_no(periods, no)[:1] + _together(say_no(wishes, no)) + _together(publics)


def _together(spans: list[Span]) -> list[Span]:
    if not spans:
        return []
    value = "+".join(sorted({s.value for s in spans}))
    return [Span(spans[0].kind, value, spans[0].start, spans[0].end)]


def _ages(found: tuple[Token, ...], spans: list[Span], numbers: Numbers) -> list[Span]:
    """ "j'ai 19 ans", "I'm 19", "19 yaşındayım": one's own age; not "depuis 20 ans", "mon fils a 17 ans"."""
    mine = {s.end: s.start for s in spans if s.kind == "my_age"}
    years, aged = starting(spans, "years"), starting(spans, "aged")
    ages: list[Span] = []
    for place, (number, end) in sorted(numbers.items()):
        told = end in aged or (place in mine and (end in years or end == len(found)))
        if told and number in _AGES:
            value = "youth" if number < _ADULT else "senior" if number >= _SENIOR else "adult"
            ages.append(Span("public", value, mine.get(place, place), end))
    return ages[:1]
