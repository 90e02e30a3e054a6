"""A visitor's conversation: a turn of it, and what the page's scripts are answered."""

import re

from fastapi import Request, Response
from fastapi.responses import JSONResponse

from bot.channels.web.drawing import HEADERS, Drawing
from bot.channels.web.session import Visitor
from bot.channels.web.transcript import SHOWN, language_of, transcript, with_human
from bot.clock import Clock
from bot.content import Content
from bot.inbound import Content as Sent
from bot.inbound import Inbound
from bot.outbound import Rendered
from bot.store.store import Store
from bot.turn import Turns

NAME = "web"


class Talk:
    """Goes on with conversations."""

    def __init__(self, turns: Turns, store: Store, content: Content, clock: Clock, drawing: Drawing) -> None:
        self.turns, self.store, self.content, self.clock, self.drawing = turns, store, content, clock, drawing

    async def take(self, who: Visitor, external_id: str, sent: Sent, hint: str | None) -> tuple[Rendered, ...]:
        """One turn."""
        return await self.turns.answer(
            Inbound(NAME, external_id, who.address, sent, self.clock.now(), hint)
        )

    async def language(self, who: Visitor, request: Request) -> str:
        """The language of the last words said; before any, what the browser asks for."""
        return language_of(await self.store.history(NAME, who.address, 4), hint_of(request) or "fr")

    async def answered(self, who: Visitor, client_id: str, language: str) -> Response:
        """What the person just sent, and what was said to it."""
        items = await self.store.history(NAME, who.address, SHOWN)
        language = language_of(items, language)
        messages = transcript(items, self.content, language)
        own = [place for place, message in enumerate(messages) if message["from"] == "person"]
        fresh = messages[own[-1]:] if own else messages
        if fresh and fresh[0]["from"] == "person":
            fresh[0]["client_id"] = client_id
        return JSONResponse(self.drawing.shape(fresh, language, human=with_human(items)), headers=HEADERS)


def hint_of(request: Request) -> str | None:
    """The first language the browser asks for."""
    first = re.match(r"\s*([a-zA-Z]{2})", request.headers.get("accept-language", ""))
    return first[1].lower() if first else None
