"""On which days a rule falls. RFC 5545 rules are python-dateutil's, public holidays are the package holidays'."""

from collections.abc import Iterator
from datetime import MAXYEAR, date, datetime, timedelta
from functools import lru_cache
from itertools import islice

import holidays
from dateutil.rrule import rrule, rrulestr

from bot.calendar.entries import Entry

# A rule is looked at this far only: one that never falls would be searched to the year 9999.
FARTHEST = timedelta(days=5 * 366)
# The calendar comes round every 400 years, and dateutil looks for a rule that never falls to the year 9999: a rule
# is read as late as it can be, so that there is little left to search.
CYCLE = 400
LATEST = "99991231"  # UNTIL is often written in UTC; the days are local, so its day alone counts
_TOO_MUCH = ("BYHOUR", "BYMINUTE", "BYSECOND", "BYEASTER", "DTSTART", "\n")
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
    parts = _parts(entry.rule)
    count = _whole(parts.pop("COUNT", None), entry.rule)
    ahead = CYCLE * ((MAXYEAR - last.year) // CYCLE)
    try:
        end = min(last, datetime.strptime(parts.pop("UNTIL", LATEST)[:8], "%Y%m%d").date())  # noqa: DTZ007 - days
        rule = ";".join(f"{key}={value}" for key, value in parts.items())
        laid = rrulestr(rule, dtstart=_later(entry.first, ahead))
        if not isinstance(laid, rrule):
            raise TypeError
        for found in islice(laid.replace(until=_later(end, ahead)), count):
            yield found.replace(year=found.year - ahead).date()
    except (ValueError, TypeError, AttributeError, ArithmeticError, LookupError) as e:
        raise ValueError(f"« {entry.rule} » is not a rule of RFC 5545") from e


def _later(day: date, years: int) -> datetime:
    return datetime(day.year + years, day.month, day.day)  # noqa: DTZ001 - days alone: a clock change moves nothing


def _parts(rule: str) -> dict[str, str]:
    """The rule's parts. Raises ValueError for one that is not of days, or that would never move on."""
    pairs = [part.partition("=")[::2] for part in rule.split(";")]
    parts = dict(pairs)
    if f"FREQ={parts.get('FREQ')}" not in _FREQUENCIES:
        raise ValueError(f"« {rule} » is not a rule of days, weeks, months or years")
    if any(part in rule for part in _TOO_MUCH):
        raise ValueError(f"« {rule} » has more than days in it")
    if len(parts) != len(pairs):
        raise ValueError(f"« {rule} » says the same thing twice")
    _whole(parts.get("INTERVAL"), rule)
    return parts


def _whole(said: str | None, rule: str) -> int | None:
    """INTERVAL or COUNT, from 1: an interval of 0 would give the same day for ever."""
    if said is not None and not (said.isascii() and said.isdigit() and int(said) >= 1):
        raise ValueError(f"« {rule} »: « {said} » is not a number from 1")
    return None if said is None else int(said)
