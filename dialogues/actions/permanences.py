"""Finding a permanence and booking a seat."""

from collections.abc import Mapping
from datetime import timedelta
from functools import partial

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
from dialogues.events.answers import SeatBooked, SeatRefused, SessionsFound, WaitingJoined
from dialogues.payloads import intent_payload
from dialogues.reminders import NEAR, planned
from dialogues.sessions import (
    NEAR_KM,
    SHOWN,
    Wish,
    as_slot,
    from_slot,
    half_day,
    kilometres_to,
    near,
    publics_of,
)
from dialogues.snapshot import Appointment, Geography, Session
from dialogues.state import Option, SlotValue
from dialogues.text import Arg, Bullets, Moment, Quoted, Text
from dialogues.world import Action, Context, Deed, Result, Utter

# Publics that have words in every language; others are shown as the team wrote them.
PUBLICS: Mapping[str, str] = {
    "femmes": "label/public_women", "femme": "label/public_women", "jeunes": "label/public_youth",
    "jeune": "label/public_youth",
}
# How far ahead seats are shown.
HORIZON = timedelta(days=28)
# What is asked for besides a place; and what of it may not be found, whomever the person says they are.
MAY_FAIL = ("day", "period", "wish")
WISHES = (*MAY_FAIL, "public")
# From best to worst; and how many full sessions are offered to be waited for beside free ones.
NEARNESS, WAITED = ("here", "near", "far", "none"), 2
# Asks for the town again: a button that kept it would find nothing once more.
OTHER_TOWN = Option(Text("utter_ask_session/other_town"), intent_payload("find_permanence", commune=""))
# How many dates without an appointment are told.
OPEN_DOORS = 3
# How many open sessions are looked at: of them five are shown. All, when a day or an evening was asked for.
ENOUGH, ALL = 40, 600


def find_sessions(context: Context) -> Result:
    """Open sessions near the commune, kept in the slot ``sessions``; full ones that may be waited for in ``full``.

    Where one may come without an appointment is said first: it cannot be booked. ``found``: here, near, far, full
    (all that is near is) or none; ``asked``: whether what was asked for besides (a day, the evening, a woman
    counsellor) was found: all, other (only something else is), or empty when nothing was.
    """
    commune = context.slot("commune") or context.slot("around") or ""
    if not isinstance(context.answer, SessionsFound):
        known = context.world.geography.by_insee(commune)
        at = (known.latitude, known.longitude) if known else (None, None)
        picky = any(context.slot(name) for name in WISHES)
        return Result((FindSessions(context.now + HORIZON, commune or None, *at, ALL if picky else ENOUGH),))
    wish, language, geography = _wish(context), context.state.language, context.world.geography
    free, full = (
        [one for one in found if not _held(context, one) and not wish.for_others(one)]
        for found in (context.answer.sessions, context.answer.full))
    asked = "all" if wish.asks else ""
    near_them = partial(near, commune=commune, geography=geography, language=language, wish=wish)
    sessions = near_them(one for one in free if wish.suits(one, context.now))
    found = _how_near(sessions, commune, geography)
    if asked and found in {"far", "none"}:
        # Something else that is near helps more than what was asked for, two hours away.
        others = near_them(free)
        if found == "none" or _how_near(others, commune, geography) != "far":
            sessions, asked, found = others, "other", _how_near(others, commune, geography)
    waited = _worth_waiting([one for one in full if wish.suits(one, context.now)], found, asked, context)
    if not waited and found == "none":
        waited = _worth_waiting(full, found, asked, context)
    doors = _open_doors([one for one in full if wish.suits(one, context.now)], found, context)
    if found == "far" and doors and _how_near(doors, commune, geography) != "far":
        sessions, found = (), "none"  # nobody is sent far from a door that is open near them
    slots: dict[str, SlotValue] = {
        "sessions": [as_slot(session) for session in sessions], "full": [as_slot(session) for session in waited],
        "around": commune or None, "asked": asked or None, "found": "full" if waited and not sessions else found,
        "whom": wish.want,  # found or not, a team that is asked instead is told
    }
    if asked == "other":  # said once: what is asked for next is not measured against it
        slots |= dict.fromkeys(MAY_FAIL)
    shown = tuple(session.id for session in dict.fromkeys((*sessions, *waited, *doors)))
    said = (Utter("utter_walk_in", {"sessions": _door_bullets(doors, commune, geography)}),) if doors else ()
    return Result((*said, NoteInterest(shown)) if shown else (), slots)


def _wish(context: Context) -> Wish:
    slot = context.slot
    return Wish(slot("day"), slot("period"), slot("wish"), context.state.language, slot("public"))


def _open_doors(full: list[Session], found: str, context: Context) -> tuple[Session, ...]:
    """Of what cannot be booked, where seats are kept for who just comes, unless what can be booked is nearer."""
    commune, geography = context.slot("commune") or context.slot("around") or "", context.world.geography
    doors = near((one for one in full if one.walk_in), commune, geography, context.state.language, OPEN_DOORS,
                 _wish(context))
    better = NEARNESS.index(_how_near(doors, commune, geography)) <= NEARNESS.index(found)
    return doors if better else ()


