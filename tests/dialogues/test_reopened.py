"""A session that was called off takes place after all, as the person hears it."""

from dataclasses import replace
from datetime import timedelta

from dialogues.effects import Say
from dialogues.events.due import DayChanged, SeatFreed, SessionChanged, SessionReopened
from tests.dialogues.rig import Talk
from tests.dialogues.test_permanences import seated


def test_what_takes_place_after_all_is_told_with_a_way_to_a_seat() -> None:
    talk = Talk()
    held = seated(talk)
    assert talk.happens(SessionReopened(held.session)) == []  # they have a seat again
    talk.appointments.clear()
    full = replace(talk.sessions[0], free=0)
    assert talk.happens(SessionReopened(full)) == []
    assert talk.happens(SessionReopened(talk.sessions[0])) == ["utter_session_reopened"]
    assert talk.presses("label/take_seat") == ["utter_booked"]


def test_who_has_another_slot_of_the_half_day_hears_nothing() -> None:
    talk = Talk()
    first, second = (replace(talk.sessions[0], id=f"x:2026-11-24@{number}") for number in range(2))
    talk.sessions = [first]
    seated(talk)
    for event in (SessionReopened(second), SeatFreed(second)):
        assert talk.happens(event) == []


def test_news_of_a_session_says_when_it_begins_for_an_outage_until_night_and_at_night_goes_at_once() -> None:
    talk = Talk()
    held = seated(talk)
    earlier = replace(held.session, given_at=held.session.starts_at - timedelta(hours=5))
    for session in (held.session, earlier):
        talk.happens(SessionChanged(replace(held, session=session), "late"))
    talk.happens(DayChanged(replace(held.session, id="x2"), "moved"))
    talk.now = talk.now.replace(hour=22)  # what was worth waking somebody for
    talk.happens(SessionChanged(held, "late"))
    begins = [deed.begins for deed in talk.effects if isinstance(deed, Say) and deed.begins]
    assert begins == [held.session.starts_at, earlier.given_at, held.session.starts_at, talk.now]
