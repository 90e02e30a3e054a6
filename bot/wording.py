"""Values put into sentences: days and hours in Europe/Paris, amounts, quotes kept apart in right-to-left text."""

import re
from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time
from babel.numbers import format_currency

from bot.outbound import RIGHT_TO_LEFT
from dialogues.catalog import Figure
from dialogues.text import Moment

PARIS = ZoneInfo("Europe/Paris")
# First strong isolate, pop directional isolate: a number, a name or a link keeps its own direction.
# "50 €", not "50,00 €".
_CENTS = re.compile(r"[.,٫]00(?!\d)")
FSI, PDI = "\u2068", "\u2069"
# A day and its month, where it is not « d MMMM »: Babel's own long forms differ with the year and the weekday, and
# its English ones put the month first, which is not how a French letter writes it.
_DAY_MONTH = {"es": "d 'de' MMMM", "pt": "d 'de' MMMM"}
_OF_YEAR = {"es": "'de' y", "pt": "'de' y"}
_WEEKDAY_LAST = frozenset({"tr"})


def isolate(words: str, language: str) -> str:
    """``words`` with their own direction, inside a right-to-left sentence; unchanged elsewhere."""
    return f"{FSI}{words}{PDI}" if language in RIGHT_TO_LEFT and words else words


# A calendar's hours are the same few for everybody: Babel finds its pattern and names anew each time.
@lru_cache(4_000)
def moment(value: Moment, language: str) -> str:
    """A moment in Europe/Paris: « mardi 24 novembre, 09:00 », the day, or the hour."""
    local = value.at.astimezone(PARIS)
    hour = isolate(format_time(local, "HH:mm", locale=language), language)
    if value.style == "hour":
        return hour
    pattern = _day_month(local.date(), language)
    pattern = f"{pattern} EEEE" if language in _WEEKDAY_LAST else f"EEEE {pattern}"
    day = format_date(local.date(), pattern, locale=language)
    return day if value.style == "day" else f"{day}{'، ' if language in RIGHT_TO_LEFT else ', '}{hour}"


def paris_day(at: datetime) -> date:
    """The day it is in France at that moment."""
    return at.astimezone(PARIS).date()


def day(value: date, language: str) -> str:
    """A date with its year."""
    pattern = f"{_day_month(value, language)} {_OF_YEAR.get(language, 'y')}"
    return format_date(value, pattern, locale=language)


def _day_month(value: date, language: str) -> str:
    """Babel's pattern for the day and month of ``value``: the first of a month is « 1er » in French."""
    if language == "fr" and value.day == 1:
        return "d'er' MMMM"
    return _DAY_MONTH.get(language, "d MMMM")


@lru_cache(2_000)
def figure(value: Figure, language: str) -> str:
    """An amount or number: euros with their sign, everything else as written."""
    if value.unit == "EUR":
        written = format_currency(float(value.value), "EUR", locale=language)
        return isolate(_CENTS.sub("", written), language)
    return isolate(value.value, language)
