"""One commune of France, and how far it is from another."""

import math
from typing import NamedTuple

TERRITORIES = frozenset({"69", "26", "28", "44", "85"})  # Lyon, Drôme, Eure-et-Loir, Loire-Atlantique, Vendée
_KM_PER_DEGREE = 111.195  # of a great circle, Earth radius 6 371 km


class Commune(NamedTuple):
    """One commune: INSEE code, official name, postcodes, département code, inhabitants, and its town hall's
    place in degrees (WGS 84), None where the source has none. A tuple: there are 35 000 to make at every start."""

    insee: str
    name: str
    postcodes: tuple[str, ...]
    departement: str
    population: int
    lat: float | None
    lon: float | None


def distance_km(a: Commune, b: Commune) -> float | None:
    """Kilometres as the crow flies between two town halls (haversine); None when one's place is unknown."""
    if a.lat is None or a.lon is None or b.lat is None:
        return None
    return km_from(a.lat, a.lon, b)


def km_from(lat: float, lon: float, commune: Commune) -> float:
    """Kilometres from that place (degrees) to the town hall; infinite when its place is unknown."""
    if commune.lat is None or commune.lon is None:
        return math.inf
    p, q = math.radians(lat), math.radians(commune.lat)
    h = math.sin((q - p) / 2) ** 2
    h += math.cos(p) * math.cos(q) * math.sin(math.radians(commune.lon - lon) / 2) ** 2
    return math.degrees(2 * math.asin(math.sqrt(h))) * _KM_PER_DEGREE


def weight(commune: Commune) -> tuple[bool, int]:
    """Of several that bear one name, the greatest is meant: those of the four territories, then the inhabited."""
    return commune.departement in TERRITORIES, commune.population
