"""Someone in danger is recognised; someone dying of laughter is not."""

import os
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from nlu.danger_files import EMERGENCIES, DangerFileInvalid
from nlu.emergencies import DANGER, EmergencyRecogniser, load

CASES: dict[str, list[str]] = YAML(typ="safe").load(
    (Path(__file__).parent / "emergency_cases.yml").read_text("utf-8")
)
ROOT = Path(__file__).parents[2]
TOLD = [(text, name) for name in EMERGENCIES for text in CASES[name]]


@pytest.fixture(scope="module")
def recogniser() -> EmergencyRecogniser:
    return load()


def bare(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))


@pytest.mark.parametrize(("text", "emergency"), TOLD)
def test_an_emergency_is_recognised(recogniser: EmergencyRecogniser, text: str, emergency: str) -> None:
    assert recogniser.recognise(text) == emergency


@pytest.mark.parametrize(("text", "emergency"), TOLD)
def test_accents_capitals_and_punctuation_do_not_matter(
    recogniser: EmergencyRecogniser, text: str, emergency: str
) -> None:
    assert recogniser.recognise(f"{bare(text).upper()} !!!") == emergency


@pytest.mark.parametrize("text", CASES["none"])
def test_what_is_not_an_emergency_is_left_alone(recogniser: EmergencyRecogniser, text: str) -> None:
    assert recogniser.recognise(text) is None, recogniser.explain(text)


@pytest.mark.parametrize(
    ("text", "emergency"),
    [
        ("mon mari m'a séquestréee", "emergency_violence"),
        ("elle est inconsciante", "emergency_medical"),
        ("je pense au sucide", "emergency_suicide"),
        ("je pense au suiicide", "emergency_suicide"),
        ("she is unconsious", "emergency_medical"),
        ("il me frapppe", "emergency_violence"),
    ],
)
def test_one_wrong_letter_in_a_long_word_is_forgiven(
    recogniser: EmergencyRecogniser, text: str, emergency: str
) -> None:
    assert recogniser.recognise(text) == emergency


@pytest.mark.parametrize("text", [
    "17 ans, nulle part où dormir", "j'ai 17 ans et je sais pas où dormir", "g 17 ans g nul part ou dormir",
    "on m'a mis à la porte j'ai 16 ans", "I am 17 and I have nowhere to sleep", "i'm 16 no place to sleep tonight",
    "عمري 17 سنة وليس لدي مكان أنام فيه", "عندي 17 عام ما عنديش وين نرقد", "3andi 17 3am ma3andich win nor9od",
    "Tengo 17 años y no tengo dónde dormir", "Tenho 17 anos e não tenho onde dormir",
    "Am 17 ani și nu am unde să dorm", "17 yaşındayım, yatacak yerim yok", "Мне 17 лет, мне негде спать",
    "Мені 17 років, мені ніде ночувати", "من ۱۷ ساله هستم و جایی برای خواب ندارم",
    "زه ۱۷ کلن یم او د ویده کېدو ځای نه لرم", "ወዲ 17 ዓመት እየ፣ ዝድቅሰሉ ቦታ የብለይን",
    "Jam 17 vjeç dhe s'kam ku të fle", "Ես 17 տարեկան եմ և քնելու տեղ չունեմ",
])
def test_a_minor_with_nowhere_to_sleep_is_a_child_to_protect(recogniser: EmergencyRecogniser, text: str) -> None:
    assert recogniser.recognise(text) == "emergency_child"


@pytest.mark.parametrize("text", [
    "j'ai 27 ans, nulle part où dormir", "ma fille a 16 ans et nous n'avons nulle part où dormir",
    "femme seule avec un enfant de 10 ans, nulle part où dormir", "j'ai 12 ans de France et je suis sans toit",
    "my daughter is 16 and we have nowhere to sleep", "I am 16 weeks pregnant and have nowhere to sleep",
    "I have been here 17 years and have nowhere to sleep", "Tengo un hijo de 10 años y no tengo donde dormir",
    "د ویده کېدو ځای نه لرم", "ዝድቅሰሉ ቦታ የብለይን",
])
def test_an_adult_or_a_family_with_nowhere_to_sleep_is_shelter(recogniser: EmergencyRecogniser, text: str) -> None:
    assert recogniser.recognise(text) == "emergency_shelter"


@pytest.mark.parametrize(("text", "emergency"), [
    ("no tengo papeles y necesito insulina", "emergency_medical"),  # insulin, insuline
    ("jai le couto sur le poigné", "emergency_suicide"),  # poignée, poignet, pointe
])
def test_a_misspelt_word_that_may_be_one_or_another_is_tried_as_each(
    recogniser: EmergencyRecogniser, text: str, emergency: str
) -> None:
    assert recogniser.recognise(text) == emergency


