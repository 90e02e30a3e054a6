"""The one function of the rules: (state, event, snapshot, now) -> (state', effects). Pure."""

from dataclasses import replace
from datetime import datetime

from dialogues import absence, interpreter, messages, passing, people, presses, sent_things
from dialogues.catalog import END
from dialogues.effects import (
    Effect,
    ForgetLater,
    ForgetSaid,
    ForgetWords,
    MarkBlocked,
    PassOn,
    PassOnEnclosure,
    RecordOrigin,
    Say,
)
from dialogues.events import Event
from dialogues.events.answers import Answer
from dialogues.events.due import (
    AnswersPassed,
    DayChanged,
    ReminderDue,
    SeatFreed,
    SeatMissed,
    SessionChanged,
    SessionReopened,
)
from dialogues.events.person import (
    ButtonPressed,
    ContactBlocked,
    ContactStarted,
    MediaReceived,
    MessageDeleted,
    MessageReceived,
    PositionShared,
    TooManyMessages,
)
from dialogues.events.team import (
    CounsellorCorrected,
    CounsellorSent,
    CounsellorWrote,
    DatesProposed,
    LeadClosed,
    LeadExpired,
    LeadHandedBack,
    LeadRefused,
    LeadReminded,
    LeadReturned,
    LeadTaken,
    LiaisonProposed,
    PassProposed,
    PhraseChosen,
    TeamChanged,
)
from dialogues.run import Run
from dialogues.snapshot import Snapshot
from dialogues.state import Frame, State
from dialogues.text import Text
from dialogues.world import World


def step(
    world: World, state: State, event: Event, snapshot: Snapshot, now: datetime
) -> tuple[State, tuple[Effect, ...]]:
    """What becomes of the conversation, and what is to be done, in order."""
    run = Run(world, snapshot, now, _of_today(world, state), answering=isinstance(event, passing.THEIRS))
    if passing.tells(world.catalog, run.state, event):
        run.effects.append(ForgetWords())
    match event:
        case ContactStarted():
            _start(run, event)
        case MessageReceived():
            messages.receive(run, event)
        case ButtonPressed(payload=payload):
            presses.press(run, payload)
        case PositionShared():
            sent_things.receive_position(run, event)
        case MediaReceived():
            sent_things.receive_media(run, event)
        case MessageDeleted():
            run.utter("utter_deleted")
        case TooManyMessages():
            run.utter("utter_too_many")
        case ContactBlocked():
            interpreter.forget_passing(run)
            run.effects += [MarkBlocked(), ForgetSaid()]
        case AnswersPassed():
            interpreter.forget_passing(run)
            run.effects.append(ForgetSaid())
        case ReminderDue():
            people.remind(run, event)
        case SessionChanged():
            people.session_changed(run, event)
        case SessionReopened(session=session):
            people.session_reopened(run, session)
        case DayChanged():
            people.day_changed(run, event)
        case SeatFreed(session=session, kept=kept):
            people.seat_freed(run, session, kept=kept)
        case SeatMissed():
            people.seat_missed(run, event)
        case LeadTaken():
            people.taken(run, event)
        case PassProposed():
            people.pass_proposed(run, event)
        case LiaisonProposed():
            people.liaison_proposed(run, event)
        case DatesProposed():
            people.dates_proposed(run, event)
        case LeadReminded():
            people.reminded(run, event)
        case LeadReturned():
            people.returned(run)
        case LeadExpired():
            people.expired(run)
        case TeamChanged(team=team) | LeadRefused(team=team):
            people.refused(run, team)
        case CounsellorWrote(name=name, text=text, translation=translation):
            run.state = replace(run.state, mode="human", said=None)
            run.effects.append(PassOn(name, text, translation))
        case CounsellorCorrected(name=name, text=text, translation=translation):
            run.state = replace(run.state, said=None)
            run.effects.append(PassOn(name, text, translation, corrected=True))
        case PhraseChosen(name=name, phrase=phrase):
            run.state = replace(run.state, mode="human", said=None)
            run.effects.append(PassOn(name, Text(f"utter_phrase_{phrase}")))
        case CounsellorSent():
            run.state = replace(run.state, mode="human", said=None)
            run.effects.append(
                PassOnEnclosure(event.name, event.kind, event.enclosure, event.caption, event.point))
        case LeadHandedBack():
            people.handed_back(run)
        case LeadClosed():
            people.closed(run)
        case _:
            answered: Answer = event
            interpreter.answer(run, answered)
    if isinstance(event, absence.PRESENT):
        absence.heard(run)
    if any(isinstance(deed, Say) and deed.passing for deed in run.effects):
        run.effects.append(ForgetLater(now + passing.SOON))
    return passing.settle(world.catalog, run.state), tuple(run.effects)


def _of_today(world: World, state: State) -> State:
    """The state, where an earlier version of the flows left it: what is gone is dropped, with all above it."""
    stack: list[Frame] = []
    for frame in state.stack:
        flow = world.catalog.flows.get(frame.flow)
        step_id = END if frame.step == END else flow.now_called(frame.step) if flow else None
        if flow is None or step_id is None or (
                frame.waiting and (step_id == END or flow.step(step_id).kind != "collect")):
            break
        trail = tuple(known for name in frame.trail if (known := flow.now_called(name)) is not None)
        stack.append(replace(frame, step=step_id, trail=trail))
    kept = tuple(stack)
    if kept and len(kept) < len(state.stack) and not kept[-1].waiting:
        kept = ()  # it waited for what was above it
    return state if kept == state.stack else replace(state, stack=kept)


def _start(run: Run, event: ContactStarted) -> None:
    """First contact, or a fresh start by somebody who came before."""
    if event.origin is not None and run.state.origin is None:
        known = next((o for o in run.world.catalog.origins if event.origin.startswith(o.prefix)), None)
        territory = known.territory if known else None
        run.state = replace(run.state, origin=event.origin, territory=territory)
        if known and known.commune:
            run.set_slots({"commune": known.commune})
        run.effects.append(RecordOrigin(event.origin, territory))
    interpreter.leave(run)
    if run.state.greeted and run.state.language:
        run.utter("utter_menu")
        return
    if run.state.language is None and event.hint in run.world.languages:
        run.state = replace(run.state, language=event.hint)
    run.state = replace(run.state, greeted=True)
    interpreter.start(run, "welcome")
