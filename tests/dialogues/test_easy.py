"""Easy French (FALC): chosen among the languages, or by asking to say it more simply; French for all the rest."""

from dataclasses import replace
from datetime import UTC, datetime

from bot.check import easy_problems
from bot.content import NAMES, Content
from bot.translations import Translation
from dialogues.codec import decode, encode
from dialogues.effects import Say
from dialogues.events.person import ButtonPressed
from dialogues.state import EASY, State
from dialogues.text import Moment, Text
from tests.dialogues.rig import NOW, Talk, content


def easy(**texts: str) -> Content:
    words = {key.replace("__", "/"): text for key, text in texts.items()}
    return replace(content(), easy=Translation(EASY, words, ()))


def test_it_is_offered_last_and_chosen_like_a_language() -> None:
    talk = Talk()
    talk.happens(ButtonPressed("/change_language"))
    said = [deed for deed in talk.effects if isinstance(deed, Say)][-1]
    titles = [content().text(choice.title, "fr") for choice in said.choices]
    assert (titles[0], titles[-1]) == ("Français", NAMES[EASY])
    talk.presses(f"(language={EASY})")
    assert (talk.state.language, talk.state.easy, talk.state.voice) == ("fr", True, EASY)
    talk.happens(ButtonPressed('/change_language{"language":"ar"}'))
    assert (talk.state.language, talk.state.easy, talk.state.voice) == ("ar", False, "ar")


def test_not_understood_is_said_again_in_easy_words() -> None:
    talk = Talk()
    talk.state = replace(talk.state, language="fr")
    talk.happens(ButtonPressed("/rights_rsa"))
    said = [deed for deed in talk.effects if isinstance(deed, Say)][-1]
    assert Text("label/simpler") in [choice.title for choice in said.choices]
    assert talk.happens(ButtonPressed("/ask_repeat")) == ["utter_repeat", "utter_rights"]
    assert talk.state.voice == EASY
    talk.happens(ButtonPressed("/rights_rsa"))
    said = [deed for deed in talk.effects if isinstance(deed, Say)][-1]
    assert Text("label/simpler") not in [choice.title for choice in said.choices]


def test_an_answer_is_not_said_again_as_it_was_once_it_is_past_its_day() -> None:
    for language in ("fr", "ar"):
        for payload in ("/rights_rsa", '/rights_more{"topic":"rights_rsa"}'):
            talk = Talk()
            talk.state = replace(talk.state, language=language)
            talk.happens(ButtonPressed(payload))
            talk.now = datetime(2027, 4, 2, 9, tzinfo=UTC)
            assert talk.happens(ButtonPressed("/ask_repeat")) == ["utter_rights_expired"]
            assert talk.state.easy is (language == "fr")
            # What it is replaced by can be said again as often as it is asked for.
            assert talk.happens(ButtonPressed("/ask_repeat")) == ["utter_repeat", "utter_rights_expired"]


def test_in_another_language_it_is_only_said_again() -> None:
    talk = Talk()
    talk.state = replace(talk.state, language="ar")
    talk.happens(ButtonPressed("/rights_rsa"))
    talk.happens(ButtonPressed("/ask_repeat"))
    assert (talk.state.voice, talk.state.easy) == ("ar", False)


def test_easy_words_are_said_where_they_were_written_and_french_elsewhere() -> None:
    words = easy(rights_rsa__answer="Le RSA est une aide.\nC'est de l'argent : {rsa_single} par mois.")
    assert words.text(Text("rights_rsa/answer"), EASY).startswith("Le RSA est une aide.\n")
    assert "651,69" in words.text(Text("rights_rsa/answer"), EASY)
    assert words.text(Text("rights_rsa/now"), EASY) == words.text(Text("rights_rsa/now"), "fr")
    rendered = words.render(Text("utter_lead_away", {"when": Moment(NOW)}), EASY)
    assert rendered.language == "fr"
    assert "lundi 23 novembre" in rendered.text


def test_the_state_remembers_and_an_older_one_is_not_easy() -> None:
    assert decode(encode(State(language="fr", easy=True))).easy is True
    assert decode(encode(State()).replace(',"easy":false', "")).easy is False


def test_a_number_or_a_placeholder_that_changed_is_refused() -> None:
    assert easy_problems(easy(utter_lead_away="Elle revient bientôt.")) != []
    assert easy_problems(easy(utter_phrase_away="Danger ? Le 15.")) != []
    assert easy_problems(content()) == []
