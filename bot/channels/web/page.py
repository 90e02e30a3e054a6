"""The chat page: served whole, conversing by forms, livelier by fetch and a long poll."""

import asyncio
import re
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import JSONResponse, RedirectResponse

from bot.channels.web.body import BodyTooLongError, BodyUnreadableError, read_body, read_form
from bot.channels.web.drawing import HEADERS, Drawing
from bot.channels.web.pace import Pace
from bot.channels.web.page_files import PageFiles
from bot.channels.web.sent import LONGEST_MESSAGE, LONGEST_PAYLOAD, read_sent, without_controls
from bot.channels.web.session import must_be_from_here, must_be_our_form, must_be_our_script, remember, visitor
from bot.channels.web.talk import NAME, Talk, hint_of
from bot.channels.web.transcript import FILES, SHOWN, language_of, said, with_human
from bot.clock import Clock
from bot.content import Content
from bot.files import Files
from bot.inbound import Content as Sent
from bot.inbound import Press, Start, Words
from bot.limits import Limits
from bot.signs import Signs
from bot.store.store import Store
from bot.turn import Turns

LONGEST_BODY = 65_536
# Without scripts nothing stops somebody from pasting a book: its beginning is read, it is not refused.
LONGEST_FORM = 1_048_576
# The largest number that a script counts exactly.
LAST_NUMBER = 2**53
LONG_POLL_SECONDS = 25.0
# Another process may have queued a message: look again so often while a page listens.
LOOK_AGAIN_SECONDS = 2.0
# Last words to people who had everything erased, kept in memory in case the network lost them.
FAREWELLS = 1_000
_ORIGIN = re.compile(r"^[A-Za-z0-9_-]{1,64}$")


