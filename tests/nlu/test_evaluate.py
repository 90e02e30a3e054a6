import json
from pathlib import Path

import pytest

from nlu.errors import EvaluationFileInvalid
from nlu.evaluate import ANSWERED_IN, evaluate, macro_f1

MESSAGES = {
    "bonjour": ("fr", "greet", None),
    "coucou": ("en", "thank", None),
    "je veux mourir": ("fr", "nlu_fallback", "emergency_suicide"),
    "il me frappe": ("fr", "emergency_suicide", "emergency_suicide"),
    "je suis dehors ce soir": ("fr", "rights_social_housing", None),
    "mort de rire": ("fr", "greet", "emergency_suicide"),
    "salam": ("ar", "greet", None),
}
FR = """greet\tbonjour
greet\tcoucou
emergency_suicide\tje veux mourir
emergency_violence\til me frappe
emergency_shelter\tje suis dehors ce soir
greet\tmort de rire
"""


async def understand(text: str) -> tuple[str, str, str | None]:
    return MESSAGES[text]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "fr.tsv").write_text(FR)
    (tmp_path / "arabizi.tsv").write_text("# a remark\n\ngreet\tsalam\n")
    return tmp_path


async def test_each_file_is_scored(folder: Path) -> None:
    scores = (await evaluate([folder / "fr.tsv"], understand)).files[0]
    assert (scores.variety, scores.n) == ("fr", 6)
    assert scores.accuracy == pytest.approx(2 / 6)
    assert scores.language_accuracy == pytest.approx(5 / 6)


async def test_an_emergency_counts_whoever_recognises_it(folder: Path) -> None:
    scores = (await evaluate([folder / "fr.tsv"], understand)).files[0]
    assert scores.emergencies == 3
    assert scores.emergency_recall == pytest.approx(2 / 3)
    assert scores.false_alarms == 1
    assert scores.alarm_rate == pytest.approx(1 / 3)


async def test_a_folder_gives_every_file_and_their_total(folder: Path) -> None:
    report = await evaluate([folder], understand)
    assert [one.variety for one in report.files] == ["arabizi", "fr"]
    assert report.total.n == 7
    assert report.files[0].language_accuracy == 1  # arabizi is answered in Arabic
    assert report.files[0].emergency_recall is None


async def test_the_report_reads_back_from_json(folder: Path) -> None:
    report = await evaluate([folder], understand)
    read = json.loads(report.as_json())
    assert [one["variety"] for one in read["files"]] == ["arabizi", "fr"]
    assert read["total"]["false_alarms"] == 1


async def test_the_table_has_a_row_a_file_and_one_for_all(folder: Path) -> None:
    assert (await evaluate([folder], understand)).as_table().row_count == 3


@pytest.mark.parametrize(
    ("written", "where"),
    [("greet bonjour\n", "x.tsv:1"), ("greet\tsalut\ngreat\tsalut\n", "x.tsv:2"), ("greet\t \n", "x.tsv:1")],
)
async def test_a_bad_line_is_named(tmp_path: Path, written: str, where: str) -> None:
    (tmp_path / "x.tsv").write_text(written)
    with pytest.raises(EvaluationFileInvalid, match=where):
        await evaluate([tmp_path], understand)


async def test_nothing_to_read_is_a_failure(tmp_path: Path) -> None:
    with pytest.raises(EvaluationFileInvalid):
        await evaluate([tmp_path], understand)
    with pytest.raises(EvaluationFileInvalid, match="absent"):
        await evaluate([tmp_path / "absent.tsv"], understand)


@pytest.mark.parametrize(
    ("pairs", "expected"),
    [
        ([], None),
        ([("a", "a"), ("b", "b")], 1.0),
        ([("a", "a"), ("a", "b"), ("b", "b")], 2 / 3),
        ([("a", "c")], 0.0),
    ],
)
def test_macro_f1(pairs: list[tuple[str, str]], expected: float | None) -> None:
    assert macro_f1(pairs) == (None if expected is None else pytest.approx(expected))


def test_every_evaluation_file_of_the_project_is_sound() -> None:
    from nlu.evaluate import read_cases

    files = sorted((Path(__file__).parents[2] / "nlu/evaluation").rglob("*.tsv"))
    assert files
    assert all(read_cases(file) for file in files)
    assert {"ary", "arabizi"} <= ANSWERED_IN.keys()
