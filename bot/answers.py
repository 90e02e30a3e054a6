"""What a person would see who asks about something, in any language: the rules themselves, and their words."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from typing import NoReturn

from bot.content import NAMES, Content
from dialogues.effects import Say
from dialogues.events.person import ButtonPressed
from dialogues.intents import RIGHTS
from dialogues.snapshot import Commune, Snapshot
from dialogues.state import EASY, State
from dialogues.step import step
from dialogues.world import World

# Direction marks and hard spaces say nothing to who searches the words.
UNSEEN = str.maketrans({"\u2068": "", "\u2069": "", "\u200f": "", "\u200e": "", "\u202f": " ", "\xa0": " "})


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer as it is sent. ``first``: before anything is pressed; ``more``: behind « learn more »."""

    first: str
    more: str

    @property
    def whole(self) -> str:
        """All of it, as it may be searched."""
        return f"{self.first}\n{self.more}".translate(UNSEEN)


@dataclass(frozen=True, slots=True)
class _OneTown:
    """Rights answers ask of the map where the person lives, nothing else."""

    town: Commune | None

    def by_insee(self, insee: str) -> Commune | None:
        return self.town if self.town is not None and self.town.insee == insee else None

    def distance_km(self, _first: str, _second: str) -> float | None:
        return None


def answer(content: Content, intent: str, language: str, today: date, town: Commune | None = None) -> Answer:
    """What ``intent`` is answered with, to somebody who has been here before. Raises KeyError for no language.

    ``town``: where they live, when they said it.
    """
    if language not in (*content.languages, EASY):
        _unknown(language)
    content = replace(content, today=lambda: today)
    world = World(content.catalog, _OneTown(town), content.languages, NAMES)
    state = State(language="fr" if language == EASY else language, chosen=True, greeted=True, easy=language == EASY,
                  slots={"commune": town.insee} if town else {})
    now = datetime.combine(today, time(12), UTC)

    def press(state: State, payload: str) -> tuple[State, str]:
        state, deeds = step(world, state, ButtonPressed(payload), Snapshot("check"), now)
        said = [content.render(deed.text, language).text for deed in deeds if isinstance(deed, Say)]
        return state, "\n\n".join(said)

    state, first = press(state, f"/{intent}")
    more = press(state, f'/rights_more{{"topic":"{intent}"}}')[1] if intent in RIGHTS else ""
    return Answer(first, more)


def _unknown(language: str) -> NoReturn:
    raise KeyError(language)
