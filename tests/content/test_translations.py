"""The translators' files: what happens to them when the French changes, and who read what when."""

from datetime import date
from gettext import GNUTranslations
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from bot.app import ROOT
from bot.check import content_of
from bot.content_checks import table
from bot.translations import (
    ContentError,
    Counts,
    compile_po,
    counts,
    extract,
    mark_reviewed,
    read_translation,
    update,
)

BEFORE = {"a/answer": "Bonjour.", "b/answer": "Au revoir.", "utter_team_x": "Pour l'équipe."}
READ = date(2026, 11, 20)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file with both messages translated."""
    path = tmp_path / "es.po"
    update(path, BEFORE, "es")
    text = path.read_text("utf-8")
    for french, spanish in (("Bonjour.", "Hola."), ("Au revoir.", "Adiós.")):
        text = text.replace(f'msgid "{french}"\nmsgstr ""', f'msgid "{french}"\nmsgstr "{spanish}"')
    path.write_text(text, "utf-8")
    return path


def test_nothing_changes_when_the_french_did_not(file: Path) -> None:
    update(file, BEFORE, "es")
    once = file.read_bytes()
    update(file, BEFORE, "es")
    assert file.read_bytes() == once
    assert "utter_team_x" not in once.decode()


def test_a_changed_sentence_is_not_used_and_has_to_be_read_again(file: Path) -> None:
    assert mark_reviewed(file, {"a/answer", "b/answer"}, READ) == 2
    assert read_translation(file, BEFORE).reviewed == {"a/answer": READ, "b/answer": READ}
    after = {**BEFORE, "a/answer": "Bonsoir."}
    update(file, after, "es")
    found = read_translation(file, after)
    assert (found.texts, found.missing) == ({"b/answer": "Adiós."}, ("a/answer",))
    assert found.reviewed == {"b/answer": READ}
    text = file.read_text("utf-8")
    assert '#| msgid "Bonjour."' in text
    # The old French is there once, however often the file is brought up to date.
    for _ in range(3):
        update(file, after, "es")
    assert file.read_text("utf-8") == text


def test_what_is_stale_cannot_be_marked_as_read(file: Path) -> None:
    update(file, {**BEFORE, "a/answer": "Bonsoir."}, "es")
    assert mark_reviewed(file, {"a/answer"}, READ) == 0


def test_a_day_that_is_none_is_refused_with_its_entry(file: Path) -> None:
    file.write_text(file.read_text("utf-8").replace("# needs-review", "# reviewed yesterday", 1), "utf-8")
    with pytest.raises(ContentError, match=r"es\.po: « a/answer »: « yesterday » is not a day"):
        read_translation(file, BEFORE)


def test_what_is_no_gettext_file_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    path = tmp_path / "es.po"
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(ContentError, match=r"es\.po"):
        update(path, BEFORE, "es")
    assert path.read_bytes() == b"\xff\xfe"


def test_the_table_shows_that_nobody_has_read_a_language_and_the_source_needs_none() -> None:
    rows = list(table(content_of(ROOT), date(2026, 11, 23)))
    assert {row.reviewed for row in rows if row.language == "fr"} == {True}
    read = {one.language: one.reviewed for one in content_of(ROOT).translations.values()}
    assert {row.topic for row in rows if row.language != "fr" and row.reviewed and not read[row.language]} == set()


def test_the_files_hold_no_more_than_words_and_their_state() -> None:
    for path in (ROOT / "locales").glob("*.po"):
        comments = {line for line in path.read_text("utf-8").splitlines()[1:] if line.startswith("# ")}
        assert all(one == "# needs-review" or one.startswith("# reviewed ") for one in comments), path.name


def test_no_editor_takes_a_percent_sign_for_a_conversion(file: Path) -> None:
    """``msgfmt -c``, as Poedit and Weblate do, refuses « 55 % an » where the French has « 55 % »."""
    update(file, {**BEFORE, "a/answer": "L'État paie 55 % de {sum}."}, "es")
    assert "#, fuzzy, python-brace-format\n" in file.read_text("utf-8")
    for path in (file, *(ROOT / "locales").glob("*.po")):
        assert "python-format" not in path.read_text("utf-8"), path.name


def test_the_template_holds_every_key_once_and_no_words(tmp_path: Path) -> None:
    path = tmp_path / "premierpas.pot"
    assert extract(path, BEFORE) == 2
    once = path.read_bytes()
    extract(path, BEFORE)
    assert path.read_bytes() == once
    with path.open("rb") as file:
        assert [(one.context, one.id, one.string) for one in read_po(file) if one.context] == [
            ("a/answer", "Bonjour.", ""), ("b/answer", "Au revoir.", "")]


def test_what_is_compiled_is_what_would_be_said(file: Path, tmp_path: Path) -> None:
    after = {**BEFORE, "a/answer": "Bonsoir."}
    update(file, after, "es")
    with compile_po(file, tmp_path, after).open("rb") as compiled:
        said = GNUTranslations(compiled)
    assert said.pgettext("b/answer", "Au revoir.") == "Adiós."
    assert said.pgettext("a/answer", "Bonsoir.") == "Bonsoir."  # stale: none


def test_fuzzy_and_missing_are_counted_apart(file: Path) -> None:
    mark_reviewed(file, {"b/answer"}, READ)
    after = {**BEFORE, "a/answer": "Bonsoir.", "c/answer": "Merci."}
    update(file, after, "es")
    assert counts(file, after) == Counts(entries=3, translated=1, fuzzy=1, missing=1, reviewed=1)
