"""What the project's own messages teach about languages, and how it is kept."""

from pathlib import Path

import pytest

from nlu.language import Detected, LanguageDetector
from nlu.language_model import LanguageModel
from nlu.learnt_languages import Languages, learnt_languages

ROOT = Path(__file__).parents[2]
EXAMPLES = [
    ("fr", "je cherche un logement"), ("fr", "où est la mairie"),
    ("ro", "caut o locuinta"), ("ro", "unde e primaria"),
    ("arabizi", "n7awes 3la sokna"), ("arabizi", "win jat la mairie"),
]


def test_it_tells_what_it_was_taught_apart() -> None:
    model = LanguageModel.learn(EXAMPLES)
    shares = model.shares("unde caut primaria", ("fr", "ro", "arabizi"))
    assert max(shares, key=lambda code: shares[code]) == "ro"
    assert sum(shares.values()) == pytest.approx(1)


def test_a_language_with_many_examples_weighs_no_more() -> None:
    model = LanguageModel.learn([*EXAMPLES, *[("fr", "bonjour merci au revoir")] * 50])
    shares = model.shares("zzz", ("fr", "ro"))
    assert shares["ro"] > 0.1


def test_it_has_no_opinion_on_languages_it_was_not_taught() -> None:
    model = LanguageModel.learn(EXAMPLES)
    assert model.shares("hello there", ("en", "tr")) == {}
    assert set(model.shares("hello there", ("en", "fr"))) == {"fr"}


def test_it_is_read_back_as_it_was_written(tmp_path: Path) -> None:
    model = LanguageModel.learn(EXAMPLES)
    model.save(tmp_path / "model.npz")
    again = LanguageModel.load(tmp_path / "model.npz")
    assert again.shares("caut o casa", ("fr", "ro")) == model.shares("caut o casa", ("fr", "ro"))


def project(root: Path, text: str) -> Path:
    folder = root / "nlu/examples/fr"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "a.yml").write_text(f'version: "3.1"\nnlu:\n- intent: greet\n  examples: |\n    - {text}\n')
    return root


def test_it_is_learnt_once_and_again_when_the_examples_change(tmp_path: Path) -> None:
    root, cache = project(tmp_path / "project", "bonjour"), tmp_path / "data" / "cache"
    learnt_languages(root, tmp_path / "data")
    (first,) = cache.glob("languages-*.npz")
    written = first.stat().st_mtime_ns
    learnt_languages(root, tmp_path / "data")
    assert first.stat().st_mtime_ns == written
    learnt_languages(project(tmp_path / "project", "bonsoir"), tmp_path / "data")
    (second,) = cache.glob("languages-*.npz")
    assert second != first


def test_a_broken_file_is_made_anew(tmp_path: Path) -> None:
    root = project(tmp_path / "project", "bonjour")
    learnt_languages(root, tmp_path / "data")
    (file,) = (tmp_path / "data" / "cache").glob("languages-*.npz")
    file.write_bytes(b"not a model")
    assert learnt_languages(root, tmp_path / "data").languages == ("fr",)


@pytest.fixture(scope="module")
def detector(tmp_path_factory: pytest.TempPathFactory) -> LanguageDetector:
    languages = Languages(ROOT, tmp_path_factory.mktemp("data"))
    assert languages() is None  # nothing is done before it is asked for
    languages.prepare()
    return LanguageDetector(languages)


@pytest.mark.parametrize(
    ("text", "language", "variety"),
    [
        ("rani n7awes 3la khedma fi lyon", "ar", "arabizi"),
        ("wach rsa yet9ta3 ki nkhdem", "ar", "arabizi"),
        ("nu am carte vitale si ma doare", "ro", None),
        ("no tengo carte vitale", "es", None),
        ("quando é o meu rendez-vous", "pt", None),
        ("mission locale ne yapar", "tr", None),
        ("dua të kërkoj azil në Francë", "sq", None),
        ("prime d'activité как получить", "ru", None),
        ("د کور کرایه نشم ورکولی", "ps", None),
        ("jsui a la ru svp aidé moi", "fr", "fr-sms"),
    ],
)
def test_french_office_words_and_phone_spelling_do_not_hide_the_language(
    detector: LanguageDetector, text: str, language: str, variety: str | None
) -> None:
    found = detector.detect(text)
    assert (found.language, found.variety, found.sure) == (language, variety, True)


@pytest.mark.parametrize(
    "rubbish", ["<script>alert(1)</script>", "bla blou zargulf xyz", "qsdkjfh qskdjfh wxcvb", "aaa bbb ccc ddd"]
)
@pytest.mark.parametrize("prior", ["ar", "fr", "en"])
def test_rubbish_switches_no_conversation(detector: LanguageDetector, rubbish: str, prior: str) -> None:
    found = detector.detect(rubbish, prior=prior)
    assert (found.language, found.sure) == (prior, False) or found.language == prior


@pytest.mark.parametrize(
    ("text", "prior", "language"),
    [
        ("je ne comprends pas, en français svp", "ar", "fr"),
        ("can we speak english please", "fr", "en"),
        ("wach t9der t3aweni 3afak", "fr", "ar"),
        ("no entiendo nada, ayuda por favor", "fr", "es"),
    ],
)
def test_a_sentence_in_another_language_does(
    detector: LanguageDetector, text: str, prior: str, language: str
) -> None:
    found = detector.detect(text, prior=prior)
    assert (found.language, found.sure) == (language, True)


@pytest.mark.parametrize("text", [
    "ich habe keine wohnung und brauche hilfe", "vorrei sapere dove posso dormire stasera",
    "ik zoek een huis voor mijn gezin", "szukam pracy i mieszkania we francji",
    "waxaan u baahanahay caawimaad guri",
    "nataka kujua wapi naweza kupata chakula", "mən işləmək istəyirəm amma sənədim yoxdur",
    "ez li xanî digerim ji kerema xwe alîkarî bikin", "tôi cần tìm chỗ ở cho gia đình",
])
def test_a_language_that_is_not_ours_is_taken_for_none_of_them(detector: LanguageDetector, text: str) -> None:
    assert detector.detect(text) == Detected(None, None, False)
    assert detector.detect(text, prior="fr").language == "fr"


def test_arabizi_goes_on_in_an_arabic_conversation(detector: LanguageDetector) -> None:
    # Half French office words: alone it might be French, after Arabic it is arabizi.
    assert detector.detect("dossier caf mazal en cours", prior="ar").language == "ar"


def test_two_latin_words_still_prove_nothing(detector: LanguageDetector) -> None:
    assert not detector.detect("avocat rsa", prior="tr").sure
    assert detector.detect("avocat rsa", prior="tr").language == "tr"
