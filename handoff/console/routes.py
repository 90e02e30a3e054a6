"""The addresses of the console. What somebody may not see does not exist: 404, never 403."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, Response

from bot.clock import Clock
from bot.content import Content
from bot.desk import LONGEST_REPLY, Desk, Outcome, sees
from bot.files import Files
from bot.store.store import Store
from bot.store.values import LeadRow
from dialogues.intents import INTENTS
from handoff.console.door import LONGEST_NAME, Door, Visitor
from handoff.console.enclosures import GONE, enclosed
from handoff.console.invitations import Invitations
from handoff.console.pages import Pages
from handoff.console.views import Views, today
from handoff.leads import OVER

# Finished leads shown under the open ones.
SHOWN_OVER = 20

Field = Annotated[str, Form()]


class Console:
    """What the routes do, each method one request."""

    def __init__(self, store: Store, desk: Desk, clock: Clock, content: Content, files: Files) -> None:
        self.pages = Pages()
        self.door = Door(store)
        self._store = store
        self._desk = desk
        self._clock = clock
        self._files = files
        self._views = Views(content, desk.directory, desk.cards, desk.teams)
        self._invitations = Invitations(store, desk.directory)

    # ── signing in and out ──────────────────────────────────────────────────────────────────────────────

    async def sign_in_page(self, request: Request, code: str = "") -> Response:
        """A button to confirm: whatever opens the link to look at it does not use it up."""
        visitor = await self.door.visitor(request)
        if not code and visitor is not None:
            return self.pages.go("/console")
        return self._sign_in(code, "")

    async def sign_in(self, request: Request, code: Field = "", name: Field = "") -> Response:
        """Use the code."""
        name = " ".join(name.split())[:LONGEST_NAME]
        if not name:
            return self._sign_in(code, "Écrivez votre prénom.", 422)
        answer = self.pages.go("/console")
        if await self.door.sign_in(request, answer, code, name):
            return answer
        return self._sign_in("", "Ce lien a déjà servi, ou son délai est passé. Demandez-en un autre.", 403)

    async def sign_out(self, request: Request, csrf: Field = "") -> Response:
        """Close the session."""
        visitor = await self.door.visitor(request)
        if visitor is not None and not visitor.sent(csrf):
            return self._stale()
        answer = self.pages.go("/console/sign-in")
        await self.door.sign_out(request, answer)
        return answer

    # ── the first page ──────────────────────────────────────────────────────────────────────────────────

    async def home(self, request: Request, said: str = "") -> Response:
        """Today's appointments, and the leads by state."""
        visitor = await self.door.visitor(request)
        if visitor is None:
            return self.pages.go("/console/sign-in")
        who, now = visitor.counsellor, self._clock.now()
        start, end = today(now)
        seats = await self._store.appointments_between(start, end, [who.consortium], who.body)
        leads = await self._store.leads(who.body, [who.consortium], open_only=True)
        # Asked apart, so that many finished ones never push an open one off the list.
        everything = await self._store.leads(who.body, [who.consortium], open_only=False)
        over = sorted((lead for lead in everything if lead.state in OVER), key=lambda lead: lead.changed_at)[::-1]
        return self.pages.page(
            "home.html", visitor=visitor, where=self._where(visitor), now=self._views.when(now),
            seats=self._views.seats(seats), groups=self._views.lines(leads, now),
            over=[self._views.line(lead, now) for lead in over[:SHOWN_OVER]],
            said="C'est fait." if said == "done" else "",
            lost=await self._desk.lost.since(who.consortium, who.body),
            renewals=self._desk.renewals.lines() if visitor.admin else (),
        )

    # ── a lead ──────────────────────────────────────────────────────────────────────────────────────────

    async def lead(self, request: Request, ref: str, said: str = "") -> Response:
        """A lead: what was agreed, the thread, what can be done."""
        visitor = await self.door.visitor(request)
        if visitor is None:
            return self.pages.go("/console/sign-in")
        # What cannot be printed (a NUL) is no reference, and some databases refuse even to look for it.
        lead = await self._store.lead(ref) if ref.isprintable() else None
        if lead is None or not sees(visitor.counsellor, lead):
            return self._nothing()
        return await self._lead(visitor, lead, "C'est fait." if said == "done" else "")

    async def act(
        self, request: Request, ref: str, verb: str, csrf: Field = "", reason: Field = "", text: Field = ""
    ) -> Response:
        """One of the forms of a lead's page."""
        visitor = await self.door.visitor(request)
        if visitor is None:
            return self.pages.go("/console/sign-in")
        if not visitor.sent(csrf):
            return self._stale()
        outcome = await self._do(visitor, ref, verb, reason, text) if ref.isprintable() else None
        if outcome is None:
            return self._nothing()
        lead = await self._store.lead(ref)
        visible = lead is not None and sees(visitor.counsellor, lead)
        if outcome.done:
            page = f"/console/leads/{lead.ref}" if lead is not None and visible else "/console"
            return self.pages.go(f"{page}?said=done")
        if lead is None or not visible:
            return self._nothing()
        # Shown at once, not after a redirect: the words that did not go must not be lost.
        words = self._desk.cards.outcome(outcome).text
        return await self._lead(visitor, lead, words, 409, text)

    async def file(self, request: Request, ref: str, message: int) -> Response:
        """What was sent in a lead's thread that is not text, for those who may see the lead."""
        visitor = await self.door.visitor(request)
        if visitor is None:
            return self.pages.go("/console/sign-in")
        lead = await self._store.lead(ref) if ref.isprintable() else None
        if lead is None or not sees(visitor.counsellor, lead):
            return self._nothing()
        found = await enclosed(self._store, self._files, lead, message)
        return found or self.pages.notice(404, "Introuvable", GONE)

    async def _do(self, visitor: Visitor, ref: str, verb: str, reason: str, text: str) -> Outcome | None:
        who = visitor.counsellor
        match verb:
            case "take":
                return await self._desk.take(ref, who)
            case "refuse":
                return await self._desk.refuse(ref, who, reason)
            case "reply":
                return await self._desk.reply(ref, who, text)
            case "phrase":
                return await self._desk.phrase(ref, who, reason)
            case "note":
                return await self._desk.note(ref, who, text)
            case "back":
                return await self._desk.hand_back(ref, who)
            case "close":
                return await self._desk.close(ref, who)
            case "dates":
                return await self._desk.propose_dates(ref, who)
            case "pass":
                return await self._desk.propose_pass(ref, who, reason)
            case "stage":
                return await self._desk.came_to(ref, who, reason)
            case "outcome":
                return await self._desk.outcome(ref, who, reason)
        return None

    # ── invitations ─────────────────────────────────────────────────────────────────────────────────────

    async def invitations(self, request: Request) -> Response:
        """For admins: connect a group, invite a counsellor."""
        visitor = await self.door.visitor(request)
        if visitor is None:
            return self.pages.go("/console/sign-in")
        return await self._invite(visitor) if visitor.admin else self._nothing()

    async def invite(
        self, request: Request, csrf: Field = "", purpose: Field = "", body: Field = "", role: Field = ""
    ) -> Response:
        """Make a one-time code, shown once."""
        visitor = await self.door.visitor(request)
        if visitor is None:
            return self.pages.go("/console/sign-in")
        if not visitor.admin:
            return self._nothing()
        if not visitor.sent(csrf):
            return self._stale()
        made = await self._invitations.make(visitor.counsellor, purpose, body, role, str(request.base_url))
        if made is None:
            return await self._invite(visitor, "Choisissez une équipe de votre consortium.", status=422)
        return await self._invite(visitor, made=made)

    async def withdraw_access(self, request: Request, csrf: Field = "", counsellor: Field = "") -> Response:
        """Somebody left: their sessions end, and what they had goes back to their team."""
        visitor = await self.door.visitor(request)
        if visitor is None:
            return self.pages.go("/console/sign-in")
        if not visitor.admin:
            return self._nothing()
        if not visitor.sent(csrf):
            return self._stale()
        if not counsellor.isprintable() or not await self._desk.access.withdraw(counsellor, visitor.counsellor):
            return await self._invite(visitor, "Choisissez une autre personne de votre consortium.", status=422)
        return await self._invite(visitor, "C'est fait. Ses demandes sont de nouveau à prendre.")

    # ── what was not understood ─────────────────────────────────────────────────────────────────────────

    async def gaps(self, request: Request) -> Response:
        """For admins: messages that were not understood, without what is personal, to be given a meaning."""
        visitor = await self.door.visitor(request)
        if visitor is None:
            return self.pages.go("/console/sign-in")
        return await self._gaps(visitor) if visitor.admin else self._nothing()

    async def sort_gap(
        self, request: Request, gap: int, csrf: Field = "", intent: Field = ""
    ) -> Response:
        """What it meant, or nothing worth keeping."""
        visitor = await self.door.visitor(request)
        if visitor is None:
            return self.pages.go("/console/sign-in")
        if not visitor.admin:
            return self._nothing()
        if not visitor.sent(csrf):
            return self._stale()
        if intent and intent not in INTENTS:
            return await self._gaps(visitor, "Choisissez un sens dans la liste.", 422)
        await self._store.sort_gap(gap, intent or None)
        return self.pages.go("/console/gaps")

    # ── pieces ──────────────────────────────────────────────────────────────────────────────────────────

    async def _lead(
        self, visitor: Visitor, lead: LeadRow, said: str, status: int = 200, text: str = ""
    ) -> HTMLResponse:
        thread = await self._store.lead_thread(lead.id)
        history = await self._store.lead_history(lead.id)
        view = self._views.lead(lead, thread, history, visitor.counsellor.role, self._clock.now())
        return self.pages.page(
            "lead.html", status, visitor=visitor, lead=view, said=said, text=text, most=LONGEST_REPLY,
            reasons_to_refuse=self._views.reasons_to_refuse(), phrases=self._views.phrases(),
        )

    async def _gaps(self, visitor: Visitor, said: str = "", status: int = 200) -> HTMLResponse:
        lines = self._views.gaps(await self._store.gaps())
        return self.pages.page("gaps.html", status, visitor=visitor, said=said, gaps=lines,
                               meanings=self._views.meanings())

    def _sign_in(self, code: str, said: str, status: int = 200) -> HTMLResponse:
        return self.pages.page("sign_in.html", status, code=code, said=said, visitor=None, longest=LONGEST_NAME)

    async def _invite(
        self, visitor: Visitor, said: str = "", made: object = None, status: int = 200
    ) -> HTMLResponse:
        who = visitor.counsellor
        everybody = await self._desk.access.of(who.consortium)
        return self.pages.page(
            "invitations.html", status, visitor=visitor, said=said, made=made,
            bodies=self._invitations.bodies(who.consortium), where=self._where(visitor),
            people=[self._views.person(one) for one in everybody if one.id != who.id],
        )

    def _where(self, visitor: Visitor) -> str:
        who = visitor.counsellor
        if who.body is not None:
            return self._views.team(who.consortium, who.body)
        consortium = self._desk.directory.consortium(who.consortium)
        return consortium.name if consortium else who.consortium

    def _nothing(self) -> HTMLResponse:
        return self.pages.notice(404, "Rien ici", "Cette page n'existe pas, ou n'est pas celle de votre équipe.")

    def _stale(self) -> HTMLResponse:
        words = "Cette page était trop ancienne. Rien n'a été fait. Revenez à l'accueil et recommencez."
        return self.pages.notice(403, "À recommencer", words)


