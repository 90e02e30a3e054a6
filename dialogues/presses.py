"""A button was pressed: now, later than it meant, twice, or never offered. It always gets an answer."""

from collections.abc import Mapping
from dataclasses import replace

from dialogues import interpreter, routes
from dialogues.payloads import Payload, parse_offer, parse_payload
from dialogues.run import Run
from dialogues.state import Offer
from dialogues.text import Arg


def press(run: Run, payload: str) -> None:
    """What the button means, whatever became of its message."""
    place = parse_offer(payload)
    if place is None:
        _press_intent(run, payload)
        return
    serial, index = place
    offer = next((kept for kept in run.state.offers if kept.serial == serial), None)
    if offer is None or index >= len(offer.options):
        # Very old, or never ours: the same words, so that a forged press learns nothing.
        _too_late(run, "utter_choice_gone")
        return
    take(run, offer, index)


def take(run: Run, offer: Offer, index: int) -> None:
    """Take an option of an offer, as a press, a number or its words did."""
    option = offer.options[index]
    parsed = parse_payload(option.payload)
    if parsed is None:
        _too_late(run, "utter_choice_gone")
        return
    if parsed.intent is not None:
        _note_outcome(run, offer, index)
        routes.trigger(run, parsed.intent, parsed.slots)
        return
    if not _open(run, offer):
        if offer.outcome is None:
            _too_late(run, "utter_choice_passed", {"choice": option.title})
        else:
            _too_late(run, "utter_choice_taken", {"choice": offer.options[offer.outcome].title})
        return
    _note_outcome(run, offer, index)
    _fill(run, parsed)


def _press_intent(run: Run, payload: str) -> None:
    parsed = parse_payload(payload)
    if parsed is None or (parsed.intent is not None and not routes.known(run, parsed.intent)):
        _too_late(run, "utter_choice_gone")
        return
    slots = {name: value for name, value in parsed.slots.items() if _possible(run, name, value)}
    if parsed.intent is not None:
        routes.trigger(run, parsed.intent, slots)
        return
    waiting = _waiting_slot(run)
    if waiting is not None and waiting in slots and _allowed(run, waiting, slots[waiting]):
        interpreter.fill(run, slots[waiting])
    else:
        _too_late(run, "utter_choice_gone")


def _possible(run: Run, name: str, value: str) -> bool:
    """Whether there is such a slot, and it may have this value at all: the payload may be forged."""
    known = run.world.catalog.slots.get(name)
    return known is not None and (known.type != "categorical" or value in known.values)


def _fill(run: Run, parsed: Payload) -> None:
    waiting = _waiting_slot(run)
    if waiting is not None and waiting in parsed.slots:
        interpreter.fill(run, parsed.slots[waiting])


def _waiting_slot(run: Run) -> str | None:
    frame = run.state.top
    if frame is None or not frame.waiting:
        return None
    return run.world.catalog.flows[frame.flow].step(frame.step).value


def _allowed(run: Run, slot: str, value: str) -> bool:
    """Whether a slot value that no button of ours carried is one it may have (a widget sends it by hand)."""
    known = run.world.catalog.slots[slot]
    if known.type == "categorical":
        return value in known.values
    return any(
        parsed is not None and parsed.slots.get(slot) == value
        for offer in run.state.offers[-1:]
        for parsed in (parse_payload(option.payload) for option in offer.options)
    )


def _open(run: Run, offer: Offer) -> bool:
    """Whether the question of this offer is the one that is waiting now, asked by this very message or again."""
    frame = run.state.top
    return (
        frame is not None and frame.waiting and offer.outcome is None
        and offer.flow == frame.flow and offer.step == frame.step
    )


def _note_outcome(run: Run, offer: Offer, index: int) -> None:
    taken = replace(offer, outcome=index)
    offers = tuple(taken if kept.serial == offer.serial else kept for kept in run.state.offers)
    run.state = replace(run.state, offers=offers, misses=0)


def _too_late(run: Run, key: str, args: Mapping[str, Arg] | None = None) -> None:
    """Say that it is (``key``), then where we are: the question that waits, or the menu.

    With a human no question follows: then nothing announces one.
    """
    if run.state.mode == "human":
        run.utter("utter_choice_over")
        return
    run.utter(key, args)
    frame = run.state.top
    if frame is not None and frame.waiting:
        interpreter.ask(run)
    elif not run.state.greeted and run.state.language is None:  # all was erased, their language too
        run.state = replace(run.state, greeted=True)
        interpreter.start(run, "welcome")
    else:
        run.utter("utter_menu")
