"""What was embedded is kept, from one training to the next and when one is killed."""

import os
from pathlib import Path

import numpy as np
import pytest

from nlu.rasa.components import embedding_store
from nlu.rasa.components.embedding_store import EmbeddingStore


class Killed(Exception):
    """The plug was pulled."""


def encode(texts: list[str]) -> np.ndarray:
    return np.array([[len(text), 1.0] for text in texts], np.float32)


def none_is_new(texts: list[str]) -> np.ndarray:
    raise AssertionError(texts)


def test_a_training_that_is_killed_loses_no_more_than_what_was_under_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(embedding_store, "AT_ONCE", 2)
    monkeypatch.setattr(embedding_store, "FEW", 1)

    def killed_at_the_third(texts: list[str]) -> np.ndarray:
        if "ccc" in texts:
            raise Killed
        return encode(texts)

    with pytest.raises(Killed):
        EmbeddingStore(tmp_path, "one").embed(["a", "bb", "ccc"], killed_at_the_third)
    found = EmbeddingStore(tmp_path, "one").embed(["a", "bb"], none_is_new)
    assert [vector[0] for vector in found.values()] == [1, 2]


def test_a_few_new_ones_are_made_again_not_all_saved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedding_store, "FEW", 2)
    EmbeddingStore(tmp_path, "one").embed(["a", "bb", "ccc"], encode)
    found = EmbeddingStore(tmp_path, "one").embed(["a", "bb", "ccc", "dddd"], encode)
    assert [vector[0] for vector in found.values()] == [1, 2, 3, 4]
    with pytest.raises(AssertionError, match="dddd"):
        EmbeddingStore(tmp_path, "one").embed(["a", "dddd"], none_is_new)


def test_the_vectors_of_two_encoders_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedding_store, "FEW", 0)
    for age, version in enumerate(("one", "two", "three")):
        EmbeddingStore(tmp_path, version).embed(["a"], encode)
        os.utime(tmp_path / f"{version}.npz", (age, age))
    assert sorted(file.stem for file in tmp_path.iterdir()) == ["three", "two"]


def test_without_a_folder_nothing_is_kept() -> None:
    assert EmbeddingStore(None, "one").embed(["a"], encode)["a"][0] == 1


@pytest.mark.parametrize("left", [0, 1, 100, -30])
def test_a_file_cut_short_stops_no_training(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, left: int,
) -> None:
    monkeypatch.setattr(embedding_store, "FEW", 0)
    EmbeddingStore(tmp_path, "one").embed(["a", "bb"], encode)
    file = tmp_path / "one.npz"
    file.write_bytes(file.read_bytes()[:left])
    assert [vector[0] for vector in EmbeddingStore(tmp_path, "one").embed(["a", "bb"], encode).values()] == [1, 2]
    EmbeddingStore(tmp_path, "one").embed(["a", "bb"], none_is_new)
