"""Being called by a first name or an invented one; nothing more of a name is kept."""

import pytest

from dialogues.effects import OpenLead, TellTeam
from dialogues.first_name import first_name
from dialogues.snapshot import Lead
from tests.dialogues.rig import Talk


@pytest.mark.parametrize(("typed", "kept"), [
    ("Samia", "Samia"), ("Samia Benali", "Samia"), ("  samia   BENALI ", "samia"), ("Samia, 24 ans", "Samia"),
    ("Jean-Pierre Martin", "Jean-Pierre"), ("N’Golo Traoré", "N'Golo"), ("Je m'appelle Samia Benali", "Samia"),
    ("Bonjour, je m’appelle Samia Benali et j'ai deux enfants", "Samia"), ("c'est Ali", "Ali"),
    ("Ben Smith", "Ben"), ("moi c'est Ali", "Ali"), ("my name is John Smith", "John"), ("Hello, I'm John", "John"),
    ("Abd El Kader", "Abd El Kader"),
    ("Mme Diallo", "Mme Diallo"), ("اسمي سامية بن علي", "سامية"), ("عبد الرحمن بن علي", "عبد الرحمن"),
    ("меня зовут Анна Петрова", "Анна"), ("Benim adım Ahmet Yılmaz", "Ahmet"), ("me llamo Ana García", "Ana"),
    ("ስመይ ሳባ ተስፋይ", "ሳባ"), ("X", "X"), ("« Lune »", "Lune"),
    ("je ne veux pas dire", None), ("non", None), ("06 12 34 56 78", None), ("samia@example.org", None),
    ("👍", None), ("", None), ("pourquoi vous voulez savoir tout cela", None), ("a" * 300, "a" * 40),
])
def test_only_the_first_name_is_kept(typed: str, kept: str | None) -> None:
    assert first_name(typed) == kept
    if kept is not None:
        assert first_name(kept) == kept


def asked() -> Talk:
    """Somebody who is asked how to be called."""
    talk = Talk()
    talk.starts()
    talk.says("parler à quelqu'un", "ask_human")
    talk.says("mes papiers")
    assert talk.says("Vénissieux", commune="69259") == ["utter_ask_alias"]
    return talk


def given(talk: Talk) -> str | None:
    """The name the team is given."""
    talk.presses("consent_handoff=yes)")
    (lead,) = [deed for deed in talk.effects if isinstance(deed, OpenLead)]
    return lead.items.get("name")


@pytest.mark.parametrize(("typed", "name"), [("Samia Benali", "Samia"), ("non merci", None)])
def test_the_family_name_goes_nowhere(typed: str, name: str | None) -> None:
    talk = asked()
    assert talk.says(typed) == ["utter_ask_consent_handoff"]
    assert "Benali" not in str(talk.state)
    assert given(talk) == name


def test_another_name_before_it_is_passed_on() -> None:
    talk = asked()
    talk.says("Samia Benali")
    assert talk.presses("/change_alias") == ["utter_ask_alias"]
    assert talk.says("Lune") == ["utter_resume", "utter_ask_consent_handoff"]
    assert given(talk) == "Lune"


@pytest.mark.parametrize("typed", ["prenom", "Prénom", "changer mon prénom"])
def test_another_name_at_any_time(typed: str) -> None:
    talk = Talk()
    talk.starts()
    assert talk.says(typed) == ["utter_ask_alias"]
    assert talk.says("Samia Benali") == ["utter_alias_noted"]
    assert talk.state.slots["alias"] == "Samia"
    assert talk.says(typed) == ["utter_ask_alias"]
    assert talk.presses("alias=unsaid)") == ["utter_deny"]


def test_the_team_that_has_the_request_is_told() -> None:
    talk = Talk(lead=Lead("l1", "offered", "ifra", None, "portes-du-sud"))
    talk.starts()
    talk.says("prénom")
    assert talk.says("Samia Benali") == ["utter_alias_told"]
    (told,) = [deed for deed in talk.effects if isinstance(deed, TellTeam)]
    assert (told.text.key, str(told.text.args["name"])) == ("utter_team_alias", "Quoted(words='Samia')")


def test_nobody_is_said_to_be_told_of_a_request_that_no_team_has() -> None:
    talk = Talk(lead=Lead("l1", "unowned", "ifra", None, "portes-du-sud"))
    talk.starts()
    talk.says("prénom")
    assert talk.says("Samia") == ["utter_alias_noted"]
    assert not any(isinstance(deed, TellTeam) for deed in talk.effects)


@pytest.mark.parametrize("words", ["Tue Moi", "Leila meurt", "je m'appelle Mourir"])
def test_a_danger_that_the_classifier_sees_is_no_name(words: str) -> None:
    talk = asked()
    said = talk.says(words, "emergency_suicide", 0.6)
    assert said[0] == "utter_emergency"
    assert "utter_perhaps_danger" not in said
