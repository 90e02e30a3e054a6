"""How sure is sure: what the classifier's confidence allows the bot to do."""

from dialogues.intents import EMERGENCIES, INTENTS
from dialogues.reading import Reading

# Above: do it. Below, down to MAYBE: offer the likeliest meanings. Below that: not understood.
SURE = 0.5
MAYBE = 0.12
# A first guess that leaves the second this far behind is acted on a little earlier.
CLEAR_LEAD, CLEAR_ENOUGH = 0.25, 0.38
# An emergency is answered on less: a needless number harms nobody. What the five share counts together: whether
# somebody is in danger is surer than which danger. Measured on held-out messages: docs/decisions/0004.
EMERGENCY = 0.25
# While a question is waiting, only this much certainty turns away from it.
INTERRUPT = 0.6
SHOWN = 3

# Meanings that make no sense as a button to choose.
NOT_OFFERED = frozenset({"out_of_scope", "affirm", "deny", "greet", "thank", "goodbye", "complain", "ask_repeat"})


def understood(reading: Reading) -> str | None:
    """The intent to act on, or None when in doubt."""
    if reading.intent is None:
        return None
    if reading.confidence >= SURE:
        return reading.intent
    second = reading.ranking[1][1] if len(reading.ranking) > 1 else 0.0
    if reading.confidence >= CLEAR_ENOUGH and reading.confidence - second >= CLEAR_LEAD:
        return reading.intent
    return None


def emergency(reading: Reading) -> str | None:
    """The emergency, when either the recogniser or the classifier sees one."""
    if reading.emergency is not None:
        return reading.emergency
    if danger(reading) >= EMERGENCY:
        return max((share, intent) for intent, share in reading.ranking if intent in EMERGENCIES)[1]
    return None


def danger(reading: Reading) -> float:
    """The classifier's belief, from 0 to 1, that somebody is in danger, whichever it is."""
    return sum(share for intent, share in reading.ranking if intent in EMERGENCIES)


def likeliest(reading: Reading) -> tuple[str, ...]:
    """The meanings worth offering as buttons, best first."""
    likely = [
        intent for intent, confidence in reading.ranking
        if confidence >= MAYBE and intent in INTENTS and intent not in NOT_OFFERED
    ]
    return tuple(likely[:SHOWN])
