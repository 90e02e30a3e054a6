"""How the page looks: whole, or as what its scripts read; its own words in the person's language."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from fastapi import Response
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader

from bot.channels.web.session import Visitor, form_proof, remember
from bot.channels.web.static_files import version
from bot.channels.web.transcript import direction, language_of, transcript, with_human
from bot.content import Content
from bot.store.values import HistoryItem
from dialogues.text import Text

HERE = Path(__file__).parent
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Permissions-Policy": "geolocation=(self)",
    "Cache-Control": "no-store",
}
WORDS = ("title", "placeholder", "send", "quit", "share_position", "offline", "retry", "machine",
         "understanding_starting", "delivered", "sending", "waiting", "you", "bot", "counsellor", "refresh",
         "below", "attach")


class Drawing:
    """Draws the page, and its answers."""

    def __init__(self, content: Content, *, secure: bool, understanding: Callable[[], bool]) -> None:
        """``secure``: whether the site is HTTPS; ``understanding``: whether free text is understood now."""
        self.content, self.secure, self.understanding = content, secure, understanding
        self.version = version()
        self.template = Environment(
            loader=FileSystemLoader(HERE / "templates"), autoescape=True
        ).get_template("chat.html")

    def words(self, language: str) -> Mapping[str, str]:
        """The page's own words."""
        return {word: self.content.text(Text(f"label/page_{word}"), language) for word in WORDS}

    def notice(self, language: str) -> str | None:
        """What the person should know now."""
        return None if self.understanding() else self.words(language)["understanding_starting"]

    def shape(
        self, messages: Sequence[Mapping[str, Any]], language: str, *, human: bool = False,
    ) -> dict[str, Any]:
        """What the page's scripts read. ``human``: a counsellor is talking, who can be sent pictures."""
        return {
            "human": human,
            "messages": list(messages), "language": language, "dir": direction(language),
            "words": self.words(language), "notice": self.notice(language),
        }

    def drawn(
        self, who: Visitor, items: Sequence[HistoryItem], default: str, *,
        refused: str | None = None, draft: str = "", status: int = 200,
    ) -> Response:
        """The whole page. ``refused``: why nothing was done, with ``draft``, what was typed, still in the box."""
        language = language_of(items, default)
        html = self.template.render(
            messages=transcript(items, self.content, language), language=language, dir=direction(language),
            csrf=form_proof(who), words=self.words(language), version=self.version,
            notice=refused or self.notice(language), draft=draft, human=with_human(items),
        )
        response = HTMLResponse(html, status, HEADERS)
        remember(response, who, secure=self.secure)
        return response

    def label(self, name: str, language: str) -> str:
        """A sentence of the page's own."""
        return self.content.text(Text(f"label/{name}"), self.offered(language))

    def offered(self, language: str) -> str:
        """The language, or French when it is not one of ours."""
        return language if language in self.content.languages else "fr"
