"""The web application: REST, the page, health and metrics, and what the composition root adds."""

import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

import structlog
from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest

log = structlog.get_logger(__name__)

# What a turn costs is told apart from what serving a file costs.
TURN_PATHS = ("/webhooks/rest/webhook", "/chat/messages", "/chat/send")


def build_web(
    *, routers: Sequence[APIRouter], health: Callable[[], Mapping[str, object]],
    static: Sequence[tuple[str, Any]] = (),
) -> FastAPI:
    """The application. ``static``: (path, application) to mount. No documentation routes: nothing to list."""
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    registry = CollectorRegistry()
    seconds = Histogram("premierpas_turn_seconds", "One turn over the web, answer included", ["path"],
                        registry=registry, buckets=(0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5))
    answered = Counter("premierpas_requests", "Turns over the web", ["path", "status"], registry=registry)

    @app.middleware("http")
    async def measure(request: Request, go_on: Callable[[Request], Awaitable[Response]]) -> Response:
        started = time.perf_counter()
        path = request.url.path
        try:
            response = await go_on(request)
        except Exception as cause:  # the class only: a message may hold somebody's words
            log.error("request_failed", path=path if path in TURN_PATHS else "other", cause=type(cause).__name__)
            response = JSONResponse({"detail": "This did not work. Please try again."}, 500)
        if path in TURN_PATHS and request.method == "POST":
            seconds.labels(path).observe(time.perf_counter() - started)
            answered.labels(path, str(response.status_code)).inc()
        return response

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
