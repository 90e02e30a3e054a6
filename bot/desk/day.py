"""The team's permanences from its group: who comes, who came, late or cancelled."""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import TypeAlias

from bot.clock import PARIS, Clock
from bot.content import Content
from bot.outbound import Button, Rendered
from bot.store.attendance import Outcome, may_be
from bot.store.errors import CannotMove, NotTheDay
from bot.store.store import Store
from bot.store.values import BookedSeat, Place, StoredSession, Unreached
from bot.team_inbound import TeamPress
from dialogues.actions.appointments import SPOT_WORDS
from dialogues.first_name import LONGEST as LONGEST_NAME
from dialogues.text import Arg, Bullets, Moment, Quoted, Text

# How far ahead the list goes, how long a session that is over stays on it, and how many it shows.
AHEAD, BEHIND, SHOWN = timedelta(days=7), timedelta(hours=36), 8
LATE_MINUTES, ON_TIME = (15, 30, 45, 60), 0
# People of the list who have a button of their own; Telegram takes a hundred buttons.
MOST_BUTTONS = 90
# By how much an hour is changed from the group, in minutes, and how many other places it offers.
SHIFTS, PLACES = (-60, -30, 30, 60, 120), 6
MARKS: Mapping[str, Outcome] = {"seen": "seen", "excused": "excused", "noshow": "noshow", "unknown": "booked"}
# A Telegram button holds 64 bytes, a session's id may hold more: its buttons name it by this much of a hash.
REF_LETTERS = 16
# (consortium, body), body None for a whole consortium.
Team: TypeAlias = tuple[str, str | None]
# The slots of one half-day, soonest first; one when it is not cut in slots. Buttons name it by its first.
HalfDay: TypeAlias = tuple[StoredSession, ...]


def ref_of(session_id: str) -> str:
    """How buttons name a session."""
    return hashlib.sha256(session_id.encode()).hexdigest()[:REF_LETTERS]


def half_days(sessions: Iterable[StoredSession]) -> list[HalfDay]:
    """Slots of one line of the calendar, on one day at one place, are one half-day for the team."""
    found: dict[tuple[str, date, str], list[StoredSession]] = {}
    for one in sessions:
        day = one.session.starts_at.astimezone(PARIS).date()
        found.setdefault((one.session.series or one.session.id, day, one.place.id), []).append(one)
    return [tuple(slots) for slots in found.values()]


def seat_state(seat: BookedSeat, now: datetime) -> str:
    """The state as the team reads it: once it is over, who nobody said anything of is unknown."""
    told = seat.state not in ("booked", "confirmed")
    return seat.state if told or seat.appointment.session.ends_at > now else "unknown"


def language_name(content: Content, language: str | None) -> str:
    """A language in French; its code when we have no name for it, empty when it is unknown."""
    return content.messages.get(f"label/language_{language}", language) if language else ""


def seat_word(content: Content, seat: BookedSeat) -> str:
    """What the person wrote on the day and when, in French; empty when they wrote nothing."""
    if seat.word is None or seat.word_at is None:
        return ""
    said: Mapping[str, Arg] = {"at": Moment(seat.word_at, "hour"), "word": Text(SPOT_WORDS[seat.word])}
    return content.text(Text("utter_team_word", said), "fr").strip()


