"""The language model of the present examples: learnt once, then read from the data folder."""

import zipfile
from pathlib import Path

from nlu.examples_check import examples
from nlu.language_model import LanguageModel
from nlu.learnt_files import kept

KEPT_AS = "languages.npz"
# Two ways of writing that are answered in one language are one class, but for arabizi, whose letters are others.
CLASSES = {"fr-sms": "fr", "ary": "ar"}


def learnt_languages(root: Path, data_dir: Path) -> LanguageModel:
    """The model for `nlu/examples` as they stand, kept in `<data_dir>/cache`. Takes seconds at first."""
    def learn() -> LanguageModel:
        return LanguageModel.learn((CLASSES.get(one.variety, one.variety), one.text) for one in examples(root))

    return kept(root, data_dir, KEPT_AS, read=_read, learn=learn, write=LanguageModel.save)


def _read(file: Path) -> LanguageModel:
    try:
        return LanguageModel.load(file)
    except zipfile.BadZipFile as e:
        raise ValueError("not a file of arrays") from e


class Languages:
    """What a detector asks: nothing at first, then the model once it has been read or learnt."""

    def __init__(self, root: Path, data_dir: Path) -> None:
        self._root = root
        self._data_dir = data_dir
        self._model: LanguageModel | None = None

    def __call__(self) -> LanguageModel | None:
        """The model, or None while it is being prepared."""
        return self._model

    def prepare(self) -> None:
        """Read or learn it. Takes seconds: for a thread."""
        self._model = learnt_languages(self._root, self._data_dir)
