"""How sure is sure: what the classifier's confidence allows the bot to do."""

from dataclasses import replace

from dialogues.intents import EMERGENCIES, INTENTS
from dialogues.reading import Reading

# Above: do it. Below, down to MAYBE: offer the likeliest meanings. Below that: not understood.
SURE = 0.5
MAYBE = 0.12
# A first guess that leaves the second this far behind is acted on a little earlier.
CLEAR_LEAD, CLEAR_ENOUGH = 0.25, 0.38
# An emergency is answered on less: a needless number harms nobody. What the five share counts together: whether
# somebody is in danger is surer than which danger. Measured on held-out messages: docs/decisions/0004.
EMERGENCY = 0.14
# From here on, or when a phrase of danger stands in a message that means something else: what is asked is answered,
# the numbers are said first. Below the other one, the classifier is sure that nobody is in danger.
PERHAPS, NOBODY = 0.05, 0.01
# Sadness lies next to thoughts of death: there the classifier must be ten times surer that nobody is in danger.
NEXT_TO_DANGER, NOBODY_THERE = "rights_mental_health", 0.001
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
    """The emergency, when the recogniser or the classifier sees one.

    A phrase of the recogniser is enough unless the classifier is sure of another meaning (then `perhaps_danger`).
    """
    if reading.emergency is not None and not _means_something_else(reading):
        return reading.emergency
    if danger(reading) >= EMERGENCY:
        return max((share, intent) for intent, share in reading.ranking if intent in EMERGENCIES)[1]
    return None


def without_danger(reading: Reading) -> Reading:
    """The reading of words known to be a button's, or a name: « Children, family » is no call for help."""
    calm = tuple(one for one in reading.ranking if one[0] not in EMERGENCIES)
    if reading.intent in EMERGENCIES:
        reading = replace(reading, intent=None, confidence=0.0)
    return replace(reading, emergency=None, ranking=calm)


def perhaps_danger(reading: Reading) -> bool:
    """Whether the numbers are said before the answer to something else: a few messages in a hundred."""
    heard = reading.emergency is not None or reading.entity("cry") is not None
    return emergency(reading) is None and (heard or danger(reading) >= PERHAPS)


def _means_something_else(reading: Reading) -> bool:
    nobody = NOBODY_THERE if reading.intent == NEXT_TO_DANGER else NOBODY
    return reading.available and reading.confidence >= SURE and danger(reading) < nobody


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
