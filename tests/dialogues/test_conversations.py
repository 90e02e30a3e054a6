from dataclasses import replace
from datetime import timedelta

import pytest

from dialogues.effects import (
    OpenLead,
    RecordConsent,
    RecordOrigin,
    RelayToTeam,
    Say,
    ScheduleReminders,
    TellTeam,
)
from dialogues.events.answers import SeatRefused
from dialogues.events.due import ReminderDue
from dialogues.events.person import ButtonPressed, MediaReceived, MessageReceived, PositionShared
from dialogues.events.team import CounsellorWrote, LeadClosed, LeadTaken
from dialogues.intents import EMERGENCIES
from dialogues.reading import Entity, Reading
from dialogues.snapshot import Lead
from dialogues.text import Text
from tests.dialogues.rig import NOW, Talk


def test_first_contact_records_the_origin_and_offers_languages_by_name() -> None:
    talk = Talk(language_hint=None)
    assert talk.starts("vnx-marche") == ["utter_ask_language"]
    assert RecordOrigin("vnx-marche", "portes-du-sud") in talk.effects
    assert talk.presses("(language=ar)") == ["utter_welcome", "utter_ask_consent_storage"]
    assert talk.state.language == "ar"
    assert talk.state.slots["commune"] == "69259"


def test_a_greeting_in_a_sure_language_is_welcomed_in_it() -> None:
    talk = Talk()
    assert talk.says("سلام", "greet", language="ar") == ["utter_welcome", "utter_ask_consent_storage"]
    assert talk.state.language == "ar"


def test_rights_do_not_wait_for_consent() -> None:
    talk = Talk()
    assert talk.says("j'ai droit au rsa ?", "rights_rsa") == ["utter_hello_short", "utter_rights"]


def test_a_seat_is_booked_with_a_right_asked_in_the_middle() -> None:
    talk = Talk()
    talk.says("bonjour", "greet")
    assert talk.says("où est le camion à venissieux", "find_permanence", commune="69259") == ["utter_ask_session"]
    assert talk.says("1", ordinal="1") == ["utter_ask_consent_booking"]
    assert talk.says("je suis malade sans papiers", "rights_undocumented_health") == [
        "utter_rights_short", "utter_resume", "utter_ask_consent_booking",
    ]
    assert talk.says("oui", yes_no="yes") == ["utter_booked"]
    assert [deed.granted for deed in talk.effects if isinstance(deed, RecordConsent)] == [True]
    assert [len(deed.at) for deed in talk.effects if isinstance(deed, ScheduleReminders)] == [1]


def test_no_booking_without_consent() -> None:
    talk = Talk()
    talk.says("le camion", "find_permanence", commune="69259")
    talk.says("1", ordinal="1")
    assert talk.says("non", yes_no="no") == ["utter_no_booking_without_consent"]
    assert talk.appointments == []


@pytest.mark.parametrize(
    ("words", "intent"), [("hello", "greet"), ("ok thanks", "thank"), ("who are you", "ask_bot_identity")])
def test_a_greeting_says_which_language_when_it_is_asked(words: str, intent: str) -> None:
    talk = Talk(language_hint=None)
    talk.starts("vnx-marche")
    assert talk.says(words, intent, language="en") == ["utter_welcome", "utter_ask_consent_storage"]
    assert talk.state.language == "en"


def test_a_greeting_in_a_language_nobody_is_sure_of_has_the_languages_again() -> None:
    talk = Talk(language_hint=None)
    asked = talk.starts()
    assert talk.says("xx", "greet", language=None)[-1:] == asked[-1:]
    assert talk.says("dobry den", "greet", language="cs")[-1:] == asked[-1:]


def test_a_consent_given_once_is_not_asked_again() -> None:
    talk = Talk()
    talk.says("bonjour", "greet")
    talk.presses("(consent_storage=yes)")
    talk.says("le camion", "find_permanence", commune="69259")
    assert talk.says("1", ordinal="1") == ["utter_booked"]


def test_the_seat_went_to_somebody_else() -> None:
    talk = Talk(seat_answer=SeatRefused("full"))
    talk.says("bonjour", "greet")
    talk.presses("(consent_storage=yes)")
    talk.says("le camion", "find_permanence", commune="69259")
    assert talk.says("1", ordinal="1") == ["utter_seat_taken", "utter_ask_session"]


