"""What was read of the translators' files is kept until one of them, or the French, changes."""

from datetime import date
from pathlib import Path

import pytest

from bot import kept_translations
from bot.kept_translations import read_translations
from bot.translations import ContentError, Translation, mark_reviewed, update

FRENCH = {"a/answer": "Bonjour.", "b/answer": "Au revoir."}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file with one of two messages translated, read by a native speaker."""
    path = tmp_path / "es.po"
    update(path, FRENCH, "es")
    translate(path, "Hola.")
    mark_reviewed(path, {"a/answer"}, date(2026, 11, 20))
    return path


def translate(path: Path, spanish: str) -> None:
    before, _, after = path.read_text("utf-8").partition('msgid "Bonjour."\nmsgstr "')
    path.write_text(f'{before}msgid "Bonjour."\nmsgstr "{spanish}"{after.partition(chr(34))[2]}', "utf-8")


def refuse(path: Path, messages: object) -> Translation:
    raise AssertionError(f"{path.name} was read again")


def test_what_is_kept_is_what_was_read(file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read = read_translations([file], FRENCH, tmp_path / "cache")
    assert read["es"].texts == {"a/answer": "Hola."}
    assert read["es"].reviewed == {"a/answer": date(2026, 11, 20)}
    monkeypatch.setattr(kept_translations, "read_translation", refuse)
    assert read_translations([file], FRENCH, tmp_path / "cache") == read


def test_a_changed_file_and_a_changed_sentence_are_read_again(file: Path, tmp_path: Path) -> None:
    read_translations([file], FRENCH, tmp_path / "cache")
    translate(file, "Buenas.")
    assert read_translations([file], FRENCH, tmp_path / "cache")["es"].texts == {"a/answer": "Buenas."}
    other = {**FRENCH, "a/answer": "Bonsoir."}
    assert read_translations([file], other, tmp_path / "cache")["es"].texts == {}
    assert len(list((tmp_path / "cache").iterdir())) == 1


@pytest.mark.parametrize("broken", ["", "[]", '{"es": 1}', '{"es": {"texts": {}}}'])
def test_a_broken_one_is_read_again(file: Path, tmp_path: Path, broken: str) -> None:
    read = read_translations([file], FRENCH, tmp_path / "cache")
    (kept,) = (tmp_path / "cache").iterdir()
    kept.write_text(broken, "utf-8")
    assert read_translations([file], FRENCH, tmp_path / "cache") == read


def test_what_is_no_gettext_file_is_refused_and_not_kept(tmp_path: Path) -> None:
    path = tmp_path / "es.po"
    path.write_bytes(b"\xff\xfe not gettext")
    with pytest.raises(ContentError, match=r"es\.po"):
        read_translations([path], FRENCH, tmp_path / "cache")
    assert not (tmp_path / "cache").exists()
