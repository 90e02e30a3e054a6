"""What understanding made of a message: the words the rules read instead of the text."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Entity:
    """A thing the person named.

    ``name``: commune (value: INSEE code), postcode, day (ISO date), hour (HH:MM), phone (E.164),
    ordinal (a 1-based number), yes_no (yes or no), language (a code of ours), spot (late, lost, here or away),
    cry (the whole message calls for help and says nothing else), lives_in (INSEE: the whole message says that
    somebody lives there), more (alone or with other words: more of what was answered last).
    """

    name: str
    value: str
    raw: str


@dataclass(frozen=True, slots=True)
class Reading:
    """One message, understood.

    ``available`` is False when the classifier could not be asked (down, late, still in training) and the words are
    no usual ones: then ``intent`` is None, and that is an outage, never "not understood".
    ``ranking``: the likeliest intents with their confidence (0 to 1), best first.
    ``language``: detected, None when not sure; then ``likely_language``, of somebody's first words, is the best
    guess. ``emergency``: one of the emergency intents or None;
    ``guessed``: no phrase of danger says it, the letters only look like one.
    """

    language: str | None = None
    intent: str | None = None
    confidence: float = 0.0
    ranking: tuple[tuple[str, float], ...] = ()
    entities: tuple[Entity, ...] = ()
    emergency: str | None = None
    guessed: bool = False
    named_language: str | None = None
    variety: str | None = None
    available: bool = True
    likely_language: str | None = None

    def entity(self, name: str) -> str | None:
        """The value of the first entity called ``name``, or None."""
        return next((entity.value for entity in self.entities if entity.name == name), None)

    def town_alone(self, text: str) -> str | None:
        """The commune (INSEE) that ``text`` names and nothing else, in no language that it tells; or None."""
        if self.language is not None:
            return None
        alone = (one.value for one in self.entities if one.name == "commune" and one.raw.strip() == text.strip())
        return next(alone, None)
