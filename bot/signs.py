"""« Somebody is writing to you »: shown to a person while a counsellor types, for a few seconds, never kept.

In memory: a page that listens to another process than the one the counsellor types to shows no sign. What is
written arrives all the same.
"""

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeAlias

# Telegram shows its own sign for five seconds (Bot API, sendChatAction); ours outlasts the next keystrokes.
LASTS = timedelta(seconds=6)
# Signs shown at once in this process: far more than counsellors.
REMEMBERED = 1_000

# Shows the sign to the person at this address of a channel, once.
ShowSign: TypeAlias = Callable[[str], Awaitable[None]]


@dataclass
class Signs:
    """Who is being written to. ``elsewhere``: channels that show the sign themselves, by their names."""

    now: Callable[[], datetime]
    elsewhere: Mapping[str, ShowSign] = field(default_factory=dict)
    _until: OrderedDict[tuple[str, str], datetime] = field(default_factory=OrderedDict)

    async def show(self, channel: str, address: str) -> None:
        """A counsellor types to this person now."""
        if channel in self.elsewhere:
            await self.elsewhere[channel](address)
            return
        self._until[channel, address] = self.now() + LASTS
        self._until.move_to_end((channel, address))
        if len(self._until) > REMEMBERED:
            self._until.popitem(last=False)

    def shown(self, channel: str, address: str) -> bool:
        """Whether the sign is to be shown to this person now."""
        until = self._until.get((channel, address))
        return until is not None and self.now() < until

    def end(self, channel: str, address: str) -> None:
        """What was typed has arrived."""
        self._until.pop((channel, address), None)
