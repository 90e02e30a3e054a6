"""What a person says no to is not taken for what they wish, in every language."""

from datetime import UTC, datetime

import pytest

from nlu.communes import Gazetteer
from nlu.entities import EntityExtractor

MONDAY = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def extractor() -> EntityExtractor:
    return EntityExtractor(Gazetteer())


@pytest.mark.parametrize(("language", "text", "named"), [
    ("fr", "pas le matin", {"period": "not_morning"}),
    ("fr", "je ne veux pas voir une femme", {"wish": "not_woman"}),
    ("fr", "pas le matin, plutôt le soir", {"period": "evening"}),
    ("fr", "pas le matin plutôt le soir", {"period": "evening"}),
    ("fr", "le matin je peux pas", {"period": "not_morning"}),
    ("fr", "le matin, je peux pas", {"period": "not_morning"}),
    ("fr", "le matin c'est pas possible le soir oui", {"period": "not_morning"}),
    ("fr", "ni le matin ni le soir", {"period": "not_morning"}),
    ("fr", "pas demain", {"day": "not_2026-11-24"}),
    ("fr", "pas demain matin", {"day": "not_2026-11-24"}),
    ("fr", "je peux pas lundi, mardi ça va", {"day": "2026-11-24"}),
    ("fr", "lundi non mardi oui", {"day": "2026-11-24"}),
    ("fr", "pas ce soir", {"day": "not_2026-11-23"}),
    ("fr", "pourquoi pas le soir", {"period": "evening"}),
    ("fr", "pas de problème le matin", {"period": "morning"}),
    ("fr", "vous n'avez pas une conseillère ?", {"wish": "woman"}),
    ("fr", "non, le soir", {"period": "evening"}),
    ("fr", "jpeu pa le matin", {"period": "not_morning"}),
    ("fr", "sauf le matin", {"period": "not_morning"}),
    ("fr", "n'importe quand sauf le week-end", {"period": "not_weekend"}),
    ("fr", "pas cette semaine", {"period": "not_week"}),
    ("fr", "pas avec mes enfants, le soir", {"wish": "not_children", "period": "evening"}),
    ("fr", "j'ai pas de garde je viens avec mes enfants", {"wish": "children"}),
    ("fr", "une femme, pas le matin", {"wish": "woman", "period": "not_morning"}),
    ("fr", "je n'ai pas de papiers je peux venir le soir ?", {"period": "evening"}),
    ("en", "not in the morning", {"period": "not_morning"}),
    ("en", "I can't come in the morning", {"period": "not_morning"}),
    ("en", "I don't want to see a woman", {"wish": "not_woman"}),
    ("en", "mornings are not possible", {"period": "not_morning"}),
    ("en", "morning doesn't work for me", {"period": "not_morning"}),
    ("en", "not before the evening", {"period": "evening"}),
    ("en", "why not in the evening", {"period": "evening"}),
    ("en", "I can't tomorrow", {"day": "not_2026-11-24"}),
    ("en", "not tomorrow, thursday", {"day": "2026-11-26"}),
    ("en", "any time but the weekend", {"period": "not_weekend"}),
    ("en", "no, in the evening", {"period": "evening"}),
    ("es", "no por la mañana", {"period": "not_morning"}),
    ("es", "por la mañana no puedo", {"period": "not_morning"}),
    ("es", "no quiero ver a una mujer", {"wish": "not_woman"}),
    ("es", "por la mañana no, por la tarde", {"period": "afternoon"}),
    ("es", "¿no hay por la tarde?", {"period": "afternoon"}),
    ("pt", "não de manhã", {"period": "not_morning"}),
    ("pt", "de manhã não posso", {"period": "not_morning"}),
    ("pt", "não quero uma mulher", {"wish": "not_woman"}),
    ("ro", "nu dimineața", {"period": "not_morning"}),
    ("ro", "dimineața nu pot, seara da", {"period": "evening"}),
    ("ro", "nu vreau o femeie", {"wish": "not_woman"}),
    ("sq", "jo në mëngjes", {"period": "not_morning"}),
    ("sq", "në mëngjes nuk mundem", {"period": "not_morning"}),
    ("sq", "nuk dua një grua", {"wish": "not_woman"}),
    ("tr", "sabah gelemem", {"period": "not_morning"}),
    ("tr", "sabah olmaz akşam olur", {"period": "evening"}),
    ("tr", "sabah değil akşam", {"period": "evening"}),
    ("tr", "bir kadın istemiyorum", {"wish": "not_woman"}),
    ("tr", "akşam olmaz mı", {"period": "evening"}),
    ("ru", "не утром", {"period": "not_morning"}),
    ("ru", "утром не могу вечером могу", {"period": "not_morning"}),
    ("ru", "утром не могу, вечером могу", {"period": "evening"}),
    ("ru", "не хочу к женщине", {"wish": "not_woman"}),
    ("ru", "нельзя ли вечером?", {"period": "evening"}),
    ("ru", "только не завтра", {"day": "not_2026-11-24"}),
    ("uk", "не вранці", {"period": "not_morning"}),
    ("uk", "вранці не можу, ввечері можу", {"period": "evening"}),
    ("uk", "не хочу до жінки", {"wish": "not_woman"}),
    ("ar", "لا أستطيع في الصباح", {"period": "not_morning"}),
    ("ar", "ليس في الصباح", {"period": "not_morning"}),
    ("ar", "في الصباح لا أستطيع", {"period": "not_morning"}),
    ("ar", "لا أريد امرأة", {"wish": "not_woman"}),
    ("ar", "ما نقدرش في الصباح", {"period": "not_morning"}),
    ("ar", "ما بغيتش مع امرأة", {"wish": "not_woman"}),
    ("ar", "machi f sbah", {"period": "not_morning"}),
    ("ar", "man9derch sbah", {"period": "not_morning"}),
    ("ar", "f sbah man9derch", {"period": "not_morning"}),
    ("ar", "manbghich mra", {"wish": "not_woman"}),
    ("fa", "صبح نمی‌توانم", {"period": "not_morning"}),
    ("fa", "صبح نه", {"period": "not_morning"}),
    ("fa", "نمی‌خواهم یک زن", {"wish": "not_woman"}),
    ("fa", "نمیتونم صبح بیام", {"period": "not_morning"}),
    ("ps", "سهار نه شم راتلی", {"period": "not_morning"}),
    ("ps", "سهار نه", {"period": "not_morning"}),
    ("ps", "ښځه نه غواړم", {"wish": "not_woman"}),
    ("ti", "ንግሆ ኣይክእልን", {"period": "not_morning"}),
    ("ti", "ሰበይቲ ኣይደልን", {"wish": "not_woman"}),
    ("hy", "առավոտյան չեմ կարող", {"period": "not_morning"}),
    ("hy", "ոչ առավոտյան", {"period": "not_morning"}),
    ("hy", "կնոջ հետ չեմ ուզում", {"wish": "not_woman"}),
    ("hy", "կին չեմ ուզում", {"wish": "not_woman"}),
])
def test_what_is_said_no_to_is_not_wished_for(
    extractor: EntityExtractor, language: str, text: str, named: dict[str, str],
) -> None:
    found: dict[str, str] = {}
    for one in extractor.extract(text, language, MONDAY):
        if one.name in {"day", "period", "wish", "public"}:
            found.setdefault(one.name, one.value)
    assert found == named
