"""The words themselves: true, short, complete, the same figures everywhere, and nothing that must not be said."""

import re
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from bot.answers import UNSEEN, Answer, answer
from bot.app import ROOT
from bot.check import content_of
from bot.content import Content
from bot.content_checks import TOPICS, differences, facts, holes, links, soon, table
from bot.content_problems import content_problems, days
from bot.outbound import RIGHT_TO_LEFT
from bot.readability import sentences, syllables
from bot.translations import ContentError
from dialogues.effects import Choice
from dialogues.intents import EMERGENCIES, RIGHTS, THEMES
from dialogues.state import EASY
from dialogues.text import Text

HERE = Path(__file__).parent
TODAY = date(2026, 11, 23)  # the day the facts were checked
READ = date(2026, 12, 1)  # by then the last figures of that year had been read


@cache
def words() -> Content:
    return content_of(ROOT)


@pytest.mark.parametrize("language", ["fr", EASY])
def test_every_fact_is_in_the_answer_a_person_would_see(language: str) -> None:
    count, missed = facts(words(), HERE / "facts.tsv", language, TODAY)
    assert missed == []
    assert count > 270


def test_nothing_is_missing_too_long_or_too_hard() -> None:
    assert holes(words(), TODAY) == []


def with_first_answer_of(length: int, language: str) -> Content:
    """The words, with the RSA's first answer brought to ``length`` characters in one language."""
    before, key = words(), "rights_rsa/where"
    missing = length - len(answer(before, "rights_rsa", language, TODAY).first)
    longer = {key: before.words(key, language) + "." * missing}
    if language == "fr":
        return replace(before, messages={**before.messages, **longer})
    changed = replace(before.translations[language], texts={**before.translations[language].texts, **longer})
    return replace(before, translations={**before.translations, language: changed})


@pytest.mark.parametrize("language", words().languages)
def test_a_first_answer_of_500_characters_is_refused_in_every_language(language: str) -> None:
    assert holes(with_first_answer_of(499, language), TODAY) == []
    assert holes(with_first_answer_of(500, language), TODAY) == [
        f"« rights_rsa » in {language}: the first answer has 500 characters; it must have fewer than 500"]


def test_the_answers_are_measured_in_every_zone_and_not_only_where_the_town_is_not_known() -> None:
    catalog = words().catalog
    # Said outside the Métropole only: nobody whose town is unknown reads that it is too long.
    local = replace(catalog.local, only={**catalog.local.only, "rights_rsa/conditions/1": frozenset({"drome"})})
    texts = {**words().messages, "rights_rsa/conditions/3": "x " * 500}
    longer = replace(words(), catalog=replace(catalog, local=local, messages=texts), messages=texts)
    assert any("« rights_rsa » in fr: the first answer" in hole for hole in holes(longer, TODAY))


def test_numbers_and_links_are_the_same_in_every_language() -> None:
    assert differences(words()) == []


def test_no_sentence_of_an_answer_is_left_in_french_in_another_language() -> None:
    answers = {key: text for key, text in words().messages.items() if key.split("/")[0] in TOPICS}
    said = {key: text for key, text in answers.items() if text.endswith(".")}
    for language, translation in words().translations.items():
        assert [key for key, text in said.items() if translation.texts.get(key) == text] == [], language


def rules() -> list[tuple[str, str, str]]:
    lines = (HERE / "never_said.tsv").read_text("utf-8").splitlines()
    return [(*line.split("\t")[:3],) for line in lines if not line.startswith("#")]  # type: ignore[misc]  # three parts


@pytest.mark.parametrize(("language", "pattern", "why"), rules())
def test_what_must_never_be_said(language: str, pattern: str, why: str) -> None:
    wanted = re.compile(pattern, re.IGNORECASE)
    everywhere = (*words().languages, EASY)
    for one in everywhere if language == "*" else ("fr", EASY) if language == "fr" else (language,):
        for topic in TOPICS:
            found = wanted.search(answer(words(), topic, one, TODAY).whole)
            assert found is None, f"{topic} in {one}: « {found and found[0]} » ({why})"
        # What no topic shows: endings of « Est-ce pour moi ? », local lines, phrases, buttons.
        for key in words().messages:
            if not key.startswith("utter_team_"):
                found = wanted.search(words().text(Text(key), one).translate(UNSEEN))
                assert found is None, f"{key} in {one}: « {found and found[0]} » ({why})"


def without(language: str, *keys: str) -> Content:
    """The words, where some have no translation."""
    before = words()
    kept = {key: text for key, text in before.translations[language].texts.items() if key not in keys}
    fewer = replace(before.translations[language], texts=kept, missing=keys)
    return replace(before, translations={**before.translations, language: fewer})


