"""What counsellors and the calendar cause: each is said to the person once, in their language."""

from dataclasses import replace
from datetime import datetime

from dialogues import interpreter
from dialogues.actions.permanences import appointment_args, appointment_options, session_args, session_title
from dialogues.effects import GiveCalendarFile, ScheduleReminders
from dialogues.events.due import DayChanged, ReminderDue, SeatMissed, SessionChanged
from dialogues.events.team import DatesProposed, LeadReminded, LeadTaken, LiaisonProposed, PassProposed
from dialogues.items import item_bullets, shown
from dialogues.payloads import intent_payload
from dialogues.reminders import HELD, evening, last_moment, missed_at, planned, quiet, worth_saying
from dialogues.run import Run
from dialogues.sessions import half_day, open_seat
from dialogues.snapshot import Session, Team
from dialogues.state import Option
from dialogues.text import Bullets, Moment, Quoted, Text


def remind(run: Run, event: ReminderDue) -> None:
    """Look again before speaking: the seat may be gone, moved, or the moment past.

    Said while a human talks too: they do not know of the seat, and a reminder says nothing of what it is for.
    """
    held = next((item for item in run.snapshot.appointments if item.id == event.appointment_id), None)
    if held is None or not worth_saying(event.kind, held.session.starts_at, run.now):
        return
    if held.confirmed and event.kind == "day_before":
        return
    options = tuple(
        Option(Text(f"label/{intent}"), intent_payload(intent, appointment=held.id))
        for intent in ("confirm_appointment", "change_appointment", "cancel_appointment")
    )
    run.utter(f"utter_reminder_{event.kind}", appointment_args(held, discreet=True), options,
              until=last_moment(event.kind, held.session.starts_at), about=held.id)


def session_changed(run: Run, event: SessionChanged) -> None:
    """Cancelled, moved, late or late no more: told at once, with the new choice.

    Looks again: the seat may be gone meanwhile.
    """
    session = event.appointment.session
    if session.ends_at <= run.now:
        return
    args = appointment_args(event.appointment, discreet=True)
    if event.what == "cancelled":
        run.utter("utter_session_cancelled", args, (_others(session),), until=session.ends_at,
                  begins=_begins(run, session))
        run.effects.append(GiveCalendarFile(event.appointment, change="cancelled"))
        return
    held = next((item for item in run.snapshot.appointments if item.id == event.appointment.id), None)
    if held is None:
        return
    options = appointment_options(held)
    if event.what == "late":
        run.utter("utter_session_late" if session.late else "utter_on_time", {**args, "minutes": session.late},
                  options, until=session.ends_at, about=held.id, begins=_begins(run, session))
        return
    run.effects.append(ScheduleReminders(held.id, planned(session.starts_at, run.now)))
    confirm = Option(Text("label/confirm_appointment"), intent_payload("confirm_appointment", appointment=held.id))
    run.utter("utter_session_moved", args, (confirm, *options), until=session.ends_at, about=held.id,
              begins=_begins(run, session))
    run.effects.append(GiveCalendarFile(held, change="moved"))


def session_reopened(run: Run, session: Session) -> None:
    """Who was told not to come may come after all; nothing when they have a seat again, or it is too late."""
    held = {half_day(item.session.id) for item in run.snapshot.appointments}
    if half_day(session.id) in held or session.starts_at <= run.now or session.free < 1:
        return
    take = Option(Text("label/take_seat"), _take(session))
    run.utter("utter_session_reopened", session_args(session), (take, _others(session)),
              until=session.starts_at, about=session.id, begins=_begins(run, session))


def day_changed(run: Run, event: DayChanged) -> None:
    """Somebody who had asked about that day, and has no seat, need not go for nothing, nor too early.

    Nothing when they took a seat meanwhile: they hear of that one.
    """
    session = event.session
    held = {half_day(item.session.id) for item in run.snapshot.appointments}
    # Where one may just come, people still set out once it has begun.
    over = session.ends_at if event.what == "late" or session.walk_in else session.starts_at
    if half_day(session.id) in held or over <= run.now:
        return
    take = (Option(Text("label/take_seat"), _take(session)),) if session.free and event.what != "cancelled" else ()
    said = {**session_args(session), "minutes": session.late} if event.what == "late" else session_args(session)
    about = None if event.what == "cancelled" else session.id
    key = "utter_on_time" if event.what == "late" and not session.late else f"utter_day_{event.what}"
    run.utter(key, said, (*take, _others(session)), until=over, about=about,
              begins=_begins(run, session))


def seat_freed(run: Run, session: Session, *, kept: bool = True) -> None:
    """A seat is kept for a while for somebody who waited; nothing when they have one, or it is too late.

    Not ``kept``: they read it when they are back, while it is still there.
    """
    held = {half_day(item.session.id) for item in run.snapshot.appointments}
    if half_day(session.id) in held or session.starts_at <= run.now or session.free < 1 or quiet(run.now):
        return
    take = Option(Text("label/take_seat"), _take(session))
    leave = Option(Text("label/leave_waiting"), intent_payload("leave_waiting", session=session.id))
    if not kept:
        run.utter("utter_seat_open", session_args(session), (take, leave), until=session.starts_at,
                  about=open_seat(session.id))
        return
    run.utter("utter_seat_freed", session_args(session), (take, leave),
              until=min(run.now + HELD, evening(run.now), session.starts_at), about=session.id)


