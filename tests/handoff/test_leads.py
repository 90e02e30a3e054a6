from typing import get_args

import pytest

from handoff.errors import ForbiddenMove
from handoff.leads import MAY, OPEN, OVER, TRANSITIONS, State, Verb, before, possible, transition

STATES: tuple[State, ...] = get_args(State)
VERBS: tuple[Verb, ...] = get_args(Verb)


def test_every_state_is_open_or_over() -> None:
    assert set(STATES) == OPEN | OVER
    assert not OPEN & OVER


def test_what_is_over_stays_over() -> None:
    assert not [start for start, _ in TRANSITIONS if start in OVER]


def test_the_person_can_withdraw_from_every_open_state() -> None:
    assert before("withdraw") == OPEN


def test_no_open_state_is_a_dead_end_for_a_counsellor() -> None:
    for state in OPEN:
        reached, front = {state}, [state]
        while front:
            here = front.pop()
            for verb in (*possible(here, "counsellor"), *possible(here, "bot")):
                target = transition(here, verb)
                if target not in reached:
                    reached.add(target)
                    front.append(target)
        assert "closed" in reached


def test_every_state_is_reached_from_the_first() -> None:
    assert set(TRANSITIONS.values()) | {"offered"} == set(STATES)


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("verb", VERBS)
def test_the_table_is_all_there_is(state: State, verb: Verb) -> None:
    if (state, verb) in TRANSITIONS:
        assert transition(state, verb) == TRANSITIONS[state, verb]
        assert state in before(verb)
    else:
        with pytest.raises(ForbiddenMove, match=f"a lead that is « {state} » cannot {verb.replace('_', ' ')}"):
            transition(state, verb)


def test_only_a_human_takes_and_only_one_state_is_a_conversation_with_them() -> None:
    assert MAY["take"] == MAY["reply"] == {"counsellor", "admin"}
    assert before("reply") == {"taken"}


def test_the_person_never_answers_for_a_team() -> None:
    assert {verb for state in STATES for verb in possible(state, "person")} == {
        "withdraw", "ask_again", "pass_on"}
