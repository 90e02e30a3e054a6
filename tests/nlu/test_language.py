"""Which language a message is in, and when it may switch the conversation."""

import pytest

from nlu.language import Detected, LanguageDetector, looks_arabizi, named_language


@pytest.fixture(scope="module")
def detector() -> LanguageDetector:
    return LanguageDetector()


@pytest.mark.parametrize(
    ("text", "language", "variety"),
    [
        ("je cherche un logement pour ma famille", "fr", None),
        ("slt jveu 1 rdv svp", "fr", "fr-sms"),
        ("I need help with my papers please", "en", None),
        ("i need help 2moro please", "en", None),
        ("أريد موعدا من فضلك", "ar", None),
        ("واش كاين شي خدمة هنا", "ar", "ary"),
        ("راني ماعنديش وين نبات", "ar", "ary"),
        ("rani barra had lila", "ar", "arabizi"),
        ("3afak bghit nhder m3a chi wa7ed", "ar", "arabizi"),
        ("j'ai 2 enfants et 3 mois de loyer de retard", "fr", None),
        ("je suis en 3eme au collège", "fr", None),
        ("necesito una cita para mis papeles por favor", "es", None),
        ("preciso de ajuda com os meus documentos", "pt", None),
        ("am nevoie de ajutor cu actele mele", "ro", None),
        ("kağıtlarım için yardıma ihtiyacım var", "tr", None),
        ("мне нужна помощь с документами", "ru", None),
        ("мені потрібна допомога з документами", "uk", None),
        ("من به کمک نیاز دارم", "fa", None),
        ("زه مرستې ته اړتیا لرم", "ps", None),
        ("ሓገዝ የድልየኒ ኣሎ", "ti", None),
        ("kam nevojë për ndihmë me dokumentet", "sq", None),
        ("ինձ օգնություն է պետք", "hy", None),
        ("אני צריך עזרה", None, None),
    ],
)
def test_a_message_of_three_words_is_told(
    detector: LanguageDetector, text: str, language: str | None, variety: str | None
) -> None:
    assert detector.detect(text) == Detected(language, variety, True)


@pytest.mark.parametrize(
    "text", ["avocat", "merci", "ok", "da", "si", "no problem", "RSA", "CAF Lyon", "la 2ème"]
)
def test_one_or_two_latin_words_switch_nothing(detector: LanguageDetector, text: str) -> None:
    assert detector.detect(text, prior="ar") == Detected("ar", None, False)


@pytest.mark.parametrize(
    ("text", "language"), [("hello", "en"), ("salam", "ar"), ("bonjour", "fr"), ("hola", "es")]
)
def test_an_unmistakable_greeting_does(detector: LanguageDetector, text: str, language: str) -> None:
    found = detector.detect(text, prior="tr")
    assert (found.language, found.sure) == (language, True)


@pytest.mark.parametrize("text", ["69200", "👍", "???", ""])
def test_without_letters_the_earlier_language_stays(detector: LanguageDetector, text: str) -> None:
    assert detector.detect(text, prior="ar", hint="fr") == Detected("ar", None, False)
    assert detector.detect(text, hint="fr") == Detected("fr", None, False)
    assert detector.detect(text) == Detected(None, None, False)


def test_another_script_switches_at_once(detector: LanguageDetector) -> None:
    assert detector.detect("مساعدة", prior="fr").language == "ar"


def test_a_french_word_in_an_english_message_does_not_switch(detector: LanguageDetector) -> None:
    assert (
        detector.detect("hello I have a rendez-vous at the préfecture tomorrow", prior="en").language == "en"
    )


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("in English please", "en"),
        ("english", "en"),
        ("عربي", "ar"),
        ("بالعربية من فضلك", "ar"),
        ("3arbi", "ar"),
        ("français", "fr"),
        ("arabe", "ar"),
        ("parlez-vous arabe ?", "ar"),
        ("українською", "uk"),
        ("je cherche des cours de français", None),
        ("english or french", None),
        ("bonjour", None),
        ("mon mari est turc et il a perdu son titre de séjour la semaine dernière", None),
    ],
)
def test_a_language_is_named(text: str, language: str | None) -> None:
    assert named_language(text) == language


@pytest.mark.parametrize(
    "text", ["je viens à 14h30", "a2 en francais", "t2 ou t3", "2m1 matin", "mp3", "b1", "COVID19"]
)
def test_figures_of_other_languages_are_not_arabizi(text: str) -> None:
    assert not looks_arabizi(text)


def test_a_few_words_that_pycld2_takes_for_english_take_nobody_out_of_french(detector: LanguageDetector) -> None:
    assert detector.detect("je comprends pas", prior="fr").language == "fr"
    assert detector.detect("i need a place to sleep tonight", prior="fr") == Detected("en", None, True)
