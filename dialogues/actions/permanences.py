"""Finding a permanence and booking a seat."""

from collections.abc import Mapping
from datetime import timedelta

from dialogues.effects import (
    BookSeat,
    FindSessions,
    GiveCalendarFile,
    JoinWaiting,
    LeaveWaiting,
    NoteInterest,
    ScheduleReminders,
    ShowPlace,
)
from dialogues.events import SeatBooked, SeatRefused, SessionsFound, WaitingJoined
from dialogues.payloads import intent_payload
from dialogues.reminders import planned
from dialogues.sessions import NEAR_KM, Wish, as_slot, from_slot, kilometres_to, near
from dialogues.snapshot import Appointment, Geography, Session
from dialogues.state import Option, SlotValue
from dialogues.text import Arg, Bullets, Moment, Quoted, Text
from dialogues.world import Action, Context, Deed, Result, Utter

# How far ahead seats are shown.
HORIZON = timedelta(days=28)
# How many open sessions are looked at: of them five are shown. All, when a day or an evening was asked for.
ENOUGH, ALL = 40, 600


def find_sessions(context: Context) -> Result:
    """Open sessions near the commune, kept in the slot ``sessions``.

    ``found``: here, near, far or none; ``asked``: whether what was asked for besides (a day, the evening, a woman
    counsellor) was found: all, other (only something else is), or empty when nothing was asked.
    """
    commune = context.slot("commune") or ""
    if not isinstance(context.answer, SessionsFound):
        known = context.world.geography.by_insee(commune)
        at = (known.latitude, known.longitude) if known else (None, None)
        picky = any(context.slot(name) for name in ("day", "period", "wish"))
        return Result((FindSessions(context.now + HORIZON, commune or None, *at, ALL if picky else ENOUGH),))
    held = {appointment.session.id for appointment in context.snapshot.appointments}
    free = [session for session in context.answer.sessions if session.id not in held]
    language = context.state.language
    wish = Wish(context.slot("day"), context.slot("period"), context.slot("wish"), language)
    geography = context.world.geography
    sessions = near((session for session in free if wish.suits(session, context.now)), commune, geography, language)
    asked = "all" if wish != Wish(language=language) else ""
    if not sessions and asked:
        sessions, asked = near(free, commune, geography, language), "other"
    slots: dict[str, SlotValue] = {
        "sessions": [as_slot(session) for session in sessions], "asked": asked or None,
        "found": _how_near(sessions, commune, geography), "day": None, "period": None, "wish": None,
    }
    return Result((NoteInterest(tuple(session.id for session in sessions)),) if sessions else (), slots)


def _how_near(sessions: tuple[Session, ...], commune: str, geography: Geography) -> str:
    if not sessions:
        return "none"
    if sessions[0].commune == commune:
        return "here"
    return "near" if (kilometres_to(sessions[0], commune, geography) or 0.0) <= NEAR_KM else "far"


def known_sessions(context: Context) -> tuple[Session, ...]:
    """The sessions that were last shown."""
    value = context.state.slots.get("sessions")
    return tuple(from_slot(item) for item in value) if isinstance(value, list) else ()


def ask_session(context: Context) -> Result:
    """Show the sessions, one button each, with how far the others are."""
    wanted = context.slot("commune") or ""
    options = tuple(
        Option(_title_from(session, wanted, context), f"/SetSlots(session={session.id})")
        for session in known_sessions(context)
    )
    commune = context.world.geography.by_insee(wanted)
    found = context.slot("found")
    key = "utter_ask_session" if found == "here" else f"utter_ask_session_{'far' if found == 'far' else 'near'}"
    said: list[Utter] = [Utter("utter_not_as_asked")] if context.slot("asked") == "other" else []
    return Result((*said, Utter(key, {"commune": Quoted(commune.name if commune else "")}, options)))


def _title_from(session: Session, commune: str, context: Context) -> Text:
    kilometres = kilometres_to(session, commune, context.world.geography)
    if not kilometres:
        return session_title(session)
    return Text("label/session_far", {
        "when": Moment(session.starts_at), "commune": Quoted(session.commune_name), "km": max(1, round(kilometres)),
    })