def test_move_then_cancel() -> None:
    talk = booked()
    assert talk.says("changer", "change_appointment") == ["utter_ask_session"]
    assert talk.says("1", ordinal="1") == ["utter_moved"]
    assert talk.appointments[0].session.id == "s2"
    assert talk.says("annuler", "cancel_appointment") == ["utter_ask_confirm_cancel"]
    assert talk.says("oui", yes_no="yes") == ["utter_cancelled_seat"]
    assert talk.appointments == []


def test_back_returns_to_the_question_before() -> None:
    talk = Talk()
    talk.says("le camion", "find_permanence", commune="69259")
    talk.says("1", ordinal="1")
    assert talk.says("retour", "go_back") == ["utter_ask_session"]


def test_cancel_leaves_what_was_under_way() -> None:
    talk = Talk()
    talk.says("le camion", "find_permanence", commune="69259")
    assert talk.says("stop", "cancel") == ["utter_cancelled"]
    assert talk.state.stack == ()


def test_an_unknown_town_is_asked_again_without_blame() -> None:
    talk = Talk()
    talk.says("le camion", "find_permanence")
    assert talk.says("xyzabc") == ["utter_invalid_commune", "utter_ask_commune"]


def test_a_shared_position_answers_the_question_about_the_town() -> None:
    talk = Talk()
    talk.says("le camion", "find_permanence")
    assert talk.happens(PositionShared("69259")) == ["utter_ask_session"]
    assert talk.happens(PositionShared(None)) == ["utter_position_unknown"]


def test_a_position_before_any_word_asks_which_language_then_gives_the_dates_near_it() -> None:
    talk = Talk(language_hint=None)
    assert talk.happens(PositionShared("69259")) == ["utter_ask_language"]
    assert talk.happens(PositionShared("69259")) == ["utter_ask_language"]  # sent again: nothing is said in French
    assert talk.presses("language=ar)") == ["utter_hello_short", "utter_ask_session"]
    assert talk.state.language == "ar"


def test_a_position_while_the_language_is_asked_is_not_answered_in_french() -> None:
    talk = Talk(language_hint=None)
    talk.starts()
    assert talk.happens(PositionShared("69259")) == ["utter_ask_language"]
    assert talk.says("hola", "greet", language="en") == ["utter_hello_short", "utter_ask_session"]


def test_a_question_in_words_leaves_the_choice_of_language_and_the_town_is_known() -> None:
    talk = Talk(language_hint=None)
    talk.happens(PositionShared("69259"))
    assert "utter_ask_language" not in talk.says("papiers", "rights_residence_permit", language="ar")
    assert talk.says("وين الشاحنة", "find_permanence", language="ar") == ["utter_ask_session"]


def test_a_first_position_in_a_known_language_hears_who_speaks() -> None:
    talk = Talk()
    talk.state = replace(talk.state, language="ar")
    assert talk.happens(PositionShared("69259")) == ["utter_hello_short", "utter_ask_session"]
    assert talk.happens(PositionShared("69259")) == ["utter_ask_session"]


def test_a_first_position_abroad_in_no_known_language_offers_them_all() -> None:
    assert Talk().happens(PositionShared(None)) == ["utter_position_unknown", "utter_ask_language"]


def test_a_first_voice_note_in_a_known_language_hears_who_speaks() -> None:
    talk = Talk()
    talk.state = replace(talk.state, language="ar")
    assert talk.happens(MediaReceived("voice")) == ["utter_hello_short", "utter_media_voice"]
    assert talk.happens(MediaReceived("voice")) == ["utter_media_voice"]


def test_a_first_message_that_is_a_postcode_asks_which_language_then_gives_the_dates() -> None:
    talk = Talk()
    reading = Reading(None, None, 0.0, (), (Entity("commune", "69259", "69200"),))
    assert talk.happens(MessageReceived("69200", reading)) == ["utter_ask_language"]
    assert talk.happens(MessageReceived("69200", reading)) == ["utter_ask_language"]
    assert talk.presses("language=ar)") == ["utter_hello_short", "utter_ask_session"]