def _door_bullets(doors: tuple[Session, ...], commune: str, geography: Geography) -> Bullets:
    return Bullets(tuple(
        Text("label/walk_in", {
            "session": session_title(one, kilometres_to(one, commune, geography)), "where": place_text(one),
            "until": Moment(one.ends_at, "hour"), "places": one.walk_in})
        for one in doors))


def _held(context: Context, session: Session) -> bool:
    """Whether the person has a seat of it, or of its half-day: that one they may only leave for another slot."""
    return any(
        held.session.id == session.id
        or (held.id != context.slot("appointment") and half_day(held.session.id) == half_day(session.id))
        for held in context.snapshot.appointments)


def _worth_waiting(full: list[Session], found: str, asked: str, context: Context) -> tuple[Session, ...]:
    """Full sessions better than what is free: what was asked for and is not found, or nearer than what is."""
    # Nobody ever gives back a seat where none is booked; and nobody is told any more of one that is near.
    full = [one for one in full if not one.drop_in and one.starts_at - context.now >= NEAR]
    commune, geography = context.slot("commune") or context.slot("around") or "", context.world.geography
    close = near(full, commune, geography, context.state.language, SHOWN if found == "none" else WAITED,
                 _wish(context))
    how = _how_near(close, commune, geography)
    better = NEARNESS.index(how) < NEARNESS.index(found) or (asked == "other" and how != "far")
    return close if close and better else ()


def _how_near(sessions: tuple[Session, ...], commune: str, geography: Geography) -> str:
    if not sessions:
        return "none"
    if sessions[0].commune == commune:
        return "here"
    return "near" if (kilometres_to(sessions[0], commune, geography) or 0.0) <= NEAR_KM else "far"


def known_sessions(context: Context, slot: str = "sessions") -> tuple[Session, ...]:
    """The sessions that were last shown; ``slot`` full: those that may be waited for."""
    value = context.state.slots.get(slot)
    return tuple(from_slot(item) for item in value) if isinstance(value, list) else ()


def ask_session(context: Context) -> Result:
    """Show the sessions, one button each, with how far the others are."""
    wanted = context.slot("commune") or context.slot("around") or ""  # back from "another town": the one before
    options = tuple(
        Option(_title_from(session, wanted, context), f"/SetSlots(session={session.id})")
        for session in known_sessions(context)
    )
    commune = context.world.geography.by_insee(wanted)
    found = context.slot("found")
    key = "utter_ask_session" if found == "here" else f"utter_ask_session_{'far' if found == 'far' else 'near'}"
    said: list[Utter] = [Utter("utter_not_as_asked")] if context.slot("asked") == "other" else []
    named = {"commune": Quoted(commune.name if commune else "")}
    return Result((*said, Utter(key, named, (*options, *_waiting_options(context)))), {"commune": wanted or None})


def offer_waiting(context: Context) -> Result:
    """Everything near is full: which one to be told of, when a seat is free."""
    key = "utter_all_full" if context.snapshot.reachable else "utter_all_full_here"
    return Result((Utter(key, {}, (*_waiting_options(context), OTHER_TOWN)),))


def no_session(_context: Context) -> Result:
    """Nothing near: another town, or a human."""
    return Result((Utter("utter_no_session", {}, (OTHER_TOWN,)),))


def _waiting_options(context: Context) -> tuple[Option, ...]:
    wanted = context.slot("commune") or context.slot("around") or ""
    label = "label/session_full" if context.snapshot.reachable else "label/session_full_here"
    return tuple(
        Option(Text(label, {"session": _title_from(session, wanted, context)}),
               intent_payload("wait_for_seat", session=session.id))
        for session in known_sessions(context, "full")
    )


def _title_from(session: Session, commune: str, context: Context) -> Text:
    return session_title(session, kilometres_to(session, commune, context.world.geography))


def wait_for_seat(context: Context) -> Result:
    """A full session: told when a seat is free."""
    match context.answer:
        case WaitingJoined(session=session):
            # Waited for, not chosen: dates that are asked about below are asked again, not answered by it.
            key = "utter_waiting" if context.snapshot.reachable else "utter_waiting_here"
            return Result((Utter(key, session_args(session)),), {"session": None})
        case SeatRefused(reason="near"):
            return Result((Utter("utter_waiting_near"),), {"session": None})
        case SeatRefused():
            return Result((Utter("utter_appointment_gone"),), {"session": None})
        case _:
            return Result((JoinWaiting(context.slot("session") or ""),))


def leave_waiting(context: Context) -> Result:
    """No longer told of this session."""
    return Result((LeaveWaiting(context.slot("session") or ""), Utter("utter_waiting_left")), {"session": None})


