"""What came in: written before it is understood, so that no restart loses it and no repeat is answered twice."""

from datetime import datetime, timedelta
from functools import cache

from sqlalchemy import Insert, bindparam, case, or_, select, update

from bot.inbound import Inbound
from bot.store import tables as t
from bot.store.dialect import insert_or_ignore
from bot.store.scope import Scope
from bot.store.values import InboxRow
from bot.store.wire import inbound_from_json, inbound_to_json, kind_of
from bot.team_inbound import TeamInbound

_i = t.inbox.c


@cache
def _insert(engine: str) -> Insert:
    return insert_or_ignore(t.inbox, engine).returning(_i.id)


_PENDING = (
    select(_i.id, _i.kind, _i.received_at, _i.body_enc, _i.attempts)
    .where(_i.channel == bindparam("channel_"), _i.address_hash == bindparam("address_"), _i.done_at.is_(None))
    .order_by(_i.id)
)
# A group's words are kept elsewhere when they were for somebody (lead_messages): here they go at once.
_FINISH = (
    update(t.inbox)
    .where(_i.id == bindparam("id_"), _i.done_at.is_(None))
    .values(done_at=bindparam("at_"), body_enc=case((_i.of_team, None), else_=_i.body_enc))
    .returning(_i.kind)
)
_FORGET_WORDS = update(t.inbox).where(_i.id == bindparam("id_")).values(body_enc=None)
_STALE = (
    select(_i.id, _i.channel, _i.kind, _i.received_at, _i.body_enc)
    .where(_i.done_at.is_(None), _i.received_at < bindparam("older_"),
           or_(_i.claimed_until.is_(None), _i.claimed_until <= bindparam("now_")))
    .order_by(_i.id).limit(bindparam("limit_"))
    .with_for_update(skip_locked=True)
)
_CLAIM = (
    update(t.inbox).where(_i.id.in_(bindparam("ids_", expanding=True)))
    .values(claimed_until=bindparam("until_"), attempts=_i.attempts + 1)
)


def external_hash(scope: Scope, channel: str, external_id: str) -> str:
    """What an update is recognised by when it comes again; ids may hold a chat's own."""
    return scope.vault.lookup("update", f"{channel}\0{external_id}")


async def write(scope: Scope, inbound: Inbound | TeamInbound, *, done: bool) -> int | None:
    """The new row's id; None for a repeat. Raises ValueError for a position."""
    of_team = isinstance(inbound, TeamInbound)
    result = await scope.run(_insert(scope.engine), {
        "channel": inbound.channel,
        "external_hash": external_hash(scope, inbound.channel, inbound.external_id),
        "address_hash": scope.address_hash(inbound.channel, inbound.address),
        "of_team": of_team,
        "kind": kind_of(inbound),
        "body_enc": None if done and of_team else inbound_to_json(inbound),
        "received_at": inbound.received_at,
        "done_at": scope.now() if done else None,
        "claimed_until": None,
        "attempts": 0,
    })
    row = result.one_or_none()
    return None if row is None else int(row.id)


async def pending(scope: Scope, channel: str, address: str) -> tuple[InboxRow, ...]:
    """What waits for its turn at this address, oldest first."""
    values = {"channel_": channel, "address_": scope.address_hash(channel, address)}
    rows = await scope.run(_PENDING, values)
    return tuple(InboxRow(row.id, inbound_from_json(channel, row.kind, row.received_at, row.body_enc), row.attempts)
                 for row in rows)


async def finish(scope: Scope, row_id: int) -> str | None:
    """Mark it done; its kind, or None when another worker did it or it was erased."""
    row = (await scope.run(_FINISH, {"id_": row_id, "at_": scope.now()})).one_or_none()
    return None if row is None else str(row.kind)


async def forget_words(scope: Scope, row_id: int) -> None:
    """Keep nothing of what a row dealt with holds. The row itself stays: a repeat is still known."""
    await scope.run(_FORGET_WORDS, {"id_": row_id})


async def claim_stale(
    scope: Scope, older_than: datetime, limit: int, lease: timedelta,
) -> tuple[tuple[str, str], ...]:
    """(channel, address) of rows received before ``older_than`` that nobody is at; held for ``lease``."""
    now = scope.now()
    rows = (await scope.run(_STALE, {"older_": older_than, "now_": now, "limit_": limit})).all()
    if rows:
        await scope.run(_CLAIM, {"ids_": [row.id for row in rows], "until_": now + lease})
    # dict, not set: the oldest first
    return tuple(dict.fromkeys((row.channel, str(row.body_enc["address"])) for row in rows))
