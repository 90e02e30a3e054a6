"""While a counsellor types on the console, the person sees that somebody is writing."""

from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response

from bot.desk import sees
from bot.signs import Signs
from bot.store.store import Store
from handoff.console.door import Door
from handoff.console.pages import HEADERS

SCRIPT = Path(__file__).parent / "static" / "typing.js"


def build_typing(store: Store, signs: Signs) -> APIRouter:
    """``/console/leads/{ref}/typing`` and the script that calls it; to be included before the console."""
    router = APIRouter(prefix="/console", include_in_schema=False)
    door = Door(store)
    script = SCRIPT.read_text(encoding="utf-8")

    @router.get("/static/typing.js")
    async def give_script() -> Response:
        return Response(script, media_type="text/javascript",
                        headers={**HEADERS, "Cache-Control": "public, max-age=3600"})

    @router.post("/leads/{ref}/typing")
    async def typing(request: Request, ref: str, csrf: Annotated[str, Form()] = "") -> Response:
        visitor = await door.visitor(request)
        lead = await store.lead(ref) if visitor is not None and visitor.sent(csrf) and ref.isprintable() else None
        if visitor is None or lead is None or not sees(visitor.counsellor, lead):
            return Response(status_code=404, headers=HEADERS)
        if lead.state == "taken" and lead.conversation_id is not None:
            where = await store.where_is(lead.conversation_id)
            if where is not None:
                await signs.show(*where)
        return Response(status_code=204, headers=HEADERS)

    return router
