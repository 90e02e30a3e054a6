"""Checks of the words themselves: length, easy sentences, the same numbers and links in every language, facts."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

from bot.answers import Answer, answer
from bot.content import Content
from bot.translations import TEAM_KEYS, ContentError
from dialogues.expiry import endings
from dialogues.intents import EMERGENCIES, INTENTS, RIGHTS

# Under this an answer is read; from here on, scrolled past. The issue's own limit, before « learn more ».
TOO_LONG_FIRST = 500
# Telegram's limit of a message, in UTF-16 units; https://core.telegram.org/bots/api#sendmessage.
TELEGRAM = 4096
MOST_WORDS = 12.0  # on average, a sentence of an easy text
TOPICS = (*RIGHTS, *EMERGENCIES, "ask_bot_identity", "ask_privacy")
# What answers a topic that has no file of its own.
_SAID = {"ask_bot_identity": ("utter_identity",), "ask_privacy": ("utter_privacy",)}
_LINK = re.compile(r"\b[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:fr|org|info|eu|com)\b")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
# A colon and a semicolon are inside a sentence.
_SENTENCE = re.compile(r"[.!?…]+(?=[\s»]|$)|\n", re.MULTILINE)
# What an editor or a page that is copied from writes for a key of the keyboard; a pattern may hold its escape.
_TYPED = {"\\u202f": " ", "\\xa0": " ", "\\u00a0": " ", "\\u2009": " ", "\\u2019": "'",
          "\u202f": " ", "\xa0": " ", "\u2009": " ", "\u2019": "'", "\u2011": "-"}
_PLACE = re.compile(r"\{[a-z_0-9]+\}")


@dataclass(frozen=True, slots=True)
class TopicState:
    """One topic in one language.

    ``reviewed``: whether somebody who speaks it has read all of it, ``reviewed_on`` the first day of those readings
    (None for French, the source). ``length``: characters of the first answer, ``more``: of the details, in the zone
    where they are longest. ``sentence``: average words a sentence (French only, else None).
    """

    topic: str
    language: str
    complete: bool
    reviewed: bool
    reviewed_on: date | None
    expires_on: date | None
    length: int
    more: int
    sentence: float | None


def keys_of(content: Content, topic: str) -> list[str]:
    """The messages that one topic is made of."""
    keys = [key for key in content.messages if key.startswith(f"{topic}/")]
    return keys or [key for key in _SAID.get(topic, ()) if key in content.messages]


def table(content: Content, today: date) -> Iterator[TopicState]:
    """Every topic in every language."""
    for topic in TOPICS:
        right = content.catalog.rights.get(topic)
        dated = right or content.catalog.emergencies.get(topic)
        for language in content.languages:
            translation = content.translations.get(language)
            missing = set(translation.missing) if translation else set()
            keys = keys_of(content, topic)
            days = [translation.reviewed.get(key) for key in keys] if translation else []
            read = [day for day in days if day is not None]
            shown = answers(content, topic, language, today)
            yield TopicState(
                topic, language, not missing & set(keys), len(read) == len(days), min(read, default=None),
                dated.expires_on if dated else None, max(len(one.first) for one in shown),
                max(len(one.more) for one in shown),
                average_sentence(content, topic) if language == "fr" and right else None)


def answers(content: Content, topic: str, language: str, today: date) -> list[Answer]:
    """What is said while the town is not known, and in every zone where something differs."""
    local = content.catalog.local
    towns = (None, *local.towns()) if local.speaks_of(topic) else (None,)
    return [answer(content, topic, language, today, town) for town in towns]


def average_sentence(content: Content, topic: str) -> float:
    """Words in a sentence of this topic's French, on average; a figure counts as one word."""
    counts = [
        len(sentence.split())
        for key in keys_of(content, topic)
        for sentence in _SENTENCE.split(_PLACE.sub("1", content.messages[key])) if sentence.split()
    ]
    return sum(counts) / len(counts) if counts else 0.0


