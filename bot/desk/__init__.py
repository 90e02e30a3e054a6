"""The counsellor's side of the shell: verbs on leads, and the groups of teams that say them."""

from bot.desk.desk import Desk
from bot.desk.outcomes import LONGEST_REPLY, Outcome
from bot.desk.verbs import sees

__all__ = ["LONGEST_REPLY", "Desk", "Outcome", "sees"]
