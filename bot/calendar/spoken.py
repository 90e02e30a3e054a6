"""Days and repetitions as people write them in French. What contradicts itself raises ValueError, saying why."""

import re
from datetime import date

from bot.calendar.columns import header

WEEK = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
_CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_MONTHS = ("janvier", "fevrier", "mars", "avril", "mai", "juin", "juillet", "aout", "septembre", "octobre",
           "novembre", "decembre")
_NAME, _BETWEEN = "|".join(WEEK), r"[\s/.-]+"
_DAY = re.compile(rf"(?:({_NAME}),?\s+)?(?:le\s+)?(\d{{1,2}})(?:er)?{_BETWEEN}(\d{{1,2}}|{'|'.join(_MONTHS)})"
                  rf"{_BETWEEN}(\d{{4}}|\d{{2}})")
_DAYS = re.compile(rf"(?:tous les|toutes les|chaque|les|le)?\s*(?:{_NAME})s?(?:\s*(?:,|et|&)\s*(?:les?\s+)?"
                   rf"(?:{_NAME})s?)*")
_EVERY = re.compile(r"(?:toutes les (\d|deux|trois|quatre) semaines|(?:1|une) semaine sur (\d|deux|trois|quatre))")
_NUMBERS = {"deux": 2, "trois": 3, "quatre": 4}


def day(text: str) -> date | None:
    """« mardi 1er décembre 2026 », « 1/12/26 »; None when it is nothing of the kind."""
    found = _DAY.fullmatch(header(text))
    if not found:
        return None
    name, number, month, year = found.groups()
    which = int(month) if month.isdigit() else _MONTHS.index(month) + 1
    try:
        said = date(int(year) + (2000 if len(year) == 2 else 0), which, int(number))
    except ValueError:
        return None
    if name and WEEK[said.weekday()] != name:
        raise ValueError(f"« {text} »: that day is a {WEEK[said.weekday()]}")
    return said


def rule(text: str, first: date) -> str | None:
    """« tous les mardis », « mardi et jeudi », « une semaine sur deux »; None when it is nothing of the kind."""
    words = header(text)
    every = _EVERY.fullmatch(words)
    if every:
        said = every[1] or every[2]
        return f"FREQ=WEEKLY;INTERVAL={_NUMBERS.get(said) or said}"
    if not _DAYS.fullmatch(words):
        return None
    days = sorted({WEEK.index(name) for name in re.findall(_NAME, words)})
    if first != date.min and first.weekday() not in days:
        raise ValueError(f"« {text} », but the first day, {first:%d/%m/%Y}, is a {WEEK[first.weekday()]}")
    return "FREQ=WEEKLY" if len(days) == 1 else f"FREQ=WEEKLY;BYDAY={','.join(_CODES[one] for one in days)}"
