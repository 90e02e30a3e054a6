"""An iCalendar that only calls things off (METHOD:CANCEL): what it names goes, all else stays as it is."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from bot.calendar.entries import Cancelled
from bot.calendar.errors import CalendarInvalid
from bot.calendar.planning import Plan
from bot.calendar.rows import Bodies, Defaults, own_id
from bot.store.calendar_desk import CalendarDesk
from bot.store.calendar_replace import Changes
from dialogues.errors import Problem

_EVER = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Cancellations:
    """A file of them, read and checked; not yet compared with what is there."""

    file: str
    found: tuple[Cancelled, ...]


def cancellations(
    file: str, rows: tuple[tuple[int, Mapping[str, object]], ...], bodies: Bodies, defaults: Defaults,
) -> Cancellations:
    """What these rows (number of the event, column → text) call off. Raises CalendarInvalid."""
    problems: list[Problem] = []
    found: list[Cancelled] = []
    for number, row in rows:
        territory = str(row.get("territory") or defaults.territory)
        body = str(row.get("body") or defaults.body)
        if not bodies.has(territory, body):
            problems.append(Problem(file, number, f"« {body} » is not a body of « {territory} »"))
            continue
        day = row.get("day")
        found.append(Cancelled(
            number, territory, body, own_id(territory, body, str(row["line"])),
            day if isinstance(day, date) else None, str(row.get("part") or "")))
    if not problems and not found:
        problems.append(Problem(file, 1, "there is no session in this file"))
    if problems:
        raise CalendarInvalid(problems)
    return Cancellations(file, tuple(found))


async def plan_cancelling(desk: CalendarDesk, read: Cancellations, now: datetime) -> Plan:
    """What goes. What is over or cancelled already stays so. Raises CalendarInvalid for what was never there."""
    territories = {one.territory for one in read.found}
    to_come = [one for one in await desk.stored(now, territories=territories) if not one.session.sample]
    lines = {str(line["id"]): line for line in await desk.lines()}
    before = {one.session.id for one in await desk.stored(
        _EVER, territories=territories, ids=[one.session for one in read.found if one.session is not None])}
    gone: dict[str, int] = {}
    problems: list[Problem] = []
    for one in read.found:
        named = {stored.session.id: stored for stored in to_come
                 if _is(one, stored.session.id, stored.session.series)}
        if not (named or one.line in lines or one.session in before):
            what = one.session or one.line
            problems.append(Problem(read.file, one.row, f"« {what} » is no session of this calendar"))
        gone |= {key: stored.taken for key, stored in named.items() if not stored.session.cancelled}
    if problems:
        raise CalendarInvalid(problems)
    return Plan(places=(), sessions=(), entries=(), changes=Changes(gone=tuple(gone)), people=sum(gone.values()),
                kept=0, over=(), cancelled=read.found)


def without(lines: tuple[Any, ...], called_off: tuple[Cancelled, ...]) -> Mapping[str, tuple[str, str, Any]]:
    """The lines of the calendar once these dates are called off, of the bodies they are of: none comes back later.

    A line of which every date is called off is marked so; else its dates are left out.
    """
    pairs = {(one.territory, one.body) for one in called_off}
    kept: dict[str, tuple[str, str, Any]] = {}
    for line in lines:
        if (line["territory"], line["body"]) not in pairs:
            continue
        mine = [one for one in called_off if one.line == line["id"]]
        days = {one.day.isoformat() for one in mine if one.day is not None and not one.part}
        changed = {**line, "without": sorted({*line["without"], *days})}
        replaced = line["replaces"] is not None and any(
            one.line == line["replaces"][0] and (one.day is None or one.day.isoformat() == line["replaces"][1])
            for one in called_off)
        if replaced or any(one.day is None for one in mine):
            changed["status"] = "cancelled"
        kept[line["id"]] = (line["territory"], line["body"], changed)
    return kept


def _is(one: Cancelled, session: str, series: str) -> bool:
    if one.session is None:
        return one.line in (series, session)
    return session == one.session or (not one.part and session.startswith(f"{one.session}@"))