def test_what_is_recognised_does_not_change_from_one_start_to_the_next() -> None:
    script = (
        "from nlu.emergencies import load; r = load();"
        "print(*(r._canonical(w) for w in ('insulina', 'poigne', 'balkoon', 'pistolu', 'cooked')))"
    )
    said = {
        subprocess.run(
            [sys.executable, "-c", script], env={**os.environ, "PYTHONHASHSEED": seed}, cwd=ROOT, check=True,
            capture_output=True,
        ).stdout
        for seed in ("1", "6", "7")
    }
    assert len(said) == 1


def test_the_most_urgent_comes_first(recogniser: EmergencyRecogniser) -> None:
    assert recogniser.recognise("je dors dehors et mon mari me frappe") == "emergency_violence"
    assert recogniser.recognise("mon mari me frappe et je veux mourir") == "emergency_suicide"
    assert recogniser.recognise("je veux mourir, je suis enceinte et je perds du sang") == "emergency_medical"


def test_what_is_past_counts_again_when_it_goes_on(recogniser: EmergencyRecogniser) -> None:
    assert recogniser.recognise("l'année dernière mon mari a frappé ma voisine") is None
    assert (
        recogniser.recognise("l'année dernière mon mari m'a frappée et il recommence") == "emergency_violence"
    )


def test_a_film_in_one_sentence_does_not_hide_danger_in_the_next(recogniser: EmergencyRecogniser) -> None:
    assert recogniser.recognise("j'ai vu un film. Mon mari me frappe") == "emergency_violence"


def test_danger_is_found_far_into_a_long_message(recogniser: EmergencyRecogniser) -> None:
    story = "bonjour je vous écris pour mes papiers parce que la préfecture ne répond pas depuis des mois et "
    assert (
        recogniser.recognise(story + "voilà en plus mon mari me frappe tous les soirs")
        == "emergency_violence"
    )


def test_mixed_languages_are_understood(recogniser: EmergencyRecogniser) -> None:
    assert recogniser.recognise("slm j'ai besoin d'aide rajli ydrabni") == "emergency_violence"


def test_an_empty_message_or_only_signs_tells_nothing(recogniser: EmergencyRecogniser) -> None:
    assert [recogniser.recognise(text) for text in ("", "   ", "???", "👍", "69200")] == [None] * 5


def test_nothing_a_person_writes_is_kept(recogniser: EmergencyRecogniser) -> None:
    recogniser.recognise("je m'appelle Zébulonnette Quiquempoix et mon mari me frappe")
    kept = set(recogniser._vocab.strings)
    assert not {word for word in kept if "quiquem" in word.casefold() or "zebulon" in word.casefold()}


def test_it_says_which_phrase_it_recognised(recogniser: EmergencyRecogniser) -> None:
    (why,) = recogniser.explain("je suis à la rue")
    assert why.startswith("fr.yml, line ")


def test_every_emergency_has_phrases_in_every_language_offered() -> None:
    for name in ("fr", "en", "ar", "ary", "arabizi"):
        data = YAML(typ="safe").load((DANGER / f"{name}.yml").read_text("utf-8"))
        assert set(data["emergencies"]) == set(EMERGENCIES)


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("variety: x\nemergencies:\n  emergency_fire:\n    says: [feu]\n", "line 3"),
        ("variety: x\nemergencies:\n  emergency_child:\n    sais:\n      - aide\n", "line 4"),
        ("variety: x\nemergencies:\n  emergency_child:\n    says:\n      - (aide) moi\n", "line 5"),
        (
            "variety: x\nemergencies:\n  emergency_child:\n    says:\n      - bon\n      - <qui> tape\n",
            "line 6",
        ),
        ("variety: x\nemergencies:\n  emergency_child:\n    says:\n      - 115\n", "line 5"),
        ("variety: x\nemergencies: [\n", "line"),
        ("groups: {}\n", "line 1"),
        ("variety: x\nphrases: {}\n", "line 2"),
    ],
)
def test_a_mistake_in_a_file_names_the_file_and_the_line(
    tmp_path: Path, content: str, complaint: str
) -> None:
    (tmp_path / "zz.yml").write_text(content, "utf-8")
    with pytest.raises(DangerFileInvalid, match=rf"zz\.yml, {complaint}"):
        load(tmp_path)


def test_a_directory_without_files_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DangerFileInvalid):
        load(tmp_path)
