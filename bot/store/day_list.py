"""The list of the day: who has a seat, how to call them, and whom a change did not reach."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import and_, bindparam, exists, func, or_, select

from bot.store import tables as t
from bot.store.calendar import batches
from bot.store.scope import Scope
from bot.store.seats import appointment_of, session_columns
from bot.store.values import BookedSeat, ToTell, Unreached
from dialogues.snapshot import FETCHED

_s, _p, _a, _c = t.sessions.c, t.places.c, t.appointments.c, t.conversations.c
_l, _d, _o = t.leads.c, t.due.c, t.outbox.c
# A person who cannot be written to, or for whom something was given up since the session changed; or whom its news
# did not reach in time, or not yet, by a fault of the line.
_LATE = and_(_o.begins_at.is_not(None), or_(
    and_(_o.status == "dropped", _o.not_after <= bindparam("now_")),
    and_(_o.status == "pending", _o.attempts > 0)))
_SILENT = or_(
    _c.blocked_at.is_not(None), _c.channel.in_(FETCHED),
    exists(select(_o.id).where(
        _o.conversation_id == _c.id, or_(_o.status == "failed", _LATE), _o.created_at >= _s.changed_at)))
ON_LIST = ("booked", "confirmed", "seen", "excused", "noshow")


async def booked_between(
    scope: Scope, start: datetime, end: datetime, territories: Collection[str], body: str | None,
) -> tuple[BookedSeat, ...]:
    """Seats held in sessions that start in [start, end) in these territories; of ``body`` alone if given.

    Of one that was cancelled, perhaps half-way: those who were seen before.
    """
    statement = (
        select(*session_columns(), _a.id.label("appointment_id"), _a.code, _a.state.label("seat_state"), _a.seat,
               _a.topic, _a.alias, _a.note, _a.word, _a.word_at, _a.conversation_id, _c.language)
        .select_from(t.appointments.join(t.sessions, _s.id == _a.session_id)
                     .join(t.places, _p.id == _s.place_id)
                     .outerjoin(t.conversations, _c.id == _a.conversation_id))
        .where(_a.state.in_(ON_LIST), or_(_s.cancelled_at.is_(None), _a.state == "seen"),
               _a.code.is_not(None), _s.starts_at >= start, _s.starts_at < end, _s.territory.in_(list(territories)))
        .order_by(_s.starts_at, _s.id, _a.seat)
    )
    if body is not None:
        statement = statement.where(_s.body == body)
    rows = (await scope.run(statement)).all()
    nameless = [row.conversation_id for row in rows if row.conversation_id is not None and row.alias is None]
    names = await _given_names(scope, nameless)
    return tuple(
        BookedSeat(appointment_of(row), row.seat_state, row.seat, row.language, row.topic,
                   row.alias or names.get((row.conversation_id, row.session_territory, row.session_body)),
                   row.note, row.word, row.word_at, row.conversation_id is None)
        for row in rows)


async def _given_names(scope: Scope, people: Collection[str]) -> dict[tuple[str, str, str], str]:
    """(conversation, territory, body) → the name that this person agreed to give this team with their request."""
    if not people:
        return {}
    rows = await scope.run(
        select(_l.conversation_id, _l.territory, _l.body, _l.items_enc)
        .where(_l.conversation_id.in_(list(people)), _l.items_enc.is_not(None),
               _l.state.in_(("offered", "taken", "handed_back", "closed")))
        .order_by(_l.created_at, _l.id))
    names: dict[tuple[str, str, str], str] = {}
    for row in rows:
        items = {str(key): str(value) for key, value in row.items_enc}
        if items.get("name"):
            names[row.conversation_id, row.territory, row.body] = items["name"]
    return names


async def unreached(scope: Scope, session_ids: Collection[str]) -> Unreached:
    """Whom changes of these sessions did not reach, or will not: who has no way to be written to (page, blocked,
    put on the list by a counsellor), and whose message was given up since the last change.

    Of the seats held, or lost with the session, their codes; of those who had only asked about it, how many.
    """
    held = or_(and_(_a.active, _a.state != "seen"), _a.state == "revoked")
    codes, others = list[str](), 0
    for some in batches(session_ids):
        codes += (await scope.run(
            select(_a.code).select_from(t.appointments.join(t.sessions, _s.id == _a.session_id)
                                        .outerjoin(t.conversations, _c.id == _a.conversation_id))
            .where(_a.session_id.in_(some), _a.code.is_not(None), held,
                   or_(_a.conversation_id.is_(None), _SILENT)), {"now_": scope.now()})).scalars()
        seated = exists(select(_a.id).where(
            _a.session_id == _s.id, _a.conversation_id == _d.conversation_id, held))
        # What is told about a session itself, not about somebody's seat of it.
        asked = or_(_d.kind.startswith("day_", autoescape=True), _d.kind == "session_reopened")
        others += (await scope.run(
            select(func.count(_d.conversation_id.distinct()))
            .select_from(t.due.join(t.conversations, _c.id == _d.conversation_id)
                         .join(t.sessions, _s.id == _d.subject))
            .where(_d.subject.in_(some), asked, ~seated, _SILENT), {"now_": scope.now()})).scalar_one()
    return Unreached(tuple(sorted(codes)), others)


async def to_tell(scope: Scope, session_ids: Collection[str]) -> ToTell:
    """Who holds a seat of these sessions and can hear of a change, and who asked about them without one."""
    w, seated, asked = t.waiting.c, 0, 0
    for some in batches(session_ids):
        seated += (await scope.run(select(func.count()).where(
            _a.session_id.in_(some), _a.active, _a.state != "seen", _a.conversation_id.is_not(None)))).scalar_one()
        has_seat = exists(select(_a.id).where(
            _a.session_id == w.session_id, _a.conversation_id == w.conversation_id, _a.active))
        asked += (await scope.run(select(func.count()).where(w.session_id.in_(some), ~has_seat))).scalar_one()
    return ToTell(seated, asked)
