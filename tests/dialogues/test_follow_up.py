"""« Quels papiers ? » after an answer is about that answer, and about nothing else."""

import pytest

from tests.dialogues.rig import Talk
from tests.dialogues.test_conversations import booked


def answered(topic: str = "rights_rsa") -> Talk:
    talk = Talk()
    talk.says("bonjour", "greet")
    talk.presses("(consent_storage=yes)")
    assert talk.says("...", topic)[-1] == "utter_rights"
    return talk


@pytest.mark.parametrize(("intent", "confidence"), [
    (None, 0.0), ("out_of_scope", 0.9), ("rights_rsa", 0.9), ("rights_food", 0.9), ("ask_menu", 0.7),
])
def test_a_few_words_ask_for_more_of_what_was_answered(intent: str | None, confidence: float) -> None:
    talk = answered()
    assert talk.says("quels papiers", intent, confidence, more="alone") == ["utter_rights_more"]
    assert talk.state.slots.get("topic") in (None, "rights_rsa")


def test_with_more_words_it_is_so_unless_they_mean_something_else() -> None:
    assert answered().says("combien pour deux", more="with") == ["utter_rights_more"]
    assert answered().says("combien au rsa", "rights_rsa", more="with") == ["utter_rights_more"]
    assert answered().says("combien coûte un avocat", "rights_legal_aid", more="with") == ["utter_rights"]


def test_asked_of_nothing_it_means_what_it_means() -> None:
    talk = Talk()
    talk.says("bonjour", "greet")
    talk.presses("(consent_storage=yes)")
    assert "utter_rights_more" not in talk.says("combien", more="alone")
    assert "utter_rights_more" not in booked().says("quels papiers", "rights_food", more="alone")


def test_asked_once_more_a_person_knows_more() -> None:
    talk = answered()
    talk.says("quels papiers", more="alone")
    assert talk.says("combien", more="alone") == ["utter_rights_no_more"]
    assert talk.says("combien coûte un avocat", "rights_legal_aid", more="with") == ["utter_rights"]
    assert talk.presses("/ask_human") == ["utter_ask_need"]


def test_danger_comes_before() -> None:
    talk = answered()
    assert talk.says("combien de temps, il me frappe", emergency="emergency_violence", more="with")[0] == (
        "utter_emergency")
