"""Days as they are written in each language."""

from datetime import UTC, date, datetime

import pytest

from bot.wording import day, moment
from dialogues.text import Moment

NINE = datetime(2026, 12, 1, 8, 0, tzinfo=UTC)  # 9:00 in Paris, a Tuesday


@pytest.mark.parametrize(("language", "said"), [
    ("fr", "mardi 1er décembre, 09:00"), ("en", "Tuesday 1 December, 09:00"),
    ("es", "martes 1 de diciembre, 09:00"), ("pt", "terça-feira 1 de dezembro, 09:00"),
    ("tr", "1 Aralık Salı, 09:00"), ("ru", "вторник 1 декабря, 09:00"),
    ("ar", "الثلاثاء 1 ديسمبر، \u206809:00\u2069"),
])
def test_a_day_is_written_as_its_language_does(language: str, said: str) -> None:
    assert moment(Moment(NINE), language) == said


@pytest.mark.parametrize(("language", "said"), [
    ("fr", "1er décembre 2026"), ("en", "1 December 2026"), ("es", "1 de diciembre de 2026"),
    ("pt", "1 de dezembro de 2026"), ("tr", "1 Aralık 2026"), ("uk", "1 грудня 2026"),
])
def test_a_day_with_its_year_too(language: str, said: str) -> None:
    assert day(date(2026, 12, 1), language) == said


def test_only_the_first_of_the_month_is_ordinal_in_french() -> None:
    assert day(date(2026, 11, 21), "fr") == "21 novembre 2026"
    assert moment(Moment(NINE, "day"), "fr") == "mardi 1er décembre"
