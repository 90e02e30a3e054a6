"""A reminder helps at its own moment only."""

from datetime import datetime, timedelta

import pytest

from dialogues.reminders import PARIS, Kind, last_moment, planned, worth_saying

START = datetime(2026, 12, 3, 14, 0, tzinfo=PARIS)


@pytest.mark.parametrize("kind", ["day_before", "two_hours"])
def test_at_its_moment_it_is_said_and_soon_after_but_not_late(kind: Kind) -> None:
    moment = planned(START, START - timedelta(days=9))[kind]
    assert worth_saying(kind, START, moment)
    assert worth_saying(kind, START, moment + timedelta(hours=1))
    assert not worth_saying(kind, START, moment + timedelta(hours=7))


@pytest.mark.parametrize("kind", ["day_before", "two_hours"])
def test_that_of_a_session_that_was_moved_to_a_later_day_is_not_said(kind: Kind) -> None:
    moment = planned(START, START - timedelta(days=9))[kind]
    assert not worth_saying(kind, START + timedelta(days=7), moment)


@pytest.mark.parametrize("hour", [9, 14, 22])
@pytest.mark.parametrize("kind", ["day_before", "two_hours"])
def test_one_that_could_not_be_sent_is_dropped_when_it_would_not_be_said_any_more(kind: Kind, hour: int) -> None:
    starts = START.replace(hour=hour)
    last = last_moment(kind, starts)
    assert worth_saying(kind, starts, last - timedelta(minutes=1))
    assert not worth_saying(kind, starts, last + timedelta(minutes=1))


@pytest.mark.parametrize(("hour", "minute"), [(8, 20), (8, 45), (9, 0), (9, 59)])
def test_the_one_of_an_early_session_waits_for_the_morning_and_is_said_then(hour: int, minute: int) -> None:
    early = START.replace(hour=hour, minute=minute)
    moment = planned(early, early - timedelta(days=2))["two_hours"]
    assert moment == START.replace(hour=8)
    assert worth_saying("two_hours", early, moment)
    assert moment < last_moment("two_hours", early) <= early
