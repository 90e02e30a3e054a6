"""The periods of which a funder was given counts: of two that overlap, the difference could show a person."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, insert, select

from bot.store import tables as t
from bot.store.dialect import REPORT, hold_off_others
from bot.store.scope import Scope

# Whom ``told`` says it was told to. These marks are not forgotten with the others: subtraction has no delay.
FUNDER = "funder"


@dataclass(frozen=True, slots=True)
class GivenReport:
    """Counts that were written: from the first day to the last, in Paris, and when."""

    first: date
    last: date
    at: datetime


async def claim(scope: Scope, first: date, last: date, counts: str, *, instead: bool) -> GivenReport | None:
    """Note that these counts of this period are given; else the first given that overlaps it, and nothing noted.

    The same counts of the same period are the same report, in another form or lost and made again. ``instead``:
    those that overlap it were given to nobody.
    """
    await hold_off_others(scope.connection, REPORT)  # of two written at once, the second sees the first
    key = f"{first}/{last}/{hashlib.sha256(counts.encode()).hexdigest()}"
    rows = (await scope.run(select(t.told).where(t.told.c.to == FUNDER).order_by(t.told.c.key))).all()
    given = {row.key: _read(row.key, row.at) for row in rows}
    if key in given:
        return None
    overlap = {known: one for known, one in given.items() if one.first <= last and first <= one.last}
    if overlap and not instead:
        return next(iter(overlap.values()))
    await scope.run(delete(t.told).where(t.told.c.to == FUNDER, t.told.c.key.in_(overlap)))
    await scope.run(insert(t.told), {"to": FUNDER, "key": key, "at": scope.now()})
    return None


def _read(key: str, at: datetime) -> GivenReport:
    first, last, _ = key.split("/")
    return GivenReport(date.fromisoformat(first), date.fromisoformat(last), at)
