"""The actions that flows name. Each is pure: it reads a Context and yields a Result."""

from collections.abc import Mapping

from dialogues.actions import appointments, consent, language, permanences, privacy, rights, team
from dialogues.world import Action

ACTIONS: Mapping[str, Action] = {
    **language.ACTIONS,
    **consent.ACTIONS,
    **permanences.ACTIONS,
    **appointments.ACTIONS,
    **team.ACTIONS,
    **rights.ACTIONS,
    **privacy.ACTIONS,
}
