"""The calendar of permanences: written at start, read by the desk."""

from collections.abc import Collection, Sequence
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import select

from bot.store import tables as t
from bot.store.dialect import upsert
from bot.store.scope import Scope
from bot.store.seats import appointment_of, session_columns
from bot.store.values import BookedSeat, CalendarSession, Place


async def load(scope: Scope, places: Sequence[Place], sessions: Sequence[CalendarSession]) -> None:
    """Write or overwrite these places and sessions by id; those not named stay, and so do their seats."""
    for table, rows in ((t.places, places), (t.sessions, sessions)):
        if rows:
            values = [asdict(row) for row in rows]
            columns = tuple(name for name in values[0] if name != "id")
            await scope.run(upsert(table, scope.engine, ("id",), columns), values)


async def booked_between(
    scope: Scope, start: datetime, end: datetime, territories: Collection[str], body: str | None,
) -> tuple[BookedSeat, ...]:
    """Seats held in sessions that start in [start, end) in these territories; of ``body`` alone if given."""
    a, s = t.appointments.c, t.sessions.c
    statement = (
        select(a.id.label("appointment_id"), a.code, a.state.label("seat_state"), a.seat,
               t.conversations.c.language, *session_columns())
        .select_from(t.appointments.join(t.sessions, s.id == a.session_id)
                     .join(t.places, t.places.c.id == s.place_id)
                     .join(t.conversations, t.conversations.c.id == a.conversation_id))
        .where(a.active, s.cancelled_at.is_(None), s.starts_at >= start, s.starts_at < end,
               s.territory.in_(list(territories)))
        .order_by(s.starts_at, s.id, a.seat)
    )
    if body is not None:
        statement = statement.where(s.body == body)
    return tuple(BookedSeat(appointment_of(row), row.seat_state, row.seat, row.language)
                 for row in await scope.run(statement))
