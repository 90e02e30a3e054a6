"""The chat page: served whole, conversing by forms, livelier by fetch and a long poll."""

import asyncio
import re
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse
from jinja2 import Environment, FileSystemLoader

from bot.channels.web.body import BodyTooLongError, BodyUnreadableError, read_body, read_form
from bot.channels.web.sent import LONGEST_MESSAGE, LONGEST_PAYLOAD, is_client_id, read_sent, without_controls
from bot.channels.web.session import (
    Visitor,
    form_proof,
    must_be_from_here,
    must_be_our_form,
    must_be_our_script,
    remember,
    visitor,
)
from bot.channels.web.static_files import version
from bot.channels.web.transcript import ENCLOSED, FILES, SHOWN, direction, language_of, said, transcript, with_human
from bot.clock import Clock
from bot.content import Content
from bot.files import Files, headers_for
from bot.inbound import Content as Sent
from bot.inbound import Inbound, Media, Press, Start, Words
from bot.limits import Limits
from bot.outbound import CalendarFile, Enclosed, Rendered
from bot.signs import Signs
from bot.store.errors import ConversationGone
from bot.store.store import Store
from bot.store.values import HistoryItem
from bot.turn import Turns
from dialogues.codec import decode
from dialogues.enclosure import Enclosure, MediaKind
from dialogues.text import Text

NAME = "web"
HERE = Path(__file__).parent
LONGEST_BODY = 65_536
# Without scripts nothing stops somebody from pasting a book: its beginning is read, it is not refused.
LONGEST_FORM = 1_048_576
# What a phone's camera makes, and no more: it waits in the database for the team.
LARGEST_FILE = 8 * 1024 * 1024
LONGEST_NAME = 80
ATTACHED: Mapping[str, MediaKind] = {
    "image/jpeg": "photo", "image/png": "photo", "image/webp": "photo", "application/pdf": "document",
    "audio/ogg": "voice", "audio/mpeg": "voice", "audio/mp4": "voice", "audio/webm": "voice",
}
# The largest number that a script counts exactly.
LAST_NUMBER = 2**53
LONG_POLL_SECONDS = 25.0
# Another process may have queued a message: look again so often while a page listens.
LOOK_AGAIN_SECONDS = 2.0
# One person taps fast; one address may be a whole shelter behind one box, but not a crowd without end.
PERSON_BURST, PERSON_SECONDS_EACH = 30, 1.0
# The pages of a letter at once, then one every two minutes: a script cannot fill the store by it.
FILES_BURST, FILES_SECONDS_EACH = 12, 120.0
ADDRESS_BURST, ADDRESS_SECONDS_EACH = 300, 0.1
# Last words to people who had everything erased, kept in memory in case the network lost them.
FAREWELLS = 1_000
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
_ORIGIN = re.compile(r"^[A-Za-z0-9_-]{1,64}$")


