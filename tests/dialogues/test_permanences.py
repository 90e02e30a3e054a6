"""What happens to a permanence, as the person hears it."""

from datetime import timedelta

import pytest

from dialogues.effects import (
    GiveCalendarFile,
    JoinWaiting,
    NoteInterest,
    Say,
    ScheduleReminders,
    ShareTopic,
    ShowPlace,
)
from dialogues.events import DayCancelled, SeatFreed, SeatMissed, SeatRefused, SessionChanged
from dialogues.snapshot import Appointment
from tests.dialogues.rig import NOW, Talk, content


def seated(talk: Talk) -> Appointment:
    talk.says("le camion", "find_permanence", commune="69259")
    talk.says("1", ordinal="1")
    talk.says("oui", yes_no="yes")
    return talk.appointments[0]


def test_a_cancelled_session_is_told_with_the_way_to_others() -> None:
    talk = Talk()
    held = seated(talk)
    talk.appointments.clear()
    assert talk.happens(SessionChanged(held, "cancelled")) == ["utter_session_cancelled"]
    talk.sessions = talk.sessions[1:]
    assert talk.presses("label/other_dates") == ["utter_ask_session"]


def test_a_moved_session_is_told_and_its_reminders_planned_again() -> None:
    talk = Talk()
    held = seated(talk)
    before = len([deed for deed in talk.effects if isinstance(deed, ScheduleReminders)])
    assert talk.happens(SessionChanged(held, "moved")) == ["utter_session_moved"]
    assert len([deed for deed in talk.effects if isinstance(deed, ScheduleReminders)]) == before + 1
    assert talk.presses("label/confirm_appointment") == ["utter_confirmed"]


def test_lateness_is_told_to_who_still_has_the_seat_only() -> None:
    talk = Talk()
    held = seated(talk)
    assert talk.happens(SessionChanged(held, "late")) == ["utter_session_late"]
    talk.appointments.clear()
    assert talk.happens(SessionChanged(held, "late")) == []


def test_a_full_session_offers_to_wait_and_shows_the_next() -> None:
    talk = Talk(seat_answer=SeatRefused("full"))
    talk.says("le camion", "find_permanence", commune="69259")
    talk.says("1", ordinal="1")
    assert talk.says("oui", yes_no="yes") == ["utter_seat_taken", "utter_ask_session"]
    talk.presses("label/wait_for_seat")
    assert JoinWaiting("s1") in talk.effects


def test_a_freed_seat_is_taken_by_a_button() -> None:
    talk = Talk()
    seated(talk)
    talk.appointments.clear()
    assert talk.happens(SeatFreed(talk.sessions[1])) == ["utter_seat_freed"]
    assert talk.presses("label/take_seat") == ["utter_booked"]


def test_a_freed_seat_is_not_offered_at_night() -> None:
    talk = Talk()
    seated(talk)
    talk.now = NOW.replace(hour=22)
    assert talk.happens(SeatFreed(talk.sessions[1])) == []


def test_who_did_not_come_hears_one_kind_word_with_a_choice() -> None:
    talk = Talk()
    held = seated(talk)
    talk.now = held.session.starts_at + timedelta(days=1, hours=1)
    assert talk.happens(SeatMissed(held)) == ["utter_seat_missed"]


def test_who_took_another_date_or_would_hear_it_days_later_is_left_in_peace() -> None:
    talk = Talk()
    held = seated(talk)
    talk.now = held.session.starts_at + timedelta(days=2)
    assert talk.happens(SeatMissed(held)) == []
    talk.now = held.session.starts_at + timedelta(days=1, hours=1)
    talk.appointments = [Appointment("a2", "ACDF", talk.sessions[1])]
    assert talk.happens(SeatMissed(held)) == []


def test_a_day_that_has_nothing_says_so_and_shows_the_rest() -> None:
    talk = Talk()
    assert talk.says("le camion samedi", "find_permanence", commune="69259", day="2026-11-28") == [
        "utter_hello_short", "utter_not_as_asked", "utter_ask_session"]
    again = Talk()
    assert again.says("le camion jeudi", "find_permanence", commune="69259", day="2026-11-26") == [
        "utter_hello_short", "utter_ask_session"]
    assert len(again.state.slots["sessions"]) == 1  # type: ignore[arg-type]  # a list, as the codec gives it back


def test_from_another_town_the_way_is_told() -> None:
    talk = Talk()
    assert talk.says("le camion à saint fons", "find_permanence", commune="69199") == [
        "utter_hello_short", "utter_ask_session_near"]
    assert talk.state.offers[-1].options[0].title.key == "label/session_far"
    assert talk.state.offers[-1].options[0].title.args["km"] == 3


def test_who_was_shown_sessions_is_remembered_for_a_cancellation() -> None:
    talk = Talk()
    talk.says("le camion", "find_permanence", commune="69259")
    assert NoteInterest(("s1", "s2")) in talk.effects
    assert talk.happens(DayCancelled(talk.sessions[0])) == ["utter_day_cancelled"]


def test_a_seat_comes_with_its_place_and_a_file_for_the_calendar() -> None:
    talk = Talk()
    held = seated(talk)
    assert ShowPlace(held.session) in talk.effects
    assert GiveCalendarFile(held) in talk.effects


def test_what_it_is_about_reaches_the_team_only_when_the_person_says_so() -> None:
    talk = Talk()
    held = seated(talk)
    assert not [deed for deed in talk.effects if isinstance(deed, ShareTopic)]
    assert talk.presses("label/share_topic") == ["utter_ask_subject"]
    assert talk.presses("label/theme_home") == ["utter_topic_shared"]
    assert ShareTopic(held.id, "theme_home") in talk.effects


def test_one_may_keep_what_it_is_about_to_oneself() -> None:
    talk = Talk()
    seated(talk)
    talk.presses("label/share_topic")
    assert talk.presses("label/no_topic") == ["utter_topic_not_shared"]
    assert not [deed for deed in talk.effects if isinstance(deed, ShareTopic)]


def test_who_is_lost_sees_the_place_again() -> None:
    talk = Talk()
    held = seated(talk)
    talk.now = held.session.starts_at
    before = talk.effects.count(ShowPlace(held.session))
    talk.says("je suis perdu", "running_late")
    assert talk.effects.count(ShowPlace(held.session)) == before + 1


@pytest.mark.parametrize(("ahead", "said"), [(timedelta(minutes=90), False), (timedelta(days=1), True)])
def test_i_will_write_before_is_said_only_when_i_will(ahead: timedelta, said: bool) -> None:
    talk = Talk()
    talk.now = talk.sessions[0].starts_at - ahead
    seated(talk)
    (words,) = [deed.text for deed in talk.effects if isinstance(deed, Say) and deed.text.key == "utter_booked"]
    assert ("Je vous écrirai avant." in content().text(words, "fr")) is said
