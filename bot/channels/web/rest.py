"""The REST channel, compatible with Rasa's (``/webhooks/rest/webhook``): existing widgets work with it."""

import base64
import hmac
import ipaddress
import re
from collections.abc import Mapping
from typing import Any

import orjson
from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.channels.web.body import BodyTooLongError, BodyUnreadableError, read_body, read_json
from bot.channels.web.transcript import SHOWN
from bot.clock import Clock
from bot.file_links import PATH, FileLinks
from bot.files import Files, headers_for
from bot.inbound import Content, Inbound, Press, Start, Words
from bot.limits import Limits
from bot.outbound import CalendarFile, Enclosed, Pin, Rendered
from bot.store.store import Store
from bot.turn import Turns
from dialogues.enclosure import MediaKind
from dialogues.payloads import parse_offer, parse_payload

NAME = "rest"
WEBHOOK = "/webhooks/rest/webhook"
LONGEST_BODY = 65_536
LONGEST_SENDER = 200
LONGEST_MESSAGE = 4_000
# A button of ours is a few dozen characters; what is longer was typed.
LONGEST_PAYLOAD = 200
# One address may carry many senders (a widget's server): generous, but not endless.
BURST, SECONDS_EACH = 4_000, 0.002
# Widgets made for Rasa open with /session_start or /restart.
_START = re.compile(r"/(?:start|restart|session_start)(?:\s+([A-Za-z0-9_-]{1,64}))?")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f]")
# What widgets made for Rasa show by themselves; anything else is a file to open.
_SHOWN_AS: Mapping[MediaKind, str] = {"voice": "audio", "video": "video"}


class BadRequestError(ValueError):
    """The request's body is not a message; the sentence says what is wrong."""


def rest_turns(
    turns: Turns, clock: Clock, token: str | None, limits: Limits | None = None, *, links: FileLinks,
) -> ASGIApp:
    """What answers at ``WEBHOOK``: on loopback only, or with ``token`` set, to whoever has it.

    ``limits``: how much one address may ask. ``links``: where what a counsellor sent is fetched.
    """
    limits = limits or Limits(BURST, SECONDS_EACH)

    async def answer(request: Request) -> Response:
        if request.method != "POST":
            raise HTTPException(405, "Send a POST.", {"Allow": "POST"})
        _let_in(request, token)
        client = request.client.host if request.client else ""
        if not limits.allows(client, clock.now().timestamp()):
            raise HTTPException(429, "Too many messages: wait a second.", {"Retry-After": "1"})
        try:
            sender, message = read_message(await read_body(request, LONGEST_BODY))
        except BodyTooLongError as cause:
            raise HTTPException(413, str(cause)) from cause
        except BadRequestError as cause:
            raise HTTPException(422, str(cause)) from cause
        inbound = Inbound(NAME, clock.new_id(), sender, content_of(message), clock.now())
        answers = [as_json(sender, rendered, links) for rendered in await turns.answer(inbound, fetches=True)]
        return Response(orjson.dumps(answers), media_type="application/json")

    async def turn(scope: Scope, receive: Receive, send: Send) -> None:
        try:
            response = await answer(Request(scope, receive))
        except HTTPException as refusal:
            response = JSONResponse({"detail": refusal.detail}, refusal.status_code, refusal.headers)
        await response(scope, receive, send)

    return turn


def rest_router(store: Store, token: str | None, *, links: FileLinks, files: Files) -> APIRouter:
    """The other routes of the channel. ``links``, ``files``: where what a counsellor sent is fetched."""
    router = APIRouter()

    @router.get(PATH + "{sealed}")
    async def file(request: Request, sealed: str) -> Response:
        """What was given in this very conversation. The address is the key: a picture's cannot carry a token."""
        if token is None:
            _must_be_local(request)
        link = links.open(sealed)
        for item in await store.history(NAME, link.sender, SHOWN) if link is not None else ():
            match item.said:
                case Rendered(attachment=Enclosed(enclosure=one)) if link is not None and one.file == link.file:
                    found = await files.read(one)
                    if found is not None:
                        return Response(found, headers=headers_for(one))
        return Response(status_code=404)

    @router.get("/webhooks/rest/")
    async def alive(request: Request) -> dict[str, str]:
        _let_in(request, token)
        return {"status": "ok"}

    return router


def read_message(body: bytes) -> tuple[str, str]:
    """(sender, message) of a request's body. Raises BadRequestError naming the field."""
    try:
        data = read_json(body)
    except BodyUnreadableError as cause:
        raise BadRequestError(str(cause)) from cause
    if not isinstance(data, dict):
        raise BadRequestError("The body must be an object with « sender » and « message ».")
    sender, message = _text(data, "sender", LONGEST_SENDER), _text(data, "message", LONGEST_MESSAGE)
    if not sender.strip():
        raise BadRequestError("« sender » is empty.")
    return sender, message


def content_of(message: str) -> Content:
    """A message that starts with "/" may be a button's payload or a start; everything else is words."""
    if match := _START.fullmatch(message.strip()):
        return Start(match[1])
    if len(message) <= LONGEST_PAYLOAD and (parse_offer(message) or parse_payload(message)):
        return Press(message)
    return Words(_CONTROL.sub(" ", message))


def as_json(sender: str, rendered: Rendered, links: FileLinks | None = None) -> dict[str, Any]:
    """One answer in Rasa's form. A counsellor's words come under their name: nothing else would tell them apart.

    What they sent comes with an address where it can be fetched: a picture as Rasa's ``image``.
    """
    text = f"👤 {rendered.name} :\n{rendered.text}" if rendered.name else rendered.text
    answer: dict[str, Any] = {"recipient_id": sender, "text": text}
    if rendered.buttons:
        answer["buttons"] = [{"title": button.title, "payload": button.payload} for button in rendered.buttons]
    match rendered.attachment:
        case Pin() as pin:
            answer["custom"] = {"venue": {
                "latitude": pin.latitude, "longitude": pin.longitude, "title": pin.title, "address": pin.address,
                "url": pin.url,
            }}
        case CalendarFile() as file:
            content = base64.b64encode(file.content.encode()).decode()
            answer["attachment"] = {
                "type": "file",
                "payload": {"name": file.name, "src": f"data:text/calendar;charset=utf-8;base64,{content}"},
            }
        case Enclosed(kind=kind, enclosure=enclosure) if enclosure.file and links is not None:
            url = links.make(sender, enclosure)
            if kind == "photo":
                answer["image"] = url
            else:
                named = {"name": enclosure.name} if enclosure.name else {}
                answer["attachment"] = {"type": _SHOWN_AS.get(kind, "file"), "payload": {**named, "src": url}}
    return answer


def _text(data: dict[str, Any], name: str, longest: int) -> str:
    value = data.get(name)
    if not isinstance(value, str):
        raise BadRequestError(f"« {name} » must be a text.")
    if len(value) > longest:
        raise BadRequestError(f"« {name} » is over {longest} characters.")
    return value


def _let_in(request: Request, token: str | None) -> None:
    if token is not None:
        header = request.headers.get("authorization", "").removeprefix("Bearer ")
        # A header's bytes come as latin-1, an address's as UTF-8.
        given = header.encode("latin-1") or request.query_params.get("token", "").encode()
        if not hmac.compare_digest(given, token.encode()):
            raise HTTPException(401, "This channel needs its token.")
        return
    _must_be_local(request)


def _must_be_local(request: Request) -> None:
    try:
        local = ipaddress.ip_address(request.client.host if request.client else "").is_loopback
    except ValueError:
        local = False
    if not local:
        raise HTTPException(403, "Without a token, this channel answers on this machine only.")
