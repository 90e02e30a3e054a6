"""Runs flows over the stack: collect, action, set_slots, link, call, noop, and their ``next``. Pure."""

from collections.abc import Mapping
from dataclasses import replace
from typing import get_args

from dialogues import passing
from dialogues.actions import ACTIONS
from dialogues.catalog import END, Branch, Flow, Step
from dialogues.conditions import holds
from dialogues.effects import Query
from dialogues.errors import LoopError, UnexpectedAnswerError
from dialogues.events.answers import Answer
from dialogues.run import Run
from dialogues.state import Frame, SlotValue
from dialogues.world import Result

# A flow that takes this many steps without asking anything goes in circles.
MOST_STEPS = 100
# Flows under one another: deeper ones would resume things the person forgot.
DEEPEST = 4
# Asked once, never insisted upon: when something else interrupts it, it is dropped, not resumed.
SOFT_FLOWS = frozenset({"welcome", "first_language"})
# No other purpose than what is under way: even questions whose answers are not kept go on after these.
ASIDES = frozenset({"change_language"})
# Said once for all that is under way; any other slot belongs to the flow that asked, unless flows persist it.
SHARED = frozenset({"consent_storage"})
QUERIES = get_args(Query)


def start(run: Run, flow_id: str, before: Mapping[str, SlotValue] | None = None) -> None:
    """Start a flow on top of what is under way; one already under way starts again instead.

    ``before``: the slots as they were before those this flow begins with: what it interrupts gets them back.
    """
    flow = run.world.catalog.flows[flow_id]
    if flow_id not in ASIDES:
        drop_passing(run)
    stack = tuple(frame for frame in run.state.stack if frame.flow not in SOFT_FLOWS)
    under_way = next((index for index, frame in enumerate(stack) if frame.flow == flow_id), None)
    if under_way is not None:
        stack = stack[:under_way]
        asked = {step.value for step in flow.steps if step.kind == "collect"} - flow.persisted
        run.set_slots(dict.fromkeys(asked))
    elif stack and stack[-1] is run.state.top and stack[-1].kept is None:
        stack = (*stack[:-1], replace(stack[-1], kept=before))
    stack = (*stack, Frame(flow_id, flow.steps[0].id))[-DEEPEST:]
    run.state = replace(run.state, stack=stack)
    advance(run)


def advance(run: Run) -> None:
    """Go on until the person is asked something, an effect has to be answered, or nothing is left.

    Raises LoopError when a flow goes in circles.
    """
    for _ in range(MOST_STEPS):
        frame = run.state.top
        if frame is None or frame.waiting or frame.query:
            return
        if frame.step == END:
            _finish(run, frame)
            continue
        flow = run.world.catalog.flows[frame.flow]
        _take(run, frame, flow, flow.step(frame.step))
    raise LoopError


def fill(run: Run, value: SlotValue) -> None:
    """The person answered the question that is waiting: set the slot, or say why the value does not fit."""
    frame = run.state.top
    if frame is None:
        return
    flow = run.world.catalog.flows[frame.flow]
    step = flow.step(frame.step)
    run.set_slots({step.value: value})
    if _rejected(run, step):
        return
    run.set_top(replace(frame, waiting=False, trail=(*frame.trail, step.id)))
    _move_on(run, flow, step)
    advance(run)


def answer(run: Run, event: Answer) -> None:
    """An effect was answered: the action that asked for it goes on. Raises UnexpectedAnswerError."""
    frame = run.state.top
    if frame is None or not frame.query:
        raise UnexpectedAnswerError(type(event).__name__)
    flow = run.world.catalog.flows[frame.flow]
    step = flow.step(frame.step)
    run.set_top(replace(frame, query=False))
    _act(run, flow, step, event)
    advance(run)


def ask(run: Run) -> None:
    """Ask (again) what the waiting step asks."""
    frame = run.state.top
    if frame is None:
        return
    step = run.world.catalog.flows[frame.flow].step(frame.step)
    asker = ACTIONS.get(f"action_ask_{step.value}")
    if step.utter is None and asker is not None:
        run.carry_out(asker(run.context()))
    else:
        run.utter(step.utter or f"utter_ask_{step.value}")


def go_back(run: Run) -> bool:
    """Return to the question before. False when there is none (the flow is then left)."""
    stack = run.state.stack
    while stack:
        frame = stack[-1]
        if frame.trail:
            flow = run.world.catalog.flows[frame.flow]
            target = frame.trail[-1]
            run.state = replace(run.state, stack=stack)
            run.set_top(replace(frame, step=target, waiting=False, query=False, trail=frame.trail[:-1]))
            later = [step for step in flow.steps[flow.steps.index(flow.step(target)):] if step.kind == "collect"]
            run.set_slots({step.value: None for step in later})
            advance(run)
            return True
        stack = stack[:-1]
        if not frame.called:
            break
    run.state = replace(run.state, stack=stack)
    if stack:
        resume(run)
        return True
    _reset_slots(run)
    return False


def drop_passing(run: Run) -> None:
    """Something else goes before the questions whose answers are not kept: they end, and what was said in them."""
    stack = passing.without_flows(run.world.catalog, run.state.stack)
    if len(stack) < len(run.state.stack):
        run.state = replace(run.state, stack=stack)
        run.set_slots(dict.fromkeys(passing.PASSING))


