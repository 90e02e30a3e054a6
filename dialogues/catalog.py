"""What the content files say, once read and checked: flows, utterances, slots, rights, emergencies."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from dialogues.local import Local

StepKind = Literal["collect", "action", "set_slots", "link", "call", "noop"]
END = "END"
PLACEHOLDER = re.compile(r"\{([a-zA-Z_][a-zA-Z0-9_]*)\}")


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the content files something stands. ``line`` counts from 1."""

    file: str
    line: int


@dataclass(frozen=True, slots=True)
class Branch:
    """``if condition then target``; a condition of None is ``else`` or a plain ``next``."""

    condition: str | None
    target: str


@dataclass(frozen=True, slots=True)
class Rejection:
    """A value that does not fit: when ``condition`` holds, say ``utter`` and ask again."""

    condition: str
    utter: str


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a flow. ``value``: the slot, action or flow it names. ``next``: empty means the one below."""

    id: str
    kind: StepKind
    value: str
    place: Place
    next: tuple[Branch, ...] = ()
    utter: str | None = None
    ask_before_filling: bool = False
    rejections: tuple[Rejection, ...] = ()
    assignments: Mapping[str, str | int | bool | None] | None = None


@dataclass(frozen=True, slots=True)
class Flow:
    """A flow in Rasa's format. ``triggers``: the intents that start it. ``persisted``: slots kept after it."""

    id: str
    description: str
    steps: tuple[Step, ...]
    place: Place
    triggers: tuple[str, ...] = ()
    persisted: frozenset[str] = frozenset()

    def step(self, step_id: str) -> Step:
        """The step called ``step_id``. Raises KeyError."""
        for step in self.steps:
            if step.id == step_id:
                return step
        raise KeyError(step_id)

    def now_called(self, step_id: str) -> str | None:
        """The id today of a step of an earlier version; None when it is gone.

        A step without an id is numbered: one more above it, and its number is another.
        """
        what = step_id.lstrip("0123456789")
        same = [step.id for step in self.steps if step.id == step_id] or [
            step.id for step in self.steps
            if what.startswith("_") and step.id != what and step.id.lstrip("0123456789") == what]
        return same[0] if same else None

    def after(self, step_id: str) -> str:
        """The id of the step below ``step_id``, or END."""
        ids = [step.id for step in self.steps]
        place = ids.index(step_id) + 1
        return ids[place] if place < len(ids) else END


@dataclass(frozen=True, slots=True)
class ResponseButton:
    """A button of an utterance. ``title``: the message key of its words."""

    title: str
    payload: str


@dataclass(frozen=True, slots=True)
class Response:
    """An utterance: its French text, and its buttons."""

    key: str
    text: str
    buttons: tuple[ResponseButton, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class SlotMapping:
    """How a slot is filled from a message: from_entity or from_text (not for some intents)."""

    type: Literal["from_entity", "from_text"]
    entity: str | None = None
    not_intent: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Slot:
    """A slot. ``values``: the only ones a categorical slot takes."""

    name: str
    type: Literal["text", "categorical", "any"]
    values: tuple[str, ...]
    mappings: tuple[SlotMapping, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Figure:
    """An amount, age or number that answers name. ``unit``: EUR, year, month, day, hour, percent, phone, count.

    ``valid_until``: its last day, when it has one; a line that names it is left out afterwards.
    ``next``: the value that takes its place, from its own day on.
    """

    name: str
    value: str
    unit: str
    valid_from: date
    source: str
    valid_until: date | None = None
    next: "Figure | None" = None

    def on(self, day: date) -> "Figure":
        """The one that holds that day."""
        return self.next if self.next is not None and self.next.valid_from <= day else self


@dataclass(frozen=True, slots=True)
class Source:
    """An official page an answer rests on. ``of``: the line it speaks of; named only where that line is said."""

    name: str
    url: str
    of: str | None = None


@dataclass(frozen=True, slots=True)
class Right:
    """One rights answer; the texts are message keys ``<topic>/answer``, ``<topic>/conditions/1``…

    ``late``: the parts that stay true past ``expires_on``: a door that exists, and what must be said in danger.
    """

    topic: str
    emoji: str
    verified_on: date
    expires_on: date
    confidence: Literal["verified", "partly"]
    sources: tuple[Source, ...]
    conditions: int
    related: tuple[str, ...]
    more: int
    late: tuple[str, ...] = ("now", "where")


@dataclass(frozen=True, slots=True)
class Emergency:
    """One emergency answer; its text is the message ``<intent>/answer``.

    Past ``expires_on`` it is said all the same: whoever is in danger reads the numbers; ``check content`` fails.
    """

    intent: str
    emoji: str
    numbers: tuple[str, ...]
    verified_on: date
    expires_on: date
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Origin:
    """A link or QR code prefix, and what it says of where the person is."""

    prefix: str
    territory: str
    commune: str | None


@dataclass(frozen=True, slots=True)
class Catalog:
    """All the content. ``messages``: key -> French source text, everything that has to be translated."""

    flows: Mapping[str, Flow]
    responses: Mapping[str, Response]
    slots: Mapping[str, Slot]
    triggers: Mapping[str, str]
    rights: Mapping[str, Right]
    emergencies: Mapping[str, Emergency]
    figures: Mapping[str, Figure]
    origins: tuple[Origin, ...]
    messages: Mapping[str, str]
    version: str
    local: Local = field(default_factory=Local)

    def ends(self, key: str) -> date | None:
        """The last day of the message ``key``: the first day that one of its figures ends on; None for no end."""
        named = (self.figures.get(name) for name in PLACEHOLDER.findall(self.messages.get(key, "")))
        ending = (figure for figure in named if figure is not None and figure.next is None)
        return min((figure.valid_until for figure in ending if figure.valid_until), default=None)

    def current(self, key: str, today: date) -> bool:
        """Whether the message ``key`` may still be said."""
        end = self.ends(key)
        return end is None or today <= end