def test_an_old_button_of_nobody_knows_which_language_offers_them_all() -> None:
    assert Talk().happens(ButtonPressed("/o7.1")) == ["utter_choice_gone", "utter_ask_language"]


def test_a_mere_call_for_help_hears_whom_to_call_first_whatever_waits() -> None:
    talk = Talk(language_hint=None)
    assert talk.says("🆘", language=None, cry="yes") == ["utter_perhaps_danger", "utter_ask_language"]
    assert talk.says("SOS", language="fr", cry="yes")[0] == "utter_perhaps_danger"
    talk = Talk()
    talk.says("le camion", "find_permanence")
    assert talk.says("sos", cry="yes") == ["utter_perhaps_danger", "utter_invalid_commune", "utter_ask_commune"]


def test_nothing_near_is_said_with_a_human() -> None:
    talk = Talk()
    assert talk.says("le camion à brest", "find_permanence", commune="29019")[-1] == "utter_ask_session_far"
    assert [one.title.args.get("km") for one in talk.state.offers[-1].options[:2]] == [700, 700]
    assert talk.presses("/ask_human")[-1] != "utter_choice_gone"


def handed_over() -> Talk:
    talk = Talk()
    talk.says("un humain", "ask_human")
    talk.presses("(need=papers)")
    talk.says("venissieux", commune="69259")
    assert talk.says("Karim") == ["utter_ask_consent_handoff"]
    assert talk.says("oui", yes_no="yes") == ["utter_lead_opened"]
    return talk


def booked() -> Talk:
    talk = Talk()
    talk.says("bonjour", "greet")
    talk.presses("(consent_storage=yes)")
    talk.says("le camion", "find_permanence", commune="69259")
    talk.says("1", ordinal="1")
    return talk


def test_only_what_was_shown_is_passed_on() -> None:
    talk = handed_over()
    (opened,) = (deed for deed in talk.effects if isinstance(deed, OpenLead))
    assert dict(opened.items) == {"need": "papers", "commune": "Vénissieux", "name": "Karim", "language": "fr"}


def test_nothing_is_passed_on_without_a_yes() -> None:
    talk = Talk()
    talk.says("un humain", "ask_human")
    talk.presses("(need=papers)")
    talk.says("venissieux", commune="69259")
    talk.says("Karim")
    assert talk.says("non", yes_no="no") == ["utter_handoff_refused"]
    assert not [deed for deed in talk.effects if isinstance(deed, OpenLead)]


def taken() -> Talk:
    talk = handed_over()
    talk.lead = Lead("l1", "taken", "ifra", "Nadia", "portes-du-sud")
    assert talk.happens(LeadTaken("l1", "Nadia")) == ["utter_lead_taken"]
    return talk


def test_while_a_human_talks_the_bot_keeps_silent() -> None:
    talk = taken()
    assert talk.says("j'ai droit au rsa ?", "rights_rsa") == []
    assert RelayToTeam("l1", "j'ai droit au rsa ?") in talk.effects
    assert talk.happens(CounsellorWrote("l1", "Nadia", "Bonjour")) == []
    assert talk.happens(LeadClosed("l1")) == ["utter_lead_closed"]
    assert talk.says("j'ai droit au rsa ?", "rights_rsa") == ["utter_rights"]


@pytest.mark.parametrize("danger", EMERGENCIES)
def test_an_emergency_is_answered_in_every_state(danger: str) -> None:
    for talk in (Talk(), booked(), taken(), Talk(down=True)):
        assert talk.says("...", emergency=danger)[0] == "utter_emergency"


def test_an_emergency_in_a_human_conversation_is_told_to_the_team_too() -> None:
    talk = taken()
    talk.says("je veux mourir", emergency="emergency_suicide")
    kinds = [type(deed).__name__ for deed in talk.effects[-3:]]
    assert kinds == ["RelayToTeam", "Say", "TellTeam"]


