"""Words that are no answer: a polite yes, a no with a reason, thanks, a date, a name that looks like danger."""

import pytest

from dialogues.effects import BookSeat, OpenLead, Say
from dialogues.events.person import MessageReceived
from dialogues.reading import Entity, Reading
from dialogues.snapshot import Lead
from dialogues.text import Bullets, Text
from tests.dialogues.rig import Talk
from tests.dialogues.test_conversations import at_the_name, booked


def in_danger(emergency: str = "emergency_violence") -> Talk:
    """Somebody who has just been given the numbers."""
    talk = Talk()
    talk.says("bonjour", "greet")
    assert talk.says("...", emergency=emergency)[-1] == "utter_offer_alert"
    return talk


def said(talk: Talk, text: str, answer: str, raw: str, intent: str | None = None) -> list[str]:
    """A message in which ``raw`` is a yes or a no, and the rest is more than that."""
    ranking = ((intent, 0.9),) if intent else ()
    entities = (Entity("yes_no", answer, raw),)
    return talk.happens(MessageReceived(text, Reading("fr", intent, 0.9 if intent else 0.0, ranking, entities)))


@pytest.mark.parametrize(("text", "answer", "raw", "intent"), [
    ("non personne ne m'aime", "no", "non", "deny"),
    ("non, je ne peux pas appeler", "no", "non", "deny"),
    ("je ne veux appeler personne", "no", "je ne veux", None),
    ("il dort", "no", "-", "out_of_scope"),
])
def test_a_no_under_the_numbers_of_an_emergency_keeps_the_numbers(
    text: str, answer: str, raw: str, intent: str | None,
) -> None:
    talk = in_danger("emergency_suicide")
    assert said(talk, text, answer, raw, intent) == ["utter_danger_stays"]
    assert talk.presses("alert_team") == ["utter_ask_commune_alert"]


@pytest.mark.parametrize(("text", "raw", "intent"), [
    ("ok merci", "ok", "thank"), ("au revoir", "-", "goodbye"), ("merci", "-", "thank"),
])
def test_thanks_under_the_numbers_alert_nobody(text: str, raw: str, intent: str) -> None:
    talk = in_danger()
    assert said(talk, text, "yes", raw, intent)[0] == "utter_danger_over"
    assert not any(isinstance(deed, OpenLead) for deed in talk.effects)


@pytest.mark.parametrize("intent", ["ask_human", "ask_privacy", "ask_bot_identity"])
def test_what_may_mean_that_nobody_can_talk_has_the_numbers_first(intent: str) -> None:
    talk = in_danger()
    assert talk.says("nuk flas dot, me degjon", intent)[0] == "utter_perhaps_danger"
    assert talk.says("menu", "ask_menu") == ["utter_menu"]
    assert talk.says("une personne", "ask_human")[0] != "utter_perhaps_danger"


def test_a_long_yes_under_the_numbers_has_the_button_again() -> None:
    talk = in_danger()
    assert said(talk, "oui dites-le à une équipe svp", "yes", "oui", "affirm") == ["utter_danger_stays"]
    assert not any(isinstance(deed, OpenLead) for deed in talk.effects)
    assert talk.presses("alert_team") == ["utter_ask_commune_alert"]


def test_a_town_or_a_right_under_the_numbers_is_still_answered() -> None:
    assert "utter_rights" in in_danger().says("j'ai droit au rsa ?", "rights_rsa")[0]
    assert in_danger().says("et le camion ?", "find_permanence", commune="69259")[0] != "utter_danger_stays"


def test_what_is_not_understood_again_and_again_is_no_longer_answered_by_the_numbers_alone() -> None:
    talk = in_danger()
    said = [talk.says("grmbl") for _ in range(4)]
    assert said[0] == ["utter_danger_stays"]
    assert said[3] != ["utter_danger_stays"]


def test_no_fixed_town_is_no_refusal() -> None:
    talk = Talk()
    talk.says("bonjour", "greet")
    talk.says("un rdv", "book_appointment")
    assert said(talk, "pas de ville fixe", "no", "pas") != ["utter_cancelled"]


def test_no_says_no_to_the_town_a_team_would_be_told() -> None:
    talk = in_danger()
    talk.presses("alert_team")
    assert talk.says("non", "deny", yes_no="no") == ["utter_cancelled"]
    assert not talk.state.stack


def test_the_only_date_shown_is_taken_by_a_yes() -> None:
    talk = Talk()
    talk.says("bonjour", "greet")
    talk.presses("(consent_storage=yes)")
    talk.says("le camion", "find_permanence", commune="69259")
    shown = [option for option in talk.state.offers[-1].options if "session=s" in option.payload]
    before = len(talk.effects)
    talk.says("oui", "affirm", yes_no="yes")
    taken = any(isinstance(deed, BookSeat) for deed in talk.effects[before:])
    assert taken is (len(shown) == 1)