def wait_for_seat(context: Context) -> Result:
    """A full session: told when a seat is free."""
    match context.answer:
        case WaitingJoined(session=session):
            return Result((Utter("utter_waiting", session_args(session)),))
        case SeatRefused():
            return Result((Utter("utter_appointment_gone"),))
        case _:
            return Result((JoinWaiting(context.slot("session") or ""),))


def leave_waiting(context: Context) -> Result:
    """No longer told of this session."""
    return Result((LeaveWaiting(context.slot("session") or ""), Utter("utter_waiting_left")))


def book_seat(context: Context) -> Result:
    """Take the seat, plan the reminders; ``seat``: booked, or why not."""
    match context.answer:
        case SeatBooked(appointment=appointment):
            return Result(booked_deeds(context, appointment, "utter_booked"), {"seat": "booked"})
        case SeatRefused(reason="already"):
            return Result(slots={"seat": "already", "session": None})
        case SeatRefused(reason=reason):
            # Told at once, and offered the next: the flow looks for sessions again.
            session = context.slot("session") or ""
            wait = Option(Text("label/wait_for_seat"), intent_payload("wait_for_seat", session=session))
            said = Utter("utter_seat_taken", {}, (wait,) if reason == "full" else ())
            return Result((said,), slots={"seat": reason, "session": None})
        case _:
            return Result((BookSeat(context.slot("session") or ""),))


def booked_deeds(
    context: Context, appointment: Appointment, utterance: str, before: Appointment | None = None,
) -> tuple[Deed, ...]:
    """What follows a seat taken: the reminders, the confirmation with day, place and code, the map, the agenda.

    ``before``: the appointment it takes the place of.
    """
    at = planned(appointment.session.starts_at, context.now)
    reminder = Text("label/will_write") if at else ""  # not said when it is too soon for one
    return (
        ScheduleReminders(appointment.id, at),
        ShowPlace(appointment.session),
        # Last, so that the day, the code and the buttons are what stays on the screen.
        Utter(utterance, {**appointment_args(appointment), "reminder": reminder}, booked_options(appointment)),
        GiveCalendarFile(appointment, before),
    )


def booked_options(appointment: Appointment) -> tuple[Option, ...]:
    """Move, cancel, or say what it is about."""
    topic = Option(Text("label/share_topic"), intent_payload("share_topic", appointment=appointment.id))
    return (*appointment_options(appointment), topic)


def appointment_options(appointment: Appointment) -> tuple[Option, ...]:
    """Move or cancel this appointment."""
    return tuple(
        Option(Text(f"label/{intent}"), intent_payload(intent, appointment=appointment.id))
        for intent in ("change_appointment", "cancel_appointment")
    )


def appointment_args(appointment: Appointment) -> Mapping[str, Arg]:
    """What the words about an appointment need."""
    return {
        "when": Moment(appointment.session.starts_at),
        "until": Moment(appointment.session.ends_at, "hour"),
        "where": place_text(appointment.session),
        "code": Quoted(appointment.code),
    }


def session_args(session: Session) -> Mapping[str, Arg]:
    """What the words about a session need."""
    return {"when": Moment(session.starts_at), "where": place_text(session)}


def place_text(session: Session) -> Text:
    """The place as said to the person, with its landmark; a sample says that it is one."""
    key = "label/place_sample" if session.sample else "label/place_near" if session.landmark else "label/place"
    return Text(key, {"commune": Quoted(session.commune_name), "place": Quoted(session.place),
                      "landmark": Quoted(session.landmark)})


def session_title(session: Session) -> Text:
    """A session on a button."""
    return Text("label/session", {
        "when": Moment(session.starts_at), "commune": Quoted(session.commune_name), "free": session.free,
    })


def list_bullets(appointments: tuple[Appointment, ...]) -> Bullets:
    """Appointments as a list."""
    return Bullets(tuple(Text("label/appointment", appointment_args(item)) for item in appointments))


ACTIONS: Mapping[str, Action] = {
    "action_find_sessions": find_sessions,
    "action_ask_session": ask_session,
    "action_book_seat": book_seat,
    "action_wait_for_seat": wait_for_seat,
    "action_leave_waiting": leave_waiting,
}
