"""Days, hours, choices and answers in the eleven languages beside French, English and Arabic."""

from datetime import UTC, datetime

import pytest

from nlu.communes import Gazetteer
from nlu.entities import EntityExtractor

MONDAY = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def extractor() -> EntityExtractor:
    return EntityExtractor(Gazetteer())


CASES = [
    ("es", "mañana por la tarde", "day", "2026-11-24"),
    ("es", "el jueves que viene", "day", "2026-12-03"),
    ("es", "dentro de dos semanas", "day", "2026-12-07"),
    ("es", "a las 3 de la tarde", "hour", "15:00"),
    ("es", "la segunda", "ordinal", "2"),
    ("es", "vale", "yes_no", "yes"),
    ("pt", "depois de amanhã", "day", "2026-11-25"),
    ("pt", "na próxima quinta", "day", "2026-12-03"),
    ("pt", "dia 12 de dezembro", "day", "2026-12-12"),
    ("pt", "às 9 e meia", "hour", "09:30"),
    ("pt", "a primeira", "ordinal", "1"),
    ("pt", "tá bom", "yes_no", "yes"),
    ("ro", "de azi într-o săptămână", "day", "2026-11-30"),
    ("ro", "peste trei zile", "day", "2026-11-26"),
    ("ro", "joi la ora 10", "day", "2026-11-26"),
    ("ro", "joi la ora 10", "hour", "10:00"),
    ("ro", "a doua", "ordinal", "2"),
    ("ro", "da, sigur", "yes_no", "yes"),
    ("tr", "üç gün sonra", "day", "2026-11-26"),
    ("tr", "haftaya perşembe", "day", "2026-12-03"),
    ("tr", "yarin gelebilirim", "day", "2026-11-24"),
    ("tr", "12 aralık", "day", "2026-12-12"),
    ("tr", "saat 2 buçukta", "hour", "14:30"),
    ("tr", "ikincisi", "ordinal", "2"),
    ("tr", "olur", "yes_no", "yes"),
    ("ru", "послезавтра утром", "day", "2026-11-25"),
    ("ru", "через два дня", "day", "2026-11-25"),
    ("ru", "в следующий четверг", "day", "2026-12-03"),
    ("ru", "12 декабря в 14 часов", "day", "2026-12-12"),
    ("ru", "12 декабря в 14 часов", "hour", "14:00"),
    ("ru", "второй вариант", "ordinal", "2"),
    ("ru", "неа", "yes_no", "no"),
    ("uk", "через тиждень", "day", "2026-11-30"),
    ("uk", "у п'ятницю", "day", "2026-11-27"),
    ("uk", "о 10 годині", "hour", "10:00"),
    ("uk", "перший", "ordinal", "1"),
    ("uk", "гаразд", "yes_no", "yes"),
    ("fa", "پس فردا", "day", "2026-11-25"),
    ("fa", "پنجشنبه", "day", "2026-11-26"),
    ("fa", "دو هفته دیگه", "day", "2026-12-07"),
    ("fa", "ساعت ۳ بعد از ظهر", "hour", "15:00"),
    ("fa", "دومی", "ordinal", "2"),
    ("fa", "بلی", "yes_no", "yes"),
    ("ps", "سبا سهار", "day", "2026-11-24"),
    ("ps", "درې ورځې وروسته", "day", "2026-11-26"),
    ("ps", "په ۱۰ بجو", "hour", "10:00"),
    ("ps", "دویم", "ordinal", "2"),
    ("ps", "هو", "yes_no", "yes"),
    ("ti", "ጽባሕ ንግሆ", "day", "2026-11-24"),
    ("ti", "ድሕሪ ክልተ ሰሙን", "day", "2026-12-07"),
    ("ti", "ሓሙስ ሰዓት 10", "day", "2026-11-26"),
    ("ti", "ሓሙስ ሰዓት 10", "hour", "10:00"),
    ("ti", "ካልኣይ", "ordinal", "2"),
    ("ti", "እወ", "yes_no", "yes"),
    ("sq", "pasnesër", "day", "2026-11-25"),
    ("sq", "të enjten", "day", "2026-11-26"),
    ("sq", "pas dy javësh", "day", "2026-12-07"),
    ("sq", "në orën 3 pasdite", "hour", "15:00"),
    ("sq", "i dyti", "ordinal", "2"),
    ("sq", "s'ka problem", "yes_no", "yes"),
    ("hy", "վաղը", "day", "2026-11-24"),
    ("hy", "երեք օր հետո", "day", "2026-11-26"),
    ("hy", "հինգշաբթի", "day", "2026-11-26"),
    ("hy", "ժամը 10", "hour", "10:00"),
    ("hy", "երկրորդը", "ordinal", "2"),
    ("hy", "այո", "yes_no", "yes"),
]


