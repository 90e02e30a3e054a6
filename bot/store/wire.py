"""Inbound updates and rendered messages as JSON values, and back. Stored sealed, never shown."""

from dataclasses import asdict, fields
from datetime import datetime
from typing import Any

from bot.inbound import (
    Blocked,
    Content,
    Deleted,
    Edited,
    Inbound,
    Located,
    Media,
    Position,
    Press,
    Start,
    Words,
)
from bot.outbound import Attachment, Button, CalendarFile, Enclosed, Pin, Rendered
from bot.team_inbound import (
    Connect,
    TeamArrived,
    TeamContent,
    TeamCut,
    TeamDay,
    TeamEdited,
    TeamInbound,
    TeamLeft,
    TeamMedia,
    TeamMoved,
    TeamName,
    TeamPress,
    TeamQuiet,
    TeamWords,
)
from dialogues.enclosure import Enclosure

# The stored name of each kind is a contract with rows already written: renaming a class must not change it.
_CONTENT: dict[str, type[Content]] = {
    "words": Words, "press": Press, "start": Start, "media": Media, "edited": Edited, "deleted": Deleted,
    "blocked": Blocked, "located": Located,
}
_TEAM: dict[str, type[TeamContent]] = {
    "connect": Connect, "team_day": TeamDay, "team_arrived": TeamArrived, "team_press": TeamPress,
    "team_words": TeamWords, "team_cut": TeamCut,
    "team_media": TeamMedia, "team_moved": TeamMoved, "team_left": TeamLeft,
    "team_quiet": TeamQuiet, "team_edited": TeamEdited, "team_name": TeamName,
}
_KINDS = {kind: name for name, kind in [*_CONTENT.items(), *_TEAM.items()]}


def kind_of(inbound: Inbound | TeamInbound) -> str:
    """The stored name of what came in. Raises ValueError for a position: those are never stored."""
    if isinstance(inbound.content, Position):
        raise ValueError("a shared position must be turned into a commune before it reaches the store")
    return _KINDS[type(inbound.content)]


def inbound_to_json(inbound: Inbound | TeamInbound) -> dict[str, Any]:
    """All that the row's plain columns do not say of ``inbound``."""
    return {
        field.name: asdict(inbound.content) if field.name == "content" else getattr(inbound, field.name)
        for field in fields(inbound) if field.name not in ("channel", "received_at")
    }


def inbound_from_json(
    channel: str, kind: str, received_at: datetime, body: dict[str, Any],
) -> Inbound | TeamInbound:
    """The update that ``inbound_to_json`` was given."""
    rest = {name: value for name, value in body.items() if name != "content"}
    if kind in _TEAM:
        return TeamInbound(channel=channel, received_at=received_at, content=_team(kind, body["content"]), **rest)
    content = content_from_json(kind, body)
    return Inbound(channel=channel, received_at=received_at, content=content, **rest)


def content_from_json(kind: str, body: dict[str, Any]) -> Content:
    """What the person did, from a row that ``inbound_to_json`` made."""
    return _CONTENT[kind](**_nested(body["content"]))


def _team(kind: str, content: dict[str, Any]) -> TeamContent:
    content = _nested(content)
    if content.get("point") is not None:
        content["point"] = tuple(content["point"])
    return _TEAM[kind](**content)


def _nested(content: dict[str, Any]) -> dict[str, Any]:
    """``content`` with its enclosure read."""
    return content | {"enclosure": enclosure_from_json(content["enclosure"])} if "enclosure" in content else content


def enclosure_from_json(body: dict[str, Any] | None) -> Enclosure | None:
    """The enclosure that ``asdict`` wrote."""
    return Enclosure(**body) if body else None


def rendered_to_json(rendered: Rendered) -> dict[str, Any]:
    """A message in its final words."""
    body: dict[str, Any] = {"text": rendered.text, "language": rendered.language, "speaker": rendered.speaker,
            "name": rendered.name, "buttons": [[button.title, button.payload] for button in rendered.buttons]}
    match rendered.attachment:
        case Pin():
            body["pin"] = asdict(rendered.attachment)
        case CalendarFile():
            body["calendar_file"] = asdict(rendered.attachment)
        case Enclosed():
            body["enclosed"] = asdict(rendered.attachment)
    return body


def rendered_from_json(body: dict[str, Any]) -> Rendered:
    """The message that ``rendered_to_json`` was given."""
    buttons = tuple(Button(title, payload) for title, payload in body["buttons"])
    attachment: Attachment | None = None
    if "pin" in body:
        attachment = Pin(**body["pin"])
    elif "calendar_file" in body:
        attachment = CalendarFile(**body["calendar_file"])
    elif "enclosed" in body:
        said = body["enclosed"]
        attachment = Enclosed(said["kind"], Enclosure(**said["enclosure"]), said["link"], said["missing"])
    return Rendered(body["text"], body["language"], buttons, body["speaker"], body["name"], attachment)
