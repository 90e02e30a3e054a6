"""Changes of the calendar that other systems are told: rows, retried until taken. No personal data in them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import insert, select, update

from bot.store import tables as t
from bot.store.scope import Scope

_w = t.webhook_calls.c


@dataclass(frozen=True, slots=True)
class WebhookCall:
    """One change to tell. ``body``: JSON; ``attempts``: calls that failed so far."""

    id: int
    event: str
    body: str
    attempts: int


async def note(scope: Scope, event: str, subject: Mapping[str, str]) -> None:
    """Plan to tell ``event`` (session.cancelled…) about ``subject``, when there is somebody to tell."""
    if not scope.tells_others:
        return
    now = scope.now()
    body = json.dumps({"id": scope.clock.new_id(), "event": event, "at": now.isoformat(), **subject},
                      ensure_ascii=False, sort_keys=True)
    await scope.run(insert(t.webhook_calls), {"event": event, "body": body, "next_at": now, "attempts": 0})


async def claim(scope: Scope, limit: int, lease: timedelta) -> tuple[WebhookCall, ...]:
    """Calls whose moment has come, ours until the lease ends, in the order they were noted."""
    now = scope.now()
    rows = (await scope.run(
        select(_w.id, _w.event, _w.body, _w.attempts).where(_w.done_at.is_(None), _w.next_at <= now)
        .order_by(_w.id).limit(limit).with_for_update(skip_locked=True))).all()
    if rows:
        await scope.run(update(t.webhook_calls).where(_w.id.in_([row.id for row in rows]))
                        .values(next_at=now + lease, attempts=_w.attempts + 1))
    return tuple(WebhookCall(row.id, row.event, row.body, row.attempts) for row in rows)


async def settle(scope: Scope, call_id: int, retry_at: datetime | None) -> None:
    """The call was taken or is given up (``retry_at`` None), or is to be made again then."""
    values = {"done_at": scope.now()} if retry_at is None else {"next_at": retry_at}
    await scope.run(update(t.webhook_calls).where(_w.id == call_id).values(**values))