@pytest.mark.parametrize(("language", "text", "name", "value"), CASES)
def test_said_their_way(extractor: EntityExtractor, language: str, text: str, name: str, value: str) -> None:
    """In a conversation in that language; and in one whose language is not known yet, but for an answer,
    which only comes after a question."""
    for known in (language, None) if name in {"day", "hour"} else (language,):
        found = [e.value for e in extractor.extract(text, known, MONDAY) if e.name == name]
        assert found == [value], known


@pytest.mark.parametrize(
    ("language", "text", "name", "value"),
    [
        ("fr", "le camion c'est quand cette semaine", "period", "week"),
        ("fr", "plutôt le soir après le travail", "period", "evening"),
        ("fr", "je voudrais parler à une femme", "wish", "woman"),
        ("fr", "je peux venir avec mes enfants ?", "wish", "children"),
        ("en", "is there something this weekend", "period", "weekend"),
        ("ar", "في المساء من فضلك", "period", "evening"),
        ("ru", "можно вечером с детьми", "wish", "children"),
        ("fa", "این هفته", "period", "week"),
    ],
)
def test_when_and_for_whom(extractor: EntityExtractor, language: str, text: str, name: str, value: str) -> None:
    assert [e.value for e in extractor.extract(text, language, MONDAY) if e.name == name] == [value]


@pytest.mark.parametrize(("language", "text", "named"), [
    ("fr", "une conseillère, je viens avec mes 3 enfants", {"wish": "children+woman"}),
    ("en", "I can come tomorrow night with my 2 kids",
     {"day": "2026-11-24", "period": "evening", "wish": "children"}),
    ("fr", "un rdv cette après-midi", {"day": "2026-11-23", "period": "afternoon"}),
    ("es", "esta noche", {"day": "2026-11-23", "period": "evening"}),
    ("es", "puedo por la mañana", {"period": "morning"}),
    ("pt", "esta tarde", {"day": "2026-11-23", "period": "afternoon"}),
    ("ro", "diseară", {"day": "2026-11-23", "period": "evening"}),
    ("sq", "sonte", {"day": "2026-11-23", "period": "evening"}),
    ("hy", "այս երեկո", {"day": "2026-11-23", "period": "evening"}),
    ("ar", "هذا المساء", {"day": "2026-11-23", "period": "evening"}),
    ("fa", "امشب", {"day": "2026-11-23", "period": "evening"}),
    ("fr", "une séance pour les jeunes", {"public": "youth"}),
    ("fr", "j'ai 17 ans, il passe quand", {"public": "youth"}),
    ("fr", "j'ai cinquante ans... j'ai 52 ans", {"public": "adult"}),
    ("fr", "je suis une femme de 63 ans", {"public": "senior+women"}),
    ("en", "I'm 19", {"public": "youth"}),
    ("es", "tengo 61 años", {"public": "senior"}),
    ("ar", "عمري ٣٠ سنة", {"public": "adult"}),
    ("fa", "من ۱۹ ساله هستم", {"public": "youth"}),
    ("tr", "19 yaşındayım", {"public": "youth"}),
    ("ru", "мне 45 лет", {"public": "adult"}),
    ("ti", "ወዲ 19 ዓመት እየ", {"public": "youth"}),
    # Who greets asks for no evening and no town; who says who they are does not ask to see a woman.
    ("en", "good evening", {}), ("ro", "bună seara", {}), ("fa", "صبح بخیر", {}), ("ps", "سهار مو پخیر", {}),
    ("ar", "صباح الخير", {}), ("es", "buenas tardes", {}), ("fr", "merci et bon week-end", {}),
    ("en", "I am a woman", {"public": "women"}), ("ru", "я женщина", {"public": "women"}),
    # No age of one's own.
    ("fr", "en France depuis 20 ans", {}), ("fr", "mon fils a 17 ans", {}), ("en", "I am 20 km away", {}),
    ("fr", "je veux voir une assistante sociale", {}),
])
def test_what_is_asked_for_besides_a_place(
    extractor: EntityExtractor, language: str, text: str, named: dict[str, str],
) -> None:
    said = {one.name: one.value for one in extractor.extract(text, language, MONDAY) if one.name != "yes_no"}
    assert said == named