def forget_passing(run: Run) -> None:
    """Nothing was answered for a while: those questions end without a word, and so does what was said."""
    asked = passing.on_top(run.world.catalog, run.state)
    drop_passing(run)
    frame = run.state.top
    if asked and frame is not None and frame.kept is not None:
        _give_back(run, frame, frame.kept)
    if asked:
        _reset_slots(run)
    run.state = passing.forget_said(run.state)


def leave(run: Run) -> None:
    """Drop all that is under way."""
    run.state = replace(run.state, stack=())
    _reset_slots(run)


def resume(run: Run) -> None:
    """Take up the flow below where it was: ask its question again, unless it was answered meanwhile."""
    frame = run.state.top
    if frame is not None and frame.kept is not None:
        frame = _give_back(run, frame, frame.kept)
    if frame is None or not frame.waiting:
        advance(run)
        return
    step = run.world.catalog.flows[frame.flow].step(frame.step)
    if run.state.slots.get(step.value) is not None and not step.ask_before_filling:
        run.set_top(replace(frame, waiting=False))
        advance(run)
        return
    run.utter("utter_resume")
    ask(run)


def _give_back(run: Run, frame: Frame, kept: Mapping[str, SlotValue]) -> Frame:
    """Undo what the flow above did to this one's slots: its session, its appointment are not this one's."""
    stay = SHARED.union(*(flow.persisted for flow in run.world.catalog.flows.values()))
    mine = {name: value for name, value in kept.items() if name not in stay}
    known = {name: value for name, value in run.state.slots.items() if name in stay}
    run.state = replace(run.state, slots={**mine, **known})
    given = replace(frame, kept=None)
    run.set_top(given)
    return given


# ── one step ────────────────────────────────────────────────────────────────────────────────────────────


def _take(run: Run, frame: Frame, flow: Flow, step: Step) -> None:
    match step.kind:
        case "collect":
            _collect(run, frame, flow, step)
        case "action" if step.value.startswith("utter_"):
            run.utter(step.value)
            _move_on(run, flow, step)
        case "action":
            _act(run, flow, step, None)
        case "set_slots":
            run.set_slots(step.assignments or {})
            _move_on(run, flow, step)
        case "noop":
            _move_on(run, flow, step)
        case "link":
            target = run.world.catalog.flows[step.value]
            run.set_top(Frame(target.id, target.steps[0].id, called=frame.called))
        case "call":
            target = run.world.catalog.flows[step.value]
            below = (*run.state.stack, Frame(target.id, target.steps[0].id, called=True))
            run.state = replace(run.state, stack=below)


def _collect(run: Run, frame: Frame, flow: Flow, step: Step) -> None:
    known = run.state.slots.get(step.value) is not None
    if known and not step.ask_before_filling:
        if not _rejected(run, step):
            _move_on(run, flow, step)
        return
    run.set_slots({step.value: None})
    run.set_top(replace(frame, waiting=True))
    ask(run)


def _rejected(run: Run, step: Step) -> bool:
    frame = run.state.top
    for rejection in step.rejections:
        if frame and holds(rejection.condition, run.state.slots, _facts(run)):
            run.set_slots({step.value: None})
            run.set_top(replace(frame, waiting=True))
            run.utter(rejection.utter)
            return True
    return False


def _act(run: Run, flow: Flow, step: Step, event: Answer | None) -> None:
    result: Result = ACTIONS[step.value](replace(run.context(), answer=event))
    run.carry_out(result)
    frame = run.state.top
    if any(isinstance(deed, QUERIES) for deed in result.deeds):
        if frame:
            run.set_top(replace(frame, query=True))
        return
    if frame is not None:  # an action may have erased the conversation, and this flow with it
        _move_on(run, flow, step)


def _move_on(run: Run, flow: Flow, step: Step) -> None:
    frame = run.state.top
    if frame is not None:
        run.set_top(replace(frame, step=_next(run, flow, step)))


def _next(run: Run, flow: Flow, step: Step) -> str:
    for branch in step.next:
        if _applies(run, branch):
            return branch.target
    return END if step.next and step.next[-1].condition is None else flow.after(step.id)


def _applies(run: Run, branch: Branch) -> bool:
    return branch.condition is None or holds(branch.condition, run.state.slots, _facts(run))


def _facts(run: Run) -> dict[str, object]:
    return {
        "channel": run.snapshot.channel,
        "appointments": len(run.snapshot.appointments),
        "lead": run.snapshot.lead is not None,
        "storage_consent": "storage" in run.state.consents,
    }


def _finish(run: Run, frame: Frame) -> None:
    run.state = replace(run.state, stack=run.state.stack[:-1])
    if frame.called:
        below = run.state.top
        if below is not None:
            flow = run.world.catalog.flows[below.flow]
            _move_on(run, flow, flow.step(below.step))
        return
    _reset_slots(run)
    if run.state.stack:
        resume(run)


def _reset_slots(run: Run) -> None:
    """Slots live as long as a flow that uses them, or for good when some flow persists them."""
    flows = run.world.catalog.flows
    kept = {slot for flow in flows.values() for slot in flow.persisted}
    if run.state.stack:
        return
    run.state = replace(
        run.state, slots={name: value for name, value in run.state.slots.items() if name in kept}
    )
