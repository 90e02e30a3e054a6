"""Days and hours over years, with the clock changes, leap days and public holidays."""

from dataclasses import replace
from datetime import date, time, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.calendar.entries import Entry, PlaceEntry
from bot.calendar.errors import CalendarInvalid
from bot.calendar.importing import lay_out_checked
from bot.calendar.layout import HORIZON, lay_out
from bot.calendar.recurrence import days_of, holiday
from bot.clock import PARIS
from tests.calendar.parts import read, write

PLACE = PlaceEntry("Place", "69259", "Vénissieux")
TUESDAY = date(2026, 1, 6)
WEEKLY = Entry("c:2", "t:b:x", "t", "b", PLACE, TUESDAY, time(9), time(12), 8, rule="FREQ=WEEKLY", team="camion")
days = st.dates(date(2026, 1, 6), date(2034, 12, 31))


@given(days)
def test_hours_stay_what_the_poster_says_whatever_the_season(today: date) -> None:
    _, sessions = lay_out([WEEKLY], today)
    assert sessions
    for session in sessions:
        local = session.starts_at.astimezone(PARIS)
        assert (local.weekday(), local.hour, local.minute) == (1, 9, 0)
        assert today <= local.date() <= today + HORIZON
        assert session.ends_at - session.starts_at == timedelta(hours=3)
        assert not holiday(local.date())


@given(days, st.integers(5, 200))
def test_slots_fill_the_half_day_without_touching(today: date, minutes: int) -> None:
    _, sessions = lay_out([replace(WEEKLY, slot=minutes)], today)
    for before, after in pairwise(sessions):
        assert before.ends_at <= after.starts_at
    first_day = [s for s in sessions if s.starts_at.date() == sessions[0].starts_at.date()] if sessions else []
    assert len(first_day) == (180 // minutes if sessions else 0)
    assert len({session.id for session in sessions}) == len(sessions)


@given(days, st.integers(0, 60))
def test_laying_out_again_later_gives_the_same_sessions(today: date, later: int) -> None:
    _, now = lay_out([WEEKLY], today)
    _, then = lay_out([WEEKLY], today + timedelta(days=later))
    mine = {s.id: s for s in now}
    assert all(mine[s.id] == s for s in then if s.id in mine)


def test_the_29th_of_february_comes_every_four_years() -> None:
    leap = replace(WEEKLY, first=date(2028, 2, 29), rule="FREQ=YEARLY")
    assert list(days_of(leap, date(2028, 1, 1), date(2033, 1, 1))) == [date(2028, 2, 29), date(2032, 2, 29)]


def test_public_holidays_are_left_out_unless_said() -> None:
    friday = replace(WEEKLY, first=date(2026, 12, 4))
    christmas = date(2026, 12, 25)
    assert christmas not in set(days_of(friday, TUESDAY, date(2027, 1, 31)))
    assert christmas in set(days_of(replace(friday, holidays=True), TUESDAY, date(2027, 1, 31)))


def test_until_and_exceptions() -> None:
    entry = replace(WEEKLY, until=date(2026, 1, 27), without=(date(2026, 1, 13),))
    assert [d.day for d in days_of(entry, TUESDAY, date(2026, 12, 31))] == [6, 20, 27]
    utc = replace(WEEKLY, rule="FREQ=WEEKLY;UNTIL=20260113T080000Z")
    assert [d.day for d in days_of(utc, TUESDAY, date(2026, 12, 31))] == [6, 13]
    three = replace(WEEKLY, rule="FREQ=WEEKLY;COUNT=3")
    assert [d.day for d in days_of(three, TUESDAY, date(2026, 12, 31))] == [6, 13, 20]


def test_a_file_that_gives_too_many_dates_is_refused() -> None:
    daily = [replace(WEEKLY, where=f"c:{n}", id=f"t:b:{n}", team=f"{n}", rule="FREQ=DAILY", slot=5, ends=time(18))
             for n in range(3)]
    with pytest.raises(CalendarInvalid, match="more than 20000 dates"):
        lay_out_checked(tuple(daily), TUESDAY, "c.csv")


@given(st.sampled_from(["FREQ=DAILY;INTERVAL=7", "FREQ=WEEKLY;COUNT=900", "FREQ=DAILY;BYDAY=TU"]), days)
def test_a_rule_read_in_another_century_gives_the_same_days(rule: str, today: date) -> None:
    """Rules are read 400 years on or more, where little is left to search."""
    ours = list(days_of(replace(WEEKLY, rule=rule, holidays=True), today, today + HORIZON))
    tuesdays = [today + timedelta(days=n) for n in range(HORIZON.days + 1)]
    assert ours == [day for day in tuesdays if day.weekday() == 1]


def test_a_date_that_replaces_another_keeps_its_id() -> None:
    moved = replace(WEEKLY, id="t:b:y", rule=None, first=date(2026, 1, 14), replaces=("t:b:x", date(2026, 1, 13)))
    _, sessions = lay_out([WEEKLY, moved], TUESDAY)
    found = next(s for s in sessions if s.id == "t:b:x:2026-01-13")
    assert found.starts_at.astimezone(PARIS).date() == date(2026, 1, 14)
    assert len([s for s in sessions if s.starts_at.astimezone(PARIS).date() == date(2026, 1, 13)]) == 0


def test_a_truck_is_in_one_place_at_a_time(tmp_path: Path) -> None:
    both = read(write(tmp_path, {"équipe": "camion", "répétition": "toutes les semaines"},
                      {"identifiant": "b", "commune": "69273", "équipe": "camion", "date": "08/12/2026",
                       "début": "11h"}))
    with pytest.raises(CalendarInvalid, match=r"c\.csv:3: « camion » is already taken by row 2 on 08/12/2026"):
        lay_out_checked(both, date(2026, 12, 1), "c.csv")
    others = tuple(replace(entry, team=entry.id) for entry in both)
    lay_out_checked(others, date(2026, 12, 1), "c.csv")


def test_a_truck_is_in_one_place_at_a_time_next_summer_too(tmp_path: Path) -> None:
    both = read(write(tmp_path, {"équipe": "camion", "répétition": "toutes les semaines"},
                      {"identifiant": "b", "équipe": "camion", "date": "01/06/2027", "début": "11h"}))
    with pytest.raises(CalendarInvalid, match=r":3: « camion » is already taken by row 2 on 01/06/2027 11h00"):
        lay_out_checked(both, date(2026, 12, 1), "c.csv")


def test_a_line_whose_dates_are_over_is_named_and_a_file_of_them_refused(tmp_path: Path) -> None:
    past = {"identifiant": "b", "date": "01/12/2020"}
    later = {"identifiant": "c", "date": "01/09/2027"}
    draft = lay_out_checked(read(write(tmp_path, {}, past, later)), date(2026, 12, 1), "c.csv")
    assert draft.over == ("calendrier.csv:3",)
    with pytest.raises(CalendarInvalid, match="none of its dates is to come"):
        lay_out_checked(read(write(tmp_path, past)), date(2026, 12, 1), "c.csv")
