"""« salut, j'ai faim »: a greeting and what is asked, in one message. The first is not the answer to the second."""

from collections.abc import Callable

from nlu.client import Parsed
from nlu.danger_files import EMERGENCIES
from nlu.normalise import tokens

GREET = "greet"
# What may stand before the rest, and the words that are left to be read, at least: « salut cv » asks for no
# curriculum, « merci, je me sens mieux » for no psychologist.
_OPENERS = {GREET: 2, "thank": 5}
# Words that open a message, at most.
_LONGEST = 3
# From this share of "greet" or "thank" on, what comes after is read by itself.
LIKELY = 0.2
# What comes after asks for something, or tells of a danger, when surely so: long greetings hold such words too
# (« bonjour, je suis nouveau ici, j'ai 19 ans »). Measured: docs/decisions/0003.
_SURE, _DANGER = 0.9, 0.3
# What is asked for besides a right, in so many words, and would be lost in a welcome.
_WANTED = frozenset({
    "find_permanence", "book_appointment", "change_appointment", "cancel_appointment", "ask_human",
    "delete_my_data",
})
_IN_WORDS = 3


def after_greeting(text: str, usual: Callable[[str], str | None]) -> str | None:
    """What comes after the greeting that ``text`` begins with; None without one, or with hardly a word after it.

    ``usual``: what a short message means to the letter.
    """
    found = tokens(text)
    for count in range(min(_LONGEST, len(found)), 0, -1):
        least = _OPENERS.get(usual(text[found[0].start:found[count - 1].end]) or "")
        if least is not None:
            return text[found[count].start:] if len(found) - count >= least else None
    return None


def greets(parsed: Parsed) -> bool:
    """Whether the message may be a greeting, or thanks."""
    return any(intent in _OPENERS and share >= LIKELY for intent, share in parsed.ranking)


def asks(rest: str, parsed: Parsed) -> bool:
    """Whether what follows a greeting asks for something, or says that somebody is in danger."""
    wanted = _WANTED if len(tokens(rest)) >= _IN_WORDS else frozenset()
    asked = sum(share for intent, share in parsed.ranking if intent.startswith("rights_") or intent in wanted)
    danger = sum(share for intent, share in parsed.ranking if intent in EMERGENCIES)
    return asked >= _SURE or danger >= _DANGER