class Day:
    """What a group may ask of its permanences. Other teams' sessions do not exist for it."""

    def __init__(self, store: Store, content: Content, clock: Clock) -> None:
        self._store = store
        self._content = content
        self._clock = clock

    async def show(self, team: Team) -> list[Rendered]:
        """The half-days of the coming days and of yesterday, each with what can be done."""
        found = half_days(one for one in await self._sessions(team) if not one.session.cancelled)
        return [self._session(one) for one in found[:SHOWN]] or [self._say("day_none")]

    async def press(self, team: Team, press: TeamPress) -> list[Rendered]:
        """One of the buttons. A session that is another team's, or gone, is answered in a sentence."""
        named = (slots for slots in half_days(await self._sessions(team))
                 if any(ref_of(slot.session.id) == press.lead for slot in slots))
        slots = next(named, ())
        one = tuple(slot for slot in slots if not slot.session.cancelled) or slots
        if not one:
            return [self._say("day_gone")]
        match press.verb, press.reason:
            case "day_list", _:
                return [await self._list(team, one)]
            case "day_seat" | "day_named", str(code):
                return [await self._ask_mark(team, one, code)]
            case "day_away", str(code):
                return [await self._take_away(team, one, code)]
            case "day_mark", str(reason):
                return [await self._mark(team, one, *reason.partition(" ")[::2])]
            case "day_walkin", _:
                return [await self._walk_in(team, one)]
            case "day_unreached", _:
                return [await self._unreached(slots)]
            case "day_late", None:
                return [self._ask_late(one)]
            case "day_late", str(minutes) if minutes in map(str, (ON_TIME, *LATE_MINUTES)):
                return [await self._late(one, int(minutes))]
            case "day_move", None:
                return [await self._ask_move(team, one)]
            case "day_move", str(where):
                return [await self._move(team, one, where)]
            case "day_cancel", "yes":
                return [await self._cancel(one)]
            case "day_cancel", _:
                sure = self._button("day_sure", "cancel", one, "yes")
                return [self._say("day_ask_cancel", self._about(one), sure)]
        return [self._say("day_gone")]

    async def arrived(self, team: Team, name: str) -> Rendered:
        """Somebody came without an appointment, to the permanence that is held, else to the next one of today."""
        now = self._clock.now()
        today = [one for one in half_days(one for one in await self._sessions(team) if not one.session.cancelled)
                 if one[0].session.starts_at.astimezone(PARIS).date() == now.astimezone(PARIS).date()]
        open_now = [one for one in today if one[-1].session.ends_at > now] or today[-1:]
        if not open_now:
            return self._say("day_none_today")
        return await self._walk_in(team, open_now[0], " ".join(name.split())[:LONGEST_NAME])

    # ── what is read ────────────────────────────────────────────────────────────────────────────────────

    async def _sessions(self, team: Team) -> tuple[StoredSession, ...]:
        now = self._clock.now()
        async with self._store.calendar() as desk:
            return await desk.stored(now - BEHIND, now + AHEAD, [team[0]], team[1])

    async def _seats(self, team: Team, one: HalfDay) -> list[BookedSeat]:
        first, end = one[0].session.starts_at, one[-1].session.starts_at + timedelta(seconds=1)
        ids = {slot.session.id for slot in one}
        found = await self._store.appointments_between(first, end, [team[0]], team[1])
        return [seat for seat in found if seat.appointment.session.id in ids]

    async def _list(self, team: Team, one: HalfDay) -> Rendered:
        seats = await self._seats(team, one)
        lines = Bullets(tuple(Quoted(self._line(seat, hour=len(one) > 1)) for seat in seats))
        # Who is not noted yet first: a message holds so many buttons, and is refused with more.
        left = sorted(seats, key=lambda seat: seat.state not in ("booked", "confirmed"))[:MOST_BUTTONS]
        codes = [seat.appointment.code for seat in seats if seat in left]
        buttons = [self._button_of(f"✍️ {code}", "seat", one, code) for code in codes]
        key = "day_list" if seats else "day_list_empty"
        return self._say(key, {**self._about(one), "seats": lines}, *buttons,
                         self._button("day_walkin", "walkin", one))

    def _line(self, seat: BookedSeat, *, hour: bool) -> str:
        """A code, and what the person agreed to: no more. ``hour``: of the slot, where there are several."""
        words = self._content.words
        topic = words(f"label/{seat.topic}", "fr") if seat.topic else ""
        state = words(f"utter_team_day_state_{seat_state(seat, self._clock.now())}", "fr")
        language = language_name(self._content, seat.language)
        note = f"📝 {seat.note}" if seat.note else ""
        said = seat_word(self._content, seat)
        at = f"{seat.appointment.session.starts_at.astimezone(PARIS):%H:%M}" if hour else ""
        code = seat.appointment.code
        return " · ".join(filter(None, (at, code, seat.alias, language, topic, state, said, note)))

    def _session(self, one: HalfDay) -> Rendered:
        buttons = [self._button("day_see", "list", one)]
        if one[-1].session.ends_at > self._clock.now():
            buttons += [self._button(f"day_{verb}", verb, one) for verb in ("late", "move", "cancel")]
        return self._say("day_session", self._about(one), *buttons)

    # ── what is done ────────────────────────────────────────────────────────────────────────────────────

    async def _seat(self, team: Team, one: HalfDay, code: str) -> BookedSeat | None:
        return next((seat for seat in await self._seats(team, one) if seat.appointment.code == code), None)

    async def _ask_mark(self, team: Team, one: HalfDay, code: str) -> Rendered:
        """What may be noted of this seat now: before the day nobody came yet, nor failed to before it begins."""
        seat = await self._seat(team, one, code)
        if seat is None:
            return self._say("day_gone")
        starts_at, now = seat.appointment.session.starts_at, self._clock.now()
        there = may_be("seen", starts_at, now)
        buttons = [self._button(f"day_mark_{mark}", "mark", one, f"{mark} {code}")
                   for mark, state in MARKS.items() if may_be(state, starts_at, now)]
        if seat.walk_in:
            buttons.append(self._button("day_away", "away", one, code))
        return self._say("day_ask_mark" if there else "day_ask_mark_ahead", {"code": Quoted(code)}, *buttons)

    async def _mark(self, team: Team, one: HalfDay, mark: str, code: str) -> Rendered:
        seat = await self._seat(team, one, code)
        if seat is None or mark not in MARKS:
            return self._say("day_gone")
        try:
            async with self._store.calendar() as desk:
                done = await desk.mark(seat.appointment.id, MARKS[mark], [team])
                ref = await desk.request_met(seat.appointment.id, *team)
        except NotTheDay:
            return self._say("day_not_yet", {**self._about(one), "code": Quoted(code)})
        if done and ref is not None and mark == "seen":
            return self._say("day_marked_seen_request", {"code": Quoted(code), "ref": Quoted(ref)})
        return self._say(f"day_marked_{mark}" if done else "day_gone", {"code": Quoted(code)})

    async def _take_away(self, team: Team, one: HalfDay, code: str) -> Rendered:
        seat = await self._seat(team, one, code)
        if seat is None:
            return self._say("day_gone")
        async with self._store.calendar() as desk:
            done = await desk.take_away(seat.appointment.id, [team])
        return self._say("day_taken_away" if done else "day_gone", {"code": Quoted(code)})

    async def _walk_in(self, team: Team, one: HalfDay, name: str = "") -> Rendered:
        begun = [slot for slot in one if slot.session.starts_at <= self._clock.now()]
        slot = begun[-1] if begun else one[0]
        async with self._store.calendar() as desk:
            code = await desk.walk_in(slot.session.id, name or None, [team])
        if code is None:
            return self._say("day_gone")
        button = self._button_of(f"✍️ {code}", "seat" if name else "named", one, code)
        if name:
            return self._say("day_walkin_named", {"code": Quoted(code), "name": Quoted(name)}, button)
        return self._say("day_walkin_done", {"code": Quoted(code)}, button)

    def _ask_late(self, one: HalfDay) -> Rendered:
        buttons = [self._button_of(f"{minutes} min", "late", one, str(minutes)) for minutes in LATE_MINUTES]
        if any(slot.late_minutes for slot in one):
            buttons.append(self._button("day_on_time", "late", one, str(ON_TIME)))
        return self._say("day_ask_late", self._about(one), *buttons)

    async def _late(self, one: HalfDay, minutes: int) -> Rendered:
        told = 0
        async with self._store.calendar() as desk:
            for slot in one:
                told += await desk.change(slot.session.id, "late", {"late_minutes": minutes})
            unreached = await desk.unreached(_ids(one))
        key = "day_late_done" if minutes else "day_on_time_done"
        return self._told(key, one, told, unreached, {"minutes": minutes})

    async def _ask_move(self, team: Team, one: HalfDay) -> Rendered:
        hours = [(f"{minutes:+} min", str(minutes)) for minutes in SHIFTS]
        places = [(place.name, ref_of(place.id)) for place in await self._elsewhere(team, one)]
        buttons = [self._button_of(title, "move", one, reason) for title, reason in (*hours, *places)]
        return self._say("day_ask_move", self._about(one), *buttons)

    async def _elsewhere(self, team: Team, one: HalfDay) -> list[Place]:
        here = one[0].place
        async with self._store.calendar() as desk:
            found = await desk.places(*team)
        return [place for place in found if place.id != here.id and place.sample == here.sample][:PLACES]

    async def _move(self, team: Team, one: HalfDay, where: str) -> Rendered:
        """To another hour, or to another place. Who has a seat keeps it, and is told."""
        by = timedelta(minutes=int(where) if where in map(str, SHIFTS) else 0)
        place = next((one for one in await self._elsewhere(team, one) if ref_of(one.id) == where), None)
        if place is None and not by:
            return self._say("day_gone")
        ahead = tuple(slot for slot in one if slot.session.starts_at > self._clock.now()) or one
        told = 0
        try:
            async with self._store.calendar() as desk:
                for slot in ahead:
                    hours = {"starts_at": slot.session.starts_at + by, "ends_at": slot.session.ends_at + by}
                    told += await desk.change(slot.session.id, "moved", {"place_id": place.id} if place else hours)
                unreached = await desk.unreached(_ids(ahead))
                now = await desk.stored(self._clock.now() - BEHIND, ids=_ids(ahead))
        except CannotMove:
            return self._say("day_cannot_move")
        return self._told("day_moved", now or ahead, told, unreached, {})

    async def _cancel(self, one: HalfDay) -> Rendered:
        if one[0].session.cancelled:
            return self._say("day_gone")
        told = 0
        async with self._store.calendar() as desk:
            for slot in one:
                told += await desk.change(slot.session.id, "cancelled")
            unreached = await desk.unreached(_ids(one))
        return self._told("day_cancelled", one, told, unreached, {})

    async def _unreached(self, one: HalfDay) -> Rendered:
        """Whom what changed does not reach, as it is now: some are found out only when they are written to."""
        async with self._store.calendar() as desk:
            unreached = await desk.unreached(_ids(one))
        lines = self._unreached_lines(unreached)
        about = self._about(one)
        return self._say("day_unreached_now", {**about, "unreached": lines}) if lines else self._say(
            "day_unreached_none", about)

    def _told(
        self, key: str, one: HalfDay, told: int, unreached: Unreached, args: Mapping[str, Arg],
    ) -> Rendered:
        lines = self._unreached_lines(unreached)
        buttons = [self._button("day_ask_unreached", "unreached", one)] if told or unreached else []
        return self._say(key, {**self._about(one), **args, "told": told, "unreached": lines}, *buttons)

    def _unreached_lines(self, unreached: Unreached) -> str:
        said = []
        if unreached.codes:
            said.append(Text("utter_team_day_unreached", {"codes": Quoted(", ".join(unreached.codes))}))
        if unreached.others:
            said.append(Text("utter_team_day_unreached_others", {"count": unreached.others}))
        return "\n".join(self._content.text(one, "fr").strip() for one in said)

    # ── words ───────────────────────────────────────────────────────────────────────────────────────────

    def _about(self, one: HalfDay) -> dict[str, Arg]:
        where = Quoted(f"{one[0].place.name}, {one[0].place.commune_name}")
        return {"when": Moment(one[0].session.starts_at), "place": where, "taken": sum(slot.taken for slot in one),
                "capacity": sum(slot.session.capacity for slot in one)}

    def _button(self, words: str, verb: str, one: HalfDay, reason: str = "") -> Button:
        return self._button_of(self._content.words(f"utter_team_{words}", "fr"), verb, one, reason)

    def _button_of(self, title: str, verb: str, one: HalfDay, reason: str = "") -> Button:
        return Button(title, f"/day {verb} {ref_of(one[0].session.id)} {reason}".strip())

    def _say(self, name: str, args: Mapping[str, Arg] | None = None, *buttons: Button) -> Rendered:
        words = self._content.text(Text(f"utter_team_{name}", args or {}), "fr").strip()
        return Rendered(words, "fr", buttons, "team")


def _ids(one: HalfDay) -> list[str]:
    return [slot.session.id for slot in one]
