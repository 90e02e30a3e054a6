"""Taking messages to send, and saying what became of them."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import Boolean, Row, and_, bindparam, exists, not_, or_, select, update

from bot.outbound import Delivered
from bot.store import tables as t
from bot.store.outbox import forget_farewells
from bot.store.scope import Scope
from bot.store.team_chats import leave
from bot.store.values import ClaimedOutbound
from bot.store.wire import rendered_from_json
from dialogues.reminders import decent, quiet

_o = t.outbox.c
_t = t.lead_threads.c
_earlier = t.outbox.alias("earlier")

# Order in one address: only the first row that waits can be taken, so the next one waits for its fate. But what
# waits for the morning holds up no answer to who writes at night.
_ASLEEP = and_(bindparam("night_", type_=Boolean), _earlier.c.begins_at.is_not(None),
               _earlier.c.next_at > bindparam("now_"))
_CLAIMABLE = (
    select(_o.id, _o.channel, _o.address_enc, _o.kind, _o.body_enc, _o.thread_enc, _o.reply_to_enc, _o.topic_enc,
           _o.silent, _o.attempts, _o.not_after, _o.begins_at, _t.thread_enc.label("lead_thread"),
           _t.card_external_enc.label("card"), t.leads.c.ref)
    .select_from(t.outbox.outerjoin(t.lead_threads, and_(
        _t.lead_id == _o.lead_id, _t.channel == _o.channel, _t.address_hash == _o.address_hash))
        .outerjoin(t.leads, t.leads.c.id == _o.lead_id))
    .where(
        _o.status == "pending", _o.channel.in_(bindparam("channels_", expanding=True)),
        _o.next_at <= bindparam("now_"), or_(_o.claimed_until.is_(None), _o.claimed_until <= bindparam("now_")),
        ~exists().where(_earlier.c.channel == _o.channel, _earlier.c.address_hash == _o.address_hash,
                        _earlier.c.status == "pending", _earlier.c.id < _o.id, not_(_ASLEEP)),
    )
    .order_by(_o.id).limit(bindparam("limit_"))
    .with_for_update(of=t.outbox, skip_locked=True)
)
_IDS = _o.id.in_(bindparam("ids_", expanding=True))
_CLAIM = update(t.outbox).where(_IDS).values(claimed_until=bindparam("until_"))
_SLEEP = update(t.outbox).where(_o.id == bindparam("id_")).values(next_at=bindparam("at_"))
_CLOSE = (update(t.outbox).where(_IDS, _o.status == "pending")
          .values(status=bindparam("status_"), claimed_until=None))
_PLACE = (select(_o.channel, _o.address_hash, _o.conversation_id, _o.lead_id, _o.kind, _o.farewell)
          .where(_o.id == bindparam("id_")))
_DELIVERED = update(t.outbox).where(_o.id == bindparam("id_")).values(
    status="delivered", delivered_at=bindparam("at_"), claimed_until=None,
    external_enc=bindparam("external_"), external_hash=bindparam("hash_"), beside_hash=bindparam("beside_"))
_CARD = (
    update(t.lead_threads)
    .where(_t.lead_id == bindparam("lead_"), _t.channel == bindparam("channel_"),
           _t.address_hash == bindparam("address_"))
    .values(thread_enc=bindparam("thread_"), thread_hash=bindparam("hash_"), card_external_enc=bindparam("card_"))
)
_RETRY = (
    update(t.outbox).where(_o.id == bindparam("id_"), _o.status == "pending")
    .values(next_at=bindparam("at_"), last_error=bindparam("error_"), attempts=_o.attempts + 1, claimed_until=None)
    .returning(_o.attempts)
)
_DROP_REST = (
    update(t.outbox)
    .where(_o.channel == bindparam("channel_"), _o.address_hash == bindparam("address_"), _o.status == "pending")
    .values(status="dropped", claimed_until=None)
    .returning(_o.id)
)


def message_hash(scope: Scope, channel: str, address_hash: str, external_id: str) -> str:
    """What a delivered message is found by when somebody replies to it."""
    return scope.vault.lookup("message", f"{channel}\0{address_hash}\0{external_id}")


def thread_hash(scope: Scope, channel: str, address_hash: str, thread: str) -> str:
    """What a lead's topic is found by."""
    return scope.vault.lookup("thread", f"{channel}\0{address_hash}\0{thread}")


