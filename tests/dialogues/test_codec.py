"""The state's JSON: what was written before is read, nothing is mixed up, nothing is written twice."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as some

from dialogues.codec import decode, encode
from dialogues.errors import UnreadableStateError
from dialogues.state import Frame, Offer, Option, Said, State
from dialogues.text import Moment, Quoted, Text

MENU = Option(Text("label/ask_menu"), "/ask_menu")
HUMAN = Option(Text("label/ask_human"), "/ask_human")
FREE = Option(Text("label/session", {"when": Moment(datetime(2026, 12, 1, 8, tzinfo=UTC)), "free": 8}), "/s")
FULLER = Option(Text("label/session", {"when": Moment(datetime(2026, 12, 1, 8, tzinfo=UTC)), "free": 7}), "/s")
PLAIN = Option(Text("label/session"), "/s")

# As it was written until 30 November 2026: each button whole, in each offer and in what was said last.
BEFORE = """{"v":1,"lang":"ar","chosen":true,"greeted":true,"origin":"vnx-marche","territory":null,"stack":
[["find_permanence","choose",true,["commune"],false,false,null]],"slots":{"commune":"69259"},"offers":
[[1,null,null,[[["label/ask_menu"],"/ask_menu"],[["label/ask_human"],"/ask_human"]],1,false],[2,"find_permanence",
"choose",[[["label/session",{"when":{"m":["2026-12-01T08:00:00+00:00","whole"]},"free":8}],"/s"]],null,true]],
"serial":2,"mode":"bot","consents":{"storage":"1"},"misses":0,"album":"","easy":false,"heard":null,"offered":null,
"said":[["utter_sessions",{"commune":{"q":"Lyon"}}],[[["label/ask_menu"],"/ask_menu"]],false]}"""


def test_what_was_written_before_is_read_and_written_as_now() -> None:
    state = decode(BEFORE)
    assert state == State(
        language="ar", chosen=True, greeted=True, origin="vnx-marche",
        stack=(Frame("find_permanence", "choose", True, ("commune",)),), slots={"commune": "69259"},
        offers=(Offer(1, None, None, (MENU, HUMAN), 1), Offer(2, "find_permanence", "choose", (FREE,), None, True)),
        serial=2, consents={"storage": "1"},
        said=Said(Text("utter_sessions", {"commune": Quoted("Lyon")}), (MENU,)),
    )
    assert json.loads(encode(state))["v"] == 2
    assert decode(encode(state)) == state


@given(some.lists(some.lists(some.sampled_from([MENU, HUMAN, FREE, FULLER, PLAIN]), max_size=6), max_size=6),
       some.lists(some.sampled_from([MENU, FREE, FULLER]), max_size=3))
def test_every_button_is_itself_again(offered: list[list[Option]], said: list[Option]) -> None:
    state = State(
        offers=tuple(Offer(place, None, None, tuple(options)) for place, options in enumerate(offered)),
        said=Said(Text("utter_menu"), tuple(said)))
    read = decode(encode(state))
    assert read == state
    assert len(json.loads(encode(read))["buttons"]) <= 5


def test_a_button_offered_again_is_written_once() -> None:
    state = State(offers=tuple(Offer(serial, None, None, (MENU, HUMAN)) for serial in range(20)))
    assert json.loads(encode(state))["buttons"] == [[["label/ask_menu"], "/ask_menu"],
                                                    [["label/ask_human"], "/ask_human"]]


@pytest.mark.parametrize("text", [
    "", "null", "[]", '{"v":3}', encode(State()).replace('"buttons":[]', '"buttons":null'),
    encode(State(offers=(Offer(1, None, None, (MENU,)),))).replace("[0]", "[7]"),
    encode(State()).replace('"slots"', '"slot"'),
])
def test_what_cannot_be_read_is_no_empty_state(text: str) -> None:
    with pytest.raises(UnreadableStateError):
        decode(text)
