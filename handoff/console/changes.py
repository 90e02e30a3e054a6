"""What a counsellor changes of a session in the console: one slot, or the whole half-day it is part of."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from bot.clock import PARIS, Clock
from bot.desk.day import HalfDay, half_days
from bot.store.calendar_desk import CalendarDesk
from bot.store.store import Store
from bot.store.values import Counsellor, Place, StoredSession, ToTell, Unreached

ONE_DAY = timedelta(days=1)


class Unreadable(ValueError):
    """A date, an hour or a place of the form that is none."""


class NothingChanged(ValueError):
    """The form says what is so already."""


@dataclass(frozen=True, slots=True)
class Reach:
    """What a change would concern. ``ids``: slots that are held and not over; ``tell``: who would be told."""

    ids: tuple[str, ...]
    tell: ToTell


@dataclass(frozen=True, slots=True)
class Around:
    """A session and what is around it. ``slots``: of its half-day, itself alone when it is not cut.

    ``one``, ``all``: what a change of it, or of the half-day, would concern; ``places``: where it can be moved.
    """

    slots: HalfDay
    one: Reach
    all: Reach
    places: tuple[Place, ...]
    unreached: Unreached

    @property
    def late(self) -> bool:
        """Whether one of the slots was said to be late."""
        return any(slot.late_minutes for slot in self.slots)

    @property
    def cut(self) -> bool:
        """Whether the half-day has several slots, so that one has to say which is meant."""
        return len(self.slots) > 1


class SessionChanges:
    """Late, moved, cancelled, held after all. Sessions of other teams never come here."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def around(self, who: Counsellor, found: StoredSession) -> Around:
        """What the page of a session has to say before somebody changes it."""
        async with self._store.calendar() as desk:
            slots = await self._half_day(desk, who, found)
            here = found.place
            places = tuple(place for place in await desk.places(who.consortium, found.session.body)
                           if place.id != here.id and place.sample == here.sample)
            changed = [slot.session.id for slot in slots if slot.session.cancelled or slot.sequence]
            return Around(slots, await self._reach(desk, (found,)), await self._reach(desk, slots), places,
                          await desk.unreached(changed))

    async def late(self, who: Counsellor, found: StoredSession, minutes: int, *, whole: bool) -> int:
        """Begins late, or not late any more (0 minutes); how many people are told."""
        async with self._store.calendar() as desk:
            slots = self._held(await self._half_day(desk, who, found) if whole else (found,))
            return sum([await desk.change(slot.session.id, "late", {"late_minutes": minutes}) for slot in slots])

    async def cancel(self, who: Counsellor, found: StoredSession, *, whole: bool) -> int:
        """Does not take place; how many people are told."""
        async with self._store.calendar() as desk:
            slots = self._held(await self._half_day(desk, who, found) if whole else (found,))
            return sum([await desk.change(slot.session.id, "cancelled") for slot in slots])

    async def move(self, who: Counsellor, found: StoredSession, form: "MoveForm", *, whole: bool) -> int:
        """To another day, hour or place; who has a seat keeps it. How many people are told.

        The form says when this very slot begins; the others of the half-day follow by as much. Raises Unreadable,
        NothingChanged, CannotMove.
        """
        async with self._store.calendar() as desk:
            held = self._held(await self._half_day(desk, who, found) if whole else (found,))
            # What has begun stays as it is, unless it is all there is.
            slots = tuple(slot for slot in held if slot.session.starts_at > self._clock.now()) or held
            if not slots:
                raise NothingChanged
            place = form.place or found.place.id
            known = {one.id for one in await desk.places(who.consortium, found.session.body)}
            if place not in known:
                raise Unreadable
            shown = _local(found.session.starts_at)
            by, told = form.starts_at(shown) - shown, 0
            if form.ends and len(slots) > 1:
                raise Unreadable
            for slot in slots:
                session = slot.session
                starts, ends = _local(session.starts_at) + by, _local(session.ends_at) + by
                if form.ends:
                    ends = form.ends_at(starts)
                values = {"starts_at": _aware(starts), "ends_at": _aware(ends), "place_id": place}
                before = {"starts_at": session.starts_at, "ends_at": session.ends_at, "place_id": session.place_id}
                if values == before:
                    raise NothingChanged
                told += await desk.change(session.id, "moved", values)
            return told

    async def restore(self, who: Counsellor, found: StoredSession, *, whole: bool) -> int | None:
        """Hold it after all that the team had cancelled; how many are told, None when there is nothing to restore.

        Raises TeamElsewhere.
        """
        async with self._store.calendar() as desk:
            slots = await self._half_day(desk, who, found) if whole else (found,)
            told = [await desk.restore(slot.session.id) for slot in slots]
        done = [people for people in told if people is not None]
        return sum(done) if done else None

    async def _half_day(self, desk: CalendarDesk, who: Counsellor, found: StoredSession) -> HalfDay:
        session = found.session
        around = await desk.stored(
            session.starts_at - ONE_DAY, session.starts_at + ONE_DAY, [who.consortium], session.body)
        named = (slots for slots in half_days(around) if session.id in {one.session.id for one in slots})
        return next(named, (found,))

    def _held(self, slots: Sequence[StoredSession]) -> tuple[StoredSession, ...]:
        now = self._clock.now()
        return tuple(slot for slot in slots if not slot.session.cancelled and slot.session.ends_at > now)

    async def _reach(self, desk: CalendarDesk, slots: Collection[StoredSession]) -> Reach:
        ids = tuple(slot.session.id for slot in self._held(tuple(slots)))
        return Reach(ids, await desk.to_tell(ids))


@dataclass(frozen=True, slots=True)
class MoveForm:
    """What the form of a move says: ISO day and hours, local; a place's id. Empty: as it is."""

    day: str = ""
    starts: str = ""
    ends: str = ""
    place: str = ""

    def starts_at(self, now: datetime) -> datetime:
        """The new beginning, local; ``now``: that of the session. Raises Unreadable."""
        try:
            day = date.fromisoformat(self.day) if self.day else now.date()
            return datetime.combine(day, time.fromisoformat(self.starts) if self.starts else now.time())
        except ValueError as cause:
            raise Unreadable from cause

    def ends_at(self, starts: datetime) -> datetime:
        """The new end, local, on the day it begins. Raises Unreadable when it is before the beginning."""
        try:
            ends = datetime.combine(starts.date(), time.fromisoformat(self.ends))
        except ValueError as cause:
            raise Unreadable from cause
        if ends <= starts:
            raise Unreadable
        return ends


def _local(moment: datetime) -> datetime:
    return moment.astimezone(PARIS).replace(tzinfo=None)


def _aware(local: datetime) -> datetime:
    return local.replace(tzinfo=PARIS)
