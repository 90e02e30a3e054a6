"""What is counted of leads: never who, never their words."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select

from bot.store import tables as t
from bot.store.scope import Scope

_l = t.leads.c
_FACTS = (
    select(_l.ref, _l.territory, _l.body, _l.state, _l.stage, _l.outcome, _l.urgent, _l.items_enc, _l.created_at,
           _l.changed_at, t.conversations.c.origin)
    .select_from(t.leads.outerjoin(t.conversations, t.conversations.c.id == _l.conversation_id))
    .where(_l.created_at >= bindparam("since_"), _l.created_at < bindparam("until_"))
    .order_by(_l.created_at, _l.id)
)
# Of what the person agreed to pass on, only what says nothing of who they are.
KEPT = ("need", "emergency", "commune", "language")


@dataclass(frozen=True, slots=True)
class LeadFact:
    """A lead as it is counted. ``items``: need, emergency, commune and language, when they are still there.

    ``origin``: the link or code they came by, None when they came by themselves or are erased.
    """

    ref: str
    territory: str
    body: str
    state: str
    stage: str
    outcome: str | None
    urgent: bool
    items: dict[str, str]
    opened_at: datetime
    changed_at: datetime
    origin: str | None


async def facts(scope: Scope, since: datetime, until: datetime) -> tuple[LeadFact, ...]:
    """Leads opened in [since, until), the first opened first."""
    rows = await scope.run(_FACTS, {"since_": since, "until_": until})
    return tuple(LeadFact(
        row.ref, row.territory, row.body, row.state, row.stage, row.outcome, row.urgent,
        {key: value for key, value in row.items_enc or () if key in KEPT},
        row.created_at, row.changed_at, row.origin,
    ) for row in rows)
