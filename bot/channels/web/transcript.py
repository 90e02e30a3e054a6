"""A conversation as the page shows it: what the store remembers, as the page's messages."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from bot.clock import PARIS
from bot.content import NAMES, Content
from bot.inbound import Edited, Located, Media, Press, Start, Words
from bot.outbound import RIGHT_TO_LEFT, CalendarFile, Enclosed, Pin, Rendered
from bot.store.values import HistoryItem

# Lines of the past a page shows: an old phone has to draw them all.
SHOWN = 60
# Where the page asks for a file of its own conversation.
FILES = "/chat/file/"
# The last part of that address, for what a counsellor sent.
ENCLOSED = "piece"
# What a title in its own script is held together by.
_ISOLATES = "\u2066\u2067\u2068\u2069"


def direction(language: str) -> str:
    """How a language runs."""
    return "rtl" if language in RIGHT_TO_LEFT else "ltr"


def said(item_id: float, at: datetime, rendered: Rendered) -> dict[str, Any]:
    """A message of ours, or of a counsellor."""
    return {
        "id": item_id,
        "from": "counsellor" if rendered.speaker == "counsellor" else "bot",
        "name": rendered.name,
        "text": rendered.text,
        "language": rendered.language,
        "dir": rendered.direction,
        "at": at.astimezone(PARIS).strftime("%H:%M"),
        "buttons": [{"title": button.title, "payload": button.payload} for button in rendered.buttons],
        "link": _link(item_id, rendered),
    }


def _link(item_id: float, rendered: Rendered) -> dict[str, str] | None:
    match rendered.attachment:
        case Pin() as pin:
            return {"title": pin.link, "url": pin.url}
        case Enclosed() as enclosed if enclosed.enclosure.file:
            return {"title": enclosed.link, "url": f"{FILES}{item_id:.0f}/{ENCLOSED}"}
        case CalendarFile() as file:
            return {"title": file.link, "url": f"{FILES}{item_id:.0f}/{file.name}"}
    return None


def transcript(items: Sequence[HistoryItem], content: Content, language: str) -> list[dict[str, Any]]:
    """Both sides, oldest first. The person's lines get ids between ours, the same at every look."""
    messages: list[dict[str, Any]] = []
    titles: dict[str, str] = {}
    last, step = 0.0, 0
    for item in items:
        if isinstance(item.said, Rendered):
            last, step = float(item.id or 0), 0
            titles |= {button.payload: button.title for button in item.said.buttons}
            messages.append(said(item.id or 0, item.at, item.said))
            continue
        words = _own_words(item.said, titles, content, language)
        if words is None:
            continue
        step += 1
        messages.append({
            "id": last + step / 1000, "from": "person", "name": None, "text": words, "language": language,
            "dir": "auto", "at": item.at.astimezone(PARIS).strftime("%H:%M"), "buttons": [], "link": None,
        })
    return messages


def with_human(items: Sequence[HistoryItem]) -> bool:
    """Whether a counsellor was the last to speak: then pictures have somebody to look at them."""
    spoken = [item.said.speaker for item in items if isinstance(item.said, Rendered)]
    return bool(spoken) and spoken[-1] == "counsellor"


def language_of(items: Sequence[HistoryItem], default: str) -> str:
    """The language of the last words said by the bot, but for an offer of another language, said in that one."""
    spoken = [item.said for item in items if isinstance(item.said, Rendered)]
    return next((one.language for one in reversed(spoken) if not _offers_its_own(one)), default)


def _offers_its_own(rendered: Rendered) -> bool:
    return [button.title.strip(_ISOLATES) for button in rendered.buttons] == [NAMES.get(rendered.language)]


def _own_words(what: object, titles: dict[str, str], content: Content, language: str) -> str | None:
    match what:
        case Words(text=text) | Edited(text=text):
            return text
        case Press(payload=payload):
            return titles.get(payload, "•")
        case Located():
            return content.words("label/share_position", language)
        case Media():
            return "📎"
        case Start():
            return None
        case _:
            return None
