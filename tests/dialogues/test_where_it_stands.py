"""« Où en est ma demande ? » : what is said of each state, and how to ask again."""

from datetime import timedelta
from typing import Literal

import pytest

from dialogues.effects import Say
from dialogues.snapshot import Lead
from dialogues.text import Moment
from tests.dialogues.rig import NOW, Talk

BACK = NOW + timedelta(hours=3)


def asks(talk: Talk) -> list[str]:
    talk.starts()
    return talk.says("ou en est ma demande ?", "ask_human")


@pytest.mark.parametrize(("state", "name", "said"), [
    ("offered", None, ["utter_lead_waiting"]),
    ("taken", "Nadia", ["utter_lead_taken"]),
    ("unowned", None, ["utter_lead_unowned"]),
    ("handed_back", "Nadia", ["utter_lead_still", "utter_ask_need"]),
])
def test_an_open_request(
    state: Literal["offered", "taken", "unowned", "handed_back"], name: str | None, said: list[str],
) -> None:
    assert asks(Talk(lead=Lead("l1", state, "ifra", name, "portes-du-sud"))) == said


@pytest.mark.parametrize(("state", "said"), [
    ("offered", "utter_lead_waiting"), ("taken", "utter_lead_taken"),
])
def test_when_nobody_is_there_when_somebody_will_be(state: Literal["offered", "taken"], said: str) -> None:
    talk = Talk(lead=Lead("l1", state, "ifra", "Nadia" if state == "taken" else None, "portes-du-sud", BACK))
    assert asks(talk) == ["utter_lead_back_at", said]
    (when,) = [deed.text.args["when"] for deed in talk.effects
               if isinstance(deed, Say) and deed.text.key == "utter_lead_back_at"]
    assert when == Moment(BACK)


def test_one_that_is_over_is_said_to_be_and_can_be_made_again() -> None:
    assert asks(Talk(given="portes-du-sud/ifra")) == ["utter_lead_over", "utter_ask_need"]


def test_without_any_the_way_to_one_begins() -> None:
    assert asks(Talk()) == ["utter_ask_need"]