class Page:
    """The page's view of conversations."""

    def __init__(
        self, turns: Turns, store: Store, content: Content, clock: Clock, *, secure: bool,
        understanding: Callable[[], bool], pause: Callable[[float], Awaitable[None]], addresses: Limits,
        files: Files, signs: Signs,
    ) -> None:
        self.signs = signs
        self.files = files
        self.turns, self.store, self.content, self.clock = turns, store, content, clock
        self.secure, self.understanding, self.pause = secure, understanding, pause
        self.limits = Limits(PERSON_BURST, PERSON_SECONDS_EACH)
        self.files_limits = Limits(FILES_BURST, FILES_SECONDS_EACH)
        self.addresses = addresses
        self.farewells: OrderedDict[str, dict[str, Any]] = OrderedDict()
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

    async def take(self, who: Visitor, external_id: str, sent: Sent, hint: str | None) -> tuple[Rendered, ...]:
        """One turn."""
        return await self.turns.answer(
            Inbound(NAME, external_id, who.address, sent, self.clock.now(), hint)
        )

    async def show(self, request: Request) -> Response:
        """The whole page, with the conversation so far."""
        who, hint = visitor(request, self.clock), hint_of(request)
        origin = request.query_params.get("c")
        items = await self.store.history(NAME, who.address, SHOWN)
        if not items:
            self._not_too_many(request, hint or "fr")
            started = Start(origin if origin and _ORIGIN.fullmatch(origin) else None)
            await self.take(who, f"start:{who.address}:{self.clock.new_id()}", started, hint)
            items = await self.store.history(NAME, who.address, SHOWN)
        return self._drawn(who, items, self._offered(hint or "fr"))

    def _drawn(
        self, who: Visitor, items: Sequence[HistoryItem], default: str, *,
        refused: str | None = None, draft: str = "", status: int = 200,
    ) -> Response:
        language = language_of(items, default)
        html = self.template.render(
            messages=transcript(items, self.content, language), language=language, dir=direction(language),
            csrf=form_proof(who), words=self.words(language), version=self.version,
            notice=refused or self.notice(language), draft=draft, human=with_human(items),
        )
        response = HTMLResponse(html, status, HEADERS)
        remember(response, who, secure=self.secure)
        return response

    async def receive(self, request: Request) -> Response:
        """A message from the page's scripts; the same id again gets the same answer and no second turn."""
        who = visitor(request, self.clock)
        must_be_our_script(request)
        language = language_of(await self.store.history(NAME, who.address, 4), hint_of(request) or "fr")
        self._not_too_many(request, language)
        self._not_too_fast(who, language)
        client_id, sent = await self._read(request, language)
        external_id = f"{who.address}:{client_id}"
        if (farewell := self.farewells.get(external_id)) is not None:
            return JSONResponse(farewell, headers=HEADERS)
        answers = await self.take(who, external_id, sent, hint_of(request))
        items = await self.store.history(NAME, who.address, 1)
        if answers and not items:  # everything was erased: only the receipt is left to show
            now = self.clock.now()
            shape = self.shape([said(n, now, one) for n, one in enumerate(answers, 1)], answers[-1].language)
            self._keep_farewell(external_id, {**shape, "reset": True})
            response: Response = JSONResponse({**shape, "reset": True}, headers=HEADERS)
        else:
            response = await self._answered(who, client_id, language)
        remember(response, who, secure=self.secure)
        return response

    async def _answered(self, who: Visitor, client_id: str, language: str) -> Response:
        """What the person just sent, and what was said to it."""
        items = await self.store.history(NAME, who.address, SHOWN)
        language = language_of(items, language)
        messages = transcript(items, self.content, language)
        own = [place for place, message in enumerate(messages) if message["from"] == "person"]
        fresh = messages[own[-1]:] if own else messages
        if fresh and fresh[0]["from"] == "person":
            fresh[0]["client_id"] = client_id
        return JSONResponse(self.shape(fresh, language, human=with_human(items)), headers=HEADERS)

    async def attach(self, request: Request) -> Response:
        """A picture, a sound or a document for the counsellor who is talking; not kept when nobody is."""
        who = visitor(request, self.clock)
        must_be_our_script(request)
        language = language_of(await self.store.history(NAME, who.address, 4), hint_of(request) or "fr")
        self._not_too_many(request, language)
        self._not_too_fast(who, language)
        mime = request.headers.get("content-type", "").split(";")[0].strip().lower()
        client_id = request.query_params.get("id", "")
        if mime not in ATTACHED or not is_client_id(client_id):
            raise HTTPException(422, self._label("page_unreadable", language))
        state, _ = await self.store.talk(NAME, who.address)
        if state is None:
            raise HTTPException(422, self._label("page_unreadable", language))
        if decode(state).mode != "human":  # nobody would look at it: it is not even received
            await self.take(who, f"{who.address}:{client_id}", Media(ATTACHED[mime]), hint_of(request))
            return await self._answered(who, client_id, language)
        if not self.files_limits.allows(who.address, self.clock.now().timestamp()):
            raise self._wait(language)
        try:
            content = await read_body(request, LARGEST_FILE)
        except BodyTooLongError as cause:
            raise HTTPException(413, self._label("page_file_too_large", language)) from cause
        if not content:
            raise HTTPException(422, self._label("page_unreadable", language))
        name = without_controls(request.query_params.get("name", ""))[:LONGEST_NAME]
        try:
            file = await self.store.add_file(NAME, who.address, name, mime, content)
        except ConversationGone as cause:
            raise HTTPException(422, self._label("page_unreadable", language)) from cause
        sent = Media(ATTACHED[mime], Enclosure(NAME, "", file, name, mime, len(content)))
        await self.take(who, f"{who.address}:{client_id}", sent, hint_of(request))
        await self.store.drop_stray_file(file)
        return await self._answered(who, client_id, language)

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
        language = self._offered(language_of(items, hint_of(request) or "fr"))
        try:
            must_be_our_form(who, form.get("csrf", ""))
            self._not_too_many(request, language)
            self._not_too_fast(who, language)
        except HTTPException as cause:  # said on the page itself, with what was typed still in the box
            sentence = str(cause.detail) if cause.status_code == 429 else self._label("page_unreadable", language)
            return self._drawn(who, items, language, refused=sentence, draft=words, status=cause.status_code)
        if payload or words.strip():
            sent = Press(payload[:LONGEST_PAYLOAD]) if payload else Words(words)
            await self.take(who, f"{who.address}:{self.clock.new_id()}", sent, hint_of(request))
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
        language = found[-1][2].language if found else language_of(
            await self.store.history(NAME, who.address, 4), hint_of(request) or "fr")
        human = with_human(await self.store.history(NAME, who.address, SHOWN))
        if any(rendered.speaker == "counsellor" for _, _, rendered in found):
            self.signs.end(NAME, who.address)
        shape = self.shape([said(*one) for one in found], language, human=human)
        return JSONResponse({**shape, "typing": self.signs.shown(NAME, who.address)}, headers=HEADERS)

    async def file(self, request: Request, item: int, name: str) -> Response:
        """A file that was given in this very conversation; anything else is nothing."""
        who = visitor(request, self.clock)
        for one in await self.store.history(NAME, who.address, SHOWN):
            if one.id == item and isinstance(one.said, Rendered):
                match one.said.attachment:
                    case CalendarFile(name=given, content=content) if given == name:
                        return Response(content, media_type="text/calendar; charset=utf-8", headers=HEADERS)
                    case Enclosed(enclosure=enclosure) if name == ENCLOSED:
                        found = await self.files.read(enclosure)
                        if found is not None:
                            return Response(found, headers=headers_for(enclosure))
        return Response(status_code=404, headers=HEADERS)

    def _not_too_many(self, request: Request, language: str) -> None:
        """An address that opens conversation after conversation is refused, or a script would fill the store."""
        client = request.client.host if request.client else ""
        if not self.addresses.allows(client, self.clock.now().timestamp()):
            raise self._wait(language)

    def _not_too_fast(self, who: Visitor, language: str) -> None:
        if not self.limits.allows(who.address, self.clock.now().timestamp()):
            raise self._wait(language)

    def _wait(self, language: str) -> HTTPException:
        return HTTPException(429, self._label("page_too_fast", language), {"Retry-After": "2"})

    def _label(self, name: str, language: str) -> str:
        return self.content.text(Text(f"label/{name}"), self._offered(language))

    def _keep_farewell(self, external_id: str, shape: dict[str, Any]) -> None:
        self.farewells[external_id] = shape
        if len(self.farewells) > FAREWELLS:
            self.farewells.popitem(last=False)

    async def _read(self, request: Request, language: str) -> tuple[str, Sent]:
        try:
            return read_sent(await read_body(request, LONGEST_BODY))
        except BodyTooLongError as cause:
            raise HTTPException(422, self._label("page_too_long", language)) from cause
        except BodyUnreadableError as cause:
            raise HTTPException(422, self._label("page_unreadable", language)) from cause

    def _offered(self, language: str) -> str:
        return language if language in self.content.languages else "fr"


def hint_of(request: Request) -> str | None:
    """The first language the browser asks for."""
    first = re.match(r"\s*([a-zA-Z]{2})", request.headers.get("accept-language", ""))
    return first[1].lower() if first else None


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
    page = Page(
        turns, store, content, clock, secure=secure, understanding=understanding, pause=pause,
        addresses=addresses or Limits(ADDRESS_BURST, ADDRESS_SECONDS_EACH), files=files or Files({}),
        signs=signs or Signs(clock.now),
    )
    router = APIRouter()
    router.add_api_route("/", page.show, methods=["GET"], response_model=None)
    router.add_api_route("/chat/messages", page.receive, methods=["POST"], response_model=None)
    router.add_api_route("/chat/messages", page.listen, methods=["GET"], response_model=None)
    router.add_api_route(FILES + "{item:int}/{name}", page.file, methods=["GET"], response_model=None)
    router.add_api_route("/chat/files", page.attach, methods=["POST"], response_model=None)
    router.add_api_route("/chat/send", page.submit, methods=["POST"], response_model=None)
    return router
