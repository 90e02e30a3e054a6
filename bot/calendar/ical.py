"""Reads and writes iCalendar (RFC 5545). The one door to the package icalendar."""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Literal

import icalendar

from bot.calendar.errors import CalendarFileUnreadable
from bot.clock import PARIS
from bot.store.values import StoredSession
from dialogues.errors import Problem
from dialogues.snapshot import Appointment

MOST_EVENTS = 5_000
DOMAIN = "premierpas.invalid"
_ZONES = {"Europe/Paris", "UTC"}
_LAID_OUT = re.compile(r"^(.+):(\d{4}-\d{2}-\d{2})$")


def read_ical(
    path: Path, problems: list[Problem], seats: int | None,
) -> tuple[tuple[int, Mapping[str, object]], ...]:
    """The events as rows of a spreadsheet (number of the event, column → cell), for the same checks.

    ``seats``: the capacity of an event that does not say it (X-PREMIERPAS-PLACES). Raises CalendarFileUnreadable.
    """
    try:
        found = icalendar.Calendar.from_ical(path.read_bytes())
    except (OSError, ValueError, IndexError, KeyError, TypeError, AttributeError) as e:
        raise CalendarFileUnreadable(f"{path.name} is not an iCalendar file: {e}") from e
    events = list(found.walk("VEVENT"))
    if len(events) > MOST_EVENTS:
        raise CalendarFileUnreadable(f"{path.name} has more than {MOST_EVENTS} events.")
    rows = []
    for number, event in enumerate(events, start=1):
        try:
            rows.append((number, _row(event, seats)))
        except (TypeError, AttributeError):  # what is there twice is a list, what is broken may be anything
            problems.append(Problem(path.name, number, f"event « {event.get('UID', number)} » cannot be read: is "
                                                       "something in it twice?"))
        except ValueError as e:
            problems.append(Problem(path.name, number, f"event « {event.get('UID', number)} »: {e}"))
    return tuple(rows)


def _row(event: Any, seats: int | None) -> Mapping[str, object]:  # noqa: ANN401 - icalendar's own component
    start, end = _moment(event, "DTSTART"), _moment(event, "DTEND")
    if start.date() != end.date():
        raise ValueError("it does not end on the day it begins")
    place, commune = _where(event)
    rule = event.get("RRULE")
    if isinstance(rule, list):
        raise ValueError("it has two rules (RRULE): write each as an event")
    uid = str(event.get("UID", "")).removesuffix(f"@{DOMAIN}")
    again = event.get("RECURRENCE-ID")
    ours = _LAID_OUT.match(uid)  # one date of ours, come back: it stays that date, whatever day it is on now
    row: dict[str, object] = {
        "id": f"{uid} {_local(again.dt):%Y%m%d}" if again else uid, "place": place, "commune": commune,
        "first": start.date(), "starts": start.time(), "ends": end.time(),
        "rule": rule.to_ical().decode() if rule else "", "title": str(event.get("SUMMARY", "")),
        "capacity": str(event.get("X-PREMIERPAS-PLACES", seats or "")),
        "status": "annulé" if str(event.get("STATUS", "")).upper() == "CANCELLED" else "",
        "without": ", ".join(sorted(_left_out(event))),
        "replaces": f"{uid} {_local(again.dt):%Y-%m-%d}" if again else f"{ours[1]} {ours[2]}" if ours else "",
    }
    geo = event.get("GEO")
    if geo is not None:
        row |= {"latitude": str(geo.latitude), "longitude": str(geo.longitude)}
    return row | {key: str(event.get(name, "")) for key, name in (
        ("territory", "X-PREMIERPAS-TERRITOIRE"), ("body", "X-PREMIERPAS-STRUCTURE"),
        ("team", "X-PREMIERPAS-EQUIPE"),
        ("walk_in", "X-PREMIERPAS-SANS-RDV"), ("languages", "X-PREMIERPAS-LANGUES"))}


def _moment(event: Any, name: str) -> datetime:  # noqa: ANN401 - icalendar's own component
    value = event.get(name)
    if value is None or not isinstance(value.dt, datetime):
        raise ValueError(f"{name} is missing, or has no hour")
    zone = value.params.get("TZID") or ("UTC" if value.dt.tzinfo is not None else "Europe/Paris")
    if zone not in _ZONES:
        raise ValueError(f"{name} is in the zone {zone}: hours are those of Paris")
    if zone == "UTC" and event.get("RRULE") is not None:
        raise ValueError(f"{name} repeats in UTC: it would be an hour off half of the year")
    return _local(value.dt)


