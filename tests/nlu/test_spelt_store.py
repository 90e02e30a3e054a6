"""How the training sentences are spelt is kept, as long as they are cut in the same way."""

from pathlib import Path

import pytest

from nlu.rasa.components import spelt_store
from nlu.rasa.components.spelt_store import SpeltStore


def none_is_new(text: str) -> str:
    raise AssertionError(text)


@pytest.fixture(autouse=True)
def _saves_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spelt_store, "FEW", 0)


def test_what_was_cut_once_is_not_cut_again(tmp_path: Path) -> None:
    SpeltStore(tmp_path, "one").spell(["Où", "LÀ", "Où"], str.casefold)
    found = SpeltStore(tmp_path, "one").spell(["LÀ", "Où"], none_is_new)
    assert found == {"LÀ": "là", "Où": "où"}


def test_cut_in_another_way_all_are_cut_again_and_the_old_file_goes(tmp_path: Path) -> None:
    SpeltStore(tmp_path, "one").spell(["Où"], str.casefold)
    assert SpeltStore(tmp_path, "two").spell(["Où"], str.upper) == {"Où": "OÙ"}
    assert [file.name for file in tmp_path.iterdir()] == ["spelt-two.json"]


def test_a_sentence_taken_away_goes_from_the_disk_with_the_next_that_comes(tmp_path: Path) -> None:
    SpeltStore(tmp_path, "one").spell(["Où", "LÀ"], str.casefold)
    SpeltStore(tmp_path, "one").spell(["Où", "ICI"], str.casefold)
    with pytest.raises(AssertionError, match="LÀ"):
        SpeltStore(tmp_path, "one").spell(["LÀ"], none_is_new)


def test_a_few_new_ones_are_cut_again_not_all_saved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    SpeltStore(tmp_path, "one").spell(["Où"], str.casefold)
    monkeypatch.setattr(spelt_store, "FEW", 1)
    assert SpeltStore(tmp_path, "one").spell(["Où", "LÀ"], str.casefold)["LÀ"] == "là"
    with pytest.raises(AssertionError, match="LÀ"):
        SpeltStore(tmp_path, "one").spell(["Où", "LÀ"], none_is_new)


@pytest.mark.parametrize("broken", [b"", b'{"O\xc3\xb9": "o', b"\xff"])
def test_a_file_cut_short_stops_no_training(tmp_path: Path, broken: bytes) -> None:
    (tmp_path / "spelt-one.json").write_bytes(broken)
    assert SpeltStore(tmp_path, "one").spell(["Où"], str.casefold) == {"Où": "où"}
    assert SpeltStore(tmp_path, "one").spell(["Où"], none_is_new) == {"Où": "où"}


def test_without_a_folder_nothing_is_kept() -> None:
    assert SpeltStore(None, "one").spell(["Où"], str.casefold) == {"Où": "où"}
