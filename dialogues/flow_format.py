"""Flows in Rasa's format (https://rasa.com/docs, « Flows »): the documented keys, the rest refused by line."""

from collections.abc import Iterator

from dialogues.catalog import END, Branch, Flow, Rejection, Step, StepKind
from dialogues.conditions import ConditionError, named_slots
from dialogues.errors import Problem
from dialogues.lined_yaml import LinedMap
from dialogues.yaml_source import Node

FLOW_KEYS = {"name", "description", "nlu_trigger", "steps", "persisted_slots"}
KINDS: tuple[StepKind, ...] = ("collect", "action", "set_slots", "link", "call", "noop")
COLLECT_KEYS = {"utter", "ask_before_filling", "rejections", "description"}


def read_flow(name: str, node: Node) -> Flow:
    """One flow. What is wrong is reported through the node, with its line."""
    node.only(FLOW_KEYS)
    steps = tuple(_steps(node))
    if not steps:
        node.problem("steps", f"flow « {name} » has no step")
    seen: set[str] = set()
    for step in steps:
        if step.id in seen:
            node.report(Problem(step.place.file, step.place.line, f"step id « {step.id} » is used twice"))
        seen.add(step.id)
    for step in steps:
        for branch in step.next:
            if branch.target != END and branch.target not in seen:
                sentence = f"« {branch.target} » is not a step of flow « {name} »"
                node.report(Problem(step.place.file, step.place.line, sentence))
    return Flow(
        id=name,
        description=node.text("description"),
        steps=steps,
        place=node.place,
        triggers=tuple(_triggers(node)),
        persisted=frozenset(node.texts("persisted_slots")),
    )


def _triggers(node: Node) -> Iterator[str]:
    for trigger in node.values.get("nlu_trigger", []):
        intent = trigger.get("intent") if isinstance(trigger, LinedMap) else None
        name = intent.get("name") if isinstance(intent, LinedMap) else intent
        if isinstance(name, str):
            yield name
        else:
            node.problem("nlu_trigger", "each nlu_trigger is « - intent: name »")


def _steps(flow: Node) -> Iterator[Step]:
    for index, node in enumerate(flow.children("steps")):
        kinds = [kind for kind in KINDS if kind in node.values]
        if len(kinds) != 1:
            node.problem("id", f"a step has exactly one of: {', '.join(KINDS)}")
            continue
        kind = kinds[0]
        node.only({"id", "next", kind} | (COLLECT_KEYS if kind == "collect" else set()))
        value = "" if kind in ("set_slots", "noop") else node.text(kind)
        yield Step(
            id=node.text("id", f"{index}_{kind}_{value}".rstrip("_")),
            kind=kind,
            value=value,
            place=node.place,
            next=tuple(_branches(node)),
            utter=node.text("utter") if "utter" in node.values else None,
            ask_before_filling=node.flag("ask_before_filling"),
            rejections=tuple(_rejections(node)),
            assignments=dict(_assignments(node)) if kind == "set_slots" else None,
        )


def _assignments(node: Node) -> Iterator[tuple[str, str | int | bool | None]]:
    for item in node.children("set_slots"):
        yield from ((str(name), value) for name, value in item.values.items())


def _rejections(node: Node) -> Iterator[Rejection]:
    if "rejections" not in node.values:
        return
    for item in node.children("rejections"):
        item.only({"if", "utter"})
        yield Rejection(_condition(item, "if"), item.text("utter"))


def _branches(node: Node) -> Iterator[Branch]:
    following = node.values.get("next")
    if following is None:
        return
    if isinstance(following, str):
        yield Branch(None, following)
        return
    for item in node.children("next"):
        if "else" in item.values:
            item.only({"else"})
            yield Branch(None, _target(item, "else"))
        else:
            item.only({"if", "then"})
            yield Branch(_condition(item, "if"), _target(item, "then"))


def _target(node: Node, key: str) -> str:
    if isinstance(node.values.get(key), list):
        node.problem(key, f"nested steps under « {key} » are not supported: name a step id, or END")
        return END
    return node.text(key)


def _condition(node: Node, key: str) -> str:
    expression = node.text(key)
    try:
        named_slots(expression)
    except ConditionError as cause:
        node.problem(key, str(cause))
        return "False"
    return expression
