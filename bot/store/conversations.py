"""One row a person: locked for the turn, read once, written once."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Insert, Row, Select, and_, bindparam, select, update

from bot.store import tables as t
from bot.store.dialect import insert_or_ignore
from bot.store.scope import Scope
from bot.store.seats import appointment_of, session_columns
from dialogues.snapshot import Lead, Snapshot

# Those somebody has, or should have: erasing and taking back must reach them, handed back or not.
SHOWN_LEADS = ("offered", "taken", "unowned", "handed_back")

_c = t.conversations.c


@dataclass(slots=True)
class ConversationRow:
    """What a turn knows of its person. Changed in memory, written by ``save``."""

    id: str
    channel: str
    address: str
    state: str | None
    language: str | None
    origin: str | None
    territory: str | None
    last_seen_at: datetime
    blocked_at: datetime | None


_COLUMNS = (_c.id, _c.state_enc, _c.language, _c.origin, _c.territory, _c.last_seen_at, _c.blocked_at)
# FOR NO KEY UPDATE (PostgreSQL, "Explicit locking"): a turn keeps the person's other turns out, but not a line that
# names them, as a freed seat writes for who waits: with FOR UPDATE that waited for their turn, and the two could
# wait for each other.
_BY_ADDRESS = (
    select(*_COLUMNS).where(_c.channel == bindparam("channel_"), _c.address_hash == bindparam("address_"))
    .with_for_update(key_share=True)
)
_BY_ID = (select(*_COLUMNS, _c.channel, _c.address_enc).where(_c.id == bindparam("id_"))
          .with_for_update(key_share=True))
_PEEK = select(_c.state_enc, _c.language).where(
    _c.channel == bindparam("channel_"), _c.address_hash == bindparam("address_"))
_WHERE = select(_c.channel, _c.address_enc).where(_c.id == bindparam("id_"))
_PEEK_BY_ID = select(_c.state_enc, _c.language).where(_c.id == bindparam("id_"))
_SAVE = update(t.conversations).where(_c.id == bindparam("id_")).values(
    state_enc=bindparam("state_"), version=_c.version + 1, language=bindparam("language_"),
    origin=bindparam("origin_"), territory=bindparam("territory_"), last_seen_at=bindparam("seen_"),
    blocked_at=bindparam("blocked_"))


@cache
def _insert(engine: str) -> Insert:
    return insert_or_ignore(t.conversations, engine)


@cache
def _snapshot() -> Select[Any]:
    leads, seats, sessions = t.leads.c, t.appointments.c, t.sessions.c
    over = t.leads.alias("over")
    given = (
        select(over.c.territory + "/" + over.c.body)
        .where(over.c.conversation_id == _c.id, over.c.state == "closed", over.c.items_enc.is_not(None))
        .order_by(over.c.changed_at.desc(), over.c.id).limit(1).correlate(t.conversations).scalar_subquery()
    )
    return (
        select(*session_columns(), seats.id.label("appointment_id"), seats.code, seats.state.label("seat_state"),
               leads.id.label("lead_id"), leads.state.label("lead_state"), leads.body.label("lead_body"),
               leads.taken_name_enc, leads.territory.label("lead_territory"), given.label("given"))
        .select_from(
            t.conversations
            .outerjoin(t.leads, and_(leads.conversation_id == _c.id, leads.state.in_(SHOWN_LEADS)))
            .outerjoin(t.appointments, and_(seats.conversation_id == _c.id, seats.active))
            .outerjoin(t.sessions, and_(sessions.id == seats.session_id, sessions.ends_at > bindparam("now_"),
                                        sessions.cancelled_at.is_(None)))
            .outerjoin(t.places, t.places.c.id == sessions.place_id))
        .where(_c.id == bindparam("id_"))
        .order_by(sessions.starts_at)
    )


async def lock(scope: Scope, channel: str, address: str, *, create: bool) -> ConversationRow | None:
    """The person at this address, held until the transaction ends; a new one when there is none."""
    values = {"channel_": channel, "address_": scope.address_hash(channel, address)}
    row = (await scope.run(_BY_ADDRESS, values)).one_or_none()
    if row is None and create:
        now = scope.now()
        await scope.run(_insert(scope.engine), {
            "id": scope.clock.new_id(), "channel": channel, "address_hash": values["address_"],
            "address_enc": address, "state_enc": None, "version": 0, "language": None, "origin": None,
            "territory": None, "created_at": now, "last_seen_at": now, "blocked_at": None})
        # Whoever made it first: two first messages at once are one person.
        row = (await scope.run(_BY_ADDRESS, values)).one()
    return None if row is None else _row(row, channel, address)


async def lock_by_id(scope: Scope, conversation_id: str) -> ConversationRow | None:
    """This conversation, held until the transaction ends."""
    row = (await scope.run(_BY_ID, {"id_": conversation_id})).one_or_none()
    return None if row is None else _row(row, row.channel, row.address_enc)


async def save(scope: Scope, row: ConversationRow) -> None:
    """Write what the turn made of it."""
    await scope.run(_SAVE, {
        "id_": row.id, "state_": row.state, "language_": row.language, "origin_": row.origin,
        "territory_": row.territory, "seen_": row.last_seen_at, "blocked_": row.blocked_at})


async def snapshot(scope: Scope, row: ConversationRow, *, understanding: bool) -> Snapshot:
    """What the person has with us now: seats still to come, soonest first, an open lead, what a team still has."""
    rows = (await scope.run(_snapshot(), {"id_": row.id, "now_": scope.now()})).all()
    first = rows[0]
    lead = None if first.lead_id is None else Lead(
        first.lead_id, first.lead_state, first.lead_body, first.taken_name_enc, first.lead_territory)
    appointments = tuple(appointment_of(each) for each in rows if each.session_id is not None)
    return Snapshot(row.channel, appointments, lead, understanding, first.given)


def _row(row: Row[Any], channel: str, address: str) -> ConversationRow:
    return ConversationRow(row.id, channel, address, row.state_enc, row.language, row.origin,
                           row.territory, row.last_seen_at, row.blocked_at)


async def peek(scope: Scope, channel: str, address: str) -> tuple[str | None, str | None]:
    """(state, language), without a lock; (None, None) for somebody unknown."""
    values = {"channel_": channel, "address_": scope.address_hash(channel, address)}
    return _peeked((await scope.run(_PEEK, values)).one_or_none())


async def peek_by_id(scope: Scope, conversation_id: str) -> tuple[str | None, str | None]:
    """The same, of this conversation."""
    return _peeked((await scope.run(_PEEK_BY_ID, {"id_": conversation_id})).one_or_none())


async def where_is(scope: Scope, conversation_id: str) -> tuple[str, str] | None:
    """(channel, address) of this conversation; None when it was erased."""
    row = (await scope.run(_WHERE, {"id_": conversation_id})).one_or_none()
    return (row.channel, row.address_enc) if row is not None else None


def _peeked(row: Row[Any] | None) -> tuple[str | None, str | None]:
    return (row.state_enc, row.language) if row is not None else (None, None)
