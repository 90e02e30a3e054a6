"""Calendars to subscribe to: sessions of a place or of a team, at a secret address, nobody's data."""

import hmac
from datetime import timedelta

from fastapi import APIRouter, Request
from fastapi.responses import Response

from bot.calendar.ical import write_ical
from bot.clock import Clock
from bot.store.store import Store

# What is over stays for a while: an agenda that was away learns that something was cancelled.
BEHIND = timedelta(days=30)


def feeds_router(store: Store, clock: Clock) -> APIRouter:
    """``/calendar/<secret>.ics``; any other address is nothing."""
    router = APIRouter(include_in_schema=False)

    @router.get("/calendar/{token}.ics")
    async def feed(request: Request, token: str) -> Response:
        now = clock.now()
        async with store.calendar() as desk:
            known = next((one for one in await desk.feeds() if hmac.compare_digest(
                one.token.encode(), token.encode("utf-8", "replace"))), None)
            if known is None:
                return Response(status_code=404)
            found = await desk.stored(
                now - BEHIND, territories=[known.territory], body=known.body, place=known.place)
        latest = max((one.changed_at for one in found), default=now)
        tag = f'"{latest.timestamp():.0f}-{len(found)}-{sum(one.sequence for one in found)}"'
        headers = {"ETag": tag, "Cache-Control": "private, max-age=300", "X-Robots-Tag": "noindex"}
        if request.headers.get("if-none-match") == tag:
            return Response(status_code=304, headers=headers)
        content = write_ical(found, known.name, now)
        return Response(content, media_type="text/calendar; charset=utf-8", headers=headers)

    return router
