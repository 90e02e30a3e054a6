"""The map as the rules see it, over the gazetteer."""

from dialogues.snapshot import Commune
from nlu.commune import distance_km
from nlu.communes import Gazetteer


class Map:
    """dialogues.snapshot.Geography over nlu.communes.Gazetteer."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer

    def by_insee(self, insee: str) -> Commune | None:
        """The commune with this INSEE code, or None."""
        known = self._gazetteer.by_insee(insee)
        return Commune(known.insee, known.name, known.departement, known.lat, known.lon) if known else None

    def named(self, name: str) -> Commune | None:
        """The commune that a name, or a postcode, means; None when there is none."""
        found = self._gazetteer.find(name)
        return self.by_insee(found[0].commune.insee) if found else None

    def postcodes(self, insee: str) -> tuple[str, ...]:
        """The postcodes of a commune; none when it is not known."""
        known = self._gazetteer.by_insee(insee)
        return known.postcodes if known else ()

    def distance_km(self, first: str, second: str) -> float | None:
        """Kilometres as the crow flies between two communes, None when a position is unknown."""
        one, other = self._gazetteer.by_insee(first), self._gazetteer.by_insee(second)
        return distance_km(one, other) if one and other else None

    def nearest(self, latitude: float, longitude: float) -> str | None:
        """The INSEE code of the commune nearest to a position, None outside France."""
        found = self._gazetteer.nearest(latitude, longitude)
        return found.insee if found else None