def _local(moment: datetime | date) -> datetime:
    if not isinstance(moment, datetime):
        return datetime.combine(moment, datetime.min.time())
    return moment.astimezone(PARIS).replace(tzinfo=None) if moment.tzinfo else moment


def _where(event: Any) -> tuple[str, str]:  # noqa: ANN401 - icalendar's own component
    """LOCATION is « place, address, commune »; X-PREMIERPAS-COMMUNE says the commune for sure."""
    parts = [part.strip() for part in str(event.get("LOCATION", "")).split(",") if part.strip()]
    commune = str(event.get("X-PREMIERPAS-COMMUNE", "")) or (parts[-1] if parts else "")
    if not parts:
        raise ValueError("LOCATION is missing")
    return parts[0], commune


def _left_out(event: Any) -> set[str]:  # noqa: ANN401 - icalendar's own component
    dates = event.get("EXDATE", [])
    lists = dates if isinstance(dates, list) else [dates]
    return {f"{_local(one.dt):%Y-%m-%d}" for some in lists for one in some.dts}


def write_ical(
    sessions: Iterable[StoredSession], name: str, now: datetime, method: Literal["PUBLISH", "CANCEL"] = "PUBLISH",
) -> bytes:
    """These sessions as events with stable UIDs. Nobody's data: only what a poster would say."""
    out = icalendar.Calendar()
    out.add("PRODID", "-//Premier Pas//premierpas//FR")
    out.add("VERSION", "2.0")
    out.add("METHOD", method)
    out.add("X-WR-CALNAME", name)
    for stored in sessions:
        out.add_component(_event(stored, now))
    content: bytes = out.to_ical()
    return content


def _event(stored: StoredSession, now: datetime) -> icalendar.Event:
    session, place = stored.session, stored.place
    event = icalendar.Event()
    event.add("UID", f"{session.id}@{DOMAIN}")
    event.add("SEQUENCE", stored.sequence)
    event.add("DTSTAMP", now.astimezone(UTC))
    event.add("LAST-MODIFIED", stored.changed_at.astimezone(UTC))
    event.add("DTSTART", session.starts_at.astimezone(PARIS))
    event.add("DTEND", session.ends_at.astimezone(PARIS))
    event.add("SUMMARY", session.title or f"{place.name}, {place.commune_name}")
    event.add("LOCATION", ", ".join(filter(None, (place.name, place.address, place.commune_name))))
    if place.latitude is not None and place.longitude is not None:
        event.add("GEO", (place.latitude, place.longitude))
    event.add("STATUS", "CANCELLED" if session.cancelled else "CONFIRMED")
    for field, value in (("X-PREMIERPAS-COMMUNE", place.commune), ("X-PREMIERPAS-PLACES", str(session.capacity)),
                         ("X-PREMIERPAS-TERRITOIRE", session.territory), ("X-PREMIERPAS-STRUCTURE", session.body)):
        event.add(field, value)
    return event


def write_appointment(
    appointment: Appointment, before: Appointment | None, words: tuple[str, str], now: datetime,
) -> str:
    """One person's appointment for their own calendar: the hour, the place, the code, nothing of why.

    ``before``: the appointment it replaces, then marked as cancelled. ``words``: the title and the note.
    """
    out = icalendar.Calendar()
    out.add("PRODID", "-//rdv//FR")
    out.add("VERSION", "2.0")
    out.add("METHOD", "PUBLISH")
    for one, status in ((before, "CANCELLED"), (appointment, "CONFIRMED")):
        if one is not None:
            out.add_component(_own_event(one, status, words, now))
    return str(out.to_ical().decode("utf-8"))


def _own_event(appointment: Appointment, status: str, words: tuple[str, str], now: datetime) -> icalendar.Event:
    session = appointment.session
    event = icalendar.Event()
    event.add("UID", f"{appointment.id}@{DOMAIN}")
    event.add("SEQUENCE", 1 if status == "CANCELLED" else 0)
    event.add("DTSTAMP", now.astimezone(UTC))
    # In UTC: the file says it all by itself, wherever the phone thinks it is.
    event.add("DTSTART", session.starts_at.astimezone(UTC))
    event.add("DTEND", session.ends_at.astimezone(UTC))
    event.add("SUMMARY", words[0])
    event.add("DESCRIPTION", words[1])
    event.add("LOCATION", ", ".join(filter(None, (session.place, session.address, session.commune_name))))
    if session.latitude is not None and session.longitude is not None:
        event.add("GEO", (session.latitude, session.longitude))
    event.add("STATUS", status)
    event.add("CLASS", "PRIVATE")
    return event
