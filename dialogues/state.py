"""What one conversation remembers between two turns. Frozen: a turn makes a new one."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, TypeAlias

from dialogues.text import Text

SlotValue: TypeAlias = "str | int | bool | list[SlotValue] | dict[str, SlotValue] | None"

# Offers kept so that an old button can be told what became of it; older ones are said to be old.
KEPT_OFFERS = 20
# French easy to read and to understand (FALC): a private subtag of BCP 47, a choice beside the languages.
EASY = "fr-x-facile"


@dataclass(frozen=True, slots=True)
class Frame:
    """A flow under way. ``step``: where it stands. ``waiting``: it has asked and waits for the slot.

    ``trail``: the collect steps already answered by the person, in order (what "back" walks).
    ``called``: the flow below waits for this one to end (Rasa's ``call``); otherwise it was interrupted.
    ``query``: it waits for the answer of an effect inside the turn.
    ``kept``: the slots as they were when another flow interrupted it, None when none did.
    """

    flow: str
    step: str
    waiting: bool = False
    trail: tuple[str, ...] = ()
    called: bool = False
    query: bool = False
    kept: Mapping[str, SlotValue] | None = None


@dataclass(frozen=True, slots=True)
class Option:
    """One button as it was shown. ``payload``: what it means (``/intent…`` or ``/SetSlots(slot=value)``)."""

    title: Text
    payload: str


@dataclass(frozen=True, slots=True)
class Offer:
    """The buttons of one message. ``outcome``: index of the option that was taken, None when none was.

    ``passing``: what they say of the person is not kept.
    """

    serial: int
    flow: str | None
    step: str | None
    options: tuple[Option, ...]
    outcome: int | None = None
    passing: bool = False


@dataclass(frozen=True, slots=True)
class Said:
    """The last text said, for "repeat". ``passing``: what it says of the person is not kept."""

    text: Text
    choices: tuple[Option, ...] = ()
    passing: bool = False


@dataclass(frozen=True, slots=True)
class State:
    """One conversation.

    ``chosen``: the person chose the language (a button, or by naming it); detection then only offers.
    ``mode``: who talks; in ``human`` the bot keeps silent but for emergencies, deletion and buttons.
    ``consents``: kind -> version of the words agreed to. ``misses``: messages not understood in a row.
    ``easy``: French is said in easy words. ``album``: the last pictures sent together that were answered.
    ``heard_at``: when they last heard of the human who has their request (see dialogues.absence).
    """

    language: str | None = None
    chosen: bool = False
    greeted: bool = False
    origin: str | None = None
    territory: str | None = None
    stack: tuple[Frame, ...] = ()
    slots: Mapping[str, SlotValue] = field(default_factory=dict)
    offers: tuple[Offer, ...] = ()
    serial: int = 0
    mode: Literal["bot", "human"] = "bot"
    consents: Mapping[str, str] = field(default_factory=dict)
    misses: int = 0
    offered_language: str | None = None
    said: Said | None = None
    album: str = ""
    easy: bool = False
    heard_at: datetime | None = None

    @property
    def voice(self) -> str | None:
        """What the words are taken from: the language, or easy French (FALC) for who asked for it."""
        return EASY if self.easy and self.language in (None, "fr") else self.language

    @property
    def top(self) -> Frame | None:
        """The flow that has the floor, or None."""
        return self.stack[-1] if self.stack else None