def test_whoever_is_perhaps_in_danger_gets_the_numbers_before_the_answer() -> None:
    talk = booked()
    perhaps = (("emergency_suicide", 0.08),)
    said = talk.says("plus le moral", "rights_mental_health", 0.8, also=perhaps)
    assert said[:2] == ["utter_perhaps_danger", "utter_rights"]
    assert talk.says("blabla", "rights_rsa", 0.1, also=perhaps)[0] == "utter_perhaps_danger"
    waiting = Talk()
    waiting.starts()
    waiting.presses("(language=fr)")
    assert waiting.says("blabla", "rights_rsa", 0.1, also=perhaps)[0] == "utter_perhaps_danger"


def test_whoever_is_perhaps_in_danger_while_a_human_talks_gets_the_numbers_and_is_heard() -> None:
    talk = taken()
    assert talk.says("plus le moral", "rights_mental_health", 0.8, also=(("emergency_suicide", 0.08),)) == [
        "utter_perhaps_danger"]
    assert any(isinstance(deed, RelayToTeam) for deed in talk.effects[-2:])


def test_an_alert_passes_on_only_the_emergency_the_town_and_the_language() -> None:
    talk = Talk()
    talk.says("il me frappe", emergency="emergency_violence")
    assert talk.presses("label/alert_team") == ["utter_ask_commune_alert"]
    assert talk.says("venissieux", commune="69259") == ["utter_alerted"]
    (opened,) = (deed for deed in talk.effects if isinstance(deed, OpenLead))
    assert dict(opened.items) == {"emergency": "emergency_violence", "commune": "Vénissieux", "language": "fr"}
    assert opened.urgent == "emergency_violence"


def test_first_words_that_are_not_clear_are_not_lost_in_a_welcome() -> None:
    assert Talk().says("mon patron paie pas", "rights_labour_dispute", 0.3) == [
        "utter_hello_short", "utter_which_meaning"]
    assert Talk().says("blabla", "rights_labour_dispute", 0.1)[0] == "utter_welcome"
    down = Talk(down=True)
    assert down.says("le camion à vénissieux", commune="69259")[:2] == ["utter_hello_short", "utter_ask_session"]


def test_an_outage_is_said_as_one_and_buttons_still_work() -> None:
    talk = Talk(down=True)
    talk.starts()
    talk.presses("(language=fr)")
    talk.presses("(consent_storage=yes)")
    assert talk.says("une phrase") == ["utter_understanding_down"]
    assert talk.presses("label/find_permanence") == ["utter_ask_commune"]


def test_an_outage_while_a_question_waits_is_no_wrong_answer_to_it() -> None:
    talk = Talk(down=True)
    talk.starts()
    talk.presses("(language=fr)")
    for _ in range(4):  # never their fault: the question stays, no human is offered for it
        assert talk.says("une phrase") == ["utter_understanding_down", "utter_ask_consent_storage"]
    assert talk.says("où est le camion à vénissieux", commune="69259")[0] == "utter_ask_session"


def test_a_town_that_is_not_found_is_asked_again_during_an_outage() -> None:
    talk = Talk(down=True)
    talk.starts()
    talk.presses("(language=fr)")
    talk.presses("(consent_storage=yes)")
    talk.says("une phrase")
    talk.presses("label/find_permanence")
    assert talk.says("trifouilly") == ["utter_invalid_commune", "utter_ask_commune"]


def test_doubt_offers_the_likeliest_meanings() -> None:
    talk = booked()
    assert talk.says("rsa ou quoi", "rights_rsa", confidence=0.3) == ["utter_which_meaning"]


def test_a_human_is_offered_once_though_one_may_be_meant() -> None:
    talk = booked()
    talk.says("quelqu'un pour le rsa", "rights_rsa", 0.3, also=(("ask_human", 0.2),))
    payloads = [option.payload for option in talk.state.offers[-1].options]
    assert payloads == ["/rights_rsa", "/ask_human", "/ask_menu"]


def test_what_is_not_understood_twice_offers_a_human_first() -> None:
    talk = booked()
    for _ in range(3):
        last = talk.says("blabla", "rights_rsa", confidence=0.2)
    assert last == ["utter_not_understood"]


