"""What stays the same from turn to turn: the content, the map, the languages offered."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TypeAlias

from dialogues.catalog import Catalog
from dialogues.effects import Effect
from dialogues.events.answers import Answer
from dialogues.reminders import PARIS
from dialogues.snapshot import Geography, Snapshot
from dialogues.state import Option, SlotValue, State
from dialogues.text import Arg

# The wording of each consent. Raise it when the words change in substance: older consents then ask again.
# "alert" is the one of an emergency: the words are utter_offer_alert's, less is passed on.
CONSENT_VERSIONS: Mapping[str, str] = {
    "storage": "storage-2", "handoff": "handoff-2", "alert": "alert-1", "liaison": "liaison-1",
}


@dataclass(frozen=True, slots=True)
class World:
    """``languages``: the codes that can be answered in completely, French first; ``names``: their own names."""

    catalog: Catalog
    geography: Geography
    languages: tuple[str, ...]
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Context:
    """What an action may read. ``answer``: the event that answered its query, None the first time."""

    world: World
    state: State
    snapshot: Snapshot
    now: datetime
    answer: Answer | None = None

    def slot(self, name: str) -> str | None:
        """A slot's value when it is a text, else None."""
        value = self.state.slots.get(name)
        return value if isinstance(value, str) else None

    @property
    def today(self) -> date:
        """The day it is in France: at night it is not yet UTC's."""
        return self.now.astimezone(PARIS).date()


@dataclass(frozen=True, slots=True)
class Utter:
    """Say the utterance ``key``; ``options`` come before the buttons it has in its file."""

    key: str
    args: Mapping[str, Arg] = field(default_factory=dict)
    options: tuple[Option, ...] = ()
    language: str | None = None


Deed: TypeAlias = Utter | Effect


@dataclass(frozen=True, slots=True)
class Result:
    """What an action yields: deeds in order, slots it sets (None clears), and the state when it changed more."""

    deeds: tuple[Deed, ...] = ()
    slots: Mapping[str, SlotValue] = field(default_factory=dict)
    state: State | None = None


Action: TypeAlias = Callable[[Context], Result]
