"""A team's name stands in a sentence as it is written: no word around it may ask for another case."""

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

LOCALES = Path(__file__).parents[2] / "locales"
# Words after which a name takes an ending: its translation has one form only.
GOVERNING = {"ru": "у|в|к|от|с|для|передам|передано", "uk": "у|в|до|від|з|для|передам|передано"}


@pytest.mark.parametrize("language", sorted(GOVERNING))
def test_no_preposition_stands_before_a_teams_name(language: str) -> None:
    bad = re.compile(rf"\b({GOVERNING[language]}) \{{team\}}", re.IGNORECASE)
    with (LOCALES / f"{language}.po").open("rb") as file:
        found = [message.context for message in read_po(file)
                 if isinstance(message.string, str) and bad.search(message.string)]
    assert found == []
