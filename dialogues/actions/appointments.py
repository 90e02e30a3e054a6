"""The seats a person holds: see, move, cancel, confirm, be late."""

from collections.abc import Mapping

from dialogues.actions.permanences import (
    appointment_args,
    appointment_options,
    booked_deeds,
    list_bullets,
    session_title,
)
from dialogues.effects import (
    CancelReminders,
    CancelSeat,
    ConfirmSeat,
    MoveSeat,
    ShareAlias,
    ShareTopic,
    ShowPlace,
    TellBody,
)
from dialogues.events.answers import BodyTold, SeatBooked, SeatCancelled, SeatRefused
from dialogues.intents import THEMES
from dialogues.reminders import PARIS
from dialogues.snapshot import Appointment
from dialogues.state import Option
from dialogues.text import Quoted, Text
from dialogues.world import Action, Context, Deed, Result, Utter

# What somebody on the way or on the spot says, as the team and the person read it.
SPOT_WORDS: Mapping[str, str] = {
    "late": "label/spot_late", "lost": "label/spot_lost", "here": "label/spot_here", "unsure": "label/running_late",
}


def chosen_appointment(context: Context) -> Appointment | None:
    """The appointment the slot names, if the person still holds it."""
    wanted = context.slot("appointment")
    return next((item for item in context.snapshot.appointments if item.id == wanted), None)


def pick_appointment(context: Context) -> Result:
    """Fill ``appointment`` when only one is possible; ``held``: none, one, many, or gone (an old button)."""
    held = context.snapshot.appointments
    if context.slot("appointment") and chosen_appointment(context) is None:
        return Result(slots={"appointment": None, "held": "gone" if held else "none"})
    if chosen_appointment(context) is not None:
        return Result(slots={"held": "one"})
    if len(held) == 1:
        return Result(slots={"appointment": held[0].id, "held": "one"})
    return Result(slots={"held": "many" if held else "none"})


def take_commune_of_appointment(context: Context) -> Result:
    """Look for other sessions where the person already had a seat."""
    appointment = chosen_appointment(context)
    return Result(slots={"commune": appointment.session.commune} if appointment else {})


def ask_appointment(context: Context) -> Result:
    """Which of your appointments?"""
    options = tuple(
        Option(session_title(item.session), f"/SetSlots(appointment={item.id})")
        for item in context.snapshot.appointments
    )
    return Result((Utter("utter_ask_appointment", {}, options),))


def ask_confirm_cancel(context: Context) -> Result:
    """Really give the seat back?"""
    appointment = chosen_appointment(context)
    args = appointment_args(appointment) if appointment else {}
    return Result((Utter("utter_ask_confirm_cancel", args),))


def move_seat(context: Context) -> Result:
    """Move to the session chosen; ``seat``: booked, or why not (then the old seat is still theirs)."""
    match context.answer:
        case SeatBooked(appointment=appointment):
            before = chosen_appointment(context)
            deeds = booked_deeds(context, appointment, "utter_moved", before)
            return Result((*deeds, *_tell_team(context, before, "moved")), {"seat": "booked"})
        case BodyTold():
            return Result()
        case SeatRefused(reason=reason):
            return Result(slots={"seat": reason, "session": None})
        case _ if chosen_appointment(context) is None:  # given back in the middle of the move
            return Result(slots={"seat": "gone", "session": None})
        case _:
            return Result((MoveSeat(context.slot("appointment") or "", context.slot("session") or ""),))


def cancel_seat(context: Context) -> Result:
    """Give the seat back and forget its reminders."""
    match context.answer:
        case SeatCancelled(appointment=appointment):
            # While it is under way nobody else takes the seat, but the team need not wait.
            begun = appointment.session.starts_at <= context.now
            said = Utter("utter_excused") if begun else Utter("utter_cancelled_seat", appointment_args(appointment))
            told = _tell_team(context, appointment, "excused" if begun else "cancelled")
            return Result((CancelReminders(appointment.id), said, *told))
        case BodyTold():
            return Result()
        case SeatRefused():
            return Result((Utter("utter_appointment_gone"),))
        case _:
            return Result((CancelSeat(context.slot("appointment") or ""),))


def _tell_team(context: Context, held: Appointment | None, what: str) -> tuple[Deed, ...]:
    """On the day itself the team has its list, and may be waiting: it hears what became of the seat."""
    if held is None or not _same_day(context, held):
        return ()
    told = Text(f"utter_team_seat_{what}", appointment_args(held))
    return (TellBody(held.session.body, held.session.territory, told, held.id),)