def test_an_old_button_says_what_became_of_the_choice() -> None:
    talk = Talk()
    talk.says("le camion", "find_permanence", commune="69259")
    serial = talk.state.offers[-1].serial
    talk.happens(ButtonPressed(f"/o{serial}.0"))
    assert talk.happens(ButtonPressed(f"/o{serial}.1"))[0] == "utter_choice_taken"
    talk.says("stop", "cancel")
    assert talk.happens(ButtonPressed("/o999.0"))[0] == "utter_choice_gone"


@pytest.mark.parametrize("payload", ["/o1.999", "/SetSlots(session=evil)", "/nothing", "/o0.0", "x", "/drop{", ""])
def test_a_forged_button_changes_nothing(payload: str) -> None:
    talk = booked()
    before = (talk.state.slots, talk.appointments)
    assert talk.happens(ButtonPressed(payload))[0] == "utter_choice_gone"
    assert (talk.state.slots, talk.appointments) == before


@pytest.mark.parametrize("payload", [
    "/o999.0", "/nothing", "/SetSlots(session=s1)", '/pass_on_yes{"pass_to":"portes-du-sud/ifra"}',
    '/pass_on_no{"pass_to":"portes-du-sud/ifra"}', "/liaison_yes", "/liaison_no",
])
def test_no_question_is_announced_where_none_follows(payload: str) -> None:
    talk = Talk(lead=Lead("l1", "taken", "ifra", "Nadia", "portes-du-sud"))
    talk.state = replace(talk.state, language="fr", mode="human")
    assert talk.happens(ButtonPressed(payload)) == ["utter_choice_over"]


def test_everything_is_erased_with_a_receipt_and_starts_again() -> None:
    talk = booked()
    assert talk.says("efface tout", "delete_my_data") == ["utter_ask_confirm_delete"]
    assert talk.says("oui", yes_no="yes") == ["utter_erased"]
    assert talk.state.slots == {}
    assert talk.says("bonjour", "greet") == ["utter_welcome", "utter_ask_consent_storage"]


@pytest.mark.parametrize("kind", ["voice", "photo", "video", "sticker", "document", "contact", "other"])
def test_whatever_is_sent_gets_an_answer(kind: str) -> None:
    assert Talk().happens(MediaReceived(kind))  # type: ignore[arg-type]


def test_a_reminder_looks_again_before_speaking() -> None:
    talk = booked()
    talk.now = NOW + timedelta(hours=1)
    assert talk.happens(ReminderDue("a1", "day_before")) == ["utter_reminder_day_before"]
    assert talk.presses("label/confirm_appointment") == ["utter_confirmed"]
    talk.appointments = []
    assert talk.happens(ReminderDue("a1", "two_hours")) == []


def test_another_language_is_offered_once_when_one_was_chosen() -> None:
    talk = Talk(language_hint=None)
    talk.starts()
    talk.presses("(language=fr)")
    assert talk.says("do i have rights", "rights_rsa", language="en")[-1] == "utter_offer_language"
    assert "utter_offer_language" not in talk.says("do i have rights", "rights_rsa", language="en")
    assert isinstance(talk.effects[-1], Say)


def test_the_position_button_keeps_the_payload_that_channels_know() -> None:
    talk = Talk()
    talk.says("le camion", "find_permanence")
    payloads = [choice.payload for deed in talk.effects if isinstance(deed, Say) for choice in deed.choices]
    assert "/share_position" in payloads
    assert talk.happens(ButtonPressed("/share_position")) == ["utter_ask_commune"]


@pytest.mark.parametrize(("words", "intent"), [("oui", "affirm"), ("1", None)])
def test_everything_is_erased_by_words_while_a_human_talks(words: str, intent: str | None) -> None:
    talk = taken()
    assert talk.says("tout effacer", "delete_my_data") == ["utter_ask_confirm_delete"]
    said = talk.says(words, intent) if intent else talk.says(words, ordinal=words)
    assert said == ["utter_erased"]
    assert RelayToTeam("l1", words) not in talk.effects


def test_a_yes_to_the_counsellor_erases_nothing() -> None:
    talk = taken()
    talk.says("tout effacer", "delete_my_data")
    talk.happens(CounsellorWrote("l1", "Nadia", "Vous venez demain ?"))
    assert talk.says("oui", yes_no="yes") == []
    assert RelayToTeam("l1", "oui") in talk.effects


