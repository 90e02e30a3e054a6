"""The one door to lingua: what a detector for everybody says, in the moments before our own examples are learnt."""

from collections.abc import Iterable
from functools import cached_property
from typing import Any

_CODES = {
    "FRENCH": "fr", "ENGLISH": "en", "SPANISH": "es", "PORTUGUESE": "pt", "ROMANIAN": "ro", "TURKISH": "tr",
    "ALBANIAN": "sq", "RUSSIAN": "ru", "UKRAINIAN": "uk", "ARABIC": "ar", "PERSIAN": "fa",
}  # fmt: skip
_LATIN = ("FRENCH", "ENGLISH", "SPANISH", "PORTUGUESE", "ROMANIAN", "TURKISH", "ALBANIAN")


class GeneralLanguages:
    """Nothing is loaded before the first question: 50 MB, and mostly nobody asks."""

    def latin(self, text: str) -> dict[str, float]:
        """Each Latin-letter language's share of the belief; they add up to 1."""
        return _shares(self._latin, text)

    def cyrillic(self, text: str) -> dict[str, float]:
        """Russian's share and Ukrainian's."""
        return _shares(self._cyrillic, text)

    def arabic(self, text: str) -> dict[str, float]:
        """Arabic's share and Persian's."""
        return _shares(self._arabic, text)

    @cached_property
    def _latin(self) -> Any:  # noqa: ANN401  lingua ships no types
        return _detector(_LATIN)

    @cached_property
    def _cyrillic(self) -> Any:  # noqa: ANN401
        return _detector(("RUSSIAN", "UKRAINIAN"))

    @cached_property
    def _arabic(self) -> Any:  # noqa: ANN401
        return _detector(("ARABIC", "PERSIAN"))


def _detector(names: Iterable[str]) -> Any:  # noqa: ANN401
    from lingua import Language, LanguageDetectorBuilder  # slow to import

    return LanguageDetectorBuilder.from_languages(*(getattr(Language, name) for name in names)).build()


def _shares(detector: Any, text: str) -> dict[str, float]:  # noqa: ANN401
    values = detector.compute_language_confidence_values(text)
    return {_CODES[value.language.name]: float(value.value) for value in values}
