"""Words said on the spot, where they mean something else."""

from dialogues.events.person import MessageReceived
from dialogues.reading import Entity, Reading
from tests.dialogues.rig import Talk
from tests.dialogues.test_permanences import seated
from tests.dialogues.test_spot import on_the_spot, told


def heard(intent: str, confidence: float, spot: str, raw: str) -> Reading:
    return Reading("fr", intent, confidence, ((intent, confidence),), (Entity("spot", spot, raw),))


def test_i_shall_not_cancel_is_no_yes_to_do_i_cancel() -> None:
    talk = Talk()
    seated(talk)
    talk.says("cancelar", "cancel_appointment")
    said = talk.says("não vou cancelar", "cancel_appointment", yes_no="no", spot="away")
    assert said == ["utter_appointment_kept"]


def test_words_of_the_spot_among_others_do_not_hide_a_danger() -> None:
    talk = on_the_spot()
    reading = heard("emergency_child", 0.5, "here", "geldim")
    said = talk.happens(MessageReceived("on altıyım dün geldim kimseyi tanımam", reading))
    assert said[0] == "utter_emergency"
    assert told(talk) == []


def test_a_right_that_is_surely_asked_about_is_not_told_to_the_team_as_being_lost() -> None:
    talk = on_the_spot()
    talk.happens(MessageReceived("не могу найти садик", heard("rights_childcare", 0.9, "lost", "не могу найти")))
    assert told(talk) == []
