"""Which answers, and which lines of them, must be read again by a day, or should have been. Pure."""

from dataclasses import dataclass
from datetime import date, timedelta

from dialogues.catalog import Catalog

# How long before their day those who answer for the words are told.
WARN = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Ending:
    """An answer whose last day is ``on``; with ``line``, one message of it only, which is then left out.

    ``said``: it goes on being said past its day, as an emergency does.
    """

    topic: str
    on: date
    line: str | None = None
    said: bool = False

    def past(self, today: date) -> bool:
        """Whether that day is over."""
        return today > self.on


def endings(catalog: Catalog, today: date) -> tuple[Ending, ...]:
    """What ends within WARN of ``today``, or has ended and still stands in the files; the earliest first."""
    found = [Ending(right.topic, right.expires_on) for right in catalog.rights.values()]
    found += [Ending(one.intent, one.expires_on, said=True) for one in catalog.emergencies.values()]
    found += [Ending(line.topic, line.expires_on, line.key) for line in catalog.local.lines]
    for key in catalog.messages:
        on = catalog.ends(key)
        if on is not None:
            found.append(Ending(key.split("/")[0], on, key))
    return tuple(sorted((one for one in found if one.on - today <= WARN),
                        key=lambda one: (one.on, one.topic, one.line or "")))
