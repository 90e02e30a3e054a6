"""The demonstration calendar: weekly half-days of ``permanences_sample.yml``, laid out from today."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path

from bot.clock import PARIS
from bot.store.values import CalendarSession, Place
from dialogues.errors import Problem
from dialogues.snapshot import Geography
from dialogues.yaml_source import Node, read

# Laid out this far ahead; every start and every day adds what is missing.
WEEKS = 5
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class CalendarError(Exception):
    """The calendar file cannot be used; each problem is named with its line."""


def lay_out(file: Path, geography: Geography, today: date) -> tuple[tuple[Place, ...], tuple[CalendarSession, ...]]:
    """Places and sessions from ``today`` on. Raises CalendarError naming file and line."""
    problems: list[Problem] = []
    nodes = list(read({file.name: file.read_text(encoding="utf-8")}, problems.append))
    places: dict[str, Place] = {}
    sessions: list[CalendarSession] = []
    for node in nodes:
        node.only({"sample", "places", "sessions"})
        sample = node.flag("sample")
        for child in node.children("places"):
            place = _place(child, geography, sample=sample)
            places[place.id] = place
        for child in node.children("sessions"):
            found = places.get(child.text("place"))
            if found is None:
                child.problem("place", f"« {child.text('place')} » is not a place of this file")
            else:
                sessions.extend(_sessions(child, found, today))
    if problems:
        raise CalendarError("\n".join(map(str, problems)))
    return tuple(places.values()), tuple(sessions)


def _place(node: Node, geography: Geography, *, sample: bool) -> Place:
    node.only({"id", "name", "commune", "territory", "body"})
    insee = node.text("commune")
    commune = geography.by_insee(insee)
    if commune is None:
        node.problem("commune", f"« {insee} » is not an INSEE code")
    return Place(
        node.text("id"), node.text("name"), insee, commune.name if commune else insee,
        node.text("territory"), node.text("body"), sample,
    )


def _sessions(node: Node, place: Place, today: date) -> Iterator[CalendarSession]:
    node.only({"place", "weekday", "starts", "ends", "capacity"})
    weekday = node.text("weekday")
    capacity = node.values.get("capacity")
    if weekday not in WEEKDAYS:
        node.problem("weekday", f"« {weekday} » is not one of {', '.join(WEEKDAYS)}")
        return
    if not isinstance(capacity, int) or not 0 < capacity <= 500:
        node.problem("capacity", "« capacity » is a number of seats, from 1 to 500")
        return
    try:
        starts, ends = time.fromisoformat(node.text("starts")), time.fromisoformat(node.text("ends"))
    except ValueError:
        node.problem("starts", "« starts » and « ends » are hours such as 09:00")
        return
    if starts >= ends:
        node.problem("ends", "it ends before it starts")
        return
    first = today + timedelta(days=(WEEKDAYS.index(weekday) - today.weekday()) % 7)
    for week in range(WEEKS):
        day = first + timedelta(weeks=week)
        yield CalendarSession(
            f"{place.id}-{day.isoformat()}-{starts:%H%M}", place.id,
            datetime.combine(day, starts, PARIS), datetime.combine(day, ends, PARIS), capacity,
            place.territory, place.body, place.sample,
        )