def test_cancel_it_after_a_booking_means_the_seat() -> None:
    talk = booked()
    assert talk.says("annule", "cancel") == ["utter_ask_confirm_cancel"]


def test_cancel_it_while_another_date_is_looked_for_means_the_seat() -> None:
    talk = booked()
    talk.says("un autre jour", "change_appointment")
    assert talk.says("annule", "cancel") == ["utter_ask_confirm_cancel"]


def test_cancel_the_appointment_before_there_is_one_stops_the_search() -> None:
    talk = Talk()
    talk.says("bonjour", "greet")
    talk.says("un rdv", "book_appointment")
    assert talk.says("annuler", "cancel_appointment") == ["utter_cancelled"]


def test_cancel_it_after_a_request_asks_whether_to_take_it_back() -> None:
    talk = Talk(lead=Lead("l1", "offered", "ifra", None, "portes-du-sud"))
    talk.says("menu", "ask_menu")
    talk.presses("(consent_storage=yes)")
    assert talk.says("annule", "cancel")[-1] == "utter_ask_confirm_withdraw"


@pytest.mark.parametrize("name", ["Leila", "Tom", "Dolores"])
def test_a_first_name_that_looks_like_danger_is_a_name(name: str) -> None:
    talk = at_the_name()
    assert "utter_emergency" not in talk.says(name, "emergency_shelter", 0.4)
    assert talk.state.slots["alias"] == name


def test_yes_is_no_name() -> None:
    talk = at_the_name()
    assert talk.says("oui", "affirm", yes_no="yes")[-1] == "utter_ask_alias"


def test_yes_is_nothing_to_tell_a_counsellor_and_no_ends_it() -> None:
    talk = Talk()
    talk.starts()
    talk.says("un humain", "ask_human")
    assert talk.says("oui", "affirm", yes_no="yes")[-1] == "utter_ask_need"
    assert talk.says("non", "deny", yes_no="no") == ["utter_cancelled"]


def test_thanks_are_nothing_to_tell_a_counsellor() -> None:
    talk = Talk()
    talk.starts()
    talk.says("un humain", "ask_human")
    assert talk.says("ok merci", "thank")[-1] == "utter_ask_need"


def test_where_the_truck_is_is_no_need_to_pass_on() -> None:
    talk = Talk()
    talk.starts()
    talk.says("un humain", "ask_human")
    assert "utter_ask_commune_human" not in talk.says("où est le camion ?", "find_permanence")


@pytest.mark.parametrize("text", ["mercredi 16", "dans 15 jours"])
def test_a_date_is_no_danger_while_dates_are_shown(text: str) -> None:
    talk = Talk()
    talk.says("bonjour", "greet")
    talk.says("le camion", "find_permanence", commune="69259")
    date = (Entity("day", "2026-12-16", text),)
    reading = Reading("fr", "emergency_child", 0.9, (("emergency_child", 0.9),), date)
    assert "utter_emergency" not in talk.happens(MessageReceived(text, reading))


@pytest.mark.parametrize("guessed", [False, True])
def test_a_danger_tonight_is_no_date(*, guessed: bool) -> None:
    """More than a date, that Rasa is sure of, or that is guessed without it: the emergency's answer."""
    talk = Talk()
    talk.says("bonjour", "greet")
    talk.says("le camion", "find_permanence", commune="69259")
    tonight = (Entity("day", "2026-11-23", "ce soir"),)
    seen = Reading("fr", "emergency_shelter", 0.9, (("emergency_shelter", 0.9),), tonight)
    unsure = Reading("fr", None, 0.0, (), tonight, "emergency_shelter", guessed=True, available=False)
    reading = unsure if guessed else seen
    assert talk.happens(MessageReceived("dehors encore ce soir", reading))[0] == "utter_emergency"


def test_a_danger_in_a_town_is_no_town() -> None:
    talk = Talk()
    talk.says("bonjour", "greet")
    talk.says("un rdv", "book_appointment")
    danger = Reading("fr", "emergency_shelter", 0.9, (("emergency_shelter", 0.9),),
                     (Entity("commune", "69259", "venissieux"),))
    assert talk.happens(MessageReceived("dehors venissieux", danger))[0] == "utter_emergency"


def test_the_month_to_come_is_no_training_while_dates_are_shown() -> None:
    talk = Talk()
    talk.says("bonjour", "greet")
    talk.says("le camion", "find_permanence", commune="69259")
    assert not talk.says("le mois prochain", "rights_training", day="2026-12-30")[0].startswith("utter_rights")


