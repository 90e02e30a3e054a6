"""Admins read what was not understood, and nobody in it."""

from pathlib import Path

import pytest

from nlu.examples_check import examples
from nlu.ordinary_words import CAPITALS, OrdinaryWords, ordinary_words
from nlu.redact import NameWordsInvalid, Redactor

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def redactor() -> Redactor:
    return Redactor(OrdinaryWords.learn(example.text for example in examples(ROOT)))


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("bonjour je m'appelle Samia Benali", "bonjour je m'appelle [nom]"),
        ("je suis Karim et j'ai faim", "je suis [nom] et j'ai faim"),
        ("appelez Mme Dupont au 06 12 34 56 78", "appelez [nom] au [nombre]"),
        ("mon mail samia.b@mail.fr", "mon mail [lien]"),
        ("dossier 69123456, voir www.exemple.fr/moi", "dossier [nombre], voir [lien]"),
        ("hello my name is Fatou Diallo", "hello my name is [nom]"),
        ("me llamo Juan Carlos", "me llamo [nom]"),
        ("smiti Zoubir w bghit khdma", "smiti [nom] w bghit khdma"),
        ("меня зовут Иван", "меня зовут [nom]"),
        ("اسمي محمد", "اسمي [nom]"),
        ("اسم من کریم", "اسم من [nom]"),
        ("ስመይ ሰላም", "ስመይ [nom]"),
        ("Իմ անունը Արամ է", "Իմ անունը [nom] է"),
        ("٠٦١٢٣٤٥٦٧٨", "[nombre]"),
    ],
)
def test_what_says_who_wrote_is_taken_out(redactor: Redactor, text: str, left: str) -> None:
    assert redactor.redact(text) == left


@pytest.mark.parametrize(
    "text",
    ["je suis perdu dans la rue", "j'ai 32 ans et 2 enfants", "appelez le 115", "RSA CAF OFII titre de séjour",
     "où est le camion à Vénissieux", "", "???"],
)
def test_what_says_what_is_asked_stays(redactor: Redactor, text: str) -> None:
    assert redactor.redact(text) == text


def test_an_address_goes(redactor: Redactor) -> None:
    assert "Victor" not in redactor.redact("j'habite 12 rue Victor Hugo à Vénissieux 69200")
    assert "69200" not in redactor.redact("j'habite 12 rue Victor Hugo à Vénissieux 69200")


def test_a_broken_list_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "name_words.yml").write_text("surely: [a]\n")
    with pytest.raises(NameWordsInvalid, match=r"name_words\.yml"):
        Redactor(OrdinaryWords.learn([]), tmp_path)


@pytest.mark.parametrize("name", ["Karim", "Fatou", "Mohamed", "Mamadou", "Amina", "Ali"])
def test_a_first_name_that_examples_have_is_taken_out_all_the_same(redactor: Redactor, name: str) -> None:
    assert name not in redactor.redact(f"bonjour c'est {name} et j'ai besoin d'un rendez-vous")


def test_the_words_are_counted_once_and_again_when_the_examples_change(tmp_path: Path) -> None:
    root, data = tmp_path / "project", tmp_path / "data"
    folder = root / "nlu/examples/fr"
    folder.mkdir(parents=True)

    def told(*texts: str) -> OrdinaryWords:
        lines = "".join(f"    - {text}\n" for text in texts)
        (folder / "a.yml").write_text(f'version: "3.1"\nnlu:\n- intent: greet\n  examples: |\n{lines}')
        return ordinary_words(root, data)

    names = ("bonjour Fatou", "au revoir Fatou", "ici Fatou", "salut")
    first = told(*(f"bonjour Paris {n}" for n in range(CAPITALS)), *names)
    assert first == OrdinaryWords(frozenset({"bonjour", "fatou", "paris"}), frozenset({"paris"}))
    (kept,) = (data / "cache").glob("ordinary_words-*.json")
    written = kept.stat().st_mtime_ns
    assert ordinary_words(root, data) == first
    assert kept.stat().st_mtime_ns == written
    kept.write_text("not a list")
    assert ordinary_words(root, data) == first
    assert "salut" in told("salut", "salut toi", "salut vous").known
    assert len(list((data / "cache").glob("ordinary_words-*.json"))) == 1