async def claim(
    scope: Scope, channels: Sequence[str], now: datetime, limit: int, lease: timedelta,
) -> tuple[ClaimedOutbound, ...]:
    """Messages to send now, at most one an address, ours until ``now + lease``.

    News of a session that an outage kept until night waits for the morning, unless the session begins before or
    soon after.
    """
    values = {"channels_": list(channels), "now_": now, "limit_": limit, "night_": quiet(now)}
    rows = (await scope.run(_CLAIMABLE, values)).all()
    # An edit whose card never arrived, or a topic that was never opened: nothing to do there. Or it is too late.
    moot = [row.id for row in rows
            if (row.kind == "edit" and not (row.card or row.reply_to_enc))
            or (row.kind == "close" and row.lead_thread is None)
            or (row.not_after is not None and row.not_after <= now)]
    asleep = {row.id: at for row in rows if row.id not in moot and row.begins_at is not None
              and (at := decent(now, row.begins_at)) > now}
    taken = [row for row in rows if row.id not in moot and row.id not in asleep]
    if moot:
        await scope.run(_CLOSE, {"ids_": moot, "status_": "dropped"})
    for row_id, at in asleep.items():
        await scope.run(_SLEEP, {"id_": row_id, "at_": at})
    if asleep and not taken:  # what they held up can be taken now
        return await claim(scope, channels, now, limit, lease)
    if taken:
        await scope.run(_CLAIM, {"ids_": [row.id for row in taken], "until_": now + lease})
    return tuple(_outbound(row) for row in taken)


def _outbound(row: Row[Any]) -> ClaimedOutbound:
    thread = row.thread_enc or row.lead_thread
    edit_of = (row.card or row.reply_to_enc) if row.kind == "edit" else None
    below_card = row.kind in ("message", "recall") and thread is None
    reply_to = row.reply_to_enc or (row.card if below_card else None) if row.kind != "edit" else None
    return ClaimedOutbound(
        row.id, row.channel, row.address_enc, rendered_from_json(row.body_enc), row.kind, thread, reply_to,
        edit_of, row.topic_enc, row.silent, row.ref, row.attempts)


async def deliver(scope: Scope, row_id: int, delivered: Delivered) -> None:
    """It arrived. A card's topic and message are remembered for what follows it."""
    row = (await scope.run(_PLACE, {"id_": row_id})).one_or_none()
    if row is None:
        return  # erased while it was on its way
    if row.farewell:
        await forget_farewells(scope, [row_id])
        return
    external, thread = delivered.external_id, delivered.thread
    await scope.run(_DELIVERED, {
        "id_": row_id, "at_": scope.now(), "external_": external,
        "hash_": None if external is None else message_hash(scope, row.channel, row.address_hash, external),
        "beside_": None if delivered.beside is None else message_hash(
            scope, row.channel, row.address_hash, delivered.beside),
    })
    if row.kind == "card":
        await scope.run(_CARD, {
            "lead_": row.lead_id, "channel_": row.channel, "address_": row.address_hash, "thread_": thread,
            "hash_": None if thread is None else thread_hash(scope, row.channel, row.address_hash, thread),
            "card_": external,
        })


async def retry(scope: Scope, row_id: int, at: datetime, error: str) -> int:
    """Try again at ``at``; how many sends failed so far (0 when the row is gone)."""
    values = {"id_": row_id, "at_": at, "error_": error[:100]}
    return (await scope.run(_RETRY, values)).scalar_one_or_none() or 0


async def close(scope: Scope, row_id: int, status: Literal["failed", "dropped"]) -> bool:
    """It will never be sent; False when another node had sent it, or given it up."""
    closed = (await scope.run(_CLOSE, {"ids_": [row_id], "status_": status})).rowcount > 0
    await forget_farewells(scope, [row_id])
    return closed


async def addressee(scope: Scope, row_id: int) -> str | None:
    """The conversation a row belongs to; None for a group's, or a farewell."""
    row = (await scope.run(_PLACE, {"id_": row_id})).one_or_none()
    return str(row.conversation_id) if row is not None and row.conversation_id is not None else None


async def sent_to(scope: Scope, row_id: int) -> tuple[str, str, datetime] | None:
    """(channel, address, when it was written) of a message; None when it is forgotten."""
    row = (await scope.run(select(_o.channel, _o.address_enc, _o.created_at).where(_o.id == row_id))).one_or_none()
    return (row.channel, row.address_enc, row.created_at) if row is not None else None


async def block(scope: Scope, row_id: int) -> str | None:
    """Nothing more arrives at its address: drop what waits there. The person's conversation, None for a group."""
    row = (await scope.run(_PLACE, {"id_": row_id})).one_or_none()
    if row is None:
        return None
    place = {"channel_": row.channel, "address_": row.address_hash}
    dropped = list((await scope.run(_DROP_REST, place)).scalars())
    await forget_farewells(scope, dropped)
    if row.conversation_id is None:
        await leave(scope, row.channel, row.address_hash)
        return None
    return str(row.conversation_id)
