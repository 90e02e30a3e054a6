"""Does the content hold together? Every name used must exist; each problem is told with file and line."""

from collections.abc import Iterator, Mapping
from typing import Literal

from dialogues.catalog import PLACEHOLDER, Catalog, Flow, Place, Response, Step
from dialogues.conditions import ConditionError, named_slots
from dialogues.errors import Problem
from dialogues.intents import BUTTON_INTENTS, EMERGENCIES, INTENTS
from dialogues.payloads import parse_payload

Confidence = Literal["verified", "partly"]


def check(catalog: Catalog, actions: frozenset[str], places: Mapping[str, Place]) -> Iterator[Problem]:
    """Every problem of the content as a whole. ``places``: where each message is written."""
    for flow in catalog.flows.values():
        yield from _check_flow(catalog, flow, actions)
    for response in catalog.responses.values():
        yield from _check_buttons(catalog, response)
    for right in catalog.rights.values():
        place = places[f"{right.topic}/answer"]
        for related in right.related:
            if related not in catalog.rights:
                yield _at(place, f"« {related} », related to « {right.topic} », has no answer")
        if right.topic not in INTENTS:
            yield _at(place, f"« {right.topic} » is not an intent")
        if not right.late:
            yield _at(place, f"« late » of « {right.topic} » is empty: past its day the answer would give no door")
        if all(source.of for source in right.sources):
            yield _at(place, f"« {right.topic} » has no source that holds everywhere")
        for source in right.sources:
            if source.of is not None and source.of not in catalog.messages:
                yield _at(place, f"« {source.of} », which « {source.name} » speaks of, is not a line")
        for part in right.late:
            if f"{right.topic}/{part}" not in catalog.messages:
                yield _at(place, f"« {part} », said late, is no part of « {right.topic} »")
    for emergency in EMERGENCIES:
        if emergency not in catalog.emergencies:
            yield Problem("emergencies.yml", 1, f"« {emergency} » has no answer")
    for key, text in catalog.messages.items():
        if "/" in key and key.split("/")[0] in (*catalog.rights, *catalog.emergencies):
            for name in PLACEHOLDER.findall(text):
                if name not in catalog.figures:
                    yield _at(places[key], f"« {{{name}}} » is not a figure")
        if catalog.ends(key) is not None and "/conditions/" not in key and "/more/" not in key:
            yield _at(places[key], f"« {key} » names a figure that ends: only a condition or a detail may")
        if not text:
            yield _at(places[key], f"the message « {key} » is empty")
    for line in catalog.local.lines:
        if line.topic not in catalog.rights:
            yield _at(places[line.key], f"« {line.topic} » has no answer")
    for key in catalog.local.only:
        if key not in catalog.messages:
            yield Problem("local.yml", 1, f"« {key} »: no such line")
    for label in (*INTENTS, *BUTTON_INTENTS):
        if f"label/{label}" not in catalog.messages:
            yield Problem("labels.yml", 1, f"the intent « {label} » has no label")


def _at(place: Place, sentence: str) -> Problem:
    return Problem(place.file, place.line, sentence)


def _check_flow(catalog: Catalog, flow: Flow, actions: frozenset[str]) -> Iterator[Problem]:
    for trigger in flow.triggers:
        if trigger not in INTENTS and trigger not in BUTTON_INTENTS:
            yield _at(flow.place, f"« {trigger} » is not an intent")
        if catalog.triggers.get(trigger) != flow.id:
            yield _at(flow.place, f"the intent « {trigger} » starts two flows")
    for slot in flow.persisted - set(catalog.slots):
        yield _at(flow.place, f"« {slot} » is not a slot")
    for step in flow.steps:
        yield from _check_step(catalog, flow, step, actions)


def _check_step(catalog: Catalog, flow: Flow, step: Step, actions: frozenset[str]) -> Iterator[Problem]:
    utterances = [step.utter] if step.utter else []
    utterances += [rejection.utter for rejection in step.rejections]
    if step.kind == "collect":
        if step.value not in catalog.slots:
            yield _at(step.place, f"« {step.value} » is not a slot")
        if not step.utter and f"action_ask_{step.value}" not in actions:
            utterances.append(f"utter_ask_{step.value}")
    if step.kind == "action" and step.value.startswith("utter_"):
        utterances.append(step.value)
    elif step.kind == "action" and step.value not in actions:
        yield _at(step.place, f"« {step.value} » is not an action")
    if step.kind in ("link", "call") and step.value not in catalog.flows:
        yield _at(step.place, f"« {step.value} » is not a flow")
    for utterance in utterances:
        if utterance not in catalog.responses:
            yield _at(step.place, f"« {utterance} » is not a response")
    for slot in step.assignments or {}:
        if slot not in catalog.slots:
            yield _at(step.place, f"« {slot} » is not a slot")
    conditions = [branch.condition for branch in step.next] + [item.condition for item in step.rejections]
    for condition in conditions:
        for slot in _slots_of(condition) - set(catalog.slots):
            yield _at(step.place, f"« {slot} », in a condition of flow « {flow.id} », is not a slot")


def _slots_of(condition: str | None) -> frozenset[str]:
    if condition is None:
        return frozenset()
    try:
        return named_slots(condition)
    except ConditionError:  # already reported where the flow was read
        return frozenset()


def _check_buttons(catalog: Catalog, response: Response) -> Iterator[Problem]:
    for button in response.buttons:
        payload = parse_payload(button.payload)
        if payload is None:
            continue  # already reported where it was read
        if payload.intent is not None and payload.intent not in (*INTENTS, *BUTTON_INTENTS):
            yield _at(response.place, f"« {payload.intent} » is not an intent")
        for slot in set(payload.slots) - set(catalog.slots):
            yield _at(response.place, f"« {slot} » is not a slot")
        if button.title and button.title not in catalog.messages:
            yield _at(response.place, f"the button « {button.payload} » has no words: « {button.title} »")