@pytest.mark.parametrize("key", ["rights_rsa/now", "rights_rsa/conditions/1", "utter_rights", "label/rights_rsa"])
def test_words_left_in_french_are_said_to_be_so_with_a_human(key: str) -> None:
    said = answer(without("ar", key), "rights_rsa", "ar", TODAY).first
    assert said.endswith("\n\nهذا الجزء بالفرنسية. يمكن لشخص أن يشرحه لك.")
    assert "هذا الجزء بالفرنسية" not in answer(words(), "rights_rsa", "ar", TODAY).whole
    text, choice = Text("utter_thank"), Choice(Text(key), "/x")
    (*_, button) = without("ar", key, "utter_thank").render(text, "ar", (choice,)).buttons
    assert (button.title, button.payload) == (words().words("label/ask_human", "ar"), "/ask_human")
    assert without("ar", "utter_thank").render(text, "fr").buttons == ()


def test_easy_french_is_there_for_every_answer_and_fits_a_message() -> None:
    easy = words().easy
    assert easy is not None
    for topic in TOPICS:
        keys = [key for key in words().messages if key.startswith(f"{topic}/")]
        # What is left as it is was short already: « Carte Vitale. »
        left = [words().messages[key] for key in keys if key not in easy.texts]
        assert max((len(text.split()) for text in left), default=0) <= 12, f"{topic} is not in easy French: {left}"
        said = answer(words(), topic, EASY, TODAY)
        assert max(len(said.first), len(said.more)) <= 4096, topic


def test_an_easy_sentence_is_short_and_alone_on_its_line() -> None:
    easy = words().easy
    assert easy is not None
    counts = [len(line.split()) for text in easy.texts.values() for line in text.splitlines() if line.strip()]
    assert max(counts) <= 16
    assert sum(counts) / len(counts) <= 8


def test_the_official_page_comes_before_a_home_page() -> None:
    for right in words().catalog.rights.values():
        pages = [source for source in right.sources if source.name == "Service-public"]
        everywhere = [source for source in right.sources if source.of is None]
        assert everywhere[0] in (pages or everywhere), right.topic


def test_past_its_day_an_answer_gives_the_door_and_a_human_only() -> None:
    for topic in RIGHTS:
        late = answer(words(), topic, "fr", date(2031, 1, 1))
        assert "les règles ont peut-être changé" in late.first
        assert "Source" not in late.whole


LATE = date(2031, 1, 1)


@pytest.mark.parametrize(("topic", "said"), [
    ("rights_residence_permit", ("OQTF", "48", "3039")), ("rights_energy", ("1/11", "31/03")),
    ("rights_mental_health", ("3114",)), ("rights_undocumented_health", ("PASS", "15")),
    ("rights_asylum", ("SPADA", "OQTF")), ("rights_unemployment", ("3949",)), ("rights_food", ("115",)),
])
def test_what_must_be_said_in_danger_stays_true_in_every_language(topic: str, said: tuple[str, ...]) -> None:
    for language in (*words().languages, EASY):
        late = answer(words(), topic, language, LATE).whole
        assert [one for one in said if one not in late] == [], f"{language}: {late}"


def test_who_has_no_permit_is_warned_before_anything_is_pressed_and_past_the_day() -> None:
    """A refusal can bring an order to leave: an association or a lawyer comes before the préfecture."""
    for language in (*words().languages, EASY):
        warning = words().text(Text("rights_residence_permit/conditions/2"), language).translate(UNSEEN)
        for day in (TODAY, LATE):
            assert warning in answer(words(), "rights_residence_permit", language, day).first.translate(UNSEEN)


@pytest.mark.parametrize("topic", ["emergency_shelter", "emergency_violence"])
def test_a_child_who_presses_a_button_meant_for_adults_reads_the_number_for_children(topic: str) -> None:
    assert "phone_child" in words().catalog.emergencies[topic].numbers
    for language in (*words().languages, EASY):
        said = answer(words(), topic, language, TODAY).first
        assert "119" in said, language
        assert "18" in said, language


def test_a_minor_with_nowhere_to_sleep_reads_the_number_for_children_and_the_one_for_a_bed() -> None:
    for language in (*words().languages, EASY):
        said = answer(words(), "emergency_child", language, TODAY).first
        assert {"115", "119"} <= set(re.findall(r"\b\d{3}\b", said.translate(UNSEEN))), language


@pytest.mark.parametrize(("topic", "door"), [
    ("rights_youth", "mission locale"), ("rights_transport", "agence"), ("rights_training", "France Travail"),
    ("rights_insertion_jobs", "France Travail"), ("rights_energy", "CCAS"), ("rights_unemployment", "agence"),
])
def test_past_its_day_the_door_is_one_that_exists(topic: str, door: str) -> None:
    assert door in answer(words(), topic, "fr", LATE).first