class Page:
    """The page's view of conversations."""

    def __init__(
        self, store: Store, clock: Clock, talk: Talk, drawing: Drawing, pace: Pace,
        pause: Callable[[float], Awaitable[None]], signs: Signs,
    ) -> None:
        self.store, self.clock = store, clock
        self.talk, self.drawing, self.pace = talk, drawing, pace
        self.pause, self.signs = pause, signs
        self.farewells: OrderedDict[str, dict[str, Any]] = OrderedDict()

    async def show(self, request: Request) -> Response:
        """The whole page, with the conversation so far."""
        who, hint = visitor(request, self.clock), hint_of(request)
        origin = request.query_params.get("c")
        items = await self.store.history(NAME, who.address, SHOWN)
        if not items:
            self.pace.not_too_many(request, hint or "fr")
            started = Start(origin if origin and _ORIGIN.fullmatch(origin) else None)
            await self.talk.take(who, f"start:{who.address}:{self.clock.new_id()}", started, hint)
            items = await self.store.history(NAME, who.address, SHOWN)
        return self.drawing.drawn(who, items, self.drawing.offered(hint or "fr"))

    async def receive(self, request: Request) -> Response:
        """A message from the page's scripts; the same id again gets the same answer and no second turn."""
        who = visitor(request, self.clock)
        must_be_our_script(request)
        language = await self.talk.language(who, request)
        self.pace.not_too_many(request, language)
        self.pace.not_too_fast(who, language)
        client_id, sent = await self._read(request, language)
        external_id = f"{who.address}:{client_id}"
        if (farewell := self.farewells.get(external_id)) is not None:
            return JSONResponse(farewell, headers=HEADERS)
        answers = await self.talk.take(who, external_id, sent, hint_of(request))
        items = await self.store.history(NAME, who.address, 1)
        if answers and not items:  # everything was erased: only the receipt is left to show
            now = self.clock.now()
            messages = [said(n, now, one) for n, one in enumerate(answers, 1)]
            shape = self.drawing.shape(messages, answers[-1].language)
            self._keep_farewell(external_id, {**shape, "reset": True})
            response: Response = JSONResponse({**shape, "reset": True}, headers=HEADERS)
        else:
            response = await self.talk.answered(who, client_id, language)
        remember(response, who, secure=self.drawing.secure)
        return response

    async def submit(self, request: Request) -> Response:
        """A form, where scripts do not run."""
        who = visitor(request, self.clock)
        try:
            form = read_form(await read_body(request, LONGEST_FORM))
        except (BodyTooLongError, BodyUnreadableError) as cause:
            raise HTTPException(413 if isinstance(cause, BodyTooLongError) else 422, str(cause)) from cause
        must_be_from_here(request)
        payload, words = form.get("payload", ""), without_controls(form.get("message", ""))[:LONGEST_MESSAGE]
        items = await self.store.history(NAME, who.address, SHOWN)
        language = self.drawing.offered(language_of(items, hint_of(request) or "fr"))
        try:
            must_be_our_form(who, form.get("csrf", ""))
            self.pace.not_too_many(request, language)
            self.pace.not_too_fast(who, language)
        except HTTPException as cause:  # said on the page itself, with what was typed still in the box
            code = cause.status_code
            sentence = str(cause.detail) if code == 429 else self.drawing.label("page_unreadable", language)
            return self.drawing.drawn(who, items, language, refused=sentence, draft=words, status=code)
        if payload or words.strip():
            sent = Press(payload[:LONGEST_PAYLOAD]) if payload else Words(words)
            await self.talk.take(who, f"{who.address}:{self.clock.new_id()}", sent, hint_of(request))
        return RedirectResponse("/", 303, headers=HEADERS)

    async def listen(self, request: Request) -> Response:
        """Wait for what is said later (a reminder, a counsellor), up to the long poll's end.

        A sign that somebody types ends it too; with ``typing=1`` the page shows it already, and its end does.
        """
        who = visitor(request, self.clock)
        must_be_our_script(request)
        try:
            after = float(request.query_params.get("after", "0"))
        except ValueError as cause:
            raise HTTPException(422, "« after » must be a number.") from cause
        if not abs(after) <= LAST_NUMBER:
            raise HTTPException(422, f"« after » must be a number up to {LAST_NUMBER}.")
        waited = 0.0
        seen = request.query_params.get("typing") == "1"
        found = await self.store.unread(NAME, who.address, int(after))
        while (not found and self.signs.shown(NAME, who.address) == seen and waited < LONG_POLL_SECONDS
               and not await request.is_disconnected()):
            await self.pause(LOOK_AGAIN_SECONDS)
            waited += LOOK_AGAIN_SECONDS
            found = await self.store.unread(NAME, who.address, int(after))
        language = found[-1][2].language if found else await self.talk.language(who, request)
        human = with_human(await self.store.history(NAME, who.address, SHOWN))
        if any(rendered.speaker == "counsellor" for _, _, rendered in found):
            self.signs.end(NAME, who.address)
        shape = self.drawing.shape([said(*one) for one in found], language, human=human)
        return JSONResponse({**shape, "typing": self.signs.shown(NAME, who.address)}, headers=HEADERS)

    def _keep_farewell(self, external_id: str, shape: dict[str, Any]) -> None:
        self.farewells[external_id] = shape
        if len(self.farewells) > FAREWELLS:
            self.farewells.popitem(last=False)

    async def _read(self, request: Request, language: str) -> tuple[str, Sent]:
        try:
            return read_sent(await read_body(request, LONGEST_BODY))
        except BodyTooLongError as cause:
            raise HTTPException(422, self.drawing.label("page_too_long", language)) from cause
        except BodyUnreadableError as cause:
            raise HTTPException(422, self.drawing.label("page_unreadable", language)) from cause


def page_router(
    turns: Turns, store: Store, content: Content, clock: Clock, *, secure: bool, understanding: Callable[[], bool],
    pause: Callable[[float], Awaitable[None]] = asyncio.sleep, addresses: Limits | None = None,
    files: Files | None = None, signs: Signs | None = None,
) -> APIRouter:
    """The page's routes.

    ``pause``: waits so many seconds before the store is looked at again for a page that listens.
    ``addresses``: how much one network address may ask, whoever is behind it.
    ``files``: reads what counsellors sent. ``signs``: whom a counsellor is typing to.
    """
    drawing = Drawing(content, secure=secure, understanding=understanding)
    pace = Pace(drawing, clock, addresses)
    talk = Talk(turns, store, content, clock, drawing)
    page = Page(store, clock, talk, drawing, pace, pause, signs or Signs(clock.now))
    page_files = PageFiles(store, clock, files or Files({}), talk, drawing, pace)
    router = APIRouter()
    router.add_api_route("/", page.show, methods=["GET"], response_model=None)
    router.add_api_route("/chat/messages", page.receive, methods=["POST"], response_model=None)
    router.add_api_route("/chat/messages", page.listen, methods=["GET"], response_model=None)
    router.add_api_route(FILES + "{item:int}/{name}", page_files.file, methods=["GET"], response_model=None)
    router.add_api_route("/chat/files", page_files.attach, methods=["POST"], response_model=None)
    router.add_api_route("/chat/send", page.submit, methods=["POST"], response_model=None)
    return router
