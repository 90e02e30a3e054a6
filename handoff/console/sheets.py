"""The console's pages for sheets: asking the person, printing, sending by mail."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from typing import Annotated
from weakref import WeakValueDictionary

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, Response

from bot.desk import Desk, sees
from bot.ports import ChannelError
from bot.store.store import Store
from bot.store.values import LeadRow, Liaison
from handoff.console.door import Door, Visitor
from handoff.console.pages import Pages

Field = Annotated[str, Form()]
# (address, reference, PDF): sends it. Raises ChannelError.
SendSheet = Callable[[str, str, bytes], Awaitable[None]]
_SAID = {"done": "C'est fait.", "sent": "La fiche est partie.",
         "once": "La fiche vient de partir à cette adresse. Elle n'y est allée qu'une fois."}
_NOT_SENT = "La fiche n'est pas partie : le serveur ne l'a pas prise. Vérifiez l'adresse, ou imprimez la fiche."
_ADDRESS = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}")


class Sheets:
    """What the routes do, each method one request."""

    def __init__(self, store: Store, desk: Desk, send: SendSheet | None) -> None:
        self._pages = Pages()
        self._door = Door(store)
        self._store = store
        self._desk = desk
        self._send = send
        self._sending: WeakValueDictionary[tuple[str, str], asyncio.Lock] = WeakValueDictionary()

    async def show(self, request: Request, ref: str, said: str = "") -> Response:
        """What was asked and answered, and the services that may be asked about."""
        found = await self._find(request, ref)
        if isinstance(found, Response):
            return found
        visitor, lead = found
        return await self._page(visitor, lead, _SAID.get(said, ""))

    async def ask(self, request: Request, ref: str, csrf: Field = "", reason: Field = "") -> Response:
        """Ask the person."""
        found = await self._find(request, ref)
        if isinstance(found, Response):
            return found
        visitor, lead = found
        if not visitor.sent(csrf):
            return self._stale()
        outcome = await self._desk.propose_liaison(lead.ref, visitor.counsellor, reason)
        if outcome.done:
            return self._pages.go(f"/console/leads/{lead.ref}/sheets?said=done")
        return await self._page(visitor, lead, self._desk.cards.outcome(outcome).text, 409)

    async def print(self, request: Request, ref: str, liaison: str) -> Response:
        """The sheet, once the person agreed."""
        found = await self._agreed(request, ref, liaison)
        if isinstance(found, Response):
            return found
        _, lead, agreed = found
        name = f"fiche-de-liaison-{lead.ref}.pdf"
        sheet = await self._desk.sheet(lead, agreed)
        if sheet is None:
            return self._nothing()
        return Response(sheet, media_type="application/pdf", headers={
            "Content-Disposition": f'inline; filename="{name}"', "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff",
        })

    async def mail(
        self, request: Request, ref: str, liaison: str, csrf: Field = "", address: Field = ""
    ) -> Response:
        """Send the sheet to the service."""
        found = await self._agreed(request, ref, liaison)
        if isinstance(found, Response):
            return found
        visitor, lead, agreed = found
        if not visitor.sent(csrf):
            return self._stale()
        address = address.strip()
        if self._send is None or not _ADDRESS.fullmatch(address):
            return await self._page(visitor, lead, "Écrivez une seule adresse, comme accueil@exemple.fr.", 422)
        sheet = await self._desk.sheet(lead, agreed)
        if sheet is None:
            return self._nothing()
        # Pressed twice, the second waits for what becomes of the first: the page that is seen is the last one.
        async with self._sending.setdefault((agreed.id, address.lower()), asyncio.Lock()):
            if not await self._desk.sending_sheet(agreed, address.lower()):
                return self._pages.go(f"/console/leads/{lead.ref}/sheets?said=once")
            try:
                await self._send(address, lead.ref, sheet)
            except (ChannelError, ValueError):  # no mail program takes that address
                await self._store.liaison_not_mailed(agreed.id, address.lower())
                return await self._page(visitor, lead, _NOT_SENT, 502)
        return self._pages.go(f"/console/leads/{lead.ref}/sheets?said=sent")

    async def _find(self, request: Request, ref: str) -> tuple[Visitor, LeadRow] | Response:
        visitor = await self._door.visitor(request)
        if visitor is None:
            return self._pages.go("/console/sign-in")
        lead = await self._store.lead(ref) if ref.isprintable() else None
        if lead is None or not sees(visitor.counsellor, lead):
            return self._nothing()
        return visitor, lead

    async def _agreed(
        self, request: Request, ref: str, liaison: str
    ) -> tuple[Visitor, LeadRow, Liaison] | Response:
        found = await self._find(request, ref)
        if isinstance(found, Response):
            return found
        visitor, lead = found
        agreed = await self._desk.liaison(lead, liaison) if liaison.isprintable() else None
        return (visitor, lead, agreed) if agreed is not None else self._nothing()

    async def _page(self, visitor: Visitor, lead: LeadRow, said: str, status: int = 200) -> HTMLResponse:
        asked = await self._store.liaisons(lead.id)
        names = {door.id: door.name for door in self._desk.doors()}
        return self._pages.page(
            "sheets.html", status, visitor=visitor, ref=lead.ref, said=said, doors=names.items(),
            by_mail=self._send is not None,
            may_ask=lead.state == "taken" and lead.conversation_id is not None,
            sheets=[(one, names.get(one.door, one.door)) for one in asked],
        )

    def _nothing(self) -> HTMLResponse:
        return self._pages.notice(404, "Rien ici", "Cette page n'existe pas, ou n'est pas celle de votre équipe.")

    def _stale(self) -> HTMLResponse:
        words = "Cette page était trop ancienne. Rien n'a été fait. Revenez à l'accueil et recommencez."
        return self._pages.notice(403, "À recommencer", words)


def build_sheets(store: Store, desk: Desk, send: SendSheet | None) -> APIRouter:
    """The sheets under ``/console/leads/…/sheets``. ``send``: None when no mail server is connected."""
    sheets = Sheets(store, desk, send)
    router = APIRouter(prefix="/console/leads", include_in_schema=False, default_response_class=HTMLResponse)
    router.add_api_route("/{ref}/sheets", sheets.show, methods=["GET"])
    router.add_api_route("/{ref}/sheets", sheets.ask, methods=["POST"])
    router.add_api_route("/{ref}/sheets/{liaison}.pdf", sheets.print, methods=["GET"])
    router.add_api_route("/{ref}/sheets/{liaison}/mail", sheets.mail, methods=["POST"])
    return router