@pytest.mark.parametrize("topic", RIGHTS)
def test_past_its_day_an_answer_is_short_and_keeps_the_official_page(topic: str) -> None:
    for language in words().languages:
        late = answer(words(), topic, language, LATE).first
        assert len(late) < 500, f"{language}: {len(late)}"
        assert f"🔗 {words().catalog.rights[topic].sources[0].url}" in Answer(late, "").whole


def test_a_day_that_has_passed_drops_its_line_and_not_the_answer() -> None:
    ends = {"rights_energy": "Date limite", "rights_residence_permit": "qui manque de travailleurs"}
    rights = words().catalog.rights
    # Somebody has read the rest again.
    longer = {topic: replace(rights[topic], expires_on=date(2027, 6, 30)) for topic in ends}
    read = replace(words(), catalog=replace(words().catalog, rights={**rights, **longer}))
    for topic, line in ends.items():
        before = answer(read, topic, "fr", date(2026, 12, 31)).whole
        after = answer(read, topic, "fr", date(2027, 1, 1)).whole
        assert line in before
        assert line not in after
        assert "les règles ont peut-être changé" not in after


@pytest.mark.parametrize("topic", ["rights_energy", "rights_residence_permit"])
def test_an_answer_with_an_announced_end_is_read_again_by_then(topic: str) -> None:
    """What the facts announce for the end of 2026 only: until somebody has read the rest, it says so."""
    assert words().catalog.rights[topic].expires_on == date(2026, 12, 31)
    assert "les règles ont peut-être changé" in answer(words(), topic, "fr", date(2027, 1, 1)).first


def test_admins_are_warned_thirty_days_ahead() -> None:
    found = soon(words(), date(2027, 3, 5))
    assert any("rights_rsa" in problem and "2027-04-01" in problem for problem in found)
    late = soon(words(), date(2027, 4, 2))
    assert any("rights_rsa" in problem and "past since 2027-04-01" in problem for problem in late)


def test_admins_are_warned_of_the_numbers_of_danger_too() -> None:
    assert any("emergency_child" in one and "2027-05-23" in one for one in soon(words(), date(2027, 5, 1)))
    (late,) = [one for one in soon(words(), date(2027, 5, 24)) if "emergency_child" in one]
    assert "said all the same" in late
    dated = {row.topic: row.expires_on for row in table(words(), TODAY) if row.language == "fr"}
    assert dated["emergency_child"] == date(2027, 5, 23)


@pytest.mark.parametrize("language", [*words().languages, EASY])
def test_a_number_of_danger_is_said_with_its_source_and_the_day_it_was_read(language: str) -> None:
    for topic in EMERGENCIES:
        said = answer(words(), topic, language, TODAY).first
        assert all(source.name in said for source in words().catalog.emergencies[topic].sources), topic
        assert "2026" in said, topic


def test_every_topic_is_in_the_menu() -> None:
    assert {topic for topics in THEMES.values() for topic in topics} == set(RIGHTS)


def test_the_table_has_every_topic_in_every_language() -> None:
    rows = list(table(words(), TODAY))
    assert len(rows) == len(TOPICS) * len(words().languages)
    assert all(row.complete for row in rows)


@pytest.mark.parametrize(("line", "said"), [
    ("rights_rsa caf", "expected an intent"), ("rights_nothing\tx", "expected an intent"),
    ("rights_rsa\t(", "not a"),
])
def test_a_bad_facts_file_is_refused_with_its_line(tmp_path: Path, line: str, said: str) -> None:
    file = tmp_path / "f.tsv"
    file.write_text(f"rights_rsa\tcaf\n{line}\n", encoding="utf-8")
    with pytest.raises(ContentError, match=f"f.tsv:2.*{said}"):
        facts(words(), file, "fr", TODAY)


def test_a_fact_that_is_not_said_is_found_out(tmp_path: Path) -> None:
    file = tmp_path / "f.tsv"
    file.write_text("rights_rsa\t1000 €\n", encoding="utf-8")
    assert len(facts(words(), file, "fr", TODAY)[1]) == 1


@pytest.mark.parametrize("pattern", [
    "1 041,59 €", "1\u202f041,59\xa0€", r"1\u202f041,59\xa0€", r"1[ \u202f\xa0]?041[.,]59\s?€", r"1\s041,59",
    "pas d\u2019attente|pas 5 ans d\u2019attente", "pas 5 ans d'attente",
])
def test_a_fact_is_found_whichever_space_or_apostrophe_was_typed(tmp_path: Path, pattern: str) -> None:
    file = tmp_path / "f.tsv"
    file.write_text(f"rights_disability\t{pattern}\n", encoding="utf-8")
    assert facts(words(), file, "fr", TODAY) == (1, [])