def seat_missed(run: Run, event: SeatMissed) -> None:
    """One kind word the day after, never a reproach, then nothing more unless they write.

    Looks again: whoever took another date, or would read "yesterday" on another day, is left in peace.
    """
    session = event.appointment.session
    again = any(held.session.starts_at > run.now for held in run.snapshot.appointments)
    if run.state.mode != "human" and not again and missed_at(session.starts_at, run.now) == run.now:
        run.utter("utter_seat_missed", {}, (_others(session),), until=evening(run.now))


def _begins(run: Run, session: Session) -> datetime:
    """When people set out for it, perhaps for the hour it had; now, for what was worth waking them."""
    return run.now if quiet(run.now) else min(session.starts_at, session.given_at or session.starts_at)


def _take(session: Session) -> str:
    """With the commune, so that others near are shown when it is gone."""
    return intent_payload("take_seat", session=session.id, commune=session.commune)


def _others(session: Session) -> Option:
    return Option(Text("label/other_dates"), intent_payload("find_permanence", commune=session.commune))


def taken(run: Run, event: LeadTaken) -> None:
    """A human has it: from now on the bot keeps silent."""
    lead = run.snapshot.lead
    team = Text(f"body/{lead.territory}/{lead.team}") if lead else Quoted("")
    run.state = replace(run.state, mode="human")
    who = {"name": Quoted(event.name), "team": team}
    if event.writes_by is None:
        run.utter("utter_lead_taken", who)
    else:
        run.utter("utter_lead_taken_by", {**who, "when": Moment(event.writes_by)})


def pass_proposed(run: Run, event: PassProposed) -> None:
    """Another team may help: to whom, what it would be given word for word, and the person decides."""
    words = tuple(
        bullet for key, value in event.items for bullet in item_bullets({key: value}, run.world.catalog).items
    )
    to, agreed = f"{event.team.territory}/{event.team.body}", shown(event.lead_id, event.items)
    options = tuple(
        Option(Text(f"label/{intent}"), intent_payload(intent, pass_to=to, pass_shown=agreed))
        for intent in ("pass_on_yes", "pass_on_no")
    )
    run.utter("utter_ask_pass_on", {
        "name": Quoted(event.name), "team": Text(f"body/{to}"), "items": Bullets(words),
    }, options)


def liaison_proposed(run: Run, event: LiaisonProposed) -> None:
    """A service outside may have a sheet: which, what it would say word for word, and the person decides."""
    words = tuple(
        bullet for key, value in event.items for bullet in item_bullets({key: value}, run.world.catalog).items
    )
    options = tuple(
        Option(Text(f"label/{intent}"), intent_payload(intent, liaison=event.liaison_id))
        for intent in ("liaison_yes", "liaison_no")
    )
    run.utter("utter_ask_liaison", {
        "name": Quoted(event.name), "door": Quoted(event.door_name), "items": Bullets(words),
    }, options)


def dates_proposed(run: Run, event: DatesProposed) -> None:
    """Real dates, each a button that books."""
    options = tuple(
        Option(session_title(session), _take(session))
        for session in event.sessions
    )
    run.utter("utter_dates_proposed", {"name": Quoted(event.name)}, options)


def reminded(run: Run, event: LeadReminded) -> None:
    """Nobody took it yet: said once, with what else is possible; in an emergency at any hour, with the numbers."""
    lead = run.snapshot.lead
    if lead is None or (quiet(run.now) and not event.urgent):
        return
    team = Text(f"body/{lead.territory}/{lead.team}")
    if not event.urgent:
        run.utter("utter_lead_reminded", {"team": team})
        return
    if event.back_at is not None:
        run.utter("utter_lead_back_at", {"when": Moment(event.back_at)})
    run.utter("utter_lead_reminded_urgent", {"team": team})


def returned(run: Run) -> None:
    """Who had it did not write: the bot talks again."""
    lead = run.snapshot.lead
    run.state = replace(run.state, mode="bot")
    run.utter("utter_lead_returned", {"team": Text(f"body/{lead.territory}/{lead.team}") if lead else Quoted("")})


def expired(run: Run) -> None:
    """Nobody was found: an honest word, and where else to go."""
    run.utter("utter_lead_expired")


def refused(run: Run, team: Team | None) -> None:
    """Not for that team: who has it now, or an honest word that nobody does yet."""
    if team is None:
        run.utter("utter_lead_unowned")
    else:
        run.utter("utter_lead_passed", {"team": Text(f"body/{team.territory}/{team.body}")})
        if team.back_at is not None:
            run.utter("utter_lead_back_at", {"when": Moment(team.back_at)})


def handed_back(run: Run) -> None:
    """The bot talks again; what was interrupted is taken up."""
    run.state = replace(run.state, mode="bot")
    run.utter("utter_handed_back")
    if run.state.stack:
        interpreter.resume(run)


def closed(run: Run) -> None:
    """The human is done; the bot talks again. What the person was doing with the bot goes on."""
    talked = run.state.mode == "human"
    run.state = replace(run.state, mode="bot")
    if talked:
        interpreter.leave(run)
    run.utter("utter_lead_closed")
    if run.state.stack:
        interpreter.resume(run)
