"""What counsellors and the calendar cause: each is said to the person once, in their language."""

from dataclasses import replace

from dialogues import interpreter
from dialogues.actions.permanences import appointment_args
from dialogues.events import LeadTaken, ReminderDue
from dialogues.payloads import intent_payload
from dialogues.reminders import worth_saying
from dialogues.run import Run
from dialogues.snapshot import Team
from dialogues.state import Option
from dialogues.text import Quoted, Text


def remind(run: Run, event: ReminderDue) -> None:
    """Look again before speaking: the seat may be gone, moved, or the moment past."""
    held = next((item for item in run.snapshot.appointments if item.id == event.appointment_id), None)
    if held is None or run.state.mode == "human" or not worth_saying(event.kind, held.session.starts_at, run.now):
        return
    if held.confirmed and event.kind == "day_before":
        return
    options = tuple(
        Option(Text(f"label/{intent}"), intent_payload(intent, appointment=held.id))
        for intent in ("confirm_appointment", "change_appointment", "cancel_appointment")
    )
    run.utter(f"utter_reminder_{event.kind}", appointment_args(held), options)


def taken(run: Run, event: LeadTaken) -> None:
    """A human has it: from now on the bot keeps silent."""
    lead = run.snapshot.lead
    team = Text(f"body/{lead.territory}/{lead.team}") if lead else Quoted("")
    run.state = replace(run.state, mode="human")
    run.utter("utter_lead_taken", {"name": Quoted(event.name), "team": team})


def refused(run: Run, team: Team | None) -> None:
    """Not for that team: who has it now, or an honest word that nobody does yet."""
    if team is None:
        run.utter("utter_lead_unowned")
    else:
        run.utter("utter_lead_passed", {"team": Text(f"body/{team.territory}/{team.body}")})


def handed_back(run: Run) -> None:
    """The bot talks again; what was interrupted is taken up."""
    run.state = replace(run.state, mode="bot")
    run.utter("utter_handed_back")
    if run.state.stack:
        interpreter.resume(run)


def closed(run: Run) -> None:
    """The human is done; the bot talks again."""
    run.state = replace(run.state, mode="bot")
    interpreter.leave(run)
    run.utter("utter_lead_closed")
