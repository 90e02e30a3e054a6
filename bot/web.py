"""The web application of this app: its routers, put together."""

from fastapi import APIRouter, FastAPI, Request, Response

from bot.app import App
from bot.channels.web.app import build_web
from bot.channels.web.feeds import feeds_router
from bot.channels.web.page import page_router
from bot.channels.web.rest import WEBHOOK, rest_router, rest_turns
from bot.channels.web.static_files import static_files
from handoff.console import (
    build_calendar_console,
    build_console,
    build_mail_pages,
    build_shared,
    build_sheets,
    build_typing,
)


def build(app: App) -> FastAPI:
    """REST, page, console, health, metrics, and Telegram's webhook when Telegram is connected."""
    token = app.settings.rest_token.get_secret_value() if app.settings.rest_token else None
    secure = (app.settings.public_url or "").startswith("https://")
    routers = [
        rest_router(app.store, token, links=app.file_links, files=app.files),
        page_router(
            app.turns, app.store, app.content, app.clock, secure=secure,
            understanding=lambda: app.rasa.state == "ready", files=app.files, signs=app.signs,
        ),
        # These two before the console, whose « /leads/{ref}/{verb} » would take their addresses.
        build_typing(app.store, app.signs),
        build_sheets(app.store, app.desk, app.mail.send_sheet if app.mail else None),
        build_console(app.store, app.desk, app.clock, app.content, app.files),
        build_shared(app.store, app.desk, app.content),
        build_calendar_console(app.store, app.clock, app.content, app.directory, app.geography),
        build_mail_pages(app.store, app.desk, app.clock, app.content, app.links, app.files),
        feeds_router(app.store, app.clock),
    ]
    if app.telegram is not None:
        routers.append(_telegram(app))
    turns = rest_turns(app.turns, app.clock, token, links=app.file_links)
    return build_web(routers=routers, health=app.health, static=[static_files()], direct={WEBHOOK: turns})


def _telegram(app: App) -> APIRouter:
    router = APIRouter()

    @router.post("/telegram")
    async def webhook(request: Request) -> Response:
        if app.telegram is None:
            return Response(status_code=404)
        secret = request.headers.get("x-telegram-bot-api-secret-token")
        return Response(status_code=await app.telegram.webhook(secret, await request.body()))

    return router
