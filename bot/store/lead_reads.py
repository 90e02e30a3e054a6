"""Leads as the desk and the console see them."""

from collections.abc import Collection, Mapping
from datetime import datetime
from functools import cache
from typing import Any, Literal

from sqlalchemy import Row, Select, and_, bindparam, exists, func, or_, select

from bot.outbound import Rendered
from bot.store import tables as t
from bot.store.lead_care import UNHEARD
from bot.store.lead_posts import OF_LEAD
from bot.store.leads import ENDED
from bot.store.outbox_claims import message_hash, thread_hash
from bot.store.scope import Scope
from bot.store.values import Delivery, LeadMessage, LeadMove, LeadRow
from bot.store.wire import enclosure_from_json, rendered_from_json

SHOWN_LEADS = 500
# Lines of a lead's history that say that a human spoke with the person: what comes after "new" in handoff's stages.
HEARD = ("contacted", "met", "enrolled")

_l = t.leads.c
_c = t.team_chats.c
_t = t.lead_threads.c
_o = t.outbox.c
_r = t.lead_refusals.c
_m = t.lead_messages.c
_g = t.lead_log.c
# Since a lead was last offered: by then its earlier contacts were with somebody else. Or since they did not arrive.
_OFFERED = _g.lead_id == _l.id, _g.to_state == "offered"
_LAST = (
    select(func.max(_g.id)).where(_g.lead_id == _l.id, _g.to_state.in_(("offered", UNHEARD)))
    .correlate(t.leads).scalar_subquery()
)
# From one team that does not take it to the next: the person has waited all that time.
_ASKED = (
    select(func.max(_g.at)).where(*_OFFERED, or_(_g.by == "person", _g.from_state.in_(("taken", "handed_back"))))
    .correlate(t.leads).scalar_subquery()
)
_line = t.lead_log.alias("line")
_WRITTEN = exists().where(
    _line.c.lead_id == _l.id, _line.c.to_state.in_(HEARD), _line.c.id > func.coalesce(_LAST, 0))
_DELIVERY: Mapping[str | None, Delivery] = {
    "pending": "waiting", "delivered": "sent", "failed": "lost", "dropped": "lost",
}


@cache
def _leads() -> Select[Any]:
    return (
        select(t.leads, t.conversations.c.channel, _r.body.label("refused_by"), _ASKED.label("asked_at"),
               _WRITTEN.label("written"))
        .select_from(t.leads.outerjoin(t.conversations, t.conversations.c.id == _l.conversation_id)
                     .outerjoin(t.lead_refusals, _r.lead_id == _l.id))
    )


async def find(scope: Scope, ref_or_id: str) -> LeadRow | None:
    """The lead with this reference or id."""
    statement = _leads().where(or_(_l.id == ref_or_id, _l.ref == ref_or_id))
    leads = _gather((await scope.run(statement)).all())
    return leads[0] if leads else None


async def given(scope: Scope, conversation_id: str) -> tuple[LeadRow, ...]:
    """A person's leads of which some team has what was passed on, those that are over too, oldest first."""
    statement = _leads().where(_l.conversation_id == conversation_id, _l.items_enc.is_not(None))
    return tuple(_gather((await scope.run(statement.order_by(_l.created_at, _l.id))).all()))


async def offered_at(scope: Scope, lead_id: str) -> datetime:
    """When it was last offered to a team."""
    offered = select(_g.at).where(_g.lead_id == lead_id, _g.to_state == "offered").order_by(_g.id.desc()).limit(1)
    at: datetime = (await scope.run(offered)).scalar_one()
    return at


async def met(scope: Scope, lead_id: str) -> bool:
    """Whether the team saw the person since it was last offered the lead."""
    last = select(func.max(_g.id)).where(_g.lead_id == lead_id, _g.to_state == "offered").scalar_subquery()
    seen = select(_g.id).where(_g.lead_id == lead_id, _g.to_state.in_(HEARD[1:]), _g.id > last).limit(1)
    return (await scope.run(seen)).one_or_none() is not None


async def listed(
    scope: Scope, body: str | None, territories: Collection[str], *, open_only: bool,
) -> tuple[LeadRow, ...]:
    """Leads of these territories (of ``body`` alone if given): urgent first, then the latest to move."""
    chosen = select(_l.id).where(_l.territory.in_(list(territories)))
    if body is not None:
        chosen = chosen.where(_l.body == body)
    if open_only:
        chosen = chosen.where(_l.state.not_in(ENDED))
    order = (_l.urgent.desc(), _l.changed_at.desc(), _l.id)
    chosen = chosen.order_by(*order).limit(SHOWN_LEADS)
    statement = _leads().where(_l.id.in_(chosen)).order_by(*order)
    return tuple(_gather((await scope.run(statement)).all()))


