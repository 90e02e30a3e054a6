"""What became of a counsellor's act."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

# Telegram's limit is 4 096; the first name that goes before the words has to fit as well.
LONGEST_REPLY = 3_900

OutcomeKind: TypeAlias = Literal[
    "done", "yours_already", "taken_by", "take_first", "take_again_first", "moved_on", "over", "not_yours", "gone",
    "blocked", "too_long", "empty", "no_dates", "no_teams", "no_stages",
    "file_too_large", "empty_note", "correction_lost", "unchanged", "correction_beside",
    "contact_hidden", "disabled",
]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a counsellor's act. ``name``: who has the lead, for taken_by. ``ref``: the lead's."""

    kind: OutcomeKind
    ref: str = ""
    name: str = ""

    @property
    def done(self) -> bool:
        """Whether it was carried out (yours_already: nothing was left to do)."""
        return self.kind in ("done", "yours_already")
