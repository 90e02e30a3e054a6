"""When is it an emergency, when is it understood, and what is offered in doubt."""

import pytest

from dialogues import doubt
from dialogues.reading import Reading

Ranking = tuple[tuple[str, float], ...]


def reading(*ranking: tuple[str, float], phrase: str | None = None) -> Reading:
    return Reading(intent=ranking[0][0], confidence=ranking[0][1], ranking=ranking, emergency=phrase)


@pytest.mark.parametrize(
    ("ranking", "found"),
    [
        ((("emergency_shelter", 0.5), ("rights_social_housing", 0.4)), "emergency_shelter"),
        ((("emergency_shelter", 0.13), ("rights_social_housing", 0.3)), None),
        # Two dangers that share the belief: somebody is in danger, whichever it is.
        ((("emergency_violence", 0.25), ("emergency_child", 0.24), ("complain", 0.2)), "emergency_violence"),
        ((("complain", 0.3), ("emergency_child", 0.28), ("emergency_violence", 0.2)), "emergency_child"),
        ((("rights_food", 0.9), ("emergency_medical", 0.05)), None),
    ],
)
def test_an_emergency_by_what_the_classifier_believes(ranking: Ranking, found: str | None) -> None:
    assert doubt.emergency(reading(*ranking)) == found


@pytest.mark.parametrize(
    "ranking",
    [
        (("rights_food", 0.45), ("rights_rsa", 0.2)),  # the classifier is not sure what it is about
        (("rights_food", 0.9), ("emergency_child", 0.02)),  # nor that nobody is in danger
        (("rights_mental_health", 0.99), ("emergency_suicide", 0.002)),  # sure, but of what lies next to danger
    ],
)
def test_a_phrase_of_danger_is_enough(ranking: Ranking) -> None:
    assert doubt.emergency(reading(*ranking, phrase="emergency_child")) == "emergency_child"


def test_a_phrase_of_danger_is_enough_when_nobody_else_reads() -> None:
    assert doubt.emergency(Reading(emergency="emergency_child", available=False)) == "emergency_child"


@pytest.mark.parametrize(
    "ranking",
    [
        (("rights_food", 0.99), ("emergency_child", 0.005)),
        (("rights_mental_health", 0.99), ("emergency_suicide", 0.0005)),
    ],
)
def test_a_phrase_in_a_message_that_surely_means_something_else_brings_the_numbers_only(ranking: Ranking) -> None:
    sure = reading(*ranking, phrase="emergency_child")
    assert doubt.emergency(sure) is None
    assert doubt.perhaps_danger(sure)


@pytest.mark.parametrize(("share", "perhaps"), [(0.04, False), (0.06, True), (0.3, False)])
def test_what_is_no_emergency_but_perhaps_one(share: float, perhaps: bool) -> None:
    assert doubt.perhaps_danger(reading(("rights_mental_health", 0.6), ("emergency_suicide", share))) is perhaps
