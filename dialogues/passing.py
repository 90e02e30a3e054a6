"""Answers that serve the next sentence only, then nobody's: « Est-ce pour moi ? » (flows/eligibility.yml). Pure."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from dialogues.catalog import Catalog, Flow
from dialogues.events import Event
from dialogues.events.person import (
    ButtonPressed,
    ContactStarted,
    MediaReceived,
    MessageDeleted,
    MessageReceived,
    PositionShared,
    TooManyMessages,
)
from dialogues.payloads import parse_payload
from dialogues.state import Frame, SlotValue, State

# What is asked there. Whoever asks it promises that nothing is kept after.
PASSING = frozenset({
    "papers", "age_rsa", "age_youth", "charge", "stay", "occupation", "contract", "document",
})
# Whom a seat is looked for (a woman, their age): no longer than it is looked for.
OF_A_SEARCH = "public"
# Left where they stand, the questions and what was said are forgotten so long after the last of them: until then
# the page can be opened again, and « repeat » finds what was said.
SOON = timedelta(minutes=15)
# What comes from the person: what is said to anything else (a reminder) is no part of their answers.
THEIRS = (ContactStarted, MessageReceived, ButtonPressed, PositionShared, MediaReceived, MessageDeleted,
          TooManyMessages)


def passes(flow: Flow) -> bool:
    """Whether what this flow asks is not kept."""
    return any(step.kind == "collect" and step.value in PASSING for step in flow.steps)


def on_top(catalog: Catalog, state: State) -> bool:
    """Whether such questions have the floor."""
    return state.top is not None and _is_passing(catalog, state.top)


def without_flows(catalog: Catalog, stack: tuple[Frame, ...]) -> tuple[Frame, ...]:
    """What else is under way."""
    return tuple(frame for frame in stack if not _is_passing(catalog, frame))


def tells(catalog: Catalog, state: State, event: Event | None) -> bool:
    """Whether what just came in may hold an answer. ``event``: None for a message that gets no answer."""
    if state.mode == "human" and not isinstance(event, ButtonPressed):
        return False  # said to a human, who reads it
    if isinstance(event, ButtonPressed):
        parsed = parse_payload(event.payload)
        if parsed is not None and PASSING & set(parsed.slots):
            return True
    return on_top(catalog, state) and (event is None or isinstance(event, THEIRS))


def settle(catalog: Catalog, state: State) -> State:
    """The state at the end of a turn: once the questions are over, no answer is left in it; nor, once no seat is
    looked for any more, whom it was for."""
    state = _without_search(catalog, state)
    if any(_is_passing(catalog, frame) for frame in state.stack):
        return state
    stack = tuple(
        frame if frame.kept is None else replace(frame, kept=_others(frame.kept)) for frame in state.stack)
    # Which button was taken says the answer too. The last thing said can be repeated for a while.
    offers = tuple(offer for offer in state.offers if not offer.passing or offer.flow is None)
    return replace(state, stack=stack, slots=_others(state.slots), offers=offers)


def _without_search(catalog: Catalog, state: State) -> State:
    flows = (catalog.flows.get(frame.flow) for frame in state.stack)
    if any(step.kind == "collect" and step.value == "session" for flow in flows if flow for step in flow.steps):
        return state
    return replace(state, slots={name: value for name, value in state.slots.items() if name != OF_A_SEARCH})


def forget_said(state: State) -> State:
    """The state without what was said about the answers."""
    said = None if state.said is not None and state.said.passing else state.said
    return replace(state, said=said, offers=tuple(offer for offer in state.offers if not offer.passing))


def _is_passing(catalog: Catalog, frame: Frame) -> bool:
    flow = catalog.flows.get(frame.flow)
    return flow is not None and passes(flow)


def _others(slots: Mapping[str, SlotValue]) -> dict[str, SlotValue]:
    return {name: value for name, value in slots.items() if name not in PASSING}