def book_seat(context: Context) -> Result:
    """Take the seat, plan the reminders; ``seat``: booked, or why not."""
    match context.answer:
        case SeatBooked(appointment=appointment):
            return Result(booked_deeds(context, appointment, "utter_booked"), {"seat": "booked"})
        case SeatRefused(reason="already"):
            said = Utter("utter_already_booked", {}, _move_options(context))
            return Result((said,), {"seat": "already", "session": None})
        case SeatRefused(reason=reason):
            # Told at once, and offered the next: the flow looks for sessions again.
            session = context.slot("session") or ""
            label = "label/wait_for_seat" if context.snapshot.reachable else "label/wait_for_seat_here"
            wait = Option(Text(label), intent_payload("wait_for_seat", session=session))
            known = next((one for one in known_sessions(context) if one.id == session), None)
            late = known is not None and known.starts_at - context.now < NEAR  # nobody would be told any more
            said = Utter("utter_seat_taken", {}, (wait,) if reason == "full" and not late else ())
            return Result((said,), slots={"seat": reason, "session": None})
        case _:
            return Result((BookSeat(context.slot("session") or ""),))


def _move_options(context: Context) -> tuple[Option, ...]:
    """Move the seat the person has: to the slot they chose, when it is another of the same half-day."""
    wanted = context.slot("session") or ""
    mine = context.snapshot.appointments
    held = next((one for one in mine if half_day(one.session.id) == half_day(wanted)), None)
    if held is None:
        return ()
    to = {} if held.session.id == wanted else {"session": wanted}
    payload = intent_payload("change_appointment", appointment=held.id, **to)
    return (Option(Text("label/change_appointment"), payload),)


def booked_deeds(
    context: Context, appointment: Appointment, utterance: str, before: Appointment | None = None,
) -> tuple[Deed, ...]:
    """What follows a seat taken: the reminders, the confirmation with day, place and code, the map, the agenda;
    and by how much the team is late, when that was said already.

    ``before``: the appointment it takes the place of.
    """
    at = planned(appointment.session.starts_at, context.now)
    # Not said when it is too soon for one; nor where nobody can be written to.
    reminder = Text("label/will_write" if context.snapshot.reachable else "label/wont_write") if at else ""
    args, minutes = appointment_args(appointment), appointment.session.late
    late = (Utter("utter_session_late", {**args, "minutes": minutes}),) if minutes else ()
    return (
        ScheduleReminders(appointment.id, at),
        ShowPlace(appointment.session),
        # Last but for a lateness, so that the day, the code and the buttons are what stays on the screen.
        Utter(utterance, {**args, "reminder": reminder}, booked_options(appointment)),
        *late,
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


def appointment_args(appointment: Appointment, *, discreet: bool = False) -> Mapping[str, Arg]:
    """What the words about an appointment need. ``discreet``: no workshop's name, for what comes by itself."""
    session, where = appointment.session, place_text(appointment.session)
    if workshop(session) and not discreet:
        where = Text("label/place_titled", {"title": Quoted(workshop(session)), "where": where})
    return {
        "when": Moment(session.starts_at),
        "until": Moment(session.ends_at, "hour"),
        "where": where,
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


def session_title(session: Session, kilometres: float | None = None) -> Text:
    """A session on a button: when, where, how far when it is not here, and what it is when it is a workshop."""
    args: Mapping[str, Arg] = {"when": Moment(session.starts_at), "commune": Quoted(session.commune_name)}
    title = Text("label/session", {**args, "free": session.free})
    if kilometres:
        title = Text("label/session_far", {**args, "km": max(1, round(kilometres))})
    what = Quoted(workshop(session)) if workshop(session) else for_whom(session)
    return title if what is None else Text("label/session_titled", {"session": title, "title": what})


def for_whom(session: Session) -> Text | Quoted | None:
    """For whom a session is, when it is not for everybody: in the person's words where we have them."""
    publics = publics_of(session)
    if not publics:
        return None
    if len(publics) == 1 and publics[0] in PUBLICS:
        return Text(PUBLICS[publics[0]])
    return Quoted(", ".join(public.replace("-", " ") for public in publics))


def workshop(session: Session) -> str:
    """The name of a workshop and for whom it is, as its team wrote them; empty for a permanence."""
    if session.kind != "workshop" or not session.title:
        return ""
    return f"{session.title} ({', '.join(session.publics)})" if session.publics else session.title


def list_bullets(appointments: tuple[Appointment, ...]) -> Bullets:
    """Appointments as a list."""
    return Bullets(tuple(Text("label/appointment", appointment_args(item)) for item in appointments))


ACTIONS: Mapping[str, Action] = {
    "action_find_sessions": find_sessions,
    "action_ask_session": ask_session,
    "action_offer_waiting": offer_waiting,
    "action_no_session": no_session,
    "action_book_seat": book_seat,
    "action_wait_for_seat": wait_for_seat,
    "action_leave_waiting": leave_waiting,
}
