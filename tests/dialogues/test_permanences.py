"""What happens to a permanence, as the person hears it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from dialogues.effects import (
    BookSeat,
    GiveCalendarFile,
    JoinWaiting,
    MoveSeat,
    NoteInterest,
    Say,
    ScheduleReminders,
    ShareAlias,
    ShareTopic,
    ShowPlace,
    TellBody,
)
from dialogues.events.answers import SeatRefused
from dialogues.events.due import DayChanged, ReminderDue, SeatFreed, SeatMissed, SessionChanged
from dialogues.events.person import ButtonPressed
from dialogues.reminders import Change
from dialogues.sessions import near
from dialogues.snapshot import Appointment
from dialogues.text import Bullets, Quoted, Text
from tests.dialogues.rig import NOW, SmallMap, Talk, content, session

LATER = NOW + timedelta(days=5)


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
    held = replace(held, session=replace(held.session, late=30))
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


def test_where_seats_are_kept_for_who_just_comes_is_said_and_nothing_of_it_can_be_booked() -> None:
    talk = Talk(sessions=[replace(session(1, 1, free=0), walk_in=5, drop_in=True)])
    assert talk.says("le camion", "find_permanence", commune="69259") == [
        "utter_hello_short", "utter_walk_in", "utter_no_session"]
    (said,) = (deed.text for deed in talk.effects if isinstance(deed, Say) and deed.text.key == "utter_walk_in")
    bullets = said.args["sessions"]
    assert isinstance(bullets, Bullets)
    assert [one.args["places"] for one in bullets.items if isinstance(one, Text)] == [5]
    assert not [one for offer in talk.state.offers for one in offer.options if "s1" in one.payload]
    assert NoteInterest(("s1",)) in talk.effects


def test_a_full_session_with_seats_for_walk_ins_may_be_waited_for_or_come_to() -> None:
    talk = Talk(sessions=[replace(session(1, 1, free=0), walk_in=2)])
    assert talk.says("le camion", "find_permanence", commune="69259") == [
        "utter_hello_short", "utter_walk_in", "utter_all_full"]


def test_nobody_is_sent_far_from_an_open_door() -> None:
    far = replace(session(2, 2), commune="38185", commune_name="Grenoble")
    talk = Talk(sessions=[replace(session(1, 1, free=0), walk_in=5, drop_in=True), far])
    assert talk.says("le camion", "find_permanence", commune="69259")[1:] == ["utter_walk_in", "utter_no_session"]
    assert Talk(sessions=[replace(session(1, 1, free=0), commune="38185", walk_in=5), session(2, 2)]).says(
        "le camion", "find_permanence", commune="69259")[1:] == ["utter_ask_session"]


def test_who_cannot_come_any_more_while_it_has_begun_is_excused_and_the_team_is_told() -> None:
    talk = Talk()
    held = seated(talk)
    talk.now = held.session.starts_at + timedelta(minutes=10)
    talk.says("annuler", "cancel_appointment")
    assert talk.says("oui", "affirm", yes_no="yes") == ["utter_excused"]
    assert told(talk) == [("utter_team_seat_excused", held.id)]


def test_on_the_day_the_team_hears_of_a_seat_given_back_and_of_one_moved() -> None:
    talk = Talk()
    held = seated(talk)
    talk.now = held.session.starts_at - timedelta(hours=1)
    talk.says("changer", "change_appointment")
    assert talk.says("1", ordinal="1") == ["utter_moved"]
    assert told(talk) == [("utter_team_seat_moved", held.id)]
    talk = Talk()
    held = seated(talk)
    talk.now = held.session.starts_at - timedelta(hours=1)
    talk.says("annuler", "cancel_appointment")
    assert talk.says("oui", "affirm", yes_no="yes") == ["utter_cancelled_seat"]
    assert told(talk) == [("utter_team_seat_cancelled", held.id)]


def test_days_before_the_team_has_nothing_to_hear() -> None:
    talk = Talk()
    seated(talk)
    talk.says("annuler", "cancel_appointment")
    assert talk.says("oui", "affirm", yes_no="yes") == ["utter_cancelled_seat"]
    assert told(talk) == []


def told(talk: Talk) -> list[tuple[str, str]]:
    return [(deed.text.key, deed.appointment_id) for deed in talk.effects if isinstance(deed, TellBody)]


def test_a_reminder_reaches_who_talks_with_a_human_too() -> None:
    talk = Talk()
    held = seated(talk)
    talk.state = replace(talk.state, mode="human")
    talk.now = held.session.starts_at.replace(hour=9) - timedelta(days=1)
    assert talk.happens(ReminderDue(held.id, "day_before")) == ["utter_reminder_day_before"]
    assert talk.presses("label/confirm_appointment") == ["utter_confirmed"]
    assert talk.state.mode == "human"


def test_what_the_team_changes_comes_with_a_file_for_the_calendar_that_has_it() -> None:
    talk = Talk()
    held = seated(talk)
    talk.happens(SessionChanged(held, "moved"))
    talk.happens(SessionChanged(held, "late"))
    talk.happens(SessionChanged(held, "cancelled"))
    given = [deed.change for deed in talk.effects if isinstance(deed, GiveCalendarFile)]
    assert given == [None, "moved", "cancelled"]


def test_in_their_language_first_where_it_is_hardly_farther() -> None:
    here, close = session(1, 1), replace(session(2, 2), commune="69199")
    later = [replace(one, id=f"{one.id}-ar", languages=("ar",), starts_at=LATER) for one in (here, close)]
    farther = replace(later[1], commune="38185")
    assert [one.id for one in near([*later, here, close, farther], "69259", SmallMap(), "ar")] == [
        "s1-ar", "s1", "s2-ar", "s2"]


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
    assert talk.happens(DayChanged(talk.sessions[0], "cancelled")) == ["utter_day_cancelled"]


def test_who_asked_about_a_day_hears_that_it_is_late_or_moved_and_may_take_a_seat() -> None:
    talk = Talk()
    talk.says("le camion", "find_permanence", commune="69259")
    assert talk.happens(DayChanged(replace(talk.sessions[0], late=30), "late")) == ["utter_day_late"]
    assert talk.happens(DayChanged(talk.sessions[0], "moved")) == ["utter_day_moved"]
    assert [one.title.key for one in talk.state.offers[-1].options] == ["label/take_seat", "label/other_dates"]


def test_of_a_day_in_which_one_has_a_seat_or_that_is_over_nothing_more_is_said() -> None:
    talk = Talk()
    held = seated(talk)
    assert talk.happens(DayChanged(held.session, "late")) == []
    talk.now = talk.sessions[1].starts_at
    assert talk.happens(DayChanged(talk.sessions[1], "moved")) == []


def test_what_is_said_of_a_seat_by_itself_ends_and_names_the_seat() -> None:
    talk = Talk()
    held = seated(talk)
    talk.now = held.session.starts_at.replace(hour=9) - timedelta(days=1)
    before = len(talk.effects)
    assert talk.happens(ReminderDue(held.id, "day_before")) == ["utter_reminder_day_before"]
    changes: tuple[Change, ...] = ("moved", "late")
    for what in changes:
        talk.happens(SessionChanged(held, what))
    said = [deed for deed in talk.effects[before:] if isinstance(deed, Say)]
    assert [one.about for one in said] == [held.id] * 3
    assert said[0].until == talk.now.replace(hour=15)  # four in the afternoon in Paris
    assert [one.until for one in said[1:]] == [held.session.ends_at] * 2


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
    assert talk.presses("label/theme_home") == ["utter_topic_shared", "utter_ask_alias"]
    assert ShareTopic(held.id, "theme_home") in talk.effects


def test_a_name_reaches_the_list_of_the_day_only_when_it_is_given_for_it() -> None:
    talk = Talk()
    held = seated(talk)
    talk.presses("label/share_topic")
    talk.presses("label/theme_home")
    assert not [deed for deed in talk.effects if isinstance(deed, ShareAlias)]
    assert talk.says("je m'appelle Samia Benali") == ["utter_alias_told"]
    assert [deed for deed in talk.effects if isinstance(deed, ShareAlias)] == [ShareAlias(held.id, "Samia")]
    talk.says("appelez-moi autrement", "change_alias")
    talk.says("Lina")
    assert talk.effects.count(ShareAlias(None, "Lina")) == 1


def test_one_may_keep_the_name_to_oneself() -> None:
    talk = Talk()
    seated(talk)
    talk.presses("label/share_topic")
    talk.presses("label/theme_home")
    assert talk.presses("alias=unsaid)") == ["utter_deny"]
    assert not [deed for deed in talk.effects if isinstance(deed, ShareAlias)]


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


def full(talk: Talk, *numbers: int) -> None:
    for number in numbers:
        talk.sessions[number - 1] = replace(talk.sessions[number - 1], free=0)


def titles(talk: Talk) -> list[str]:
    return [option.title.key for option in talk.state.offers[-1].options]


def shown(talk: Talk) -> list[str]:
    """The ids of the sessions that can be chosen now."""
    dates = [option.payload for option in talk.state.offers[-1].options if "session=" in option.payload]
    ids = [one.partition("=")[2].rstrip(")") for one in dates]
    return [one for one in ids if one not in {"other_town", "none_suits"}]


def test_a_freed_seat_that_somebody_else_took_is_followed_by_what_is_free() -> None:
    talk = Talk()
    talk.starts()
    talk.happens(SeatFreed(talk.sessions[1]))
    talk.seat_answer = SeatRefused("full")
    talk.presses("label/take_seat")
    assert talk.says("oui", yes_no="yes") == ["utter_seat_taken", "utter_ask_session"]
    talk.seat_answer = None
    assert talk.says("1", ordinal="1")[-1] == "utter_booked"


def test_when_all_is_full_one_may_wait_or_look_elsewhere() -> None:
    talk = Talk()
    full(talk, 1, 2)
    assert talk.says("le camion", "find_permanence", commune="69259")[-1] == "utter_all_full"
    assert titles(talk)[:3] == ["label/session_full", "label/session_full", "utter_ask_session/other_town"]
    assert NoteInterest(("s1", "s2")) in talk.effects
    assert talk.presses("utter_ask_session/other_town") == ["utter_ask_commune"]
    talk.says("Vénissieux", commune="69259")
    talk.presses("label/session_full")
    assert talk.says("oui", yes_no="yes") == ["utter_waiting"]
    assert JoinWaiting("s1") in talk.effects


def test_the_day_asked_for_is_full_and_may_be_waited_for() -> None:
    talk = Talk()
    full(talk, 2)
    assert talk.says("jeudi", "find_permanence", commune="69259", day="2026-11-26")[-2:] == [
        "utter_not_as_asked", "utter_ask_session"]
    assert titles(talk)[:2] == ["label/session", "label/session_full"]


def test_what_is_full_in_ones_own_town_may_be_waited_for_beside_what_is_near() -> None:
    talk = Talk()
    talk.sessions[1] = replace(talk.sessions[1], commune="69199", commune_name="Saint-Fons")
    full(talk, 1)
    talk.says("le camion", "find_permanence", commune="69259")
    assert titles(talk)[:2] == ["label/session_far", "label/session_full"]


def test_who_waits_for_a_full_one_is_given_no_seat_in_it_and_may_still_take_a_free_one() -> None:
    talk = Talk()
    talk.sessions[1] = replace(talk.sessions[1], commune="69199", commune_name="Saint-Fons")
    full(talk, 1)
    talk.says("le camion", "find_permanence", commune="69259")
    talk.presses("label/session_full")
    assert talk.says("oui", yes_no="yes") == ["utter_waiting", "utter_resume", "utter_ask_session_near"]
    assert not any(isinstance(deed, BookSeat) for deed in talk.effects)


def test_who_waits_for_another_date_keeps_the_one_they_have() -> None:
    talk = Talk()
    held = seated(talk)
    talk.sessions += [replace(talk.sessions[1], id="s3", free=0, commune="69259")]
    talk.sessions[1] = replace(talk.sessions[1], commune="69199", commune_name="Saint-Fons")
    talk.says("changer", "change_appointment", appointment=held.id)
    talk.presses("label/session_full")
    assert not any(isinstance(deed, MoveSeat) for deed in talk.effects)


def test_nothing_near_does_not_ask_for_the_same_town_again() -> None:
    talk = Talk()
    talk.sessions = []
    assert talk.says("le camion", "find_permanence", commune="69259")[-1] == "utter_no_session"
    assert talk.presses("utter_ask_session/other_town") == ["utter_ask_commune"]


def test_a_half_day_cut_in_slots_leaves_room_for_the_others() -> None:
    talk = Talk()
    first, other = talk.sessions
    starts = [first.starts_at + timedelta(minutes=20 * number) for number in range(8)]
    slots = [replace(first, id=f"x@{number}", starts_at=at, series="x") for number, at in enumerate(starts)]
    talk.sessions = [*slots, replace(other, series="y"), replace(other, id="z", series="z")]
    talk.says("le camion", "find_permanence", commune="69259")
    assert shown(talk) == ["x@0", "x@1", "x@2", "s2", "z"]


def test_who_has_a_slot_is_shown_no_other_of_that_half_day_and_may_move_to_one() -> None:
    talk = Talk()
    first, other = talk.sessions
    starts = [first.starts_at + timedelta(hours=number) for number in range(3)]
    talk.sessions = [replace(first, id=f"x:2026-11-24@{number}", starts_at=at) for number, at in enumerate(starts)]
    talk.sessions.append(other)
    held = seated(talk)
    talk.says("le camion", "find_permanence", commune="69259")
    assert shown(talk) == ["s2"]
    talk.seat_answer = SeatRefused("already")  # a button of before
    wanted = "x:2026-11-24@2"
    assert talk.happens(ButtonPressed(f'/take_seat{{"session":"{wanted}","commune":"69259"}}')) == [
        "utter_already_booked", "utter_resume", "utter_ask_session"]
    assert talk.presses("label/change_appointment")[0] == "utter_moved"
    assert [deed for deed in talk.effects if isinstance(deed, MoveSeat)] == [MoveSeat(held.id, wanted)]


def test_moving_within_a_half_day_shows_its_other_slots() -> None:
    talk = Talk()
    first = talk.sessions[0]
    talk.sessions = [replace(first, id=f"x:2026-11-24@{number}") for number in range(3)]
    held = seated(talk)
    talk.says("changer", "change_appointment", appointment=held.id)
    assert shown(talk) == ["x:2026-11-24@1", "x:2026-11-24@2"]


def test_while_dates_are_shown_more_may_be_asked() -> None:
    talk = Talk()
    late = talk.sessions[1].starts_at.replace(hour=17)
    talk.sessions.append(replace(talk.sessions[1], id="soir", starts_at=late, ends_at=late + timedelta(hours=2)))
    talk.sessions.append(replace(talk.sessions[2], id="enfants", wishes=("children",)))
    talk.says("le camion", "find_permanence", commune="69259")
    assert talk.says("plutôt le soir", period="evening") == ["utter_ask_session"]
    assert shown(talk) == ["soir", "enfants"]
    assert talk.says("avec mes enfants", "out_of_scope", wish="children") == ["utter_ask_session"]
    assert shown(talk) == ["enfants"]
    assert talk.says("et à Saint-Fons ?", "find_permanence", commune="69199") == ["utter_ask_session_near"]
    assert talk.says("plutôt lundi", day="2026-11-30") == ["utter_not_as_asked", "utter_ask_session_near"]


def test_what_the_person_says_no_to_is_not_shown() -> None:
    talk = Talk()
    first = talk.sessions[0]
    day = first.starts_at.replace(hour=0)  # 9:00, 14:00 and 18:00 in Paris, on two days
    talk.sessions = [
        replace(first, id=f"{name}-{ahead}", starts_at=day + timedelta(days=ahead, hours=hour),
                ends_at=day + timedelta(days=ahead, hours=hour + 2), wishes=("woman",) if ahead == 0 else ())
        for ahead in (0, 1) for name, hour in (("matin", 8), ("midi", 13), ("soir", 17))]
    talk.says("le camion", "find_permanence", commune="69259")
    for period, left in (("morning", {"midi", "soir"}), ("afternoon", {"matin", "soir"}),
                         ("evening", {"matin", "midi"})):
        assert talk.says(f"pas {period}", "deny", yes_no="no", period=f"not_{period}") == ["utter_ask_session"]
        assert {one.split("-")[0] for one in shown(talk)} == left
    talk.says("pas ce jour-là, à n'importe quelle heure", day=f"not_{day.date()}", period="not_weekend")
    assert {one.split("-")[1] for one in shown(talk)} == {"1"}
    talk.says("le camion", "find_permanence", commune="69259")
    assert talk.says("je ne veux pas voir une femme", wish="not_woman") == ["utter_ask_session"]
    assert shown(talk)[0] == "matin-1"


def test_moving_an_appointment_may_be_refined_too_and_stays_a_move() -> None:
    talk = Talk()
    seated(talk)
    talk.says("changer", "change_appointment")
    assert talk.says("jeudi", "find_permanence", day="2026-11-26") == ["utter_ask_session"]
    assert talk.says("1", ordinal="1") == ["utter_moved"]
    assert len(talk.appointments) == 1


def test_something_else_that_is_near_comes_before_what_was_asked_for_far_away() -> None:
    talk = Talk()
    talk.sessions[1] = replace(talk.sessions[1], commune="38185", commune_name="Grenoble", wishes=("woman",))
    said = talk.says("une femme", "find_permanence", commune="69259", wish="woman")
    assert said[-2:] == ["utter_not_as_asked", "utter_ask_session"]


def test_a_workshop_says_its_name_and_for_whom_except_in_what_comes_by_itself() -> None:
    talk = Talk()
    talk.sessions[0] = replace(talk.sessions[0], kind="workshop", title="Poterie", publics=("jeunes",))
    talk.says("le camion", "find_permanence", commune="69259")
    assert "Poterie (jeunes)" in content().text(talk.state.offers[-1].options[0].title, "fr")
    talk.says("1", ordinal="1")
    talk.says("oui", yes_no="yes")
    words = [content().text(deed.text, "fr") for deed in talk.effects if isinstance(deed, Say)]
    assert any("Poterie (jeunes)" in one and "réservé" in one for one in words)
    talk.now = talk.appointments[0].session.starts_at - timedelta(hours=2)
    before = len(talk.effects)
    assert talk.happens(ReminderDue("a1", "two_hours")) == ["utter_reminder_two_hours"]
    reminded = [content().text(deed.text, "fr") for deed in talk.effects[before:] if isinstance(deed, Say)]
    assert not any("Poterie" in one for one in reminded)


def buttons(talk: Talk, language: str = "fr") -> list[str]:
    return [content().text(option.title, language) for option in talk.state.offers[-1].options]


@pytest.mark.parametrize(("publics", "language", "words"), [
    (("femmes",), "fr", "pour les femmes"), (("Femmes seulement",), "en", "for women"),
    (("moins de 26 ans",), "fr", "moins de 26 ans"),
    (("personnes-exilees", "jeunes"), "fr", "personnes exilees, jeunes"),
])
def test_for_whom_a_permanence_is_when_it_is_not_for_everybody_is_on_its_button(
    publics: tuple[str, ...], language: str, words: str,
) -> None:
    talk = Talk()
    talk.sessions = [replace(talk.sessions[0], publics=publics),
                     replace(talk.sessions[1], publics=("tous-publics",))]
    talk.says("le camion", "find_permanence", commune="69259")
    first, second = buttons(talk, language)[:2]
    assert words not in first  # for everybody, and so before the sooner one
    assert second.endswith(words)


def test_who_wants_to_see_a_woman_is_shown_what_is_for_women_and_not_what_is_for_men() -> None:
    talk = Talk()
    day = talk.sessions[0].starts_at
    talk.sessions = [
        replace(talk.sessions[0], id=name, starts_at=day + timedelta(hours=hours), publics=publics,
                wishes=("woman",))
        for hours, (name, publics) in enumerate(
            {"men": ("hommes",), "women": ("femmes",), "youth": ("jeunes",), "all": ()}.items())]
    talk.says("une conseillère", "find_permanence", commune="69259", wish="woman")
    assert [option.payload for option in talk.state.offers[-1].options[:3]] == [
        f"/SetSlots(session={name})" for name in ("women", "all", "youth")]
    assert "/SetSlots(session=men)" not in {option.payload for option in talk.state.offers[-1].options}


@pytest.mark.parametrize(("said", "shown"), [
    ("", ["all", "women", "men", "youth", "seniors"]),
    ("women", ["women", "all", "youth", "seniors"]),
    ("men", ["men", "all", "youth", "seniors"]),
    ("youth", ["youth", "all", "women", "men"]),
    ("adult", ["all", "women", "men", "seniors"]),
    ("senior", ["seniors", "all", "women", "men"]),
    ("women+youth", ["women", "youth", "all"]),
])
def test_who_says_who_they_are_is_shown_what_is_for_them_first_and_nothing_that_is_for_others_only(
    said: str, shown: list[str],
) -> None:
    talk = Talk()
    day = talk.sessions[0].starts_at
    talk.sessions = [
        replace(talk.sessions[0], id=name, starts_at=day + timedelta(hours=hours), publics=publics)
        for hours, (name, publics) in enumerate({
            "women": ("femmes",), "men": ("Hommes seulement",), "youth": ("jeunes",), "seniors": ("seniors",),
            "all": ()}.items())]
    talk.says("le camion", "find_permanence", commune="69259", public=said)
    offered = [one.payload for one in talk.state.offers[-1].options]
    assert offered[:len(shown)] == [f"/SetSlots(session={name})" for name in shown]
    assert offered[len(shown)] == "/SetSlots(session=other_town)"


def test_who_is_told_of_no_session_for_them_is_not_told_of_one_for_others_that_is_full() -> None:
    talk = Talk()
    talk.sessions = [replace(talk.sessions[0], publics=("jeunes",), free=0)]
    assert talk.says("le camion", "find_permanence", commune="69259", public="adult")[-1] == "utter_no_session"


def test_whom_a_seat_is_for_is_heard_while_dates_are_shown_and_kept_no_longer() -> None:
    talk = Talk()
    talk.sessions[0] = replace(talk.sessions[0], publics=("jeunes",))
    talk.says("le camion", "find_permanence", commune="69259")
    assert talk.says("j'ai 52 ans", public="adult")[-1] == "utter_ask_session"
    assert talk.state.offers[-1].options[0].payload == "/SetSlots(session=s2)"
    assert talk.state.slots["public"] == "adult"
    talk.says("1", ordinal="1")
    talk.says("oui", yes_no="yes")
    assert "public" not in talk.state.slots
    talk.says("j'ai 19 ans, le RSA", "rights_rsa", public="youth")
    assert "public" not in talk.state.slots


@pytest.mark.parametrize("said", [["Vénissieux jeudi"], ["jeudi", "Vénissieux"]])
def test_a_day_said_with_the_town_that_was_asked_or_before_it_is_heard(said: list[str]) -> None:
    talk = Talk()
    assert talk.says("le camion", "find_permanence")[-1] == "utter_ask_commune"
    for words in said:
        named = {"day": "2026-11-26"} if "jeudi" in words else {}
        town = {"commune": "69259"} if "Vénissieux" in words else {}
        asked = talk.says(words, None, 0.9, "fr", None, (), **named, **town)
        assert asked == ["utter_ask_session" if town else "utter_ask_commune"]
    assert [one["id"] for one in talk.state.slots["sessions"]] == ["s2"]  # type: ignore[union-attr, index, call-overload]  # what as_slot wrote


def test_two_wishes_of_one_sentence_are_both_heard_and_what_answers_one_comes_before_what_answers_none() -> None:
    talk = Talk()
    plain, woman, both = (replace(talk.sessions[0], id=name, starts_at=NOW + timedelta(days=days), wishes=wishes)
                          for days, name, wishes in (
                              (1, "plain", ()), (2, "woman", ("woman",)), (3, "both", ("woman", "children"))))
    talk.sessions = [plain, woman, both]
    said = talk.says("avec mon bébé, une conseillère", "find_permanence", commune="69259", wish="children+woman")
    assert said[-2:] == ["utter_hello_short", "utter_ask_session"]
    assert [one["id"] for one in talk.state.slots["sessions"]] == ["both"]  # type: ignore[union-attr, index, call-overload]  # what as_slot wrote
    talk.sessions = [plain, woman]
    said = talk.says("avec mon bébé, une conseillère", "find_permanence", commune="69259", wish="children+woman")
    assert said[-2:] == ["utter_not_as_asked", "utter_ask_session"]
    assert [one["id"] for one in talk.state.slots["sessions"]] == ["woman", "plain"]  # type: ignore[union-attr, index, call-overload]  # what as_slot wrote


@pytest.mark.parametrize(("ahead", "said"), [(timedelta(minutes=90), False), (timedelta(days=1), True)])
def test_i_will_write_before_is_said_only_when_i_will(ahead: timedelta, said: bool) -> None:
    talk = Talk()
    talk.now = talk.sessions[0].starts_at - ahead
    seated(talk)
    (words,) = [deed.text for deed in talk.effects if isinstance(deed, Say) and deed.text.key == "utter_booked"]
    assert ("Je vous écrirai avant." in content().text(words, "fr")) is said


def test_a_button_about_another_seat_leaves_the_choice_under_way_as_it_was() -> None:
    talk = Talk()
    seated(talk)
    assert talk.says("le camion", "find_permanence", commune="69259")[-1] == "utter_ask_session"
    talk.happens(SeatFreed(talk.sessions[1]))
    assert talk.presses("label/leave_waiting") == ["utter_waiting_left", "utter_resume", "utter_ask_session"]
    assert len(talk.appointments) == 1


def test_the_appointment_that_is_moved_is_the_one_that_was_to_be_moved() -> None:
    talk = Talk()
    talk.sessions.append(replace(talk.sessions[1], id="s3", starts_at=NOW + timedelta(days=5)))
    first = seated(talk)
    talk.appointments.append(replace(first, id="a2", session=talk.sessions[1]))
    talk.happens(ButtonPressed(f'/change_appointment{{"appointment":"{first.id}"}}'))
    assert talk.happens(ButtonPressed('/confirm_appointment{"appointment":"a2"}'))[0] == "utter_confirmed"
    assert talk.says("1", ordinal="1") == ["utter_moved"]
    assert [held.session.id for held in talk.appointments] == ["s3", "s2"]


def test_an_appointment_cancelled_in_the_middle_of_its_move_is_not_said_to_be_kept() -> None:
    talk = Talk()
    held = seated(talk)
    talk.happens(ButtonPressed(f'/change_appointment{{"appointment":"{held.id}"}}'))
    talk.happens(ButtonPressed(f'/cancel_appointment{{"appointment":"{held.id}"}}'))
    assert talk.says("oui", yes_no="yes")[0] == "utter_cancelled_seat"
    assert talk.says("1", ordinal="1") == ["utter_appointment_gone"]


def test_back_from_another_town_is_back_in_the_town_before() -> None:
    talk = Talk()
    talk.says("le camion", "find_permanence", commune="69259")
    assert talk.presses("(session=other_town)") == ["utter_ask_commune"]
    assert talk.happens(ButtonPressed("/go_back")) == ["utter_ask_session"]
    (*_, said) = (deed for deed in talk.effects if isinstance(deed, Say))
    assert said.text.args["commune"] == Quoted("Vénissieux")


def test_within_a_few_kilometres_the_language_comes_before_the_distance() -> None:
    class Flat(SmallMap):
        def distance_km(self, first: str, second: str) -> float | None:
            return {"69199": 3.0, "69290": 4.0, "69091": 9.0}.get(second, 0.0)

    nearer, spoken, beyond = (
        replace(session(number, number), commune=commune, languages=languages)
        for number, (commune, languages) in enumerate((("69199", ()), ("69290", ("ar",)), ("69091", ("ar",))), 1))
    found = near([nearer, spoken, beyond], "69259", Flat(), "ar")
    assert [one.id for one in found] == ["s2", "s1", "s3"]
    assert near([nearer, spoken, beyond], "69259", Flat(), "fr") == (nearer, spoken, beyond)


def test_a_door_that_is_open_now_is_shown_and_what_becomes_of_it_told() -> None:
    begun = replace(session(1, 1), starts_at=NOW - timedelta(hours=1), ends_at=NOW + timedelta(hours=2), free=0,
                    walk_in=2)
    talk = Talk(sessions=[begun])
    assert talk.says("le camion", "find_permanence", commune="69259") == [
        "utter_hello_short", "utter_walk_in", "utter_no_session"]  # to come to, not to wait for
    assert talk.happens(DayChanged(begun, "cancelled")) == ["utter_day_cancelled"]
    assert talk.happens(DayChanged(replace(begun, walk_in=0), "cancelled")) == []


def test_nobody_is_asked_to_wait_for_what_they_would_not_be_told_of() -> None:
    near_now = NOW + timedelta(hours=2)
    full = replace(session(1, 1, free=0), starts_at=near_now, ends_at=near_now + timedelta(hours=3))
    assert Talk(sessions=[full]).says("le camion", "find_permanence", commune="69259")[1:] == ["utter_no_session"]
    talk = Talk(sessions=[replace(full, free=1)], seat_answer=SeatRefused("full"))
    talk.says("le camion", "find_permanence", commune="69259")
    talk.says("1", ordinal="1")
    talk.says("oui", yes_no="yes")
    choices = {choice.title.key for deed in talk.effects if isinstance(deed, Say) for choice in deed.choices}
    assert "label/wait_for_seat" not in choices
