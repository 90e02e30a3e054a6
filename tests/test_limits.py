"""How much one sender may ask at once, and how often they hear that it was too much."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from bot.limits import BURST, SECONDS_BETWEEN_REFUSALS, SECONDS_EACH, Limits


def written(limits: Limits, sender: str, moments: list[float]) -> list[str]:
    """What becomes of a message at each moment: answered, refused with a word, or refused."""
    heard = []
    for seconds in moments:
        if limits.allows(sender, seconds):
            heard.append("answered")
        else:
            heard.append("told" if limits.to_be_told(sender, seconds) else "refused")
    return heard


def test_a_slow_burst_is_told_once_in_a_while_not_between_any_two_answers() -> None:
    # Two hundred messages that a busy machine reads in a minute: forty of them still get their answer.
    heard = written(Limits(), "amina", [number * 0.3 for number in range(200)])
    assert heard[:BURST] == ["answered"] * BURST
    assert heard.count("told") == 2
    assert 55 <= heard.count("answered") <= 70


def test_one_sender_takes_nothing_from_another() -> None:
    limits = Limits()
    written(limits, "amina", [0.0] * 100)
    assert written(limits, "lina", [0.0] * BURST) == ["answered"] * BURST


def test_a_pause_forgives() -> None:
    limits = Limits()
    written(limits, "amina", [0.0] * 100)
    assert written(limits, "amina", [BURST * SECONDS_EACH] * (BURST + 1)) == ["answered"] * BURST + ["told"]


@given(st.lists(st.floats(0, 20), min_size=1, max_size=200))
def test_nobody_is_told_twice_within_half_a_minute(pauses: list[float]) -> None:
    moments, now = [], 0.0
    for pause in pauses:
        now += pause
        moments.append(now)
    heard = written(Limits(burst=3), "amina", moments)
    told = [moment for moment, what in zip(moments, heard, strict=True) if what == "told"]
    assert all(later - sooner >= SECONDS_BETWEEN_REFUSALS for sooner, later in pairwise(told))
    if "refused" in heard:
        assert heard.index("told") < heard.index("refused")
