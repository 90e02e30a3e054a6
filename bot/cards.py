"""A lead's card, as a team's group reads it. Always French."""

from collections.abc import Mapping
from typing import TypeAlias

from bot.content import Content
from bot.outbound import Button, Rendered
from dialogues.items import item_bullets
from dialogues.text import Bullets, Quoted, Text

# What is passed on, in order; as pairs a key may come twice: a later request added to it.
Items: TypeAlias = Mapping[str, str] | tuple[tuple[str, str], ...]
# A forum topic's title may be this long (Bot API, createForumTopic).
LONGEST_TOPIC = 128


def offered(
    content: Content, ref: str, items: Items, reasons: tuple[str, ...], urgent: str | None
) -> Rendered:
    """A lead that nobody has taken yet, with its two buttons."""
    text = _card(content, "utter_team_card", ref, items, reasons, urgent)
    return Rendered(text, "fr", (
        Button(content.words("utter_team_take", "fr"), f"/lead take {ref}"),
        Button(content.words("utter_team_refuse", "fr"), f"/lead refuse {ref}"),
    ), "team")


def joined(
    content: Content, ref: str, items: Items, reasons: tuple[str, ...], urgent: str | None
) -> Rendered:
    """A further need of somebody whose lead is taken already: told in its thread, nothing to take."""
    return Rendered(_card(content, "utter_team_joined", ref, items, reasons, urgent), "fr", (), "team")


def topic(content: Content, ref: str, items: Mapping[str, str], urgent: str | None) -> str:
    """The title of a lead's topic: nothing that says who the person is."""
    need = content.words(f"label/{urgent}", "fr") if urgent else items.get("commune", "")
    return f"{ref} {need}".strip()[:LONGEST_TOPIC]


def _card(
    content: Content, key: str, ref: str, items: Items, reasons: tuple[str, ...], urgent: str | None
) -> str:
    pairs = items.items() if isinstance(items, Mapping) else items
    lines = tuple(line for name, value in pairs for line in item_bullets({name: value}, content.catalog).items)
    return content.text(Text(key, {
        "ref": Quoted(ref),
        "items": Bullets(lines),
        "reasons": Bullets(tuple(Quoted(reason) for reason in reasons)),
        "urgent": Text("utter_team_urgent", {"what": Text(f"label/{urgent}")}) if urgent else "",
    }), "fr").strip()