def test_who_asked_the_machine_back_finds_the_human_again() -> None:
    talk = taken()
    talk.happens(ButtonPressed("/talk_to_machine"))
    assert talk.happens(ButtonPressed("/ask_human")) == ["utter_lead_taken"]
    assert TellTeam("l1", Text("utter_team_to_human")) in talk.effects
    assert talk.says("ma lettre est arrivée") == []
    assert RelayToTeam("l1", "ma lettre est arrivée") in talk.effects


def test_a_yes_after_an_emergency_tells_a_team() -> None:
    talk = booked()
    talk.says("il me frappe", emergency="emergency_violence")
    assert talk.says("oui", "affirm", yes_no="yes") == ["utter_alerted"]


def at_the_name() -> Talk:
    talk = Talk()
    talk.says("un humain", "ask_human")
    talk.says("j'ai perdu mes papier")
    talk.says("venissieux", commune="69259")
    return talk


def test_a_right_asked_instead_of_a_name_is_answered_and_the_name_asked_again() -> None:
    talk = at_the_name()
    asked = talk.says("est-ce que j'ai droit au rsa ?", "rights_rsa")
    assert asked == ["utter_rights_short", "utter_resume", "utter_ask_alias"]


def test_an_older_message_that_is_corrected_is_no_answer() -> None:
    talk = at_the_name()
    corrected = MessageReceived("j'ai perdu mes papiers", Reading("fr"), edited=True)
    assert talk.happens(corrected)[-1] == "utter_ask_alias"


def test_a_language_asked_for_in_another_is_not_offered_back() -> None:
    talk = Talk()
    talk.starts()
    talk.presses("(language=fr)")
    asked = Reading("en", "change_language", 0.9, (("change_language", 0.9),), named_language="ar")
    assert talk.happens(MessageReceived("arabic please", asked))[0] == "utter_language_changed"
    assert "utter_offer_language" not in {deed.text.key for deed in talk.effects if isinstance(deed, Say)}


def test_a_request_closed_while_the_person_books_with_the_bot_does_not_drop_the_booking() -> None:
    talk = Talk(lead=Lead("l1", "handed_back", "ifra", "Nadia", "portes-du-sud"))
    talk.says("le camion", "find_permanence", commune="69259")
    said = talk.happens(LeadClosed("l1"))
    assert said == ["utter_lead_closed", "utter_resume", "utter_ask_session"]
    assert talk.presses("(session=s1)") == ["utter_ask_consent_booking"]
    talk.says("le camion", "find_permanence", commune="69259")
    talk.state = replace(talk.state, mode="human")
    assert talk.happens(LeadClosed("l1")) == ["utter_lead_closed"]


def test_a_town_named_while_the_language_is_asked_gets_its_dates_in_an_outage_too() -> None:
    clear = Talk(down=True)
    clear.starts()
    assert clear.says("where is the truck in venissieux", language="en", commune="69259")[-1] == "utter_ask_session"
    assert clear.state.language == "en"
    unclear = Talk(down=True, language_hint=None)
    unclear.starts()
    assert unclear.says("xx venissieux tram ???", language=None, commune="69259")[-1] == "utter_ask_language"
    assert unclear.presses("(language=ar)")[-1] == "utter_ask_session"


def test_a_sentence_in_an_outage_while_the_language_is_asked_is_no_wrong_choice() -> None:
    talk = Talk(down=True)
    talk.starts()
    assert talk.says("i need help with my rent", language="en") == [
        "utter_understanding_down", "utter_ask_language"]


@pytest.mark.parametrize("down", [True, False])
def test_what_is_wished_besides_a_town_counts_when_the_sentence_is_not_understood(*, down: bool) -> None:
    talk = Talk(down=down)  # the dates that there are begin in the morning: it is said that none is as asked
    assert talk.says("venissieux, pas le matin", commune="69259", period="not_morning") == [
        "utter_hello_short", "utter_not_as_asked", "utter_ask_session"]
    heard = Talk(down=down).says("venissieux, le matin", commune="69259", period="morning")
    assert heard == ["utter_hello_short", "utter_ask_session"]