def test_no_range_is_turned_round_in_right_to_left_text() -> None:
    # After an Arabic letter, a hyphen between two numbers takes the line's direction: 16-25 is read 25-16 (UAX 9).
    for language in RIGHT_TO_LEFT:
        for key, text in words().translations[language].texts.items():
            assert not re.search(r"\d\s?[-–]\s?\d", text), f"{key} in {language}"


def test_a_figure_typed_ahead_is_said_from_its_day_on_and_not_before() -> None:
    before = words()
    figure = before.catalog.figures["rsa_single"]
    rise = replace(figure, value="660.00", valid_from=date(2027, 4, 1))
    figures = {**before.catalog.figures, "rsa_single": replace(figure, next=rise)}
    content = replace(before, catalog=replace(before.catalog, figures=figures))
    for day, said in ((date(2027, 3, 31), "651,69 €"), (date(2027, 4, 1), "660 €")):
        assert said in answer(content, "rights_rsa", "fr", day).whole
    assert days(content, READ) == []
    early = replace(before.catalog, figures={**figures, "rsa_single": rise})
    assert "« rsa_single » is valid from 2027-04-01" in days(replace(before, catalog=early), READ)[0]


def test_any_key_that_is_not_translated_is_a_problem() -> None:
    for key in ("label/rights_more", "local/rights_rsa", "utter_rights_expired", "zone/drome"):
        assert any(f"« {key} »" in problem for problem in content_problems(without("ar", key), TODAY)), key
    wrong = words().translations["es"].texts["rights_rsa/answer"].replace("{rsa_single}", "{rsa_age}")
    texts = {**words().translations["es"].texts, "rights_rsa/answer": wrong}
    spanish = replace(words().translations["es"], texts=texts)
    changed = replace(words(), translations={**words().translations, "es": spanish})
    assert any("other placeholders" in problem for problem in content_problems(changed, TODAY))
    assert content_problems(words(), READ) == []


def test_an_answer_or_an_emergency_past_its_day_is_a_problem() -> None:
    found = days(words(), date(2027, 11, 24))
    assert any("« rights_rsa » is past since 2027-04-01" in problem for problem in found)
    assert any("« emergency_suicide » is past since" in problem for problem in found)
    assert "3114" in answer(words(), "emergency_suicide", "fr", date(2031, 1, 1)).first


def test_every_address_that_people_are_sent_to_is_tested() -> None:
    found = links(words())
    for host in ("3114.fr", "esclavagemoderne.org", "immersion-facile.beta.gouv.fr", "vae.gouv.fr"):
        assert any(host in url for url in found), host
    assert len(found) == len(set(found))


def test_a_sentence_ends_where_it_ends() -> None:
    assert [len(one) for one in sentences("Un : deux ; trois. Quatre {rsa_age} ans !\nCinq")] == [3, 3, 1]
    assert [syllables(word) for word in ("aide", "papiers", "eau", "une", "CAF")] == [1, 2, 1, 1, 1]


@pytest.mark.parametrize("text", ["", "# nothing\n\n"])
def test_a_facts_file_without_a_fact_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "f.tsv"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ContentError, match="holds no fact"):
        facts(words(), file, "fr", TODAY)


def test_a_facts_file_from_a_spreadsheet_is_read(tmp_path: Path) -> None:
    file = tmp_path / "f.tsv"
    file.write_text("rights_rsa\tcaf\n", encoding="utf-8-sig")
    assert facts(words(), file, "fr", TODAY) == (1, [])


def test_a_phone_an_age_or_an_amount_is_written_once() -> None:
    # A button is recognised by its very words, so the youth's has its ages in it: they must be the figures'.
    figures = words().catalog.figures
    ages = [figures[name].value for name in ("youth_age_min", "youth_age_max")]
    assert re.findall(r"\d+", words().messages["label/rights_youth"]) == ages
    written = re.compile(r"\d+ ?(€|ans\b|%|heures?\b|mois\b)|\b(3114|3039|3919|112|114|115|119)\b")
    # Papers of three months and the ten years' card are names of papers, not rules that change.
    names = re.compile(r"3 (derniers )?mois|carte de 10 ans")
    for key, text in words().messages.items():
        others = key.startswith(("utter_check_", "utter_phrase_", "local/", "utter_referral"))
        if others or key.split("/")[0] in TOPICS:
            assert not written.search(names.sub("", text)), key
