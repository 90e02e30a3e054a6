"""The words: reads the content files once, and puts any Text into any language."""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from rapidfuzz import fuzz

from bot import wording
from bot.kept_translations import read_translations
from bot.outbound import Button, Rendered
from bot.translations import SOURCE, ContentError, Translation
from dialogues.actions import ACTIONS
from dialogues.catalog import Catalog
from dialogues.effects import Choice
from dialogues.errors import CatalogError
from dialogues.intents import BUTTON_INTENTS, INTENTS
from dialogues.loading import load
from dialogues.state import EASY, Option
from dialogues.text import Arg, Bullets, Moment, Quoted, Text

NAMES: Mapping[str, str] = {
    "fr": "Français", "en": "English", "ar": "العربية", "es": "Español", "pt": "Português", "ro": "Română",
    "tr": "Türkçe", "ru": "Русский", "uk": "Українська", "fa": "فارسی", "ps": "پښتو", "ti": "ትግርኛ",
    "sq": "Shqip", "hy": "Հայերեն", EASY: "Facile à lire",
}
IN_FRENCH, ASK_HUMAN = "label/in_french", "label/ask_human"
# What a team is called that the directory no longer names: requests outlive it, and their people are answered.
TEAM, UNNAMED_TEAM = "body/", "label/team_alone"
PLACEHOLDER = re.compile(r"\{([a-zA-Z_][a-zA-Z0-9_]*)\}")
# How alike typed words and a button's title must be (0 to 100) to be that button.
ALIKE = 88
_NOISE = re.compile(r"[^\w\s]", re.UNICODE)


@dataclass(frozen=True, slots=True)
class Content:
    """Everything that is said, in every language there is. ``easy``: French in easy words, where it was written.

    ``today``: the day in France, for figures that change; without one, those of today are never the next ones.
    """

    catalog: Catalog
    messages: Mapping[str, str]
    translations: Mapping[str, Translation]
    easy: Translation | None = None
    today: Callable[[], date] = lambda: date.min

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages that are offered, French first."""
        return (SOURCE, *sorted(self.translations))

    def words(self, key: str, language: str) -> str:
        """The sentence of ``key``; French when there is no fresh translation. Raises KeyError."""
        key = self._known(key)
        words = self.easy if language == EASY else self.translations.get(language)
        if words is not None:
            found = words.texts.get(key)
            if found is not None:
                return found
        return self.messages[key]

    def text(self, text: Text, language: str) -> str:
        """A Text in its final words."""
        words = self.words(text.key, language)
        if "{" not in words:  # as most buttons' titles are
            return words
        local = SOURCE if language == EASY else language

        def value(match: re.Match[str]) -> str:
            name = match[1]
            if name in text.args:
                return self.arg(text.args[name], language)
            if name in self.catalog.figures:
                return wording.figure(self.catalog.figures[name].on(self.today()), local)
            return ""

        return PLACEHOLDER.sub(value, words)

    def in_french(self, text: Text, language: str) -> bool:
        """Whether some of a Text is said in French for want of a fresh translation."""
        translation = self.translations.get(language)
        if translation is None:
            return False
        if self._known(text.key) not in translation.texts:
            return True
        return any(self.in_french(part, language) for value in text.args.values()
                   for part in (value.items if isinstance(value, Bullets) else (value,)) if isinstance(part, Text))

    def _known(self, key: str) -> str:
        return UNNAMED_TEAM if key.startswith(TEAM) and key not in self.messages else key

    def arg(self, value: Arg, language: str) -> str:
        """One value inside a sentence."""
        local = SOURCE if language == EASY else language
        match value:
            case Text():
                return self.text(value, language)
            case Bullets(items=items):
                return "\n".join(f"• {self.arg(item, language)}" for item in items)
            case Quoted(words=words):
                return wording.isolate(words, local)
            case Moment():
                return wording.moment(value, local)
            case date():
                return wording.isolate(wording.day(value, local), local)
            case _:
                return str(value)

    def render(
        self, text: Text, language: str, choices: Sequence[Choice] = (), *,
        speaker: Literal["bot", "counsellor", "team"] = "bot", name: str | None = None,
    ) -> Rendered:
        """A message as it will be shown. Words left in French are said to be so, with the way to a human."""
        buttons = tuple(Button(self.text(choice.title, language), choice.payload) for choice in choices)
        shown = SOURCE if language == EASY else language
        words = self.text(text, language).rstrip()
        if any(self.in_french(one, language) for one in (text, *(choice.title for choice in choices))):
            words += f"\n\n{self.words(IN_FRENCH, language)}"
            if speaker == "bot" and all(choice.title.key != ASK_HUMAN for choice in choices):
                buttons = (*buttons, Button(self.words(ASK_HUMAN, language), "/ask_human"))
        return Rendered(words, shown, buttons, speaker, name)

    # ── words that choose ───────────────────────────────────────────────────────────────────────────────

    def match_choice(self, options: Sequence[Option], words: str, language: str) -> int | None:
        """The option whose title these words are, allowing for a slip of the finger; None when none is."""
        wanted = _plain(words)
        if not wanted:
            return None
        scores = [fuzz.ratio(wanted, _plain(self.text(option.title, language))) for option in options]
        best = max(range(len(scores)), key=scores.__getitem__, default=None)
        return best if best is not None and scores[best] >= ALIKE else None

    def is_title(self, option: Option, words: str, language: str) -> bool:
        """Whether the words are this button's, to the letter."""
        return _plain(words) == _plain(self.text(option.title, language))

    def match_label(self, words: str, language: str) -> str | None:
        """The intent whose button says exactly these words: understood even without the classifier."""
        wanted = _plain(words)
        return next(
            (intent for intent in (*INTENTS, *BUTTON_INTENTS)
             if wanted and wanted == _plain(self.words(f"label/{intent}", language))),
            None,
        )


def _plain(words: str) -> str:
    """Lower case, without accents or hamzas (« удалить все » is « удалить всё »), without signs."""
    whole = unicodedata.normalize("NFKD", words.casefold())
    bare = "".join(char for char in whole if not unicodedata.combining(char))
    return " ".join(_NOISE.sub(" ", bare).split())


def read_content(root: Path, extra: Mapping[str, str] | None = None, kept: Path | None = None) -> Content:
    """Read ``root``/dialogues and ``root``/locales. ``extra``: messages of the directory (teams, territories).
    ``kept``: the folder where translations, once read, are kept; none, and the files are read every time.

    Raises ContentError naming file and line of everything that is wrong.
    """
    folder = root / "dialogues"
    files = {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(folder.rglob("*.yml"))
    }
    try:
        catalog = load(files, frozenset(ACTIONS))
    except CatalogError as cause:
        raise ContentError(str(cause)) from cause
    messages = {**catalog.messages, **(extra or {})}
    translations = read_translations(sorted((root / "locales").glob("*.po")), messages, kept)
    easy = translations.pop(EASY, None)
    return Content(catalog, messages, translations, easy)
