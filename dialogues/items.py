"""What is passed on to a team, shown word for word: the same list for the person and for the card."""

import hashlib
import json
from collections.abc import Mapping, Sequence

from dialogues.catalog import Catalog
from dialogues.text import Bullets, Quoted, Text

# Values that are our own words (a need chosen by button, a language) are translated; a person's are quoted.
OWN_WORDS = ("need", "language", "emergency", "wish")


def item_bullets(items: Mapping[str, str], catalog: Catalog) -> Bullets:
    """One line an item, in their order: ``label/item_<key>`` around its value."""
    return Bullets(tuple(
        Text(f"label/item_{key}", {"value": _value(key, value, catalog)}) for key, value in items.items()
    ))


def shown(lead_id: str, items: Sequence[tuple[str, str]]) -> str:
    """What a yes was said to: this request, with just these items. Another one needs another yes."""
    return hashlib.sha256(json.dumps([lead_id, *map(list, items)]).encode()).hexdigest()[:16]


def _value(key: str, value: str, catalog: Catalog) -> Text | Quoted:
    label = f"label/{value}" if key == "emergency" else f"label/{key}_{value}"
    if key in OWN_WORDS and label in catalog.messages:
        return Text(label)
    return Quoted(value)
