"""What ``./premierpas check`` looks at: content, directory, calendar, examples, translations."""

import re
from datetime import date
from pathlib import Path

from bot.app import read_directory
from bot.calendar.importing import lay_out_checked
from bot.content import Content, read_content
from bot.content_checks import differences
from bot.geography import Map
from bot.known_errors import KNOWN_ERRORS
from bot.sample import sample_entries
from dialogues.state import EASY
from nlu.communes import Gazetteer
from nlu.emergencies import load as load_emergencies
from nlu.examples_check import check_examples
from nlu.ordinary_words import OrdinaryWords
from nlu.redact import Redactor

PLACEHOLDER = re.compile(r"\{[a-zA-Z_][a-zA-Z0-9_]*\}")
DIGITS = re.compile(r"\d+")


def content_of(root: Path) -> Content:
    """The content with the directory's messages. Raises ContentError, HandoffError."""
    return read_content(root, read_directory(root).messages())


def problems(root: Path) -> list[str]:
    """Every problem, one sentence each."""
    found: list[str] = []
    try:
        content = content_of(root)
        found += translation_problems(content)
        found += differences(content)
        # A fixed day: the form of the file does not depend on it.
        lay_out_checked(sample_entries(Map(Gazetteer()), read_directory(root)), date(2026, 1, 5), "sample.csv")
        load_emergencies()
        Redactor(OrdinaryWords.learn(()))
    except KNOWN_ERRORS as cause:
        found.append(str(cause))
    found += [str(problem) for problem in check_examples(root)]
    return found


def translation_problems(content: Content) -> list[str]:
    """Missing or stale entries, and placeholders or lines that were lost on the way."""
    found: list[str] = []
    for language, translation in content.translations.items():
        found += [f"locales/{language}.po: « {key} » is missing or fuzzy" for key in translation.missing]
        for key, words in translation.texts.items():
            source = content.messages[key]
            if sorted(PLACEHOLDER.findall(words)) != sorted(PLACEHOLDER.findall(source)):
                found.append(f"locales/{language}.po: « {key} » has other placeholders than the French")
            if words.count("\n") != source.count("\n"):
                found.append(f"locales/{language}.po: « {key} » has another number of lines than the French")
    return found + easy_problems(content)


def easy_problems(content: Content) -> list[str]:
    """Easy French that lost a placeholder or changed a number. Its lines may be more: one a sentence."""
    found: list[str] = []
    for key, words in (content.easy.texts if content.easy else {}).items():
        source = content.messages[key]
        for pattern in (PLACEHOLDER, DIGITS):
            if set(pattern.findall(words)) != set(pattern.findall(source)):
                found.append(f"locales/{EASY}.po: « {key} » has other placeholders or numbers than the French")
    return found
