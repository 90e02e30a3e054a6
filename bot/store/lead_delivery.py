"""What becomes of a counsellor's words on their way to the person, and how they are found again to be corrected."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, or_, select, update

from bot.store import tables as t
from bot.store.outbox_claims import message_hash
from bot.store.scope import Scope
from bot.store.values import LostWords

# The question whether another team may have the request: it is no word of this one's help.
PASS = "pass"

_m = t.lead_messages.c
_o = t.outbox.c
_CARRY = update(t.lead_messages).where(_m.id == bindparam("id_")).values(outbox_id=bindparam("row_"))
_LOST = select(_m.lead_id, _m.body, _m.kind, _m.name_enc, _m.text_enc).where(_m.outbox_id == bindparam("row_"))
_WRITTEN = (
    select(_m.lead_id, _m.body, _m.author, _m.kind, _m.text_enc, _m.outbox_id, _o.status, _o.external_enc)
    .select_from(t.lead_messages.outerjoin(t.outbox, _o.id == _m.outbox_id))
    .where(_m.source_hash == bindparam("source_")).order_by(_m.id)
)
_LAST = (
    select(_m.author, _m.text_enc, _m.at, _o.status)
    .select_from(t.lead_messages.outerjoin(t.outbox, _o.id == _m.outbox_id))
    .where(_m.lead_id == bindparam("lead_"), _m.author.in_(("person", "counsellor")))
    .order_by(_m.id.desc()).limit(1)
)
_ARRIVED = (
    select(_m.id).select_from(t.lead_messages.outerjoin(t.outbox, _o.id == _m.outbox_id))
    .where(_m.lead_id == bindparam("lead_"), _m.author == "counsellor", _m.kind != PASS,
           or_(_o.status.is_(None), _o.status.not_in(("failed", "dropped")))).limit(1)
)
# What this team and the person said since it was last offered to it, and that arrived or still may.
_SAID = (
    select(_m.author).select_from(t.lead_messages.outerjoin(t.outbox, _o.id == _m.outbox_id))
    .where(_m.lead_id == bindparam("lead_"), _m.body == bindparam("team_"), _m.author.in_(("person", "counsellor")),
           _m.kind != PASS, _m.at >= bindparam("since_"),
           or_(_o.status.is_(None), _o.status.not_in(("failed", "dropped"))))
    .order_by(_m.id)
)
_UNSEEN = (
    select(_m.at).select_from(t.lead_messages.join(t.outbox, _o.id == _m.outbox_id))
    .where(_m.lead_id == bindparam("lead_"), _m.body == bindparam("team_"), _m.author == "counsellor",
           _o.status == "pending")
    .order_by(_m.id).limit(1)
)
_DROP = (
    update(t.outbox)
    .where(_o.id == bindparam("id_"), _o.status == "pending",
           or_(_o.claimed_until.is_(None), _o.claimed_until <= bindparam("now_")))
    .values(status="dropped", claimed_until=None)
)


@dataclass(frozen=True, slots=True)
class Copy:
    """What was made of one message of a team's chat: a line of a lead's thread, and its row in the outbox.

    ``team``: territory/body that had the lead then. ``status``: the row's, None when it was forgotten.
    ``external``: the id of the person's copy, where it can be edited.
    """

    lead_id: str
    team: str
    author: str
    kind: str
    text: str
    outbox_id: int | None
    status: str | None
    external: str | None


def source_of(scope: Scope, channel: str, address: str, message: str) -> str:
    """What a message of a team's chat is found by."""
    return message_hash(scope, channel, scope.address_hash(channel, address), message)


async def carried_by(scope: Scope, message_id: int, row_id: int) -> None:
    """This row of the outbox has the words of that line."""
    await scope.run(_CARRY, {"id_": message_id, "row_": row_id})


async def lost(scope: Scope, row_id: int) -> LostWords | None:
    """The counsellor's words that a row had; None when it had none."""
    row = (await scope.run(_LOST, {"row_": row_id})).one_or_none()
    if row is None:
        return None
    return LostWords(row.lead_id, row.body or "", row.kind, row.name_enc or "", row.text_enc)


async def said_since(scope: Scope, lead_id: str, text: str, since: datetime) -> bool:
    """Whether a counsellor gave the person just these words since then, not in vain, and nothing was said after."""
    row = (await scope.run(_LAST, {"lead_": lead_id})).one_or_none()
    if row is None or row.status in ("failed", "dropped"):
        return False
    return bool(row.author == "counsellor" and row.text_enc == text and row.at >= since)


async def speakers(scope: Scope, lead_id: str, team: str, since: datetime) -> tuple[str, ...]:
    """Who spoke since then, person or counsellor, the first first; words that will never arrive are not counted."""
    rows = await scope.run(_SAID, {"lead_": lead_id, "team_": team, "since_": since})
    return tuple(rows.scalars())


async def unseen_since(scope: Scope, lead_id: str, team: str) -> datetime | None:
    """When the first of this team's words was written that still waits to be fetched; None when none does."""
    at: datetime | None = (await scope.run(_UNSEEN, {"lead_": lead_id, "team_": team})).scalar_one_or_none()
    return at


async def arrived(scope: Scope, lead_id: str) -> bool:
    """Whether any counsellor's words of this lead, whichever team had it then, arrived or still may."""
    return (await scope.run(_ARRIVED, {"lead_": lead_id})).one_or_none() is not None


async def written(scope: Scope, channel: str, address: str, message: str) -> tuple[Copy, ...]:
    """All that was made of a message of a team's chat, the first first: it may have been corrected before."""
    rows = await scope.run(_WRITTEN, {"source_": source_of(scope, channel, address, message)})
    return tuple(Copy(
        row.lead_id, row.body or "", row.author, row.kind, row.text_enc, row.outbox_id, row.status,
        row.external_enc if row.status == "delivered" else None) for row in rows)


async def take_out(scope: Scope, row_id: int) -> bool:
    """Not sent yet, it goes no more; False when it is on its way."""
    return (await scope.run(_DROP, {"id_": row_id, "now_": scope.now()})).rowcount > 0
