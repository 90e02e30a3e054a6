"""Measures what a turn would really understand: language, emergencies and Rasa, as the app joins them."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

import httpx

from bot.app import ROOT
from bot.clock import Clock, real_clock
from bot.rasa import Rasa
from bot.settings import Settings
from dialogues.doubt import emergency
from nlu.client import Parsed
from nlu.communes import Gazetteer
from nlu.danger_model import DangerModel
from nlu.emergencies import load as load_emergencies
from nlu.entities import EntityExtractor
from nlu.errors import UnderstandingUnavailable
from nlu.evaluate import Report, Understand, Understood, evaluate
from nlu.language import LanguageDetector
from nlu.learnt_languages import Languages
from nlu.understanding import Understanding
from nlu.usual_words import UsualWords


async def evaluate_paths(paths: Sequence[Path], settings: Settings, say: Callable[[str], None]) -> Report:
    """The report on files or folders of TSV. Raises EvaluationFileInvalid, UnderstandingUnavailable."""
    clock = real_clock()
    async with httpx.AsyncClient() as http:
        rasa = Rasa(ROOT, settings.data.absolute(), http, say)
        rasa.start()
        try:
            await rasa.settled()
            if rasa.state != "ready":
                raise UnderstandingUnavailable("The model could not be started.")
            understand = await understander(ROOT, settings.data.absolute(), rasa.parse, clock)
            return await evaluate(paths, understand)
        finally:
            await rasa.stop()


async def understander(
    root: Path, data_dir: Path, parse: Callable[[str], Awaitable[Parsed]], clock: Clock
) -> Understand:
    """What a first message would be understood as, by the app's own parts. Raises UnderstandingUnavailable."""
    gazetteer = await asyncio.to_thread(Gazetteer)
    languages = Languages(root, data_dir)
    usual = UsualWords(root, data_dir)
    for learnt in (languages, usual):
        await asyncio.to_thread(learnt.prepare)
    understanding = Understanding(
        LanguageDetector(languages), load_emergencies(), EntityExtractor(gazetteer), parse,
        DangerModel.load(), usual.intent,
    )

    async def understand(text: str) -> Understood:
        reading = await understanding.read(text, None, None, clock.now())
        if not reading.available:
            raise UnderstandingUnavailable("A message was not answered in time.")
        danger = emergency(reading)
        # A first message in a language nobody is sure of is answered in French.
        return reading.language or "fr", danger or reading.intent or "out_of_scope", danger

    return understand
