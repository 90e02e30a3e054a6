"""What the calendar's owners do in one transaction: import, change a session, the list of the day."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from bot.store import (
    attendance,
    calendar,
    calendar_replace,
    called_off,
    day_list,
    met,
    other_hour,
    waiting,
    webhooks,
)
from bot.store.calendar import Feed
from bot.store.calendar_reopen import reopen
from bot.store.calendar_replace import Changes
from bot.store.scope import Scope
from bot.store.values import CalendarSession, Place, StoredSession, ToTell, Unreached
from bot.store.webhooks import WebhookCall
from dialogues.reminders import Change


class CalendarDesk:
    """One transaction on the calendar. Nothing of it is kept when it raises."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    async def stored(
        self, since: datetime, until: datetime | None = None, territories: Collection[str] | None = None,
        body: str | None = None, place: str | None = None, ids: Collection[str] | None = None, *,
        given: bool = False,
    ) -> tuple[StoredSession, ...]:
        """Sessions that start in [since, until), cancelled ones too, soonest first.

        ``given``: those too that a file has there, and a counsellor moved to before.
        """
        return await calendar.stored(self._scope, since=since, until=until, territories=territories, body=body,
                                     place=place, ids=ids, given=given)

    async def places(self, territory: str, body: str | None = None) -> tuple[Place, ...]:
        """The places of this body, or of anyone in this territory."""
        return await calendar.places(self._scope, territory, body)

    async def lines(self) -> tuple[Any, ...]:
        """The imported lines, as they were kept."""
        return await calendar.lines(self._scope)

    async def keep_lines(
        self, pairs: Collection[tuple[str, str]], lines: Mapping[str, tuple[str, str, Any]],
    ) -> None:
        """The lines of these (territory, body) pairs from now on."""
        await calendar.keep_lines(self._scope, pairs, lines)

    async def replace(
        self, places: Sequence[Place], sessions: Sequence[CalendarSession], changes: Changes,
    ) -> int:
        """The calendar as it is from now on; how many people are told."""
        return await calendar_replace.replace(self._scope, places, sessions, changes)

    async def locate(self, where: Callable[[str], tuple[float, float] | None]) -> int:
        """Note where the communes of places are; how many were located."""
        return await calendar.locate(self._scope, where)

    async def add_missing(self, places: Sequence[Place], sessions: Sequence[CalendarSession]) -> int:
        """Sessions that are not there yet; how many."""
        return await calendar.add_missing(self._scope, places, sessions)

    async def feeds(self, territory: str | None = None) -> tuple[Feed, ...]:
        """The secret addresses of the sessions."""
        return await calendar.feeds(self._scope, territory)

    async def has_real(self) -> frozenset[tuple[str, str]]:
        """The (territory, body) pairs that have a calendar of their own."""
        return await calendar.has_real(self._scope)

    async def forget_samples(self, territory: str, body: str) -> None:
        """The demonstration of this body goes."""
        await calendar.forget_samples(self._scope, territory, body)

    async def change(self, session_id: str, what: Change, values: Mapping[str, Any] | None = None) -> int:
        """Cancel, move or delay a session; how many people are to be told. Raises MovedToThePast, TeamElsewhere."""
        return await calendar.change(self._scope, session_id, what, values)

    async def restore(self, session_id: str) -> int | None:
        """Hold a session after all that a counsellor had cancelled; how many people are to be told.

        None when nobody had, or it has begun. Raises TeamElsewhere.
        """
        return await reopen(self._scope, session_id, by_hand=True)

    async def unreached(self, session_ids: Collection[str]) -> Unreached:
        """Whom changes of these sessions do not reach, by code."""
        return await day_list.unreached(self._scope, session_ids)

    async def to_tell(self, session_ids: Collection[str]) -> ToTell:
        """How many people changes of these sessions concern."""
        return await day_list.to_tell(self._scope, session_ids)

    async def mark(self, appointment_id: str, state: attendance.Outcome, bodies: attendance.Bodies) -> bool:
        """Seen, excused or did not come. False when the seat is not one of these bodies'. Raises NotTheDay."""
        return await attendance.mark(self._scope, appointment_id, state, bodies)

    async def request_met(self, appointment_id: str, territory: str, body: str | None) -> str | None:
        """The reference of the request that is met because this seat's holder came, where this team has it."""
        return await met.request_of(self._scope, appointment_id, territory, body)

    async def walk_in(self, session_id: str, alias: str | None, bodies: attendance.Bodies) -> str | None:
        """Somebody who came without an appointment; their code, None when the session is not these bodies'."""
        return await attendance.walk_in(self._scope, session_id, alias, bodies)

    async def take_away(self, appointment_id: str, bodies: attendance.Bodies) -> bool:
        """Somebody without an appointment who was added by mistake. False for any other seat."""
        return await attendance.take_away(self._scope, appointment_id, bodies)

    async def note(self, appointment_id: str, text: str, bodies: attendance.Bodies) -> bool:
        """A note for the next counsellor, with the person's seats of the same team; never shown to the person."""
        return await attendance.note(self._scope, appointment_id, text, bodies)

    async def name(self, appointment_id: str, alias: str, bodies: attendance.Bodies) -> bool:
        """How somebody who came without an appointment is called."""
        return await attendance.name(self._scope, appointment_id, alias, bodies)

    async def revoke_late(self) -> int:
        """Seats taken in the very moment their session was called off go, and who has them is told; how many."""
        return await called_off.revoke_late(self._scope)

    async def tell_of_moves(self) -> int:
        """Seats taken in the very moment their session was moved: who has them is told; how many."""
        return await other_hour.tell_of_moves(self._scope)

    async def turn_over_seats(self) -> int:
        """Seats that were kept in vain go to the next in line."""
        return await waiting.turn_over(self._scope)

    async def claim_webhooks(self, limit: int, lease: timedelta) -> tuple[WebhookCall, ...]:
        """Calls to make, ours until the lease ends."""
        return await webhooks.claim(self._scope, limit, lease)

    async def settle_webhook(self, call_id: int, retry_at: datetime | None) -> None:
        """Done or given up, or to be made again then."""
        await webhooks.settle(self._scope, call_id, retry_at)
