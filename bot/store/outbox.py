"""What goes out: queued in the turn, sent after it, and the row is the retry queue."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Literal

from sqlalchemy import Insert, bindparam, insert, or_, select, update

from bot.outbound import Rendered
from bot.store import tables as t
from bot.store.dialect import keeps_parameter_order
from bot.store.scope import Scope
from bot.store.values import HistoryItem
from bot.store.wire import content_from_json, rendered_from_json, rendered_to_json

_o = t.outbox.c
_i = t.inbox.c


@dataclass(frozen=True, slots=True)
class Recipient:
    """Where a message goes. ``farewell``: to somebody erased in this turn, whose row must not stay."""

    channel: str
    address: str
    conversation_id: str | None = None
    farewell: bool = False


@cache
def _insert(engine: str) -> Insert:
    return insert(t.outbox).returning(_o.id, sort_by_parameter_order=not keeps_parameter_order(engine))


_HERE = (_o.channel == bindparam("channel_"), _o.address_hash == bindparam("address_"))
# What waits and is not late yet; the page shows what it was given in time.
_STILL = or_(_o.status == "delivered", _o.not_after.is_(None), _o.not_after > bindparam("now_"))
_DROP_ABOUT = (
    update(t.outbox)
    .where(_o.about.in_(bindparam("about_", expanding=True)), _o.status == "pending",
           or_(_o.claimed_until.is_(None), _o.claimed_until <= bindparam("now_")))
    .values(status="dropped", claimed_until=None)
)
_UNREAD = (
    select(_o.id, _o.created_at, _o.body_enc, _o.status)
    .where(*_HERE, or_(_o.id > bindparam("after_"), _o.status == "pending"),
           _o.status.in_(("pending", "delivered")), _STILL)
    .order_by(_o.id)
)
_WAITING = select(_o.id, _o.body_enc).where(*_HERE, _o.status == "pending", _STILL).order_by(_o.id)
_READ = (
    update(t.outbox).where(_o.id.in_(bindparam("ids_", expanding=True)), _o.status == "pending")
    .values(status="delivered", delivered_at=bindparam("at_"), read_at=bindparam("at_"), claimed_until=None)
)
_DROP_FAREWELLS = t.outbox.delete().where(_o.id.in_(bindparam("ids_", expanding=True)), _o.farewell)
# What has not arrived yet still has to: retention takes it then.
_FORGET_SAID = t.outbox.delete().where(
    _o.conversation_id == bindparam("of_"), _o.passing, _o.status != "pending")
_OURS = (
    select(_o.id, _o.created_at, _o.body_enc)
    .where(*_HERE, _o.status.in_(("pending", "delivered")), _o.kind == "message", _STILL)
    .order_by(_o.id.desc()).limit(bindparam("limit_"))
)
_THEIRS = (
    select(_i.kind, _i.received_at, _i.body_enc)
    .where(_i.channel == bindparam("channel_"), _i.address_hash == bindparam("address_"), ~_i.of_team,
           _i.body_enc.is_not(None))
    .order_by(_i.id.desc()).limit(bindparam("limit_"))
)


async def queue(
    scope: Scope, to: Recipient, messages: Sequence[Rendered], *, delivered: bool = False,
    thread: str | None = None, reply_to: str | None = None, kind: Literal["message", "edit"] = "message",
) -> tuple[int, ...]:
    """The ids of the new rows, in the order of ``messages``. ``delivered``: the answer itself carried them.

    ``kind``: an edit takes the place of the message ``reply_to``.
    """
    if not messages:
        return ()
    now = scope.now()
    common: dict[str, Any] = {
        "conversation_id": to.conversation_id, "lead_id": None, "channel": to.channel,
        "address_hash": scope.address_hash(to.channel, to.address), "address_enc": to.address, "kind": kind,
        "thread_enc": thread, "reply_to_enc": reply_to, "topic_enc": None, "farewell": to.farewell,
        "created_at": now, "next_at": now, "attempts": 0, "claimed_until": None,
        "status": "delivered" if delivered else "pending", "delivered_at": now if delivered else None,
        "read_at": now if delivered else None,
    }
    rows = [common | {"body_enc": rendered_to_json(message), "passing": message.passing,
                      "not_after": message.until, "about": message.about, "begins_at": message.begins}
            for message in messages]
    return tuple(sorted((await scope.run(_insert(scope.engine), rows)).scalars()))


async def forget_said(scope: Scope, conversation_id: str) -> None:
    """Remove what was said to this person and is not to be kept; what has not arrived yet goes later."""
    await scope.run(_FORGET_SAID, {"of_": conversation_id})


async def drop_about(scope: Scope, ids: Sequence[str]) -> None:
    """These seats or sessions are not what they were: what waits and speaks of them goes no more."""
    await scope.run(_DROP_ABOUT, {"about_": list(ids), "now_": scope.now()})


async def forget_farewells(scope: Scope, ids: Sequence[int]) -> None:
    """Remove what was said last to somebody erased; they have it."""
    await scope.run(_DROP_FAREWELLS, {"ids_": list(ids)})


async def unread(
    scope: Scope, channel: str, address: str, after: int,
) -> tuple[tuple[tuple[int, datetime, Rendered], ...], list[int]]:
    """(what was said after ``after``, ids of all rows here still marked as waiting)."""
    values = {"channel_": channel, "address_": scope.address_hash(channel, address), "after_": after,
              "now_": scope.now()}
    rows = (await scope.run(_UNREAD, values)).all()
    said = tuple((row.id, row.created_at, rendered_from_json(row.body_enc)) for row in rows if row.id > after)
    return said, [row.id for row in rows if row.status == "pending"]


async def fetch(scope: Scope, channel: str, address: str) -> tuple[Rendered, ...]:
    """What waits here and is not late, the first said first; it is delivered by this."""
    rows = (await scope.run(_WAITING, {
        "channel_": channel, "address_": scope.address_hash(channel, address), "now_": scope.now()})).all()
    if rows:
        await mark_read(scope, [row.id for row in rows])
    return tuple(rendered_from_json(row.body_enc) for row in rows)


async def mark_read(scope: Scope, ids: Sequence[int]) -> None:
    """The page has them."""
    await scope.run(_READ, {"ids_": list(ids), "at_": scope.now()})
    await forget_farewells(scope, ids)


async def history(scope: Scope, channel: str, address: str, limit: int) -> tuple[HistoryItem, ...]:
    """The last ``limit`` lines of both sides, oldest first; the person's own before our answer."""
    values = {"channel_": channel, "address_": scope.address_hash(channel, address), "limit_": limit}
    now = {"now_": scope.now()}
    ours = [(row.created_at, 1, row.id, HistoryItem(row.id, row.created_at, rendered_from_json(row.body_enc)))
            for row in await scope.run(_OURS, values | now)]
    theirs = [(row.received_at, 0, -place,
               HistoryItem(None, row.received_at, content_from_json(row.kind, row.body_enc)))
              for place, row in enumerate(await scope.run(_THEIRS, values))]
    both = sorted([*ours, *theirs], key=lambda line: line[:3])
    return tuple(line[3] for line in both[-limit:])
