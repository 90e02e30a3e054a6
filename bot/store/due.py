"""What is to happen at a moment: reminders, claimed by whichever node wakes first."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, insert, or_, select, update

from bot.store import tables as t
from bot.store.scope import Scope
from bot.store.values import DueRow

_d = t.due.c
_CLAIMABLE = (
    select(_d.id, _d.kind, _d.conversation_id, _d.subject, _d.at, _d.attempts)
    .where(_d.done_at.is_(None), _d.at <= bindparam("now_"),
           or_(_d.claimed_until.is_(None), _d.claimed_until <= bindparam("now_")))
    .order_by(_d.at, _d.id).limit(bindparam("limit_"))
    .with_for_update(skip_locked=True)
)
_CLAIM = (
    update(t.due).where(_d.id.in_(bindparam("ids_", expanding=True)))
    .values(claimed_until=bindparam("until_"), attempts=_d.attempts + 1)
)
_FINISH = (
    update(t.due).where(_d.id == bindparam("id_"), _d.done_at.is_(None))
    .values(done_at=bindparam("at_")).returning(_d.id)
)
_FORGET = delete(t.due).where(_d.subject == bindparam("subject_"), _d.conversation_id == bindparam("of_"),
                              _d.done_at.is_(None))
# What became of a session is still to be said when its reminders are planned again.
# Nor does what is planned for a lead change whether its person has opened their page.
NEWS = ("session_cancelled", "session_moved", "session_late", "seat_missed", "lead_unseen")
# What is still true when somebody who blocked the bot is back before its moment; else it wakes for nobody.
KEPT_WHILE_BLOCKED = ("day_before", "two_hours", *NEWS)
# Kind and subject of the row that ends what is not kept.
PASSING = "answers_passed"
_FORGET_PLANNED = _FORGET.where(_d.kind.not_in(NEWS))


async def claim(scope: Scope, now: datetime, limit: int, lease: timedelta) -> tuple[DueRow, ...]:
    """Rows whose moment has come, earliest first, ours until ``now + lease``."""
    rows = (await scope.run(_CLAIMABLE, {"now_": now, "limit_": limit})).all()
    if rows:
        await scope.run(_CLAIM, {"ids_": [row.id for row in rows], "until_": now + lease})
    return tuple(DueRow(row.id, row.kind, row.conversation_id, row.subject, row.at, row.attempts) for row in rows)


async def finish(scope: Scope, row_id: int) -> bool:
    """Mark it done; False when somebody did, or it was cancelled meanwhile."""
    return (await scope.run(_FINISH, {"id_": row_id, "at_": scope.now()})).one_or_none() is not None


async def plan(scope: Scope, conversation_id: str, subject: str, at: Mapping[str, datetime]) -> None:
    """The reminders of ``subject``, kind to moment; they replace those it had, and no news of it."""
    await scope.run(_FORGET_PLANNED, {"subject_": subject, "of_": conversation_id})
    if at:
        await scope.run(insert(t.due), [
            {"kind": kind, "at": moment, "conversation_id": conversation_id, "subject": subject, "attempts": 0}
            for kind, moment in at.items()])


async def cancel(scope: Scope, conversation_id: str, subject: str) -> None:
    """Forget what was planned for ``subject``."""
    await scope.run(_FORGET, {"subject_": subject, "of_": conversation_id})