def holes(content: Content, today: date) -> list[str]:
    """What is not as it must be: a topic without an answer, not complete, too long or too hard."""
    found: list[str] = []
    for topic in RIGHTS:
        right = content.catalog.rights.get(topic)
        if right is None:
            found.append(f"« {topic} » has no answer")
            continue
        if not content.messages[f"label/{topic}"].startswith(right.emoji):
            found.append(f"« {topic} » has another pictogram on its button")
        if average_sentence(content, topic) > MOST_WORDS:
            found.append(f"« {topic} »: sentences of {average_sentence(content, topic):.1f} words on average")
    for state in table(content, today):
        if state.topic in RIGHTS and state.length >= TOO_LONG_FIRST:
            found.append(f"« {state.topic} » in {state.language}: the first answer has {state.length} characters; "
                         f"it must have fewer than {TOO_LONG_FIRST}")
        if max(state.length, state.more) * 2 > TELEGRAM:
            found.append(f"« {state.topic} » in {state.language} does not fit a message")
        if not state.complete:
            found.append(f"« {state.topic} » is not complete in {state.language}")
    return found


def soon(content: Content, today: date) -> list[str]:
    """Answers that turn careful by themselves within thirty days, unless somebody checks them again, or have."""
    found = []
    for one in endings(content.catalog, today):
        what = f"« {one.topic} »" if one.line is None else f"the line « {one.line} »"
        after = "is replaced by the door, the words of danger and a human"
        if one.line or one.said:
            after = "is left out" if one.line else "is said all the same: its numbers have to be checked"
        found.append(f"{what}: past since {one.on}; it {after}" if one.past(today)
                     else f"{what} is to be checked again before {one.on}")
    return found


def differences(content: Content) -> list[str]:
    """Translations that lost or gained a number, a link or a phone."""
    found: list[str] = []
    for language, translation in content.translations.items():
        for key, words in translation.texts.items():
            source = content.messages[key]
            for what, pattern in (("link", _LINK), ("number", _NUMBER)):
                # A link's own digits are the link's; Arabic writes numbers with the same digits here.
                if what == "number":
                    left, right = (Counter(pattern.findall(_LINK.sub("", text))) for text in (source, words))
                else:
                    left, right = (Counter(pattern.findall(text)) for text in (source, words))
                if left != right:
                    gone, new = sorted((left - right).elements()), sorted((right - left).elements())
                    found.append(f"locales/{language}.po: « {key} »: {what}s differ from the French: "
                                 f"{', '.join(gone) or '–'} / {', '.join(new) or '–'}")
    return found


def facts(content: Content, file: Path, language: str, today: date) -> tuple[int, list[str]]:
    """How many facts of a TSV « intent<TAB>regex[<TAB>why] » there are, and those that an answer does not hold.

    Raises ContentError naming the line that cannot be read.
    """
    missed: list[str] = []
    count = 0
    for number, line in enumerate(_lines(file), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        intent, _, rest = line.partition("\t")
        pattern, _, why = rest.partition("\t")
        if intent not in INTENTS or not pattern:
            raise ContentError(f"{file.name}:{number}: expected an intent, a tab and a regular expression.")
        try:
            wanted = re.compile(_plain(pattern), re.IGNORECASE)
        except re.error as e:
            raise ContentError(f"{file.name}:{number}: « {pattern} » is not a regular expression: {e}") from e
        count += 1
        if not wanted.search(_plain(answer(content, intent, language, today).whole)):
            reason = f" ({why})" if why else ""
            missed.append(f"{file.name}:{number}: {intent}: /{pattern}/ is not in the answer{reason}")
    if not count:
        raise ContentError(f"{file.name} holds no fact: nothing was looked for.")
    return count, missed


def _plain(words: str) -> str:
    """Spaces, apostrophes and hyphens as they are typed: « 1 041,59 » is one amount, whichever space cuts it."""
    for kept, typed in _TYPED.items():
        words = words.replace(kept, typed)
    return words


def _lines(file: Path) -> Iterable[str]:
    try:
        return file.read_text(encoding="utf-8-sig").splitlines()  # spreadsheets write a mark first
    except (OSError, UnicodeDecodeError) as e:
        raise ContentError(f"{file} cannot be read: {e}") from e


def links(content: Content) -> list[str]:
    """Every page that an answer or an emergency rests on, and every address that people are sent to."""
    catalog = content.catalog
    rights, emergencies = catalog.rights.values(), catalog.emergencies.values()
    sources = (*(right.sources for right in rights), *(one.sources for one in emergencies))
    found = {source.url for of_one in sources for source in of_one}
    said = {link for key, text in content.messages.items() for link in _LINK.findall(text)
            if not key.startswith(TEAM_KEYS)}
    hosts = {urlsplit(url).hostname or "" for url in found}
    return sorted(found | {f"https://{link}" for link in said if not {link, f"www.{link}"} & hosts})
