"""The server itself: HTTP on loopback around the World."""

import asyncio
import contextlib
import socket
from collections.abc import Iterator
from typing import Any

import httpx
import uvicorn
from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse
from uvicorn.protocols.http.h11_impl import H11Protocol

from tests.bot_api.actors import Group, Person
from tests.bot_api.methods import METHODS
from tests.bot_api.world import Chat, Json, Refusal, World


class BotApi(World):
    """A running Bot API server. ``url`` is what TELEGRAM_API_URL takes; ``token`` the only one it knows."""

    url: str = ""

    def user(self, id: int, first_name: str = "Amal", language_code: str | None = "ar") -> Person:  # noqa: A002
        """Somebody who has opened a chat with the bot (the same one when asked again)."""
        return Person(self, self.chats.setdefault(id, Chat(id, "private", first_name, language_code)))

    def group(self, id: int, title: str = "Équipe", *, forum: bool = False, kind: str = "supergroup") -> Group:  # noqa: A002
        """A group that the bot is in; its id is negative, as Telegram's are."""
        return Group(self, self.chats.setdefault(id, Chat(id, kind, title, forum=forum)))

    async def start(self) -> None:
        self._site = Site(_app(self))
        self.url = self._site.url

    async def stop(self) -> None:
        self.closing = True
        self.wake()
        await self._site.stop()

    async def deliver(self) -> list[int]:
        """Post the waiting updates to the webhook, as Telegram does; the statuses. A 2xx confirms."""
        hook = self.webhook or {}
        headers = {"X-Telegram-Bot-Api-Secret-Token": hook["secret_token"]} if hook.get("secret_token") else {}
        statuses = []
        async with httpx.AsyncClient(trust_env=False) as client:
            for update in list(self.updates):
                answer = await client.post(hook["url"], json=update, headers=headers)
                statuses.append(answer.status_code)
                if answer.is_success:
                    self.updates.remove(update)
        return statuses


class Site:
    """An ASGI app served on loopback from now on, in this event loop, until ``stop``."""

    def __init__(self, app: FastAPI) -> None:
        listening = socket.create_server(("127.0.0.1", 0))  # listens at once: no need to wait for uvicorn
        self.url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        self._server = _Server(uvicorn.Config(app, http=_Silent, lifespan="off", log_config=None))
        self._serving = asyncio.create_task(self._server.serve(sockets=[listening]))

    async def stop(self) -> None:
        """Stop, without waiting for clients to hang up."""
        self._server.should_exit = True
        self._server.force_exit = True
        await self._serving


class _Silent(H11Protocol):
    """No access log: it would write the token, and the logs under test are the bot's, not this server's."""

    def __init__(self, *args: Any, **options: Any) -> None:  # noqa: ANN401 - uvicorn's own
        super().__init__(*args, **options)
        self.access_log = False


class _Server(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave Ctrl-C to the test run."""
        yield


def _app(world: World) -> FastAPI:
    app = FastAPI(openapi_url=None)

    @app.api_route("/bot{token}/{method}", methods=["GET", "POST"])
    async def call(token: str, method: str, request: Request) -> Response:
        if token != world.token:
            return _refused(Refusal(401, "Unauthorized"))
        if method not in METHODS:
            return _refused(Refusal(404, "Not Found: method not found"))
        try:
            params = await _params(request)
            world.calls.append((method, params))
            fault = world.next_fault(method)
            if fault is not None and not fault.after:
                raise Refusal(fault.status, fault.description, fault.parameters)
            result = await METHODS[method](world, params)
            if fault is not None:
                raise Refusal(fault.status, fault.description, fault.parameters)
        except Refusal as refusal:
            return _refused(refusal)
        finally:
            world.wake()
        return JSONResponse({"ok": True, "result": result})

    @app.get("/file/bot{token}/files/{name}")
    async def download(token: str, name: str) -> Response:
        if token != world.token or name not in world.files:
            return _refused(Refusal(404, "Not Found"))
        return Response(world.files[name], media_type="application/octet-stream")

    return app


def _refused(refusal: Refusal) -> Response:
    said: Json = {"ok": False, "error_code": refusal.status, "description": refusal.description}
    if refusal.parameters:
        said["parameters"] = refusal.parameters
    return JSONResponse(said, status_code=refusal.status)


async def _params(request: Request) -> Json:
    """The parameters, in any of the four ways: query, JSON, form, multipart (files as bytes)."""
    params: Json = dict(request.query_params)
    kind = request.headers.get("content-type", "")
    if kind.startswith("application/json"):
        try:
            body = await request.json()
        except ValueError:
            raise Refusal(400, "Bad Request: can't parse JSON object") from None
        if not isinstance(body, dict):
            raise Refusal(400, "Bad Request: object expected")
        return params | body
    if "form" in kind:
        for name, value in (await request.form()).multi_items():
            params[name] = value if isinstance(value, str) else await value.read()
    return params
