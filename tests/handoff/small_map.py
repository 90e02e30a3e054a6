"""A small map: real INSEE codes, places to two decimals."""

import math
from dataclasses import dataclass

from dialogues.snapshot import Commune

COMMUNES = (
    Commune("69259", "Vénissieux", "69", 45.70, 4.88),
    Commune("69199", "Saint-Fons", "69", 45.71, 4.85),
    Commune("69273", "Corbas", "69", 45.67, 4.90),
    Commune("69276", "Feyzin", "69", 45.67, 4.86),
    Commune("69296", "Solaize", "69", 45.64, 4.84),
    Commune("69266", "Villeurbanne", "69", 45.77, 4.88),
    Commune("26362", "Valence", "26", 44.93, 4.89),
    Commune("28088", "Châteaudun", "28", 48.07, 1.34),
    Commune("28051", "Bonneval", "28", 48.18, 1.39),
    Commune("28085", "Chartres", "28", 48.45, 1.49),
    Commune("44109", "Nantes", "44", 47.22, -1.55),
    Commune("85191", "La Roche-sur-Yon", "85", 46.67, -1.43),
    Commune("75056", "Paris", "75", 48.86, 2.35),
    Commune("28999", "Sans position", "28"),
)


@dataclass(frozen=True)
class SmallMap:
    communes: tuple[Commune, ...] = COMMUNES

    def by_insee(self, insee: str) -> Commune | None:
        return next((commune for commune in self.communes if commune.insee == insee), None)

    def distance_km(self, first: str, second: str) -> float | None:
        one, two = self.by_insee(first), self.by_insee(second)
        if one is None or two is None or one.latitude is None or two.latitude is None:
            return None
        assert one.longitude is not None
        assert two.longitude is not None
        north = (one.latitude - two.latitude) * 111.2
        east = (one.longitude - two.longitude) * 111.2 * math.cos(math.radians(one.latitude))
        return math.hypot(north, east)
