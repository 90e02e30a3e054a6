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
        ((("emergency_shelter", 0.24), ("rights_social_housing", 0.3)), None),
        # Two dangers that share the belief: somebody is in danger, whichever it is.
        ((("emergency_violence", 0.25), ("emergency_child", 0.24), ("complain", 0.2)), "emergency_violence"),
        ((("complain", 0.3), ("emergency_child", 0.28), ("emergency_violence", 0.2)), "emergency_child"),
        ((("rights_food", 0.9), ("emergency_medical", 0.05)), None),
    ],
)
def test_an_emergency_by_what_the_classifier_believes(ranking: Ranking, found: str | None) -> None:
    assert doubt.emergency(reading(*ranking)) == found


def test_a_phrase_of_danger_is_enough_by_itself() -> None:
    assert doubt.emergency(reading(("rights_food", 0.99), phrase="emergency_child")) == "emergency_child"
