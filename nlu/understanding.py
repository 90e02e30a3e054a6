"""One message understood: language, danger, things named, then what Rasa says. No lock is held meanwhile."""

import unicodedata
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime
from typing import Protocol

from dialogues.reading import Entity, Reading
from nlu.client import Parsed
from nlu.cries import cries
from nlu.danger_model import DangerModel
from nlu.emergencies import EmergencyRecogniser
from nlu.errors import UnderstandingUnavailable
from nlu.intents import FALLBACK
from nlu.language import LanguageDetector, named_language
from nlu.openings import after_greeting, asks, greets

# Danger is heard in all of it: it may be said last. No channel lets more through.
LONGEST_HEARD = 8_000
# What a message can hold that is read for the rest; the rest of a very long one changes nothing in what is asked.
LONGEST_READ = 2_000
_FIGURES = 2  # of a number that chooses


class Extractor(Protocol):
    """Finds the things a message names."""

    def extract(self, text: str, language: str | None, now: datetime) -> tuple[Entity, ...]:
        """Communes, days, numbers, yes or no."""


class Understanding:
    """What a turn asks. Danger, language and things named never wait for Rasa."""

    def __init__(
        self, language: LanguageDetector, danger: EmergencyRecogniser, entities: Extractor,
        parse: Callable[[str], Awaitable[Parsed]], learnt_danger: DangerModel,
        usual: Callable[[str], str | None] = lambda _text: None,
    ) -> None:
        """``parse`` may raise UnderstandingUnavailable: the reading then says so, and ``learnt_danger`` takes its
        place beside ``danger``, and ``usual`` says what a short message means to the letter, or None. While Rasa
        answers, its own ranking knows better, but for the greetings that a message begins with."""
        self._language = language
        self._danger = danger
        self._entities = entities
        self._parse = parse
        self._learnt_danger = learnt_danger
        self._usual = usual

    async def read(self, text: str, prior: str | None, hint: str | None, now: datetime) -> Reading:
        """The reading of ``text``. ``prior``: the conversation's language; ``hint``: the app's."""
        whole, text = text[:LONGEST_HEARD], text[:LONGEST_READ]
        detected = self._language.detect(text, prior, hint)
        # Somebody's very first words in another script are answered in it, though two languages may share them.
        first = prior is None and bool(text.strip()) and not text.strip()[0].isascii()
        language = detected.language if detected.sure or first else None
        likely = detected.language if prior is None else None
        named = named_language(text)
        entities = self._entities.extract(text, detected.language or prior, now)
        if cries(text):  # « SOS » is no request for what is near the village of Sos
            entities = (*(one for one in entities if one.name != "commune"), Entity("cry", "yes", text))
        danger = self._danger.recognise(whole)
        try:
            parsed = await self._parsed(text) if text.strip() else Parsed(FALLBACK, 0.0, ())
        except UnderstandingUnavailable:
            learnt = None if _number(text) else self._learnt_danger.recognise(whole)
            guessed, danger = danger is None and learnt is not None, danger or learnt
            usual = self._usual(text) if danger is None else None
            return Reading(
                language=language, intent=usual, confidence=1.0 if usual else 0.0,
                ranking=((usual, 1.0),) if usual else (), entities=entities,
                emergency=danger, guessed=guessed, named_language=named, variety=detected.variety,
                available=usual is not None, likely_language=likely,
            )
        best = parsed.ranking[0] if parsed.ranking else (None, 0.0)
        return Reading(
            language=language, intent=best[0], confidence=best[1], ranking=parsed.ranking[:5],
            entities=entities, emergency=danger, named_language=named, variety=detected.variety,
            likely_language=likely,
        )

    async def _parsed(self, text: str) -> Parsed:
        """What Rasa says; of « salut, j'ai faim », what it says of the second half, if that means something."""
        parsed = await self._parse(text)
        rest = after_greeting(text, self._usual) if greets(parsed) else None
        if rest is None:
            return parsed
        with suppress(UnderstandingUnavailable):  # the whole was read: that is better than nothing
            of_rest = await self._parse(rest)
            return of_rest if asks(rest, of_rest) else parsed
        return parsed


def _number(text: str) -> bool:
    """Whether it is a number to choose with, or an age: nothing in it tells of danger. The 115 or the 112 may."""
    figures = sum(char.isdecimal() for char in text)
    return 1 <= figures <= _FIGURES and all(
        char.isdecimal() or unicodedata.category(char)[0] in "PZMC" for char in text)
