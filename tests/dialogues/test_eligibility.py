"""« Est-ce pour moi ? »: every way through ends in a careful answer, keeps nothing, promises nothing."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta

import pytest

from dialogues.actions.rights import CHECKED
from dialogues.effects import Say
from dialogues.events.person import ButtonPressed
from dialogues.passing import PASSING, passes
from dialogues.text import Text
from tests.dialogues.rig import Talk, content

LONGEST = 3  # questions


def press(talk: Talk, payload: str) -> list[Say]:
    """What is said to a button, choices and all."""
    before = len(talk.effects)
    talk.happens(ButtonPressed(payload))
    return [deed for deed in talk.effects[before:] if isinstance(deed, Say)]


def walk(topic: str, path: tuple[int, ...] = ()) -> Iterator[tuple[tuple[int, ...], list[Say], Talk]]:
    """Every way through: the buttons pressed, the last thing said, the conversation then."""
    talk = Talk()
    said = press(talk, f'/check_right{{"topic":"{topic}"}}')
    for index in path:
        said = press(talk, said[-1].choices[index].payload)
    if talk.state.top is None:
        yield path, said, talk
        return
    assert len(path) < LONGEST, f"{topic}: more than {LONGEST} questions"
    for index in range(len(said[-1].choices)):
        yield from walk(topic, (*path, index))


def test_no_question_of_these_is_kept_and_no_other_one_is_lost() -> None:
    flows = content().catalog.flows
    of_file = [flow for flow in flows.values() if flow.place.file.endswith("eligibility.yml")]
    asked = {step.value for flow in of_file for step in flow.steps if step.kind == "collect"}
    assert asked == PASSING
    assert {flow.id for flow in flows.values() if passes(flow)} == {flow.id for flow in of_file} - {"check_right"}


@pytest.mark.parametrize("topic", sorted(CHECKED))
def test_every_way_ends_carefully_and_keeps_nothing(topic: str) -> None:
    ends = list(walk(topic))
    assert len(ends) >= 3
    for path, said, talk in ends:
        text = content().text(said[-1].text, "fr")
        assert said[-1].text.key.startswith("utter_check_"), (path, said[-1].text.key)
        assert not PASSING & {name for name, value in talk.state.slots.items() if value is not None}, path
        doors = {choice.title.key for choice in said[-1].choices}
        assert doors & {"label/ask_human", "label/find_permanence"}, path
        assert not re.search(r"(n'avez|n'a) pas (le )?droit|vous avez droit|garanti|c'est sûr", text, re.IGNORECASE)
        assert len(text) <= 400


@pytest.mark.parametrize("topic", sorted(CHECKED))
def test_whoever_prefers_not_to_say_is_not_left_without_an_answer(topic: str) -> None:
    talk = Talk()
    said = press(talk, f'/check_right{{"topic":"{topic}"}}')
    while talk.state.top is not None:
        said = press(talk, said[-1].choices[-1].payload)
    assert said[-1].choices


@pytest.mark.parametrize("topic", sorted(CHECKED))
def test_the_button_is_under_the_answer(topic: str) -> None:
    talk = Talk()
    (said,) = press(talk, f"/{topic}")
    assert Text("label/check_right") in [choice.title for choice in said.choices]


def test_a_topic_without_questions_is_answered_all_the_same() -> None:
    (said,) = press(Talk(), '/check_right{"topic":"rights_debt"}')
    assert said.text.key == "utter_check_unsaid"


@pytest.mark.parametrize("topic", sorted(CHECKED))
def test_an_old_button_asks_and_concludes_nothing_once_the_answer_is_past_its_day(topic: str) -> None:
    last = content().catalog.rights[topic].expires_on
    talk = Talk(now=datetime.combine(last + timedelta(days=1), time(9), UTC))
    (said,) = press(talk, f'/check_right{{"topic":"{topic}"}}')
    assert said.text.key == "utter_rights_expired"
    assert talk.state.top is None
    assert "/ask_human" in {choice.payload for choice in talk.state.offers[-1].options}
    # The day itself, the questions are asked still.
    talk = Talk(now=datetime.combine(last, time(9), UTC))
    assert press(talk, f'/check_right{{"topic":"{topic}"}}')[-1].text.key.startswith("utter_ask_")


def answered(topic: str, *values: str) -> Say:
    """What is said once these questions of the topic are answered, each by the value of its button."""
    talk = Talk()
    said = press(talk, f'/check_right{{"topic":"{topic}"}}')
    for value in values:
        button = next(choice for choice in said[-1].choices if choice.title.key.endswith(f"/{value}"))
        said = press(talk, button.payload)
    return said[-1]


def test_the_ame_counts_the_months_without_a_permit() -> None:
    asked = content().text(answered("rights_undocumented_health").text, "fr")
    assert "sans titre" in asked
    assert "gardé" not in asked
    # The same slot asks somebody with a permit how long they have lived here.
    assert "sans titre" not in content().text(answered("rights_health_cover", "permit").text, "fr")


def test_before_three_months_the_ame_is_asked_for_and_never_comes_by_itself() -> None:
    said = content().text(answered("rights_undocumented_health", "no").text, "fr")
    assert "se demande après" in said
    assert "Pour un enfant : tout de suite" in said


@pytest.mark.parametrize(("papers", "end"), [
    ("permit", "utter_check_rsa_parent_permit"), ("refugee", "utter_check_rsa_parent"),
    ("french_eu", "utter_check_rsa_parent"),
])
def test_a_young_parent_with_a_permit_is_told_of_the_five_years(papers: str, end: str) -> None:
    said = answered("rights_rsa", papers, "younger", "yes")
    assert said.text.key == end
    assert ("5" in re.findall(r"\d+", content().text(said.text, "fr"))) == (papers == "permit")


def test_a_child_opens_the_rsa_before_25_also_in_a_couple() -> None:
    # CASF L262-4: a child born or expected, whether the parent lives alone or not.
    asked = content().text(answered("rights_rsa", "refugee", "younger").text, "fr")
    assert "seul" not in asked


def test_somebody_who_studies_is_sent_to_ask_first() -> None:
    said = content().text(answered("rights_rsa", "french_eu", "older").text, "fr")
    assert "études" in said


def test_an_emergency_goes_before_the_questions() -> None:
    talk = Talk()
    press(talk, '/check_right{"topic":"rights_rsa"}')
    said = press(talk, "/emergency_shelter")
    assert "115" in content().text(said[0].text, "fr")


@pytest.mark.parametrize("slot", sorted(PASSING))
def test_every_question_may_be_left_unsaid_and_not_knowing_is_another_thing(slot: str) -> None:
    titles = {button.payload: content().messages[button.title]
              for button in content().catalog.responses[f"utter_ask_{slot}"].buttons}
    assert titles[f"/SetSlots({slot}=unsaid)"] == "Je préfère ne pas dire"
    assert {payload for payload, title in titles.items() if title == "Je ne sais pas"} <= {
        f"/SetSlots({slot}=unknown)"}


def test_who_does_not_know_what_their_document_says_is_not_told_of_a_choice() -> None:
    talk = Talk()
    press(talk, '/check_right{"topic":"rights_work_permit"}')
    assert [one.text.key for one in press(talk, "/SetSlots(document=unknown)")] == ["utter_check_work_unknown"]


def test_an_answer_in_the_middle_of_a_booking_leads_on_too() -> None:
    talk = Talk()
    press(talk, "/find_permanence")
    said = press(talk, "/rights_debt")[0]
    assert said.text.key == "utter_rights_short"
    assert [choice.title.key for choice in said.choices] == ["label/rights_more", "label/ask_human"]
