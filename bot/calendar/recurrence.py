"""On which days a rule falls. RFC 5545 rules are python-dateutil's, public holidays are the package holidays'."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import lru_cache

import holidays
from dateutil.rrule import rrule, rrulestr

from bot.calendar.entries import Entry

# A rule is looked at this far only: one that never falls would be searched to the year 9999.
FARTHEST = timedelta(days=5 * 366)
_FREQUENCIES = ("FREQ=DAILY", "FREQ=WEEKLY", "FREQ=MONTHLY", "FREQ=YEARLY")


def days_of(entry: Entry, since: date, until: date) -> Iterator[date]:
    """The days of an entry in [since, until], in order: exceptions and public holidays left out.

    Raises ValueError when its rule cannot be read.
    """
    last = min(until, entry.until) if entry.until else until
    without = set(entry.without)
    for found in _all_days(entry, last):
        if found > last:
            return
        if found >= since and found not in without and (entry.holidays or not holiday(found)):
            yield found


def ever_falls(entry: Entry) -> bool:
    """Whether the entry has a day at all within five years. Raises ValueError when its rule cannot be read."""
    return next(days_of(entry, entry.first, entry.first + FARTHEST), None) is not None


def holiday(day: date) -> bool:
    """Whether it is a public holiday of (metropolitan) France."""
    return day in _of_year(day.year)


@lru_cache(maxsize=32)
def _of_year(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("FR", years=year))


def _all_days(entry: Entry, last: date) -> Iterator[date]:
    if entry.rule is None:
        yield entry.first
        return
    if not entry.rule.startswith(_FREQUENCIES) and not any(f";{f}" in entry.rule for f in _FREQUENCIES):
        raise ValueError(f"« {entry.rule} » is not a rule of days, weeks, months or years")
    if any(part in entry.rule for part in ("BYHOUR", "BYMINUTE", "BYSECOND", "DTSTART", "\n")):
        raise ValueError(f"« {entry.rule} » has more than days in it")
    start = datetime.combine(entry.first, datetime.min.time())  # days alone: a clock change moves nothing
    bound = datetime.combine(last, datetime.max.time())
    try:
        laid = rrulestr(_local(entry.rule), dtstart=start)
        if not isinstance(laid, rrule):
            raise TypeError
        own = getattr(laid, "_until", None)
        count = getattr(laid, "_count", None)
        if count is None:
            laid = laid.replace(until=min(own, bound) if own else bound)
    except (ValueError, TypeError, AttributeError) as e:
        raise ValueError(f"« {entry.rule} » is not a rule of RFC 5545") from e
    for found in laid:
        if found > bound:
            return
        yield found.date()


def _local(rule: str) -> str:
    """UNTIL is often written in UTC; the days are local, so its day alone counts."""
    parts = []
    for part in rule.split(";"):
        key, _, value = part.partition("=")
        parts.append(f"UNTIL={value[:8]}T235959" if key == "UNTIL" else part)
    return ";".join(parts)
