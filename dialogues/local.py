"""What differs from place to place: zones by INSEE code, and the line an answer gets there. Pure."""

from dataclasses import dataclass, field

from dialogues.snapshot import Commune


@dataclass(frozen=True, slots=True)
class Zone:
    """A département, or some communes by INSEE code. Its name is the message ``zone/<id>``."""

    id: str
    departement: str | None = None
    communes: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class LocalLine:
    """One more line of a topic's answer: the message ``key``. ``zone``: in that one only; None in all of them."""

    topic: str
    key: str
    zone: str | None = None


@dataclass(frozen=True, slots=True)
class Local:
    """All that is local. ``only``: line of a general answer -> the zone it holds in."""

    zones: tuple[Zone, ...] = ()
    lines: tuple[LocalLine, ...] = ()
    only: dict[str, str] = field(default_factory=dict)

    def zone_of(self, commune: Commune | None) -> Zone | None:
        """The zone of a commune: the one that names it before the one of its département."""
        if commune is None:
            return None
        named = next((zone for zone in self.zones if commune.insee in zone.communes), None)
        if named is not None:
            return named
        return next((zone for zone in self.zones if zone.departement == commune.department), None)

    def line(self, topic: str, zone: Zone | None) -> LocalLine | None:
        """The line of this topic there; the zone's own before the one of all zones."""
        if zone is None:
            return None
        fitting = [line for line in self.lines if line.topic == topic and line.zone in (None, zone.id)]
        return min(fitting, key=lambda line: line.zone is None, default=None)

    def holds(self, key: str, zone: Zone | None) -> bool:
        """Whether a line of the general answer holds there; anywhere, while the place is not known."""
        return zone is None or self.only.get(key, zone.id) == zone.id
