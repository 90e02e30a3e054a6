"""Choosing the language: each by its own name."""

from collections.abc import Mapping
from dataclasses import replace

from dialogues.state import EASY, Option
from dialogues.text import Quoted, Text
from dialogues.world import Action, Context, Result, Utter


def language_options(context: Context) -> tuple[Option, ...]:
    """A button a language, by its own name, no flags: a language is not a country. Easy French is one more."""
    return tuple(
        Option(Text("label/as_is", {"words": Quoted(context.world.names[code])}), f"/SetSlots(language={code})")
        for code in (*context.world.languages, EASY)
    )


def ask_language(context: Context) -> Result:
    """Which language?"""
    return Result((Utter("utter_ask_language", {}, language_options(context)),))


def set_language(context: Context) -> Result:
    """Take the language that was chosen or recognised."""
    language = context.slot("language")
    if language == EASY:
        return Result(state=replace(context.state, language="fr", easy=True, chosen=True, offered_language=None))
    if language not in context.world.languages:
        return Result()
    return Result(state=replace(context.state, language=language, easy=False, chosen=True, offered_language=None))


ACTIONS: Mapping[str, Action] = {"action_ask_language": ask_language, "action_set_language": set_language}