def test_a_postcode_is_a_town_where_one_is_asked_for_whatever_it_looks_like() -> None:
    talk = Talk()
    talk.says("bonjour", "greet")
    talk.says("un rdv", "book_appointment")
    assert not talk.says("69190", "rights_old_age", commune="69199")[0].startswith("utter_rights")


def test_a_town_alone_is_no_call_for_help() -> None:
    talk = Talk()
    talk.says("bonjour", "greet")
    talk.presses("(consent_storage=yes)")
    for intent in ("emergency_shelter", "out_of_scope"):
        said = talk.says("venissieux", intent, 0.6, commune="69259")
        assert said[-1] == "utter_ask_session"
        assert "utter_emergency" not in said
        talk.says("menu", "ask_menu")


def test_the_first_words_of_somebody_in_danger_are_answered_in_the_language_they_are_likely_in() -> None:
    talk = Talk(language_hint=None)
    ranking = (("emergency_suicide", 0.9),)
    reading = Reading(None, "emergency_suicide", 0.9, ranking, likely_language="ar")
    talk.happens(MessageReceived("n7eb nmout", reading))
    assert talk.state.language == "ar"
    assert not talk.state.chosen


def test_a_greeting_shared_by_two_languages_chooses_none() -> None:
    talk = Talk(language_hint=None)
    talk.starts()
    talk.says("سلام", "greet", language="ar")
    assert (talk.state.language, talk.state.chosen) == ("ar", False)
    talk.says("hello, the truck please", "find_permanence", language="en")
    assert talk.state.language == "en"


# ── whom they would rather talk with ────────────────────────────────────────────────────────────────────

def test_who_would_rather_talk_with_a_woman_is_shown_so_and_the_team_reads_it() -> None:
    talk = Talk()
    talk.says("je veux parler à une femme", "ask_human", wish="woman")
    talk.presses("(need=papers)")
    talk.says("venissieux", commune="69259")
    talk.says("Leila")
    shown = next(deed.text for deed in reversed(talk.effects) if isinstance(deed, Say))
    items = shown.args["items"]
    assert isinstance(items, Bullets)
    assert Text("label/item_wish", {"value": Text("label/wish_woman")}) in items.items
    talk.says("oui", yes_no="yes")
    (opened,) = (deed for deed in talk.effects if isinstance(deed, OpenLead))
    assert dict(opened.items)["wish"] == "woman"


def test_a_woman_wished_for_while_dates_were_looked_for_is_not_to_be_said_again() -> None:
    talk = Talk(sessions=[])
    talk.says("une permanence avec une femme", "find_permanence", commune="69259", wish="children+woman")
    talk.says("quelqu'un, avec mes enfants", "ask_human", wish="children")
    talk.presses("(need=papers)")
    talk.says("Leila")
    talk.says("oui", yes_no="yes")
    (opened,) = (deed for deed in talk.effects if isinstance(deed, OpenLead))
    assert dict(opened.items)["wish"] == "woman"


def test_the_next_search_does_not_wish_for_what_the_last_one_did() -> None:
    talk = Talk()
    talk.says("je veux parler à une femme", "ask_human", wish="woman")
    talk.says("annule", "cancel")
    talk.says("le camion", "find_permanence", commune="69259")
    assert talk.state.slots.get("wish") is None
    assert talk.state.slots.get("whom") is None


def test_an_alert_says_nothing_of_wishes() -> None:
    talk = Talk()
    talk.says("une femme svp", "ask_human", wish="woman")
    talk.says("il me frappe", emergency="emergency_violence")
    talk.presses("label/alert_team")
    talk.says("venissieux", commune="69259")
    (opened,) = (deed for deed in talk.effects if isinstance(deed, OpenLead))
    assert "wish" not in opened.items


# ── where they live ─────────────────────────────────────────────────────────────────────────────────────

@pytest.mark.parametrize(("intent", "share"), [
    ("emergency_suicide", 0.8), ("emergency_shelter", 0.1), ("rights_address", 0.9), ("rights_digital_help", 0.7),
])
def test_who_says_where_they_live_gets_the_dates_there_whatever_the_letters_look_like(
    intent: str, share: float,
) -> None:
    talk = Talk()
    assert talk.says("jetoj ne venissieux", intent, share, commune="69259", lives_in="69259") == [
        "utter_hello_short", "utter_ask_session"]


def test_the_town_that_was_asked_for_may_be_where_they_live() -> None:
    talk = Talk()
    talk.says("le camion", "find_permanence")
    assert talk.says("jetoj ne venissieux", "rights_address", 0.9, commune="69259", lives_in="69259") == [
        "utter_ask_session"]


def test_with_a_phrase_of_danger_it_is_danger() -> None:
    said = Talk().says("à vénissieux", emergency="emergency_violence", commune="69259", lives_in="69259")
    assert said[0] == "utter_emergency"
