"""The race for seats says when its counts do not hold."""

from collections import Counter

import pytest

from bench.seats import PEOPLE, SEATS, broken, in_time

HELD = [{"seat": number, "conversation_id": number} for number in range(1, SEATS + 1)]


def told(**odd: Counter[str]) -> dict[int, Counter[str]]:
    """What each of the people was told, twice; ``odd``: somebody else's answers, by "p" and their number."""
    said = {person: Counter(booked=1, already=1) if person < SEATS else Counter(full=2) for person in range(PEOPLE)}
    return said | {int(name[1:]): answers for name, answers in odd.items()}


def test_a_race_that_went_well_is_not_broken() -> None:
    assert broken(HELD, told(), 2) is None
    assert broken(HELD, told(p0=Counter(already=2)), 2) is None  # told by the process that was killed just then


@pytest.mark.parametrize(("held", "said", "sentence"), [
    (HELD[1:], told(), "49 rows"),
    ([*HELD, {"seat": 51, "conversation_id": 51}], told(), "51 rows"),
    ([*HELD[1:], {"seat": 1, "conversation_id": 2}], told(), "for 49 people"),
    ([*HELD[1:], {"seat": 2, "conversation_id": 1}], told(), "hold 49 seats of 50"),
    (HELD, told(p199=Counter(full=1)), "1 people of 200 were not answered"),
    (HELD, told(p199=Counter(full=1, late=1)), "something else than booked, already or full: late"),
    (HELD, told(p0=Counter(booked=2)), "told twice"),
    (HELD, told(p0=Counter(booked=1, full=1)), "full, and that they have a seat"),
    (HELD, told(p199=Counter(booked=1, already=1)), "51 people were told"),
])
def test_a_race_that_went_wrong_is_said_in_a_sentence(
    held: list[dict[str, int]], said: dict[int, Counter[str]], sentence: str,
) -> None:
    assert sentence in (broken(held, said, 2) or "")


def test_whether_the_times_hold_is_said() -> None:
    assert "DOES NOT" not in in_time(4.0, 5.2)
    assert in_time(10.0, 20.0).count("DOES NOT HOLD") == 2