def build_console(
    store: Store, desk: Desk, clock: Clock, content: Content, files: Files | None = None,
) -> APIRouter:
    """The console under ``/console``: counsellors of one body see that body's leads, admins their consortium's."""
    console = Console(store, desk, clock, content, files or Files({}))
    router = APIRouter(prefix="/console", include_in_schema=False, default_response_class=HTMLResponse)
    router.add_api_route("", console.home, methods=["GET"])
    router.add_api_route("/sign-in", console.sign_in_page, methods=["GET"])
    router.add_api_route("/sign-in", console.sign_in, methods=["POST"])
    router.add_api_route("/sign-out", console.sign_out, methods=["POST"])
    router.add_api_route("/static/console.css", console.pages.style, methods=["GET"])
    router.add_api_route("/leads/{ref}", console.lead, methods=["GET"])
    router.add_api_route("/leads/{ref}/files/{message:int}", console.file, methods=["GET"])
    router.add_api_route("/leads/{ref}/{verb}", console.act, methods=["POST"])
    router.add_api_route("/invitations", console.invitations, methods=["GET"])
    router.add_api_route("/invitations", console.invite, methods=["POST"])
    router.add_api_route("/invitations/withdraw", console.withdraw_access, methods=["POST"])
    router.add_api_route("/gaps", console.gaps, methods=["GET"])
    router.add_api_route("/gaps/{gap}", console.sort_gap, methods=["POST"])
    return router
