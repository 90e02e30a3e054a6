"""The parts of Paris, Lyon and Marseille, which have INSEE codes of their own and are no communes.

Source: INSEE, Code officiel géographique, « arrondissements municipaux » (type ARM).
"""

from collections.abc import Mapping

# The first and the last code of the parts -> the code of the commune.
_CITIES: Mapping[tuple[int, int], str] = {
    (75101, 75120): "75056",  # Paris
    (69381, 69389): "69123",  # Lyon
    (13201, 13216): "13055",  # Marseille
}


def city_of(code: str) -> str:
    """The INSEE code of the commune that this code is a part of; the code itself when it is no such part."""
    if len(code) != 5 or not (code.isascii() and code.isdigit()):
        return code
    number = int(code)
    return next((city for (first, last), city in _CITIES.items() if first <= number <= last), code)
