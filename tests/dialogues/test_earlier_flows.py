"""A conversation that an earlier version of the flows left in the middle goes on or starts afresh: no error."""

from dataclasses import replace

import pytest

from dialogues.state import Frame
from tests.dialogues.rig import Talk


@pytest.mark.parametrize(("flow", "step", "answer"), [
    ("ask_human", "3_collect_commune", "utter_ask_alias"),  # one step more above it: 4_collect_commune today
    ("ask_human", "a_step_that_is_gone", "utter_menu"),
    ("a_flow_that_is_gone", "0_collect_commune", "utter_menu"),
])
def test_a_question_of_an_earlier_version_is_answered(flow: str, step: str, answer: str) -> None:
    talk = Talk()
    talk.starts()
    talk.state = replace(talk.state, greeted=True, stack=(Frame(flow, step, waiting=True, trail=("need", "gone")),))
    intent = None if answer == "utter_ask_alias" else "ask_menu"
    assert talk.says("Vénissieux", intent, commune="69259")[-1] == answer


def test_one_step_back_finds_the_question_before_it() -> None:
    talk = Talk()
    talk.starts()
    frame = Frame("ask_human", "4_collect_alias", waiting=True, trail=("need", "3_collect_commune"))
    talk.state = replace(talk.state, greeted=True, stack=(frame,))
    assert talk.says("retour", "go_back") == ["utter_ask_commune_human"]


def test_an_emergency_is_answered_there_too() -> None:
    talk = Talk()
    talk.state = replace(talk.state, greeted=True, stack=(Frame("ask_human", "gone", waiting=True),))
    assert talk.says("il me frappe", emergency="emergency_violence")[0] == "utter_emergency"
