"""What differs from place to place: zones by INSEE code, and the line an answer gets there. Pure."""

from dataclasses import dataclass, field
from datetime import date

from dialogues.snapshot import Commune


@dataclass(frozen=True, slots=True)
class Zone:
    """A département, or some communes by INSEE code. Its name is the message ``zone/<id>``.

    ``within``: the zone it is a part of, and whose lines it has; ``own``: the topics it decides of itself.
    """

    id: str
    departement: str | None = None
    communes: frozenset[str] = frozenset()
    within: str | None = None
    own: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class LocalLine:
    """One more line of a topic's answer: the message ``key``. ``zone``: in that one only; None in all of them.

    ``expires_on``: its last day; it is left out afterwards, until somebody has checked it again.
    """

    topic: str
    key: str
    zone: str | None = None
    expires_on: date = date.max


@dataclass(frozen=True, slots=True)
class Local:
    """All that is local. ``only``: line of a general answer -> where it holds: zones, or départements."""

    zones: tuple[Zone, ...] = ()
    lines: tuple[LocalLine, ...] = ()
    only: dict[str, frozenset[str]] = field(default_factory=dict)

    def zone_of(self, commune: Commune | None) -> Zone | None:
        """The zone of a commune: the one that names it before the one of its département."""
        if commune is None:
            return None
        named = next((zone for zone in self.zones if commune.insee in zone.communes), None)
        if named is not None:
            return named
        return next((zone for zone in self.zones if zone.departement == commune.department), None)

    def towns(self) -> tuple[Commune, ...]:
        """A town of each zone, and one of none: what is said differs nowhere else."""
        some = (min(zone.communes, default=f"{zone.departement}000") for zone in self.zones)
        return (*(Commune(insee, "", insee[:2]) for insee in some), Commune("", "", ""))

    def speaks_of(self, topic: str) -> bool:
        """Whether anything of this topic differs from place to place."""
        return topic in {line.topic for line in self.lines} | {key.split("/")[0] for key in self.only}

    def line(self, topic: str, zone: Zone | None, today: date) -> LocalLine | None:
        """The line of this topic there: the zone's own, then that of the zone around it, then that of all zones."""
        if zone is None:
            return None
        order = [zone.id, *([zone.within] if zone.within else []), None]
        fitting = [line for line in self.lines
                   if line.topic == topic and line.zone in order and today <= line.expires_on]
        return min(fitting, key=lambda line: order.index(line.zone), default=None)

    def decides(self, topic: str, zone: Zone) -> Zone:
        """The zone that a line of this topic names: the one around it, unless the matter is its own."""
        if topic in zone.own:
            return zone
        return next((one for one in self.zones if one.id == zone.within), zone)

    def holds(self, key: str, commune: Commune | None) -> bool:
        """Whether a line of the general answer holds there; anywhere, while the place is not known."""
        where = self.only.get(key)
        if where is None or commune is None:
            return True
        zone = self.zone_of(commune)
        return commune.department in where or (zone is not None and bool({zone.id, zone.within} & where))
