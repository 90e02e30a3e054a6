"""Conditions of flows (``slots.age < 18``), through simpleeval: no names but ours, no calls, never ``eval``."""

import ast
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from simpleeval import InvalidExpression, SimpleEval

# Rasa's flows write null, true and false; Python's spelling is understood too.
CONSTANTS: Mapping[str, Any] = {"null": None, "true": True, "false": False}


class ConditionError(ValueError):
    """A condition of a flow is not one that can be evaluated."""


@lru_cache(maxsize=512)
def _parsed(expression: str) -> ast.AST:
    try:
        node: ast.AST = SimpleEval.parse(expression)
    except (InvalidExpression, SyntaxError) as cause:
        raise ConditionError(f"« {expression} » is not a condition: {cause}") from cause
    return node


def named_slots(expression: str) -> frozenset[str]:
    """The slots that ``expression`` looks at (``slots.commune`` gives commune). Raises ConditionError."""
    return frozenset(
        node.attr
        for node in ast.walk(_parsed(expression))
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "slots"
    )


def holds(expression: str, slots: Mapping[str, Any], context: Mapping[str, Any]) -> bool:
    """Whether ``expression`` is true. A slot that is not set is null. Raises ConditionError."""
    known = {name: slots.get(name) for name in named_slots(expression)}
    evaluator = SimpleEval(names={"slots": known, "context": dict(context), **CONSTANTS}, functions={})
    try:
        return bool(evaluator.eval(expression, previously_parsed=_parsed(expression)))
    except (InvalidExpression, TypeError, KeyError) as cause:
        raise ConditionError(f"« {expression} » cannot be evaluated: {cause}") from cause
