"""Who cannot read finds their way by the pictograms: on one screen, each of them means one thing."""

import re
from collections import defaultdict
from dataclasses import replace

import pytest

from dialogues.effects import Say
from dialogues.events.person import ButtonPressed
from dialogues.intents import RIGHTS, THEMES
from tests.dialogues.rig import Talk, content

# What a line or a button begins with, when it is no letter, number or punctuation of a sentence.
PICTOGRAM = re.compile(r"^([^\w\s«(•¿¡\u2068]+\ufe0f?)\s")
# A place: where to go, or a meeting near the person.
SAME = frozenset({"📍"})
SCREENS = ("rights_menu", *(f"theme_{theme}" for theme in THEMES), *RIGHTS)


def meanings(intent: str, *, more: bool = False) -> dict[str, set[str]]:
    """Pictogram -> what it stands for on the screen of ``intent``, for somebody in Vénissieux."""
    talk = Talk()
    talk.state = replace(talk.state, language="fr", slots={"commune": "69259"})
    talk.happens(ButtonPressed(f"/{intent}"))
    if more:
        talk.presses("rights_more")
    said = [deed for deed in talk.effects if isinstance(deed, Say)][-1]
    shown = content().render(said.text, "fr", said.choices)
    found: dict[str, set[str]] = defaultdict(set)
    for line in (*shown.text.splitlines(), *(button.title for button in shown.buttons)):
        if (mark := PICTOGRAM.match(line)) and mark[1] not in SAME:
            found[mark[1]].add(line)
    return found


@pytest.mark.parametrize("intent", SCREENS)
def test_a_pictogram_means_one_thing_on_a_screen(intent: str) -> None:
    found = meanings(intent)
    assert found
    assert {mark: lines for mark, lines in found.items() if len(lines) > 1} == {}


@pytest.mark.parametrize("topic", RIGHTS)
def test_and_on_the_screen_with_the_details_too(topic: str) -> None:
    assert {mark: lines for mark, lines in meanings(topic, more=True).items() if len(lines) > 1} == {}
