"""« salut, j'ai faim »: a greeting and what is asked, in one message. The first is not the answer to the second."""

from collections.abc import Callable

from nlu.client import Parsed
from nlu.danger_files import EMERGENCIES
from nlu.normalise import tokens

GREET = "greet"
# Words that open a message, at most; and what is left to be read, at least: « salut cv » asks for no curriculum.
_LONGEST, _LEAST = 3, 2
# From this share of "greet" on, what comes after the greeting is read by itself.
LIKELY = 0.2
# What comes after is a question about a right, or a danger, when surely one: long greetings hold such words too
# (« bonjour, je suis nouveau ici, j'ai 19 ans »). Measured: docs/decisions/0003.
_SURE, _DANGER = 0.9, 0.5


def after_greeting(text: str, usual: Callable[[str], str | None]) -> str | None:
    """What comes after the greeting that ``text`` begins with; None without one, or with hardly a word after it.

    ``usual``: what a short message means to the letter.
    """
    found = tokens(text)
    for count in range(min(_LONGEST, len(found)), 0, -1):
        if usual(text[found[0].start:found[count - 1].end]) == GREET:
            return text[found[count].start:] if len(found) - count >= _LEAST else None
    return None


def greets(parsed: Parsed) -> bool:
    """Whether the message may be a greeting."""
    return any(intent == GREET and share >= LIKELY for intent, share in parsed.ranking)


def asks(parsed: Parsed) -> bool:
    """Whether what follows a greeting asks about a right, or says that somebody is in danger."""
    rights = sum(share for intent, share in parsed.ranking if intent.startswith("rights_"))
    danger = sum(share for intent, share in parsed.ranking if intent in EMERGENCIES)
    return rights >= _SURE or danger >= _DANGER
