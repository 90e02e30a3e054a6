"""What short messages usually mean, word for word: understood while Rasa is down or still learning.

« annuler », « رجوع », « merci beaucoup », « rsa »: of one to three words, and written so in the examples, under
one intent alone. Besides, what `lookups/commands.yml` says of asking for a person, an erasure, another language.
Nothing is guessed: a message that is not there to the letter is not understood here.
"""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from ruamel.yaml import YAML

from nlu.examples_check import examples
from nlu.learnt_files import kept
from nlu.normalise import words

KEPT_AS = "usual.json"
_COMMANDS = Path(__file__).parent / "lookups" / "commands.yml"
_LONGEST = 3  # words: longer ones are hardly ever written twice
# Danger has its own ways to be heard without Rasa (nlu.emergencies, nlu.danger_model).
_ELSEWHERE = ("emergency_", "out_of_scope")


class UsualWords:
    """Knows nothing at first, then what it has read or learnt."""

    def __init__(self, root: Path, data_dir: Path) -> None:
        """``root``: the project; ``data_dir``: where what is learnt is kept."""
        self._root = root
        self._data_dir = data_dir
        self._intents: Mapping[str, str] = {}

    def prepare(self) -> None:
        """Read or learn it. Takes seconds: for a thread."""
        learnt = kept(
            self._root, self._data_dir, KEPT_AS, read=_read, write=_write,
            learn=lambda: learn((one.intent, one.text) for one in examples(self._root)),
        )
        self._intents = {**learnt, **commands()}

    def intent(self, text: str) -> str | None:
        """The one meaning these very words have in the examples, spelling folded; None when they are not there."""
        return self._intents.get(" ".join(words(text)))


def commands(file: Path = _COMMANDS) -> dict[str, str]:
    """The intent of each text of the file, spelling folded."""
    told: Mapping[str, Mapping[str, list[str]]] = YAML(typ="safe").load(file.read_text(encoding="utf-8"))
    return {" ".join(words(text)): intent
            for intent, languages in told.items() for texts in languages.values() for text in texts}


def learn(told: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The intent of each short text, from (intent, text); those of two intents are left out."""
    seen: dict[str, set[str]] = {}
    for intent, text in told:
        if _key(text):
            seen.setdefault(_key(text), set()).add(intent)
    sure = {key: next(iter(intents)) for key, intents in seen.items() if len(intents) == 1}
    return {key: intent for key, intent in sure.items() if not intent.startswith(_ELSEWHERE)}


def _key(text: str) -> str:
    said = words(text)
    return " ".join(said) if len(said) <= _LONGEST else ""


def _read(file: Path) -> Mapping[str, str]:
    kept_intents = json.loads(file.read_text(encoding="utf-8"))
    if not isinstance(kept_intents, dict):
        raise TypeError("not a table")
    return kept_intents


def _write(intents: Mapping[str, str], file: Path) -> None:
    unfinished = file.with_suffix(".tmp")
    unfinished.write_text(json.dumps(intents, ensure_ascii=False), encoding="utf-8")
    unfinished.replace(file)