def list_appointments(context: Context) -> Result:
    """What the person holds."""
    held = context.snapshot.appointments
    if not held:
        return Result((Utter("utter_no_appointment"),))
    if len(held) > 1:
        return Result((Utter("utter_appointments", {"appointments": list_bullets(held)}),))
    said = Utter("utter_appointments", {"appointments": list_bullets(held)}, appointment_options(held[0]))
    return Result((ShowPlace(held[0].session), said))


def confirm_appointment(context: Context) -> Result:
    """The person says they come."""
    appointment = chosen_appointment(context)
    if appointment is None:
        return Result((Utter("utter_appointment_gone"),))
    return Result((ConfirmSeat(appointment.id), Utter("utter_confirmed", appointment_args(appointment))))


def ask_subject(_context: Context) -> Result:
    """What the appointment is about: the themes of the menu, or nothing."""
    themes = (f"theme_{theme}" for theme in THEMES)
    options = tuple(Option(Text(f"label/{theme}"), f"/SetSlots(subject={theme})") for theme in themes)
    nothing = Option(Text("label/no_topic"), "/SetSlots(subject=none)")
    return Result((Utter("utter_ask_subject", {}, (*options, nothing)),))


def share_topic(context: Context) -> Result:
    """Note it for the team."""
    appointment, topic = chosen_appointment(context), context.slot("subject") or ""
    if appointment is None or topic.removeprefix("theme_") not in THEMES:
        return Result((Utter("utter_appointment_gone"),), {"subject": None})
    said = Utter("utter_topic_shared", {"topic": Text(f"label/{topic}")})
    return Result((ShareTopic(appointment.id, topic), said), {"subject": None})


def share_alias(context: Context) -> Result:
    """The name for the team's list, when the person gives one."""
    appointment, alias = chosen_appointment(context), context.slot("alias")
    if appointment is None or alias in (None, "unsaid"):
        return Result((Utter("utter_deny"),))
    return Result((ShareAlias(appointment.id, alias), Utter("utter_alias_told", {"name": Quoted(alias)})))


def look_for_seat_today(context: Context) -> Result:
    """``held``: one when a seat of today is held, which lateness can be about."""
    return Result(slots={"held": "one" if _of_today(context) else "none"})


def ask_spot(context: Context) -> Result:
    """What is to be said to the team? With the place, which is often all that is missing."""
    held = _of_today(context)
    if held is None:
        return Result((Utter("utter_appointment_gone"),))
    options = tuple(
        Option(Text(SPOT_WORDS[word]), f"/SetSlots(spot={word})") for word in ("late", "lost", "here")
    )
    return Result((ShowPlace(held.session), Utter("utter_ask_spot", appointment_args(held), options)))


def tell_late(context: Context) -> Result:
    """Pass on to the team that is there what the person says, by the code only. Whether anybody gets it is said."""
    held = _of_today(context)
    if held is None:
        return Result((Utter("utter_appointment_gone"),))
    word = context.slot("spot") or "unsure"
    args = appointment_args(held)
    if not isinstance(context.answer, BodyTold):
        told = Text(f"utter_team_spot_{word}", args)
        return Result((TellBody(held.session.body, held.session.territory, told, held.id, word),))
    deeds: list[Deed] = [ShowPlace(held.session)]  # who is lost needs the map more than words
    if held.session.late:
        deeds.append(Utter("utter_session_late", {**args, "minutes": held.session.late}))
    key = "utter_late" if context.answer.chats else "utter_late_untold"
    deeds.append(Utter(key, {**args, "what": Text(SPOT_WORDS[word])}))
    return Result(tuple(deeds), {"spot": None})


def _of_today(context: Context) -> Appointment | None:
    """Of the seats of today, the one nearest to now."""
    today = [item for item in context.snapshot.appointments if _same_day(context, item)]
    return min(today, key=lambda item: abs(item.session.starts_at - context.now), default=None)


def _same_day(context: Context, appointment: Appointment) -> bool:
    return appointment.session.starts_at.astimezone(PARIS).date() == context.today


ACTIONS: Mapping[str, Action] = {
    "action_pick_appointment": pick_appointment,
    "action_take_commune_of_appointment": take_commune_of_appointment,
    "action_ask_appointment": ask_appointment,
    "action_ask_confirm_cancel": ask_confirm_cancel,
    "action_move_seat": move_seat,
    "action_cancel_seat": cancel_seat,
    "action_list_appointments": list_appointments,
    "action_confirm_appointment": confirm_appointment,
    "action_ask_subject": ask_subject,
    "action_share_topic": share_topic,
    "action_share_alias": share_alias,
    "action_look_for_seat_today": look_for_seat_today,
    "action_ask_spot": ask_spot,
    "action_tell_late": tell_late,
}
