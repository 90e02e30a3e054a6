from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.calendar.recurrence import holiday
from handoff.hours import PARIS, USUAL, Hours, HoursUnreadable, read_hours

FRIDAY = datetime(2026, 11, 27, 16, 0, tzinfo=PARIS)


def test_four_working_hours_from_friday_afternoon_end_on_monday_before_lunch() -> None:
    assert USUAL.after(FRIDAY, timedelta(hours=4), holiday) == datetime(2026, 11, 30, 12, 0, tzinfo=PARIS)


def test_lunch_does_not_count() -> None:
    at = datetime(2026, 11, 23, 11, 0, tzinfo=PARIS)
    assert USUAL.after(at, timedelta(hours=2), holiday) == datetime(2026, 11, 23, 14, 30, tzinfo=PARIS)


def test_a_public_holiday_does_not_count() -> None:
    # 25 December 2026 is a Friday.
    at = datetime(2026, 12, 24, 16, 0, tzinfo=PARIS)
    assert USUAL.after(at, timedelta(hours=2), holiday) == datetime(2026, 12, 28, 10, 0, tzinfo=PARIS)
    assert USUAL.next_open(datetime(2026, 12, 25, 10, 0, tzinfo=PARIS), holiday) == datetime(
        2026, 12, 28, 9, 0, tzinfo=PARIS)


def test_two_working_days_later_at_the_same_hour_or_at_closing() -> None:
    assert USUAL.days_after(FRIDAY, 2, holiday) == datetime(2026, 12, 1, 16, 0, tzinfo=PARIS)
    evening = datetime(2026, 11, 27, 22, 0, tzinfo=PARIS)
    assert USUAL.days_after(evening, 2, holiday) == datetime(2026, 12, 1, 17, 0, tzinfo=PARIS)


def test_the_night_the_clocks_change_costs_nobody_an_hour() -> None:
    nights = read_hours(["sat-sun 00:00-06:00"])
    start = datetime(2026, 3, 28, 23, 0, tzinfo=PARIS)  # on the 29th, 02:00 becomes 03:00
    assert nights.after(start, timedelta(hours=1), holiday) == datetime(2026, 3, 29, 1, 0, tzinfo=PARIS)


@pytest.mark.parametrize(("day", "by"), [
    (date(2026, 3, 29), time(5, 30)), (date(2026, 10, 25), time(3, 30)), (date(2026, 11, 1), time(4, 30)),
])
def test_four_hours_of_a_night_are_four_whatever_the_clocks_do(day: date, by: time) -> None:
    night = read_hours(["sun 00:00-08:00"])
    at = night.after(datetime.combine(day, time(0, 30), PARIS), timedelta(hours=4), lambda _: False)
    assert at.astimezone(PARIS) == datetime.combine(day, by, PARIS)


def test_a_body_that_never_opens_is_not_waited_for_for_ever() -> None:
    never = Hours(())
    assert never.next_open(FRIDAY, holiday) is None
    assert never.after(FRIDAY, timedelta(hours=4), holiday) - FRIDAY == timedelta(days=60)
    assert never.days_after(FRIDAY, 2, holiday) - FRIDAY == timedelta(days=60)


@pytest.mark.parametrize(("lines", "word"), [
    (["mon 9:00-12:00"], "not an opening"), (["mon 12:00-09:00"], "ends before"), (["lun 09:00-12:00"], "not an"),
    (["mon 25:00-26:00"], "does not exist"), (["fri-mon 09:00-12:00"], "ends before"),
    (["mon 09:00-12:00", "mon 11:00-13:00"], "overlap"),
])
def test_what_is_wrong_is_named(lines: list[str], word: str) -> None:
    with pytest.raises(HoursUnreadable, match=word):
        read_hours(lines)


minutes = st.integers(0, 500 * 24 * 60)
moments = minutes.map(lambda count: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=count))


@given(moments, st.integers(1, 40))
def test_a_promise_falls_when_somebody_is_there_and_later_for_longer_work(at: datetime, hours: int) -> None:
    by = USUAL.after(at, timedelta(hours=hours), holiday)
    assert by > at
    assert by < USUAL.after(at, timedelta(hours=hours + 1), holiday)
    assert USUAL.open_at(by - timedelta(seconds=1), holiday)


@given(moments)
def test_next_open_is_open_and_nothing_before_it_is(at: datetime) -> None:
    back = USUAL.next_open(at, holiday)
    assert back is not None
    assert USUAL.open_at(back, holiday)
    if back > at:
        assert not USUAL.open_at(at, holiday)
        assert not USUAL.open_at(back - timedelta(seconds=1), holiday)


def test_a_holiday_is_closed_whatever_the_hour() -> None:
    assert holiday(date(2026, 5, 1))
    assert not USUAL.open_at(datetime(2026, 5, 1, 10, 0, tzinfo=PARIS), holiday)
