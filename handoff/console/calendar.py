"""The calendar in the console: sessions to come, the list of the day, what is changed of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, Response

from bot.calendar.rows import Towns
from bot.clock import PARIS, Clock
from bot.content import Content
from bot.desk.day import HalfDay, half_days, language_name, seat_state, seat_word
from bot.store.attendance import Outcome, begun, may_be
from bot.store.errors import CannotMove, MovedToThePast, NotTheDay
from bot.store.store import Store
from bot.store.values import BookedSeat, StoredSession
from dialogues.text import Moment
from handoff.console.calendar_file import CalendarFile
from handoff.console.changes import MoveForm, NothingChanged, SessionChanges, Unreadable
from handoff.console.door import Door, Visitor
from handoff.console.pages import Pages
from handoff.directory import Directory

SHOWN = timedelta(days=21)
# A session is still on the list this long after it began: who came is noted at the end.
JUST_OVER = timedelta(hours=36)
LATE_MINUTES = (15, 30, 45, 60)
ON_TIME = 0
OUTCOMES: Mapping[str, Outcome] = {"seen": "seen", "excused": "excused", "noshow": "noshow", "unknown": "booked"}
STATES = {"booked": "réservé", "confirmed": "a dit qu'elle vient", "seen": "est venue", "excused": "excusée",
          "noshow": "n'est pas venue", "unknown": "venue pas encore notée"}

# Why a change was refused: in the address of the page that says so, and in words.
UNCHANGED = {
    "elsewhere": "Rien n'a été changé : l'équipe est déjà ailleurs à ce moment-là.",
    "past": "Rien n'a été changé : cette heure est déjà passée.",
    "unreadable": "Rien n'a été changé : la date, l'heure ou le lieu ne se lit pas. La fin est après le début.",
    "not-yet": "Rien n'a été noté : « Est là » se note le jour même, « N'est pas venue » à partir du début.",
    "same": "Rien n'a été changé : c'est déjà ce jour, cette heure et ce lieu.",
}

Field = Annotated[str, Form()]


@dataclass(frozen=True, slots=True)
class SessionLine:
    """A session in a list. ``taken``: seats held, of ``capacity``; ``may_restore``: whether it may be held again.

    ``slots``: those of a half-day that is cut in slots, whose seats this line counts; its id is the first one's.
    """

    id: str
    when: str
    place: str
    taken: int
    capacity: int
    walk_in: int
    state: str
    sample: bool
    may_restore: bool
    slots: tuple["SessionLine", ...] = ()


@dataclass(frozen=True, slots=True)
class SeatRow:
    """Somebody on the list of the day: a code, and what they agreed to."""

    id: str
    code: str
    name: str
    language: str
    topic: str
    state: str
    note: str
    word: str
    walk_in: bool


class CalendarConsole:
    """What the routes do, each method one request. What somebody may not see does not exist."""

    def __init__(self, store: Store, clock: Clock, content: Content) -> None:
        self._store = store
        self._clock = clock
        self._content = content
        self._changes = SessionChanges(store, clock)
        self._door = Door(store)
        self._pages = Pages()

    async def sessions(self, request: Request, said: str = "") -> Response:
        """Sessions of the visitor's bodies, to come and just over."""
        visitor = await self._door.visitor(request)
        if visitor is None:
            return self._pages.go("/console/sign-in")
        return await self._sessions(visitor, "C'est fait." if said == "done" else "")

    async def session(self, request: Request, session: str, said: str = "") -> Response:
        """The list of one session, to be printed or filled on the spot."""
        visitor = await self._door.visitor(request)
        if visitor is None:
            return self._pages.go("/console/sign-in")
        found = await self._one(visitor, session)
        return self._nothing() if found is None else await self._session(visitor, found, said)

    async def act(
        self, request: Request, session: str, verb: str, csrf: Field = "", seat: Field = "", outcome: Field = "",
        name: Field = "", text: Field = "", minutes: Field = "", scope: Field = "", day: Field = "",
        starts: Field = "", ends: Field = "", place: Field = "",
    ) -> Response:
        """One of the forms of a session's page."""
        visitor = await self._door.visitor(request)
        if visitor is None:
            return self._pages.go("/console/sign-in")
        if not visitor.sent(csrf):
            return self._pages.notice(403, "À recommencer", "Cette page était trop ancienne. Rien n'a été fait.")
        found = await self._one(visitor, session)
        if found is None:
            return self._nothing()
        if verb in ("late", "cancel", "move", "restore", "restore-all"):
            form = MoveForm(day, starts, ends, place)
            whole = scope == "all" or verb == "restore-all"
            return await self._change(visitor, found, verb, minutes, form, whole=whole)
        who = visitor.counsellor
        bodies = [(who.consortium, who.body)]
        said = "done"
        try:
            async with self._store.calendar() as desk:
                match verb:
                    case "mark" if outcome in OUTCOMES:
                        done = await desk.mark(seat, OUTCOMES[outcome], bodies)
                    case "walk-in":
                        code = await desk.walk_in(session, " ".join(name.split())[:40], bodies)
                        done, said = code is not None, f"walk-in-{code}"
                    case "away":
                        done, said = await desk.take_away(seat, bodies), "away"
                    case "note":
                        done = await desk.note(seat, text, bodies)
                    case _:
                        done = False
        except NotTheDay:
            return self._pages.go(f"{_address(session)}?said=not-yet")
        return self._pages.go(f"{_address(session)}?said={said}") if done else self._nothing()

    async def _change(
        self, visitor: Visitor, found: StoredSession, verb: str, minutes: str, form: MoveForm, *, whole: bool,
    ) -> Response:
        """Late, moved, cancelled or held after all: this session, or (``whole``) every slot of its half-day."""
        who, session = visitor.counsellor, found.session.id
        told: int | None = None
        try:
            match verb:
                case "late" if minutes.isdigit() and int(minutes) in (ON_TIME, *LATE_MINUTES):
                    told = await self._changes.late(who, found, int(minutes), whole=whole)
                case "cancel":
                    told = await self._changes.cancel(who, found, whole=whole)
                case "move":
                    told = await self._changes.move(who, found, form, whole=whole)
                case "restore" | "restore-all":
                    told = await self._changes.restore(who, found, whole=whole)
        except CannotMove as cause:
            why = "past" if isinstance(cause, MovedToThePast) else "elsewhere"
            return self._pages.go(f"{_address(session)}?said={why}")
        except Unreadable:
            return self._pages.go(f"{_address(session)}?said=unreadable")
        except NothingChanged:
            return self._pages.go(f"{_address(session)}?said=same")
        return self._nothing() if told is None else self._pages.go(f"{_address(session)}?said=told-{told}")

    # ── pieces ──────────────────────────────────────────────────────────────────────────────────────────

    async def _one(self, visitor: Visitor, session: str) -> StoredSession | None:
        if not session.isprintable():
            return None
        who = visitor.counsellor
        async with self._store.calendar() as desk:
            found = await desk.stored(self._clock.now() - timedelta(days=30), territories=[who.consortium],
                                      body=who.body, ids=[session])
        return found[0] if found else None

    async def _sessions(self, visitor: Visitor, said: str) -> HTMLResponse:
        who, now = visitor.counsellor, self._clock.now()
        async with self._store.calendar() as desk:
            found = await desk.stored(now - JUST_OVER, now + SHOWN, [who.consortium], who.body)
        lines = [self._half_day(slots) for slots in half_days(found)]
        return self._pages.page("sessions.html", visitor=visitor, said=said, lines=lines)

    async def _session(self, visitor: Visitor, found: StoredSession, said: str) -> HTMLResponse:
        who, session = visitor.counsellor, found.session
        seats = await self._store.appointments_between(
            session.starts_at, session.starts_at + timedelta(seconds=1), [who.consortium], who.body)
        around = await self._changes.around(who, found)
        local = session.starts_at.astimezone(PARIS)
        return self._pages.page(
            "session.html", visitor=visitor, said=_said(said), line=self._line(found), address=found.place.address,
            landmark=found.place.landmark, crew=", ".join(session.crew), late=found.late_minutes,
            cancelled=session.cancelled, begun=begun(session.starts_at, self._clock.now()),
            missed=may_be("noshow", session.starts_at, self._clock.now()),
            over=session.ends_at <= self._clock.now(), minutes=LATE_MINUTES,
            seats=[self._seat(seat) for seat in seats if seat.appointment.session.id == session.id],
            around=around, day=f"{local:%Y-%m-%d}", starts=f"{local:%H:%M}",
            ends=f"{session.ends_at.astimezone(PARIS):%H:%M}",
            here=found.place,
        )

    def _line(self, one: StoredSession) -> SessionLine:
        session = one.session
        state = "annulé" if session.cancelled else "complet" if session.full else ""
        when = self._content.arg(Moment(session.starts_at), "fr")
        may_restore = one.stopped and session.starts_at > self._clock.now()
        return SessionLine(session.id, when, f"{one.place.name}, {one.place.commune_name}", one.taken,
                           session.capacity, session.walk_in, state, session.sample, may_restore)

    def _half_day(self, slots: HalfDay) -> SessionLine:
        """One line for all slots. Seats are those of the slots that are held."""
        lines = tuple(self._line(one) for one in slots)
        if len(lines) == 1:
            return lines[0]
        held = [line for line, one in zip(lines, slots, strict=True) if not one.session.cancelled]
        gone = len(lines) - len(held)
        state = "annulé" if not held else f"créneaux annulés : {gone}" if gone else ""
        if held and not state and all(one.session.full for one in slots):
            state = "complet"
        until = self._content.arg(Moment(slots[-1].session.ends_at, "hour"), "fr")
        return SessionLine(
            lines[0].id, f"{lines[0].when} – {until}", lines[0].place, sum(line.taken for line in held),
            sum(line.capacity for line in held or lines), sum(line.walk_in for line in held or lines), state,
            lines[0].sample, any(line.may_restore for line in lines), lines)

    def _seat(self, seat: BookedSeat) -> SeatRow:
        topic = self._content.words(f"label/{seat.topic}", "fr") if seat.topic else ""
        state = STATES[seat_state(seat, self._clock.now())]
        return SeatRow(seat.appointment.id, seat.appointment.code, seat.alias or "",
                       language_name(self._content, seat.language), topic, state, seat.note or "",
                       seat_word(self._content, seat), seat.walk_in)

    def _nothing(self) -> HTMLResponse:
        return self._pages.notice(404, "Rien ici", "Cette page n'existe pas, ou n'est pas celle de votre équipe.")


