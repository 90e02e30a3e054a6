"""Finding a permanence and booking a seat."""

from collections.abc import Mapping
from datetime import timedelta

from dialogues.effects import BookSeat, FindSessions, ScheduleReminders
from dialogues.events import SeatBooked, SeatRefused, SessionsFound
from dialogues.payloads import intent_payload
from dialogues.reminders import planned
from dialogues.sessions import as_slot, from_slot, near
from dialogues.snapshot import Appointment, Session
from dialogues.state import Option
from dialogues.text import Arg, Bullets, Moment, Quoted, Text
from dialogues.world import Action, Context, Deed, Result, Utter

# How far ahead seats are shown.
HORIZON = timedelta(days=28)


def find_sessions(context: Context) -> Result:
    """Open sessions near the commune, kept in the slot ``sessions``; ``found``: here, near or none."""
    if not isinstance(context.answer, SessionsFound):
        return Result((FindSessions(context.now + HORIZON),))
    commune = context.slot("commune") or ""
    held = {appointment.session.id for appointment in context.snapshot.appointments}
    sessions = near(
        (session for session in context.answer.sessions if session.id not in held), commune, context.world.geography
    )
    here = bool(sessions) and sessions[0].commune == commune
    return Result(slots={
        "sessions": [as_slot(session) for session in sessions],
        "found": ("here" if here else "near") if sessions else "none",
    })


def known_sessions(context: Context) -> tuple[Session, ...]:
    """The sessions that were last shown."""
    value = context.state.slots.get("sessions")
    return tuple(from_slot(item) for item in value) if isinstance(value, list) else ()


def ask_session(context: Context) -> Result:
    """Show the sessions, one button each."""
    options = tuple(
        Option(session_title(session), f"/SetSlots(session={session.id})") for session in known_sessions(context)
    )
    commune = context.world.geography.by_insee(context.slot("commune") or "")
    key = "utter_ask_session" if context.slot("found") == "here" else "utter_ask_session_near"
    return Result((Utter(key, {"commune": Quoted(commune.name if commune else "")}, options),))


def book_seat(context: Context) -> Result:
    """Take the seat, plan the reminders; ``seat``: booked, or why not."""
    match context.answer:
        case SeatBooked(appointment=appointment):
            return Result(booked_deeds(context, appointment, "utter_booked"), {"seat": "booked"})
        case SeatRefused(reason=reason):
            return Result(slots={"seat": reason, "session": None})
        case _:
            return Result((BookSeat(context.slot("session") or ""),))


def booked_deeds(context: Context, appointment: Appointment, utterance: str) -> tuple[Deed, ...]:
    """What follows a seat taken: the reminders, and the confirmation with day, place and code."""
    at = planned(appointment.session.starts_at, context.now)
    return (
        ScheduleReminders(appointment.id, at),
        Utter(utterance, appointment_args(appointment), appointment_options(appointment)),
    )


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


def place_text(session: Session) -> Text:
    """The place as said to the person; a sample says that it is one."""
    key = "label/place_sample" if session.sample else "label/place"
    return Text(key, {"commune": Quoted(session.commune_name), "place": Quoted(session.place)})


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
}
