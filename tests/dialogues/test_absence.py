"""At night, or after months, what is written to a human is not left without a word: once, and never over a talk."""

from dataclasses import replace
from datetime import timedelta

from dialogues.effects import RelayToTeam, Say
from dialogues.events.person import MediaReceived
from dialogues.events.team import CounsellorWrote, LeadTaken
from dialogues.snapshot import Lead
from dialogues.text import Moment
from tests.dialogues.rig import NOW, Talk

BACK = NOW + timedelta(hours=10)


def talk_with_nadia() -> Talk:
    talk = Talk(lead=Lead("l1", "taken", "ifra", "Nadia", "portes-du-sud"))
    talk.starts()
    talk.happens(LeadTaken("l1", "Nadia"))
    return talk


def night(talk: Talk, after: timedelta = timedelta(hours=8)) -> None:
    assert talk.lead is not None
    talk.now, talk.lead = talk.now + after, replace(talk.lead, back_at=BACK)


def test_who_writes_at_night_hears_when_somebody_is_there_again_and_is_still_read() -> None:
    talk = talk_with_nadia()
    night(talk)
    talk.effects.clear()
    assert talk.says("il y a quelqu'un ?") == ["utter_lead_back_at"]
    assert [deed.text for deed in talk.effects if isinstance(deed, RelayToTeam)] == ["il y a quelqu'un ?"]
    assert [deed.text.args["when"] for deed in talk.effects if isinstance(deed, Say)] == [Moment(BACK)]
    assert talk.says("j'ai peur") == []  # not at each line
    talk.now += timedelta(hours=2)
    assert talk.happens(MediaReceived("voice")) == ["utter_media_human", "utter_lead_back_at"]


def test_who_answers_out_of_hours_is_there() -> None:
    talk = talk_with_nadia()
    night(talk)
    talk.happens(CounsellorWrote("l1", "Nadia", "Je suis encore là"))
    talk.now += timedelta(minutes=20)
    assert talk.says("merci, et pour demain ?") == []


def test_thanks_and_the_day_need_no_such_word() -> None:
    talk = talk_with_nadia()
    talk.now += timedelta(hours=3)
    assert talk.says("et le papier ?") == []
    night(talk)
    assert talk.says("merci", "thank") == []


def test_in_an_emergency_the_numbers_come_first() -> None:
    talk = talk_with_nadia()
    night(talk)
    said = talk.says("il me frappe", emergency="emergency_violence")
    assert said == ["utter_emergency", "utter_lead_back_at"]


def test_who_comes_back_after_months_hears_who_reads_them_and_how_to_have_the_machine() -> None:
    talk = talk_with_nadia()
    talk.now += timedelta(days=60)
    assert talk.says("bonjour je cherche une permanence") == ["utter_lead_taken_already"]
    assert talk.says("vous êtes là ?") == []
    talk.presses("talk_to_machine")
    assert talk.says("je cherche une permanence", "find_permanence") != []


def test_a_yes_after_it_takes_nothing_back() -> None:
    talk = talk_with_nadia()
    talk.says("je ne veux plus", "withdraw_lead")
    night(talk)
    talk.says("attendez")
    talk.effects.clear()
    talk.says("oui", "affirm", yes_no="yes")
    assert any(isinstance(deed, RelayToTeam) for deed in talk.effects)
    assert talk.state.mode == "human"
