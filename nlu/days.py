"""The days a person names: a date, a weekday, tomorrow, in three weeks."""

from collections.abc import Iterator
from datetime import date, timedelta

from nlu.normalise import Token
from nlu.spans import Numbers, Span, counts_something, joined, starting

_MONTH = 35  # days: who says a number after a weekday has a calendar before their eyes


def find_days(
    found: tuple[Token, ...], spans: list[Span], numbers: Numbers, today: date
) -> tuple[list[Span], set[int]]:
    """Each day once (ISO), in the order of the text; and the places of all tokens that said so."""
    by_date = list(_dated(found, spans, numbers, today))
    used = {i for s in by_date for i in range(s.start, s.end)}
    later = [s for s in _relative(spans, numbers, today) if not used & set(range(s.start, s.end))]
    days: dict[str, Span] = {}
    # "jeudi 12 décembre" is one day: a weekday touching a date says nothing more.
    for span in [*by_date, *(s for s in later if not _touches(s, by_date))]:
        days.setdefault(span.value, span)
    kept = sorted(days.values(), key=lambda s: s.start)
    return kept, {i for s in [*by_date, *later] for i in range(s.start, s.end)}


def _touches(span: Span, others: list[Span]) -> bool:
    return any(0 <= other.start - span.end <= 1 or 0 <= span.start - other.end <= 1 for other in others)


def _dated(found: tuple[Token, ...], spans: list[Span], numbers: Numbers, today: date) -> Iterator[Span]:
    """ "12 décembre", "1er mai 2027", "december 12", "12/12", "12-12-2026", "le 12"."""
    months = starting(spans, "month")
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
        elif after in numbers and joined(found, place) and 1 <= number <= 31:
            second, end = numbers[after]
            year = numbers.get(end) if end < len(found) and joined(found, after) else None
            yield from _date(
                number, second, year[0] if year else None, today, place, year[1] if year else end
            )
        elif (
            place in the
            and 1 <= number <= 31
            and follow == after
            and not counts_something(found, spans, after)
        ):
            yield from _next_numbered(number, today, place, after)


def _date(day: int, month: int, year: int | None, today: date, start: int, end: int) -> Iterator[Span]:
    if year is not None and year < 100:
        year += 2000
    try:
        found = date(year or today.year, month, day)
        if year is None and found < today:
            found = date(today.year + 1, month, day)
    except ValueError:  # the 31st of a month of 30, or not a date at all
        return
    yield Span("day", found.isoformat(), start, end)


def _next_numbered(number: int, today: date, start: int, end: int) -> Iterator[Span]:
    for ahead in range(62):
        day = today + timedelta(days=ahead)
        if day.day == number:
            yield Span("day", day.isoformat(), start, end)
            return


def _relative(spans: list[Span], numbers: Numbers, today: date) -> Iterator[Span]:
    """ "demain", "jeudi", "jeudi en huit", "haftaya perşembe", "dans trois jours", "üç gün sonra"."""
    next_week = starting(spans, "next_week")
    units = starting(spans, "days", "weeks")
    later, before = starting(spans, "later"), {s.end: s for s in spans if s.kind == "next"}
    hours = starting(spans, "hour_word", "morning", "afternoon")
    # "de azi într-o săptămână": the day the counting starts from is not the day meant.
    counting = [s for s in spans if s.kind == "in"]
    for span in spans:
        if span.kind == "day" and not any(c.start <= span.start and span.end <= c.end for c in counting):
            yield Span("day", (today + timedelta(days=int(span.value))).isoformat(), span.start, span.end)
        elif span.kind == "weekday" and (numbered := _numbered(span, numbers, hours, today)):
            yield Span("day", numbered.isoformat(), span.start, numbers[span.end][1])
        elif span.kind == "weekday":
            ahead = (int(span.value) - today.weekday()) % 7
            after, earlier = next_week.get(span.end), before.get(span.start)
            ahead += 7 if after or earlier else 0
            start, end = earlier.start if earlier else span.start, after.end if after else span.end
            yield Span("day", (today + timedelta(days=ahead)).isoformat(), start, end)
        elif span.kind == "in" and span.end in numbers:
            number, end = numbers[span.end]
            yield from _counted(number, units.get(end), today, span.start)
        elif span.kind == "in" and span.end in units and units[span.end].kind == "weeks":
            yield from _counted(1, units[span.end], today, span.start)
    for start, (number, end) in numbers.items():
        unit = units.get(end)
        if unit and unit.end in later and start not in {c.end for c in counting}:
            yield from _counted(number, unit, today, start)


def _numbered(weekday: Span, numbers: Numbers, hours: dict[int, Span], today: date) -> date | None:
    """ "jeudi 10": the next day of that number, when it is that weekday; "jeudi 10h" and "lundi 2" say less."""
    number, end = numbers.get(weekday.end, (0, 0))
    if end in hours or end in numbers:  # "10h", "10 am", "10:30"
        return None
    days = (today + timedelta(days=ahead) for ahead in range(_MONTH))
    return next((day for day in days if day.day == number and day.weekday() == int(weekday.value)), None)


def _counted(number: int, unit: Span | None, today: date, start: int) -> Iterator[Span]:
    if unit and number <= 90:
        days = number * (7 if unit.kind == "weeks" else 1)
        yield Span("day", (today + timedelta(days=days)).isoformat(), start, unit.end)
