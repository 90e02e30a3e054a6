"""The language model of the present examples: learnt once, then read from the data folder."""

import hashlib
import zipfile
from pathlib import Path

from nlu.examples_check import example_files, examples
from nlu.language_model import LanguageModel

# Two ways of writing that are answered in one language are one class, but for arabizi, whose letters are others.
CLASSES = {"fr-sms": "fr", "ary": "ar"}


def learnt_languages(root: Path, data_dir: Path) -> LanguageModel:
    """The model for `nlu/examples` as they stand, kept in `<data_dir>/cache`. Takes seconds at first."""
    digest = hashlib.sha256()
    for file in example_files(root):
        digest.update(file.relative_to(root).as_posix().encode() + b"\0" + file.read_bytes())
    kept = data_dir / "cache" / f"languages-{digest.hexdigest()[:32]}.npz"
    try:
        return LanguageModel.load(kept)
    except (OSError, ValueError, KeyError, zipfile.BadZipFile):  # none yet, or a broken one: it is made anew
        pass
    model = LanguageModel.learn((CLASSES.get(one.variety, one.variety), one.text) for one in examples(root))
    kept.parent.mkdir(parents=True, exist_ok=True)
    for old in kept.parent.glob("languages-*.npz"):
        old.unlink(missing_ok=True)
    model.save(kept)
    return model


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
