"""One cell of a spreadsheet, as people write it, turned into a value. Each raises ValueError, saying why."""

import re
from datetime import date, datetime, time, timedelta

from bot.calendar import spoken

HIGHEST_CAPACITY = 500
_PLAIN = str | int | float | date | time | timedelta  # what a cell can hold that somebody typed
_HOUR = re.compile(r"^(\d{1,2})\s*(?:heures?|h|:)?\s*(?:(\d{2})\s*(?:mn|min)?)?$", re.IGNORECASE)
# How a spreadsheet counts days, when the cell was not said to be one: of the years 2000 to 2100.
_SERIAL, _SERIALS = date(1899, 12, 30), (36_526, 73_050)
_ZONE = re.compile(r"(Z|[+-]\d{2}:?\d{2})$")
_YES, _NO = {"oui", "o", "yes", "y", "true", "vrai", "x", "1"}, {"", "non", "n", "no", "false", "faux", "0"}
_REPEATS = {
    "toutes les semaines": "FREQ=WEEKLY", "chaque semaine": "FREQ=WEEKLY", "hebdomadaire": "FREQ=WEEKLY",
    "weekly": "FREQ=WEEKLY", "every week": "FREQ=WEEKLY",
    "toutes les deux semaines": "FREQ=WEEKLY;INTERVAL=2", "une semaine sur deux": "FREQ=WEEKLY;INTERVAL=2",
    "every two weeks": "FREQ=WEEKLY;INTERVAL=2",
    "tous les jours": "FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR", "every day": "FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR",
}
_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


def plain(cell: object) -> str:
    """A cell as text. Raises ValueError for a formula: what it gives is not in the file for sure."""
    if not isinstance(cell, _PLAIN | None):  # an array formula, say, which openpyxl gives as an object
        raise ValueError("is a formula: write the value itself")
    text = "" if cell is None else str(cell).strip()
    if text[:1] in {"=", "@"} or (text[:1] == "+" and not text[1:].strip().isdigit()):
        raise ValueError("is a formula: write the value itself")
    return text


def day(cell: object) -> date:
    """2026-12-03, 03/12/2026, jeudi 3 décembre 2026, a date cell, or the number of one."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    if isinstance(cell, int | float) and _SERIALS[0] <= cell < _SERIALS[1]:
        return _SERIAL + timedelta(days=int(cell))
    text = plain(cell)
    for form in ("%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y", "%Y%m%d"):
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    said = spoken.day(text)
    if said is not None:
        return said
    raise ValueError(f"« {text} » is not a day that exists: write 03/12/2026")


def hour(cell: object) -> time:
    """9h, 9h30, 09:30, midi, an hour cell, or the part of a day it is; Europe/Paris."""
    if isinstance(cell, float) and 0 < cell < 1:
        minutes = round(cell * 24 * 60)
        cell = time(minutes // 60, minutes % 60) if minutes < 24 * 60 else cell
    if isinstance(cell, datetime):
        cell = cell.time()
    if isinstance(cell, time):
        if cell.tzinfo is not None:
            raise ValueError("has a time zone: hours are those of Paris")
        return cell.replace(second=0, microsecond=0)
    text = plain(cell).removesuffix(":00") if plain(cell).count(":") == 2 else plain(cell)
    if _ZONE.search(text):
        raise ValueError(f"« {text} » has a time zone: hours are those of Paris")
    if text.casefold() == "midi":
        return time(12)
    found = _HOUR.match(text)
    if not found or int(found[1]) > 23 or int(found[2] or 0) > 59:
        raise ValueError(f"« {text} » is not an hour: write 9h30")
    return time(int(found[1]), int(found[2] or 0))


def number(cell: object, lowest: int, highest: int) -> int:
    """A whole number between two bounds, both included."""
    text = plain(cell).removesuffix(".0")
    if not re.fullmatch(r"-?\d{1,12}", text) or not lowest <= int(text) <= highest:
        raise ValueError(f"« {text} » is not a number from {lowest} to {highest}")
    return int(text)


def degrees(cell: object, bound: float) -> float:
    """A latitude or a longitude."""
    text = plain(cell).replace(",", ".")
    try:
        value = float(text)
    except ValueError:
        value = bound + 1
    if not -bound <= value <= bound:
        raise ValueError(f"« {text} » is not a position in degrees")
    return value


def flag(cell: object) -> bool:
    """oui or non; empty is non."""
    text = plain(cell).lower()
    if text not in _YES | _NO:
        raise ValueError(f"« {text} » is neither oui nor non")
    return text in _YES


def several(cell: object) -> tuple[str, ...]:
    """Values divided by commas, semicolons or new lines."""
    return tuple(part.strip() for part in re.split(r"[,;\n|]", plain(cell)) if part.strip())


def days(cell: object) -> tuple[date, ...]:
    """Several days."""
    if isinstance(cell, date):
        return (day(cell),)
    return tuple(day(part) for some in several(cell) for part in re.split(r"\bet\b", some) if part.strip())


def rule(cell: object, first: date) -> str | None:
    """An RFC 5545 rule, from the rule itself or from plain words; None when the cell is empty."""
    text = " ".join(plain(cell).split())
    if not text:
        return None
    if text.lower() in {"tous les mois", "chaque mois", "monthly", "every month"}:
        return f"FREQ=MONTHLY;BYDAY={(first.day - 1) // 7 + 1}{_DAYS[first.weekday()]}"
    return _REPEATS.get(text.lower()) or spoken.rule(text, first) or text.upper().removeprefix("RRULE:")
