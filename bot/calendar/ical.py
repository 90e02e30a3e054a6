"""Reads and writes iCalendar (RFC 5545). The one door to the package icalendar."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

import icalendar
from icalendar.error import BrokenCalendarProperty

from bot.calendar.errors import CalendarFileUnreadable
from bot.clock import PARIS
from bot.store.values import StoredSession
from dialogues.errors import Problem
from dialogues.snapshot import Appointment

MOST_EVENTS = 5_000
DOMAIN = "premierpas.invalid"
# A date of ours: its line, the date the line gave it, and which slot of that date.
_LAID_OUT = re.compile(r"^(.+):(\d{4}-\d{2}-\d{2})(?:@(\d{1,3}))?$")
_CANCELS = re.compile(rb"^METHOD[^:\r\n]*:CANCEL\s*$", re.IGNORECASE | re.MULTILINE)
# What iCalendar has no property for, or mixes with other things; by column of a spreadsheet. No names of people.
_OWN: Mapping[str, str] = {key: f"X-PREMIERPAS-{name}" for key, name in {
    "place": "LIEU", "commune": "COMMUNE", "address": "ADRESSE", "landmark": "REPERE", "transport": "TRANSPORTS",
    "accessibility": "ACCESSIBILITE", "photo": "PHOTO", "territory": "TERRITOIRE", "body": "STRUCTURE",
    "team": "EQUIPE", "walk_in": "SANS-RDV", "languages": "LANGUES", "publics": "PUBLICS", "wishes": "ACCUEIL",
    "kind": "TYPE", "title": "TITRE", "status": "ETAT", "sample": "EXEMPLE",
}.items()}


def read_ical(
    path: Path, problems: list[Problem], seats: int | None,
) -> tuple[tuple[int, Mapping[str, object]], ...]:
    """The events as rows of a spreadsheet (number of the event, column → cell), for the same checks.

    ``seats``: the capacity of an event that does not say it (X-PREMIERPAS-PLACES). Raises CalendarFileUnreadable.
    """
    events = _events(path)
    moved = {instead for event in events if (instead := _instead_of(event)) is not None}
    masters = {_uid(event): event for event in events if "RECURRENCE-ID" not in event}
    rows: list[tuple[int, Mapping[str, object]]] = []
    for number, event in enumerate(events, start=1):
        try:
            whole = _completed(event, masters)
            rows += ((number, row) for row in _rows(whole, seats, moved)) if whole is not None else ()
        except (TypeError, AttributeError):  # what is there twice is a list, what is broken may be anything
            problems.append(Problem(path.name, number, f"event « {event.get('UID', number)} » cannot be read: is "
                                                       "something in it twice?"))
        except OverflowError:  # a moment at the very end of the year 9999
            problems.append(Problem(path.name, number, f"event « {event.get('UID', number)} » is in year 9999"))
        except ValueError as e:
            said = f"event « {event.get('UID', number)} »: {_unread(event, e)}"
            problems.append(Problem(path.name, number, said))
    return tuple(rows)


def _unread(event: Any, error: Exception) -> str:  # noqa: ANN401 - icalendar's own component
    """What is wrong with an event: the property that icalendar could not read, as it is written, or what we say."""
    if not isinstance(error, BrokenCalendarProperty):
        return str(error)
    values = ((name, one) for name, said in event.items() for one in (said if isinstance(said, list) else [said]))
    broken = [f"{name} « {one} »" for name, one in values if isinstance(one, icalendar.vBroken)]
    return f"{', '.join(broken)} cannot be read: is it a day, an hour that exists?"


def cancels(path: Path) -> bool:
    """Whether the file only calls things off. Raises CalendarFileUnreadable."""
    try:
        return _CANCELS.search(path.read_bytes()) is not None
    except OSError as e:
        raise CalendarFileUnreadable(f"{path.name} is not an iCalendar file: {e}") from e


def read_cancelled(path: Path, problems: list[Problem]) -> tuple[tuple[int, Mapping[str, object]], ...]:
    """What a file that only calls things off names: (number of the event, its line, day, part, whose it is).

    Such an event need not say where, nor even when. Raises CalendarFileUnreadable.
    """
    rows: list[tuple[int, Mapping[str, object]]] = []
    for number, event in enumerate(_events(path), start=1):
        try:
            rows.append((number, _called_off(event)))
        except (TypeError, AttributeError, OverflowError, ValueError) as e:
            said = f"event « {event.get('UID', number)} »: {_unread(event, e)}"
            problems.append(Problem(path.name, number, said))
    return tuple(rows)


def _called_off(event: Any) -> Mapping[str, object]:  # noqa: ANN401 - icalendar's own component
    uid, again = _uid(event), event.get("RECURRENCE-ID")
    if not uid:
        raise ValueError("UID is missing: it says what is called off")
    row: dict[str, object] = {key: str(event[_OWN[key]]) for key in ("territory", "body") if _OWN[key] in event}
    ours = _LAID_OUT.match(uid)
    if again is not None:
        if "RANGE" in again.params:
            raise ValueError("it calls off all that follows (RANGE): write each date")
        return row | {"line": uid, "day": _local(again.dt).date()}
    if ours is not None:
        return row | {"line": ours[1], "day": date.fromisoformat(ours[2]), "part": ours[3] or ""}
    return row | {"line": uid}


def _events(path: Path) -> list[Any]:
    try:
        found = icalendar.Calendar.from_ical(path.read_bytes())
    except (OSError, ValueError, IndexError, KeyError, TypeError, AttributeError) as e:
        raise CalendarFileUnreadable(f"{path.name} is not an iCalendar file: {e}") from e
    events = list(found.walk("VEVENT"))
    if len(events) > MOST_EVENTS:
        raise CalendarFileUnreadable(f"{path.name} has more than {MOST_EVENTS} events.")
    return events


def _rows(
    event: Any, seats: int | None, moved: Collection[tuple[str, date]],  # noqa: ANN401 - icalendar's own component
) -> list[Mapping[str, object]]:
    """The event, and each date that RDATE adds to it, as a line of its own."""
    row = _row(event, seats)
    rows = [row]
    uid, left_out, first = _uid(event), _left_out(event), _moment(event, "DTSTART")
    for start in _more_dates(event):
        day = f"{start:%Y-%m-%d}"
        if day in left_out or start.date() == first.date() or (uid, start.date()) in moved:
            continue
        end = start + (_end(event) - first)
        if end.date() != start.date():
            raise ValueError("a date of RDATE does not end on the day it begins")
        rows.append({**row, "id": f"{uid} {start:%Y%m%d}", "first": start.date(), "starts": start.time(),
                     "ends": end.time(), "rule": "", "without": "", "holidays": "oui", "replaces": f"{uid} {day}"})
    return rows


def _completed(event: Any, masters: Mapping[str, Any]) -> Any | None:  # noqa: ANN401 - icalendar's own component
    """An event that is called off need not say where and until when: as the event it is a date of.

    None when that is not in the file: then nothing of it is held anyway.
    """
    said = "LOCATION" in event or _OWN["place"] in event
    if str(event.get("STATUS", "")).upper() != "CANCELLED" or said:
        return event
    master = masters.get(_uid(event))
    if master is None or master is event:
        return None
    whole = event.copy()
    for name in ("LOCATION", "GEO", "X-PREMIERPAS-PLACES", *_OWN.values()):
        if name in master:
            whole[name] = master[name]
    if "DTSTART" not in event:
        whole["DTSTART"] = event["RECURRENCE-ID"]
    if "DTEND" not in event and "DURATION" not in event:
        length = _end(master) - _moment(master, "DTSTART")
        whole.add("DTEND", _moment(whole, "DTSTART").replace(tzinfo=PARIS) + length)
    return whole


def _instead_of(event: Any) -> tuple[str, date] | None:  # noqa: ANN401 - icalendar's own component
    """The date of another event that this one replaces."""
    try:
        return _uid(event), _local(event["RECURRENCE-ID"].dt).date()
    except (KeyError, ValueError, AttributeError, OverflowError):  # none, or one that is a problem of its event
        return None


def _uid(event: Any) -> str:  # noqa: ANN401 - icalendar's own component
    return str(event.get("UID", "")).removesuffix(f"@{DOMAIN}")


def _row(event: Any, seats: int | None) -> Mapping[str, object]:  # noqa: ANN401 - icalendar's own component
    start, end = _moment(event, "DTSTART"), _end(event)
    if start.date() != end.date():
        raise ValueError("it does not end on the day it begins")
    place, commune = _where(event)
    rule = event.get("RRULE")
    if isinstance(rule, list):
        raise ValueError("it has two rules (RRULE): write each as an event")
    uid = _uid(event)
    again = event.get("RECURRENCE-ID")
    ours = _LAID_OUT.match(uid)  # one date of ours, come back: it stays that date, whatever day it is on now
    row: dict[str, object] = {
        "id": f"{uid} {_local(again.dt):%Y%m%d}" if again else uid, "place": place, "commune": commune,
        "first": start.date(), "starts": start.time(), "ends": end.time(),
        "rule": rule.to_ical().decode() if rule else "", "title": str(event.get("SUMMARY", "")),
        # Somebody wrote this very date: it is held, be it a public holiday.
        "holidays": "" if rule else "oui",
        "capacity": str(event.get("X-PREMIERPAS-PLACES", seats or "")),
        "without": ", ".join(sorted(_left_out(event))),
        "replaces": f"{uid} {_local(again.dt):%Y-%m-%d}" if again else f"{ours[1]} {ours[2]}" if ours else "",
        "part": ours[3] or "" if ours else "",
    }
    geo = event.get("GEO")
    if geo is not None:
        row |= {"latitude": str(geo.latitude), "longitude": str(geo.longitude)}
    row |= {key: str(event[name]) for key, name in _OWN.items() if name in event}
    if str(event.get("STATUS", "")).upper() == "CANCELLED":
        row["status"] = "annulé"
    return row


def _moment(event: Any, name: str) -> datetime:  # noqa: ANN401 - icalendar's own component
    value = event.get(name)
    if value is None or not isinstance(value.dt, datetime):
        raise ValueError(f"{name} is missing, or has no hour")
    return _paris(event, name, value.dt, value.params.get("TZID"))


def _end(event: Any) -> datetime:  # noqa: ANN401 - icalendar's own component
    """DTEND, else DTSTART and DURATION."""
    if event.get("DTEND") is None and event.get("DURATION") is not None:
        return _moment(event, "DTSTART") + timedelta(seconds=event["DURATION"].dt.total_seconds())
    return _moment(event, "DTEND")


def _more_dates(event: Any) -> Iterator[datetime]:  # noqa: ANN401 - icalendar's own component
    """The dates of RDATE, local, soonest first; a date alone is at the hour of DTSTART."""
    dates = event.get("RDATE", [])
    hour = _moment(event, "DTSTART").time()
    found = set()
    for some in dates if isinstance(dates, list) else [dates]:
        for one in some.dts:
            start = one.dt[0] if isinstance(one.dt, tuple) else one.dt  # a period: its end is DTSTART's length
            if isinstance(start, datetime):
                found.add(_paris(event, "RDATE", start, some.params.get("TZID")))
            else:
                found.add(datetime.combine(start, hour))
    yield from sorted(found)


def _paris(event: Any, name: str, moment: datetime, said: str | None) -> datetime:  # noqa: ANN401 - icalendar's
    """A moment in local time, when its zone is that of Paris under whatever name, or UTC. Raises ValueError."""
    zone = said or ("UTC" if moment.tzinfo is not None else "Europe/Paris")
    if zone == "UTC" and (event.get("RRULE") is not None or event.get("RDATE") is not None):
        raise ValueError(f"{name} repeats in UTC: it would be an hour off half of the year")
    if zone not in {"UTC", "Europe/Paris"} and not _keeps_time_with_paris(moment):
        raise ValueError(f"{name} is in the zone {zone}: hours are those of Paris")
    return _local(moment)


def _keeps_time_with_paris(moment: datetime) -> bool:
    """Whether its zone has the hours of Paris in winter and in summer (Outlook calls it « Romance »)."""
    days = (datetime(moment.year, month, 15, 12, tzinfo=moment.tzinfo) for month in (1, 7))
    return moment.tzinfo is not None and all(
        day.utcoffset() == day.replace(tzinfo=PARIS).utcoffset() for day in days)


def _local(moment: datetime | date) -> datetime:
    if not isinstance(moment, datetime):
        return datetime.combine(moment, datetime.min.time())
    return moment.astimezone(PARIS).replace(tzinfo=None) if moment.tzinfo else moment


def _where(event: Any) -> tuple[str, str]:  # noqa: ANN401 - icalendar's own component
    """LOCATION is « place, address, commune »; X-PREMIERPAS-LIEU and -COMMUNE say it for sure."""
    parts = [part.strip() for part in str(event.get("LOCATION", "")).split(",") if part.strip()]
    place = str(event.get(_OWN["place"], "")) or (parts[0] if parts else "")
    commune = str(event.get(_OWN["commune"], "")) or (parts[-1] if parts else "")
    if not place:
        raise ValueError("LOCATION is missing")
    return place, commune


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
    event.add("X-PREMIERPAS-PLACES", str(session.capacity))
    own = {
        "place": place.name, "commune": place.commune, "address": place.address, "landmark": place.landmark,
        "transport": place.transport, "accessibility": place.accessibility, "photo": place.photo,
        "territory": session.territory, "body": session.body, "team": session.team, "walk_in": str(session.walk_in),
        "languages": ", ".join(session.languages), "publics": ", ".join(session.publics),
        "wishes": ", ".join(session.wishes), "kind": session.kind, "title": session.title,
        "status": "full" if session.full else "open", "sample": "oui" if session.sample else "non",
    }
    for key, value in own.items():
        event.add(_OWN[key], value)
    return event


def write_appointment(
    appointment: Appointment, before: Appointment | None, words: tuple[str, str], now: datetime, *,
    cancelled: bool = False,
) -> str:
    """One person's appointment for their own calendar: the hour, the place, the code, nothing of why.

    ``before``: the appointment it replaces, then marked as cancelled. ``words``: the title and the note.
    ``cancelled``: the team called it off, and the phone is to take it away.
    """
    out = icalendar.Calendar()
    out.add("PRODID", "-//rdv//FR")
    out.add("VERSION", "2.0")
    out.add("METHOD", "CANCEL" if cancelled else "PUBLISH")
    for one, status in ((before, "CANCELLED"), (appointment, "CANCELLED" if cancelled else "CONFIRMED")):
        if one is not None:
            out.add_component(_own_event(one, status, words, now))
    return str(out.to_ical().decode("utf-8"))


def _own_event(appointment: Appointment, status: str, words: tuple[str, str], now: datetime) -> icalendar.Event:
    session = appointment.session
    event = icalendar.Event()
    event.add("UID", f"{appointment.id}@{DOMAIN}")
    # Raised with each change of the session; once more by the one that ends it.
    event.add("SEQUENCE", session.sequence + (status == "CANCELLED"))
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
