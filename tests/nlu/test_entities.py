"""Days, hours, phones, choices and answers are read as people write them."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from nlu.answer_words import AnswerWordsInvalid
from nlu.communes import Gazetteer
from nlu.entities import EntityExtractor

MONDAY = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer()


@pytest.fixture(scope="module")
def extractor(gazetteer: Gazetteer) -> EntityExtractor:
    return EntityExtractor(gazetteer)


def values(extractor: EntityExtractor, text: str, language: str | None, name: str) -> list[str]:
    return [e.value for e in extractor.extract(text, language, MONDAY) if e.name == name]


@pytest.mark.parametrize(
    ("language", "text", "day"),
    [
        ("fr", "aujourd'hui", "2026-11-23"),
        ("fr", "demain", "2026-11-24"),
        ("fr", "jveu venir 2m1", "2026-11-24"),
        ("fr", "après-demain", "2026-11-25"),
        ("fr", "jeudi", "2026-11-26"),
        ("fr", "jeudi 10", "2026-12-10"),
        ("fr", "jeudi 10h", "2026-11-26"),
        ("fr", "jeudi 10:30", "2026-11-26"),
        ("fr", "jeudi 9", "2026-11-26"),
        ("en", "thursday 10 am", "2026-11-26"),
        ("ru", "четверг 10", "2026-12-10"),
        ("fr", "jeudi en huit", "2026-12-03"),
        ("fr", "jeudi en 8", "2026-12-03"),
        ("fr", "dans trois jours", "2026-11-26"),
        ("fr", "dans une semaine", "2026-11-30"),
        ("fr", "12 décembre", "2026-12-12"),
        ("fr", "le 1er mai", "2027-05-01"),
        ("fr", "jeudi 12 décembre 2026", "2026-12-12"),
        ("fr", "vendredi 27 novembre à 10h", "2026-11-27"),
        ("fr", "12/12", "2026-12-12"),
        ("fr", "12/01/2027", "2027-01-12"),
        ("fr", "le 12", "2026-12-12"),
        ("en", "tomorrow", "2026-11-24"),
        ("en", "december 12", "2026-12-12"),
        ("en", "in 2 weeks", "2026-12-07"),
        ("en", "on friday please", "2026-11-27"),
        ("ar", "غدا", "2026-11-24"),
        ("ar", "بكرا الصبح", "2026-11-24"),
        ("ar", "غدوة", "2026-11-24"),
        ("ar", "بعد غد", "2026-11-25"),
        ("ar", "الخميس", "2026-11-26"),
        ("ar", "١٢ ديسمبر", "2026-12-12"),
        ("ar", "ghodwa", "2026-11-24"),
        ("ar", "lkhmis", "2026-11-26"),
    ],
)
def test_a_day(extractor: EntityExtractor, language: str, text: str, day: str) -> None:
    assert values(extractor, text, language, "day") == [day]


@pytest.mark.parametrize(
    ("language", "text", "hour"),
    [
        ("fr", "14h", "14:00"),
        ("fr", "à 14h30", "14:30"),
        ("fr", "14:30", "14:30"),
        ("fr", "9 heures du matin", "09:00"),
        ("fr", "midi", "12:00"),
        ("fr", "à 3 heures de l'après-midi", "15:00"),
        ("en", "2pm", "14:00"),
        ("en", "tomorrow at 3", "15:00"),
        ("en", "at noon", "12:00"),
        ("ar", "الساعة الثالثة مساء", "15:00"),
        ("ar", "غدوة على ١٠", "10:00"),
    ],
)
def test_an_hour(extractor: EntityExtractor, language: str, text: str, hour: str) -> None:
    assert values(extractor, text, language, "hour") == [hour]


@pytest.mark.parametrize(
    ("language", "text", "number"),
    [
        ("fr", "la 2ème", "2"),
        ("fr", "le deuxième", "2"),
        ("fr", "1er", "1"),
        ("fr", "2", "2"),
        ("fr", "option 3", "3"),
        ("fr", "n°4", "4"),
        ("fr", "le 2", "2"),
        ("fr", "2\ufe0f\u20e3", "2"),
        ("en", "the second one", "2"),
        ("en", "3rd", "3"),
        ("en", "number 2", "2"),
        ("ar", "الثاني", "2"),
        ("ar", "٢", "2"),
        ("ar", "رقم 3", "3"),
        ("ar", "loula", "1"),
    ],
)
def test_a_choice(extractor: EntityExtractor, language: str, text: str, number: str) -> None:
    assert values(extractor, text, language, "ordinal") == [number]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("fr", "un avocat"), ("fr", "une personne"), ("fr", "2 semaines"), ("fr", "pas un"), ("en", "2 kids"),
        ("ar", "2 أطفال"),
    ],
)
def test_a_number_that_counts_something_is_no_choice(extractor: EntityExtractor, language: str, text: str) -> None:
    assert values(extractor, text, language, "ordinal") == []


@pytest.mark.parametrize(
    ("language", "text", "number"),
    [
        ("fr", "2 svp", "2"), ("fr", "un svp", "1"), ("fr", "oui, 2", "2"), ("en", "two please", "2"),
        ("ar", "2 من فضلك", "2"),
    ],
)
def test_a_number_said_politely_is_a_choice(
    extractor: EntityExtractor, language: str, text: str, number: str,
) -> None:
    assert values(extractor, text, language, "ordinal") == [number]


@pytest.mark.parametrize(
    ("language", "text", "answer"),
    [
        ("fr", "oui", "yes"),
        ("fr", "ouais ok", "yes"),
        ("fr", "d'accord", "yes"),
        ("fr", "pas de problème", "yes"),
        ("fr", "non merci", "no"),
        ("fr", "nn", "no"),
        ("en", "yes please", "yes"),
        ("en", "no problem", "yes"),
        ("en", "nope", "no"),
        ("ar", "نعم", "yes"),
        ("ar", "واخا", "yes"),
        ("ar", "لا", "no"),
        ("ar", "wakha", "yes"),
        ("ar", "la", "no"),
        ("ar", "oui", "yes"),
    ],
)
def test_yes_and_no(extractor: EntityExtractor, language: str, text: str, answer: str) -> None:
    assert values(extractor, text, language, "yes_no") == [answer]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("ru", "да нет, не надо"), ("ru", "да ну, не хочу"), ("ru", "хорошо, я подумаю"), ("ru", "давай потом"),
        ("uk", "добре, потім"), ("ro", "da nu, mai tarziu"), ("ro", "ok dar nu acum"), ("ro", "bine, mai vedem"),
        ("hy", "լավ, կմտածեմ"), ("hy", "այո բայց ոչ հիմա"), ("ar", "ماشي دابا"), ("ar", "machi daba"),
        ("fr", "d'accord plus tard"), ("fr", "oui mais pas maintenant"), ("en", "ok, let me think"),
        ("es", "vale, luego"), ("pt", "está bem, depois"), ("tr", "tamam, sonra"), ("sq", "mirë, më vonë"),
        ("fa", "باشه بعدا"), ("ti", "ሕራይ ደሓር"), ("ps", "ښه وروسته"),
    ],
)
def test_a_yes_taken_back_or_put_off_is_a_no(extractor: EntityExtractor, language: str, text: str) -> None:
    """Nobody is booked, passed on or erased for a word that was only polite."""
    assert values(extractor, text, language, "yes_no") == ["no"]


@pytest.mark.parametrize(
    ("language", "text", "answer"),
    [("ru", "хочу", ["yes"]), ("ru", "хочу домой", []), ("fa", "میخوام", ["yes"]), ("fa", "وقت میخوام", [])],
)
def test_to_want_is_a_yes_only_when_nothing_is_wanted(
    extractor: EntityExtractor, language: str, text: str, answer: list[str],
) -> None:
    assert values(extractor, text, language, "yes_no") == answer


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("fr", "oui l'après-midi"), ("fr", "oui après-demain"), ("es", "sí para mañana"), ("en", "yes i think so"),
        ("tr", "evet öğleden sonra"), ("fa", "بله بعد از ظهر"), ("fr", "aucun problème"), ("ro", "da, se poate"),
    ],
)
def test_a_yes_that_says_more_is_still_one(extractor: EntityExtractor, language: str, text: str) -> None:
    assert values(extractor, text, language, "yes_no") == ["yes"]


@pytest.mark.parametrize(
    "text", ["la rue", "j'ai pas de papiers et je sais pas quoi faire", "mon mari est parti", "bonjour"]
)
def test_no_answer_where_none_is_given(extractor: EntityExtractor, text: str) -> None:
    assert values(extractor, text, "fr", "yes_no") == []


@pytest.mark.parametrize(
    "text", ["mon numéro 06 12 34 56 78", "+33 6 12 34 56 78", "0612345678", "٠٦١٢٣٤٥٦٧٨", "06.12.34.56.78"]
)
def test_a_phone_number_and_nothing_else(extractor: EntityExtractor, text: str) -> None:
    found = extractor.extract(text, "fr", MONDAY)
    assert [(e.name, e.value) for e in found] == [("phone", "+33612345678")]


def test_a_town_and_its_postcode(extractor: EntityExtractor) -> None:
    found = {e.name: e.value for e in extractor.extract("je suis à 69200 venisieux", "fr", MONDAY)}
    assert found == {"commune": "69259", "postcode": "69200"}


def test_the_persons_own_words_are_given_back(extractor: EntityExtractor) -> None:
    (entity,) = extractor.extract("Jeudi", "fr", MONDAY)
    assert (entity.name, entity.value, entity.raw) == ("day", "2026-11-26", "Jeudi")


def test_figures_of_a_story_are_neither_days_nor_choices(extractor: EntityExtractor) -> None:
    assert extractor.extract("j'ai 3 enfants et 2 mois de loyer en retard", "fr", MONDAY) == ()


def test_a_day_is_that_of_paris(extractor: EntityExtractor) -> None:
    late = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)  # half past midnight on Tuesday in Paris
    assert [e.value for e in extractor.extract("demain", "fr", late)] == ["2026-11-25"]


def test_a_day_that_does_not_exist_is_not_invented(extractor: EntityExtractor) -> None:
    assert values(extractor, "31 novembre", "fr", "day") == []


@pytest.mark.parametrize(("language", "text", "more"), [
    ("fr", "quels papiers ?", ["alone"]), ("fr", "et combien ?", ["with"]), ("fr", "c combien svp", ["alone"]),
    ("fr", "et si on me refuse ?", ["alone"]), ("fr", "combien coûte un avocat", ["with"]),
    ("fr", "ma soeur m'a dit combien elle touche par mois avec ses deux enfants", []),
    ("en", "how much is it?", ["alone"]), ("en", "ok, what papers do I need", ["alone"]),
    ("ar", "شحال؟", ["alone"]), ("ar", "واش من وراق", ["alone"]), ("ar", "ch7al", ["alone"]),
    ("ar", "كم المبلغ", ["alone"]),
    ("es", "cuánto es?", ["alone"]), ("es", "que papeles", ["alone"]), ("pt", "quanto tempo demora?", ["alone"]),
    ("ro", "ce acte", ["alone"]), ("tr", "ne kadar?", ["alone"]), ("ru", "какие документы?", ["alone"]),
    ("ru", "а если откажут?", ["alone"]), ("uk", "скільки часу?", ["alone"]), ("fa", "چقدر؟", ["alone"]),
    ("fa", "چه مدارکی لازمه", ["alone"]), ("ps", "څومره؟", ["alone"]), ("ti", "ክንደይ?", ["alone"]),
    ("sq", "cfare dokumentesh", ["alone"]), ("hy", "ի՞նչ փաստաթղթեր", ["alone"]),
])
def test_a_few_words_ask_for_more_of_an_answer(
    extractor: EntityExtractor, language: str, text: str, more: list[str],
) -> None:
    assert values(extractor, text, language, "more") == more


@pytest.mark.parametrize(("language", "text"), [
    ("fr", "j'habite à Vénissieux"), ("fr", "jabite venissieux"), ("fr", "moi je suis à Vénissieux svp"),
    ("en", "I live in Venissieux"), ("en", "im in venissieux"), ("ar", "أسكن في فينيسيو"),
    ("ar", "راني ساكن ف فينيسيو"), ("ar", "ana sakn f venissieux"), ("es", "vivo en Vénissieux"),
    ("pt", "moro em Vénissieux"), ("ro", "locuiesc în Vénissieux"), ("tr", "Vénissieux'de oturuyorum"),
    ("tr", "venissieux de oturuyorum"), ("ru", "живу в Венисьё"), ("uk", "живу у Веніссьє"),
    ("fa", "من در ونیسیو زندگی می‌کنم"), ("ps", "زه په وینیسیو کې اوسېږم"), ("ti", "ኣብ ቨኒስዮ እነብር"),
    ("sq", "jetoj ne venissieux"), ("hy", "ապրում եմ Վենիսյոյում"), (None, "jetoj ne venissieux"),
])
def test_where_somebody_lives_is_a_town(extractor: EntityExtractor, language: str | None, text: str) -> None:
    assert values(extractor, text, language, "lives_in") == ["69259"]


@pytest.mark.parametrize(("language", "text"), [
    ("fr", "j'habite dans la rue à Vénissieux"), ("fr", "je vis dehors à Vénissieux"),
    ("fr", "je suis perdu à Vénissieux"), ("fr", "j'habite entre Vénissieux et Feyzin"),
    ("en", "I live alone in Venissieux"), ("sq", "jetoj ne rruge venissieux"),
    ("fa", "در خیابان ونیسیو زندگی می‌کنم"), ("ru", "живу на улице в Венисьё"),
    ("fr", "je suis"), ("fr", "j'habite ici"), ("fr", "Vénissieux"), ("es", "basta"), ("es", "de ley"),
    ("fr", "mais oui bien sur avec plaisir"),
])
def test_more_than_where_somebody_lives_is_more(extractor: EntityExtractor, language: str, text: str) -> None:
    assert values(extractor, text, language, "lives_in") == []


def test_an_empty_message_has_no_entity(extractor: EntityExtractor) -> None:
    assert extractor.extract("", None, MONDAY) == ()


def test_a_file_with_a_mistake_is_named(tmp_path: Path, gazetteer: Gazetteer) -> None:
    (tmp_path / "zz.yml").write_text("weekdays: [[lundi], [mardi]]\n", "utf-8")
    with pytest.raises(AnswerWordsInvalid, match=r"zz\.yml, weekdays: needs 7 lists"):
        EntityExtractor(gazetteer, tmp_path)


@pytest.mark.parametrize(("text", "language", "spot"), [
    ("je ne vous trouve pas", "fr", "lost"), ("لا أجدكم", "ar", "lost"), ("أنا هنا", "ar", "here"),
    ("il n'y a personne", "fr", "lost"), ("je ne viens pas", "fr", "away"), ("I am here", "en", "here"),
    ("je suis là mais je ne vous trouve pas", "fr", "lost"), ("sizi bulamıyorum", "tr", "lost"),
    ("je suis en retard de 20 minutes", "fr", "late"), ("bonjour", "fr", None), ("não vou", "pt", "away"),
    ("je ne viens pas de France", "fr", None), ("I am here in France since 2019", "en", None),
    ("я здесь уже год", "ru", None), ("я приїхала з України", "uk", None), ("erdha nga Kosova", "sq", None),
    ("não vou cancelar", "pt", None), ("where are you from", "en", None), ("loyer en retard de 2 mois", "fr", None),
    ("աշխատանք չեմ գտնում", "hy", None), ("کار پیدا نمی کنم", "fa", None), ("je suis là depuis 2019", "fr", None),
    ("where are you wednesday", "en", "lost"), ("je suis là depuis 10 minutes", "fr", "here"),
])
def test_what_is_said_about_an_appointment_that_is_now(
    extractor: EntityExtractor, text: str, language: str, spot: str | None,
) -> None:
    assert values(extractor, text, language, "spot") == ([spot] if spot else [])
