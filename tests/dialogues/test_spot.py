"""Somebody in front of an empty square, in three words: the team hears it, or they are told that it does not."""

from dataclasses import replace
from datetime import timedelta

import pytest

from dialogues.effects import Say, ShowPlace, TellBody
from dialogues.events.person import MessageReceived
from dialogues.reading import Entity, Reading
from tests.dialogues.rig import Talk
from tests.dialogues.test_permanences import seated


def on_the_spot(minutes: int = 10, groups: int = 1) -> Talk:
    talk = Talk(groups=groups)
    held = seated(talk)
    talk.now = held.session.starts_at + timedelta(minutes=minutes)
    return talk


def told(talk: Talk) -> list[str]:
    return [deed.text.key for deed in talk.effects if isinstance(deed, TellBody)]


@pytest.mark.parametrize(("words", "intent", "spot", "team"), [
    ("je ne vous trouve pas", "deny", "lost", "utter_team_spot_lost"),
    ("أنا هنا", "emergency_suicide", "here", "utter_team_spot_here"),
    ("il n'y a personne", "emergency_medical", "lost", "utter_team_spot_lost"),
    ("vous n'êtes pas là", "complain", "lost", "utter_team_spot_lost"),
    ("I am here", "running_late", "here", "utter_team_spot_here"),
    ("je suis en retard", "running_late", "late", "utter_team_spot_late"),
])
def test_what_is_said_on_the_spot_reaches_the_team_as_it_is(words: str, intent: str, spot: str, team: str) -> None:
    talk = on_the_spot()
    # What the classifier half believes; when it is sure that somebody is in danger, see below.
    assert talk.says(words, intent, 0.5, spot=spot, yes_no="no")[-1] == "utter_late"
    assert told(talk) == [team]


def test_the_recognisers_danger_comes_before_all() -> None:
    talk = on_the_spot()
    said = talk.says("je suis là il me frappe", emergency="emergency_violence", spot="here")
    assert said[0] == "utter_emergency"
    assert told(talk) == []


def test_a_longer_message_in_danger_is_not_taken_for_the_spot() -> None:
    talk = on_the_spot()
    words = "je suis là depuis hier et je ne veux plus vivre du tout"
    assert talk.says(words, "emergency_suicide", spot="here")[0] == "utter_emergency"


def test_a_danger_the_classifier_is_sure_of_comes_first_in_a_short_message_too() -> None:
    talk = on_the_spot()
    assert talk.says("je suis là pour en finir", "emergency_suicide", 0.8, spot="here")[0] == "utter_emergency"
    assert told(talk) == []


def test_a_danger_the_classifier_sees_is_answered_where_free_words_are_awaited() -> None:
    talk = on_the_spot(-30)
    talk.says("parler à une personne", "ask_human")
    assert talk.says("je suis là, il me suit", "emergency_violence", 0.55, spot="here")[0] == "utter_emergency"


def test_words_of_the_spot_that_were_corrected_reach_the_team_in_doubt_too() -> None:
    talk = on_the_spot()
    reading = Reading("fr", "greet", 0.2, (("greet", 0.2),), (Entity("spot", "lost", "vous trouve pas"),))
    assert talk.happens(MessageReceived("je vous trouve pas", reading, edited=True)) == ["utter_late"]


@pytest.mark.parametrize(("words", "intent", "confidence"), [
    ("c'est où ?", "find_permanence", 0.9), ("non", "deny", 0.9), ("???", None, 0.0),
    ("alors", "running_late", 0.2),
])
def test_what_is_unclear_near_the_hour_is_asked_with_three_words_to_press(
    words: str, intent: str | None, confidence: float,
) -> None:
    talk = on_the_spot()
    assert talk.says(words, intent, confidence) == ["utter_ask_spot"]
    assert any(isinstance(deed, ShowPlace) for deed in talk.effects)
    assert talk.presses("label/spot_lost") == ["utter_late"]
    assert told(talk) == ["utter_team_spot_lost"]


@pytest.mark.parametrize("minutes", [-150, 130])
def test_far_from_the_hour_words_mean_what_they_mean(minutes: int) -> None:
    talk = on_the_spot(minutes)
    assert "utter_ask_spot" not in talk.says("c'est où ?", "find_permanence", commune="69259")
    assert talk.says("il me dit non", "deny") != ["utter_ask_spot"]


def test_another_town_is_another_request() -> None:
    talk = on_the_spot()
    assert "utter_ask_spot" not in talk.says("et à Saint-Fons ?", "find_permanence", commune="69199")


def test_i_am_not_coming_is_a_yes_to_do_i_cancel() -> None:
    talk = Talk()
    seated(talk)
    assert talk.says("annuler", "cancel_appointment") == ["utter_ask_confirm_cancel"]
    assert talk.says("je ne viens pas", "deny", yes_no="no", spot="away") == ["utter_cancelled_seat"]


def test_cancel_said_again_is_a_yes_and_do_not_cancel_is_none() -> None:
    talk = Talk()
    seated(talk)
    talk.says("annuler", "cancel_appointment")
    assert talk.says("non, n'annulez pas", "cancel_appointment", yes_no="no") == ["utter_appointment_kept"]
    talk.says("annuler", "cancel_appointment")
    assert talk.says("je veux annuler", "cancel_appointment") == ["utter_cancelled_seat"]


def test_who_does_not_come_is_asked_whether_to_cancel() -> None:
    talk = on_the_spot(-30)
    assert talk.says("je viens plus", "deny", spot="away") == ["utter_ask_confirm_cancel"]


def test_when_nobody_gets_it_the_person_is_told_so() -> None:
    talk = on_the_spot(groups=0)
    assert talk.says("je vous trouve pas", "running_late", spot="lost") == ["utter_late_untold"]
    (said,) = [deed for deed in talk.effects if isinstance(deed, Say) and deed.text.key == "utter_late_untold"]
    assert said.choices[0].title.key == "label/ask_human"


def test_the_team_that_is_late_itself_says_so_to_who_looks_for_it() -> None:
    talk = on_the_spot()
    held = talk.appointments[0]
    talk.appointments = [replace(held, session=replace(held.session, late=30))]
    assert talk.says("vous êtes où", "running_late", spot="lost") == ["utter_session_late", "utter_late"]

