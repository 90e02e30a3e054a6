"""The page behind a link in a mail: one lead, without an account. Opening it does nothing; its buttons do."""

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import HTMLResponse, Response

from bot.clock import Clock
from bot.content import Content
from bot.desk import LONGEST_REPLY, Desk, Outcome, sees
from bot.files import Files
from bot.mail_links import MAIL, Links
from bot.sealed_links import LinkRefused
from bot.store.store import Store
from bot.store.values import Counsellor, CounsellorSeed, LeadRow
from handoff.console.door import LONGEST_NAME
from handoff.console.enclosures import GONE, enclosed
from handoff.console.pages import Pages
from handoff.console.views import Views

Field = Annotated[str, Form()]
_GONE = (
    "Ce lien n'est plus valable : son délai est passé, ou la demande n'est plus à votre équipe. "
    "Un nouveau message en apportera un autre."
)


class MailPages:
    """What the routes do, each method one request."""

    def __init__(
        self, store: Store, desk: Desk, clock: Clock, content: Content, links: Links, files: Files,
    ) -> None:
        self._files = files
        self._pages = Pages()
        self._store = store
        self._desk = desk
        self._clock = clock
        self._links = links
        self._views = Views(content, desk.directory, desk.cards, desk.teams)

    async def show(self, token: str, said: str = "") -> Response:
        """The lead as it is now."""
        found = await self._open(token)
        if found is None:
            return self._gone()
        lead, who = found
        return await self._page(token, lead, who, "C'est fait." if said == "done" else "")

    async def file(self, token: str, message: int) -> Response:
        """What was sent in the thread that is not text."""
        found = await self._open(token)
        if found is None:
            return self._gone()
        return await enclosed(self._store, self._files, found[0], message) or self._pages.notice(
            404, "Introuvable", GONE)

    async def act(
        self, token: str, verb: str, name: Field = "", reason: Field = "", text: Field = ""
    ) -> Response:
        """One of the forms of the page."""
        found = await self._open(token)
        if found is None:
            return self._gone()
        lead, who = found
        first = " ".join(name.split())[:LONGEST_NAME]
        if not who.id and not first:
            words = "Écrivez votre prénom : la personne verra qui lui répond."
            return await self._page(token, lead, who, words, 422, text)
        known = await self._known(token, who, first)
        if known is None:
            return self._gone()
        if verb == "name" and first:
            await self._store.rename_counsellor(known.id, first)
            return self._pages.go(f"/mail/{token}?said=done")
        outcome = await self._do(lead.ref, known, verb, reason, text, (MAIL, self._links.open(token).address))
        if outcome is None:
            return self._gone()
        if outcome.done:
            return self._pages.go(f"/mail/{token}?said=done")
        words = self._desk.cards.outcome(outcome).text
        return await self._page(token, await self._store.lead(lead.ref) or lead, known, words, 409, text)

    async def _do(
        self, ref: str, who: Counsellor, verb: str, reason: str, text: str, here: tuple[str, str],
    ) -> Outcome | None:
        """``here``: their mailbox, which needs no mail about what they do on its page."""
        match verb:
            case "take":
                return await self._desk.take(ref, who)
            case "refuse":
                return await self._desk.refuse(ref, who, reason)
            case "reply":
                return await self._desk.reply(ref, who, text, here=here)
            case "dates":
                return await self._desk.propose_dates(ref, who)
            case "back":
                return await self._desk.hand_back(ref, who)
            case "close":
                return await self._desk.close(ref, who, here=here)
            case "stage":
                return await self._desk.came_to(ref, who, reason)
            case "outcome":
                return await self._desk.outcome(ref, who, reason, here=here)
        return None

    async def _open(self, token: str) -> tuple[LeadRow, Counsellor] | None:
        """The lead of a link and who its mailbox speaks for (without an id until they give a name)."""
        try:
            link = self._links.open(token)
        except LinkRefused:
            return None
        chat = await self._store.team_chat(MAIL, link.address)
        lead = await self._store.lead(link.ref)
        if chat is None or lead is None:
            return None
        known = await self._store.counsellor_by_author(MAIL, link.address, chat.consortium)
        who_id, name = (known.id, known.name) if known is not None else ("", "")
        who = Counsellor(who_id, chat.consortium, chat.body, "counsellor", name)
        return (lead, who) if sees(who, lead) else None

    async def _known(self, token: str, who: Counsellor, name: str) -> Counsellor | None:
        """The same, with the name they gave; None for a mailbox whose access was withdrawn."""
        address = self._links.open(token).address
        seed = CounsellorSeed(who.consortium, who.body, "counsellor", name)
        known = await self._store.counsellor_by_author(MAIL, address, who.consortium, seed)
        return replace(known, body=who.body) if known is not None else None

    async def _page(
        self, token: str, lead: LeadRow, who: Counsellor, said: str, status: int = 200, text: str = ""
    ) -> HTMLResponse:
        thread = await self._store.lead_thread(lead.id)
        view = self._views.lead(lead, thread, (), "counsellor", self._clock.now())
        return self._pages.page(
            "mail.html", status, visitor=None, token=token, lead=view, name=who.name, said=said, text=text,
            most=LONGEST_REPLY, longest=LONGEST_NAME, reasons_to_refuse=self._views.reasons_to_refuse(),
        )

    def _gone(self) -> HTMLResponse:
        return self._pages.notice(404, "Lien plus valable", _GONE)


def build_mail_pages(
    store: Store, desk: Desk, clock: Clock, content: Content, links: Links, files: Files | None = None,
) -> APIRouter:
    """The pages under ``/mail``: whoever holds a valid link acts for the mailbox it was sent to."""
    pages = MailPages(store, desk, clock, content, links, files or Files({}))
    router = APIRouter(prefix="/mail", include_in_schema=False, default_response_class=HTMLResponse)
    router.add_api_route("/{token}", pages.show, methods=["GET"])
    router.add_api_route("/{token}/files/{message:int}", pages.file, methods=["GET"])
    router.add_api_route("/{token}/{verb}", pages.act, methods=["POST"])
    return router
