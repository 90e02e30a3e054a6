"""A lateness, and that it is none any more, as the person hears it."""

from dataclasses import replace

from dialogues.events.due import DayChanged, SessionChanged
from tests.dialogues.rig import Talk
from tests.dialogues.test_permanences import seated


def test_a_lateness_that_was_taken_back_is_said_as_the_hour_that_holds() -> None:
    talk = Talk()
    held = seated(talk)
    assert talk.happens(SessionChanged(held, "late")) == ["utter_on_time"]
    late = replace(held, session=replace(held.session, late=30))
    talk.appointments[:] = [late]
    assert talk.happens(SessionChanged(late, "late")) == ["utter_session_late"]
    talk.appointments.clear()
    assert talk.happens(DayChanged(replace(held.session, late=30), "late")) == ["utter_day_late"]
    assert talk.happens(DayChanged(held.session, "late")) == ["utter_on_time"]


def test_who_books_what_is_late_already_is_told_so() -> None:
    talk = Talk()
    talk.sessions[0] = replace(talk.sessions[0], late=30)
    talk.says("le camion", "find_permanence", commune="69259")
    talk.says("1", ordinal="1")
    assert talk.says("oui", yes_no="yes") == ["utter_booked", "utter_session_late"]