def _address(session: str) -> str:
    """Where a session's page is: ids made from an iCalendar's UID may hold anything, slashes too."""
    return f"/console/sessions/{quote(session)}"


def _said(said: str) -> str:
    if said in UNCHANGED:
        return UNCHANGED[said]
    if said == "away":
        return "Retiré de la liste. La place est libre."
    what, _, value = said.rpartition("-")
    if what == "walk-in":
        return f"Ajouté. Code : {value}" if value.isalnum() else ""
    if what == "told" and value.isdigit():
        return f"C'est fait. Personnes prévenues : {value}."
    return "C'est fait." if said == "done" else ""


def build_calendar_console(
    store: Store, clock: Clock, content: Content, directory: Directory, towns: Towns,
) -> APIRouter:
    """The calendar's pages under ``/console``."""
    console = CalendarConsole(store, clock, content)
    file = CalendarFile(store, clock, directory, towns)
    router = APIRouter(prefix="/console", include_in_schema=False, default_response_class=HTMLResponse)
    router.add_api_route("/sessions", console.sessions, methods=["GET"])
    router.add_api_route("/sessions/{session:path}", console.session, methods=["GET"])
    router.add_api_route("/sessions/{session:path}/{verb}", console.act, methods=["POST"])
    router.add_api_route("/calendar", file.calendar, methods=["GET"])
    router.add_api_route("/calendar", file.replace, methods=["POST"])
    router.add_api_route("/calendar/modele.xlsx", file.template, methods=["GET"])
    return router