async def taken_by(scope: Scope, counsellor_id: str) -> tuple[str, ...]:
    """The ids of all that this counsellor has and that is not over, oldest first."""
    rows = await scope.run(select(_l.id).where(_l.taken_by == counsellor_id, _l.state.not_in(ENDED))
                           .order_by(_l.created_at, _l.id))
    return tuple(rows.scalars())


async def thread(scope: Scope, lead_id: str) -> tuple[LeadMessage, ...]:
    """All that passed between the person and the team that has the lead now, oldest first.

    What was written with another team before is not this one's to read: the person did not agree to that.
    """
    rows = await scope.run(
        select(t.lead_messages, _o.status)
        .join(t.leads, and_(_l.id == _m.lead_id, _l.territory + "/" + _l.body == _m.body))
        .outerjoin(t.outbox, _o.id == _m.outbox_id)
        .where(_m.lead_id == lead_id).order_by(_m.id)
    )
    return tuple(LeadMessage(
        row.id, row.at, row.author, row.kind, row.name_enc, row.text_enc, enclosure_from_json(row.enclosure_enc),
        _DELIVERY.get(row.status),
    ) for row in rows)


async def history(scope: Scope, lead_id: str) -> tuple[LeadMove, ...]:
    """Everything that became of a lead, oldest first."""
    rows = await scope.run(
        select(t.lead_log, t.counsellors.c.name_enc)
        .select_from(t.lead_log.outerjoin(t.counsellors, t.counsellors.c.id == _g.by))
        .where(_g.lead_id == lead_id).order_by(_g.id)
    )
    return tuple(LeadMove(row.at, row.to_state, row.name_enc or row.by, row.reason_enc) for row in rows)


async def of_reply(
    scope: Scope, channel: str, address: str, thread_id: str | None, reply_to: str | None,
) -> str | None:
    """The lead that words in this topic, or in reply to this message, are about.

    None when there is none, or when it is no longer this group's (its team refused it).
    """
    here = scope.address_hash(channel, address)
    found = []
    if thread_id is not None:
        found.append(select(_t.lead_id).where(_t.thread_hash == bindparam("thread_")))
    if reply_to is not None:
        found.append(select(_o.lead_id).where(or_(
            _o.external_hash == bindparam("reply_"), _o.beside_hash == bindparam("reply_"))))
    for lead in found:
        statement = (
            select(_l.id).join(t.team_chats, and_(OF_LEAD, _c.channel == channel, _c.address_hash == here))
            .where(_l.id.in_(lead)).order_by(_l.created_at.desc()).limit(1)
        )
        values = {"thread_": thread_hash(scope, channel, here, thread_id or ""),
                  "reply_": message_hash(scope, channel, here, reply_to or "")}
        row = (await scope.run(statement, values)).one_or_none()
        if row is not None:
            return str(row.id)
    return None


async def known_here(
    scope: Scope, channel: str, address: str, thread_id: str | None, reply_to: str | None,
) -> Literal["lead", "ours"] | None:
    """What words in this topic, or in reply to this message, were about, whoever has it now.

    A lead's topic or message; a message of ours about no lead; None: colleagues'.
    """
    here = scope.address_hash(channel, address)
    topic = select(_t.lead_id).where(_t.thread_hash == thread_hash(scope, channel, here, thread_id or "")).limit(1)
    if thread_id is not None and (await scope.run(topic)).one_or_none() is not None:
        return "lead"
    if reply_to is None:
        return None
    hashed = message_hash(scope, channel, here, reply_to)
    row = (await scope.run(select(_o.lead_id).where(
        or_(_o.external_hash == hashed, _o.beside_hash == hashed)).limit(1))).one_or_none()
    return None if row is None else "ours" if row.lead_id is None else "lead"


async def said_here(scope: Scope, channel: str, address: str, message: str) -> Rendered | None:
    """What a message of ours about no lead said."""
    hashed = message_hash(scope, channel, scope.address_hash(channel, address), message)
    row = (await scope.run(select(_o.body_enc).where(
        _o.external_hash == hashed, _o.lead_id.is_(None)).limit(1))).one_or_none()
    return None if row is None else rendered_from_json(row.body_enc)


def _gather(rows: Collection[Row[Any]]) -> list[LeadRow]:
    """One lead from its several rows, one a refusal."""
    refused: dict[str, list[str]] = {}
    first: dict[str, Row[Any]] = {}
    for row in rows:
        first.setdefault(row.id, row)
        refused.setdefault(row.id, []).extend([row.refused_by] if row.refused_by is not None else [])
    return [LeadRow(
        row.id, row.ref, row.conversation_id, row.channel, row.state, row.body, row.territory,
        tuple((key, value) for key, value in row.items_enc or ()), tuple(row.reasons_enc or ()), row.urgent_enc,
        row.taken_by, row.taken_name_enc, tuple(sorted(refused[row.id])), row.created_at, row.changed_at,
        row.asked_at or row.created_at, bool(row.written), row.stage, row.outcome, row.level,
    ) for row in first.values()]
