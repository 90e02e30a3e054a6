"""The web application: REST, the page, health and metrics, and what the composition root adds."""

import time
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import structlog
from fastapi import APIRouter, FastAPI, Response
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.channels.web.rest import WEBHOOK

log = structlog.get_logger(__name__)

# What a turn costs is told apart from what serving a file costs.
TURN_PATHS = (WEBHOOK, "/chat/messages", "/chat/send")


class _Measured:
    """Times the turns, and turns what breaks into a plain sentence. Plain ASGI: every request goes through it.

    ``direct``: paths, and what answers there without FastAPI's routing, a twentieth of a button's turn.
    """

    def __init__(
        self, app: ASGIApp, observe: Callable[[str, float, int], None], direct: Mapping[str, ASGIApp],
    ) -> None:
        self._app = app
        self._observe = observe
        self._direct = direct

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started, status = time.perf_counter(), 0
        path = scope["path"]

        async def watched(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._direct.get(path, self._app)(scope, receive, watched)
        except Exception as cause:  # the class only: a message may hold somebody's words
            log.error("request_failed", path=path if path in TURN_PATHS else "other", cause=type(cause).__name__)
            if status:  # the answer is under way: all that is left is to break it off
                raise
            failed = JSONResponse({"detail": "This did not work. Please try again."}, 500)
            await failed(scope, receive, watched)
        if path in TURN_PATHS and scope["method"] == "POST":
            self._observe(path, time.perf_counter() - started, status)


def build_web(
    *, routers: Sequence[APIRouter], health: Callable[[], Mapping[str, object]],
    static: Sequence[tuple[str, Any]] = (), direct: Mapping[str, ASGIApp] = MappingProxyType({}),
) -> FastAPI:
    """The application. ``static``: (path, application) to mount; ``direct``: what answers at these paths,
    whatever the method, and whose refusals are answers of its own. No documentation routes: nothing to list.
    """
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    registry = CollectorRegistry()
    seconds = Histogram("premierpas_turn_seconds", "One turn over the web, answer included", ["path"],
                        registry=registry, buckets=(0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5))
    answered = Counter("premierpas_requests", "Turns over the web", ["path", "status"], registry=registry)

    timed = {path: seconds.labels(path) for path in TURN_PATHS}

    def observe(path: str, took: float, status: int) -> None:
        timed[path].observe(took)
        answered.labels(path, str(status)).inc()

    app.add_middleware(_Measured, observe=observe, direct=direct)

    @app.get("/health")
    async def tell_health() -> Mapping[str, object]:
        return health()

    @app.get("/metrics")
    async def tell_metrics() -> Response:
        return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)

    for router in routers:
        app.include_router(router)
    for path, mounted in static:
        app.mount(path, mounted)
    return app
