"""How far a lead came, and who was told that nobody looked after it."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import bindparam, delete, func, insert, select, update

from bot.store import due
from bot.store import tables as t
from bot.store.scope import Scope

# What waits for a human: the kinds of due rows of a lead. They outlive a person's blocking the bot.
# Nobody took it; taken, and not a first word; the person wrote, and no answer; an emergency, and no answer.
UNTAKEN, SILENT, UNANSWERED, URGENT = "lead_untaken", "lead_silent", "lead_unanswered", "lead_urgent"
KINDS = (UNTAKEN, SILENT, UNANSWERED, URGENT)
# Not of those: a counsellor's words wait for somebody to open their page. Whoever has the lead is to know, no more.
UNSEEN = "lead_unseen"
# A line of a lead's history: the words that had made it « contacted » did not arrive.
UNHEARD = "unheard"

_l = t.leads.c
# What a team has to do something about. Handed back to the bot, it is still theirs, and may be for months: it
# counts again when the person asks again, or when they take it again.
_IN_HAND = ("offered", "taken")
_LOAD = (
    select(_l.territory, _l.body, func.count().label("open")).where(_l.state.in_(_IN_HAND))
    .group_by(_l.territory, _l.body)
)
_d = t.due.c
_PLANNED = (
    select(_d.kind, _d.at).where(_d.subject == bindparam("subject_"), _d.kind.in_(KINDS), _d.done_at.is_(None))
    .order_by(_d.at, _d.id).limit(1)
)


async def load(scope: Scope) -> Mapping[tuple[str, str], int]:
    """(territory, body) -> requests it was offered or has taken."""
    return {(row.territory, row.body): row.open for row in (await scope.run(_LOAD)).all()}


async def watch(scope: Scope, conversation_id: str, lead_id: str, kind: str | None, at: datetime | None) -> None:
    """What is to happen if nobody moves: one due row a lead, or none."""
    await due.plan(scope, conversation_id, lead_id, {kind: at} if kind is not None and at is not None else {})


async def watch_unseen(scope: Scope, conversation_id: str, lead_id: str, at: datetime) -> None:
    """Look then whether the person has seen what they were written; beside what is watched."""
    await scope.run(delete(t.due).where(_d.subject == lead_id, _d.kind == UNSEEN, _d.done_at.is_(None)))
    await scope.run(insert(t.due), {
        "kind": UNSEEN, "at": at, "conversation_id": conversation_id, "subject": lead_id, "attempts": 0})


async def planned(scope: Scope, lead_id: str) -> tuple[str, datetime] | None:
    """(kind, moment) of what is to happen if nobody moves; None when nothing is."""
    row = (await scope.run(_PLANNED, {"subject_": lead_id})).one_or_none()
    return (row.kind, row.at) if row is not None else None


async def set_level(scope: Scope, lead_id: str, level: int) -> None:
    """Who was told so far that the lead waits; see handoff.promises."""
    await scope.run(update(t.leads).where(_l.id == bindparam("id_")).values(level=level), {"id_": lead_id})


async def set_stage(scope: Scope, lead_id: str, stage: str, before: frozenset[str], by: str) -> bool:
    """How far it came with the person; False when it was there already, or farther."""
    done = await scope.run(
        update(t.leads).where(_l.id == lead_id, _l.stage.in_(list(before)))
        .values(stage=stage, changed_at=scope.now())
    )
    if done.rowcount:
        await _log(scope, lead_id, stage, by, None)
    return bool(done.rowcount)


async def unheard(scope: Scope, lead_id: str, *, ever: bool) -> None:
    """The person has heard nothing from the team that has the lead; ``ever``: nor from one before."""
    if ever:
        await scope.run(update(t.leads).where(_l.id == lead_id, _l.stage == "contacted")
                        .values(stage="new", changed_at=scope.now()))
    await _log(scope, lead_id, UNHEARD, "bot", None)


async def set_outcome(scope: Scope, lead_id: str, outcome: str, by: str) -> None:
    """What came of a lead that is over; the last word counts."""
    await scope.run(update(t.leads).where(_l.id == lead_id).values(outcome=outcome))
    await _log(scope, lead_id, "outcome", by, outcome)


async def note(scope: Scope, lead_id: str, what: str, by: str = "bot", reason: str | None = None) -> None:
    """One line in the lead's history that changes no state."""
    await _log(scope, lead_id, what, by, reason)


async def _log(scope: Scope, lead_id: str, what: str, by: str, reason: str | None) -> None:
    await scope.run(insert(t.lead_log), {
        "lead_id": lead_id, "at": scope.now(), "from_state": None, "to_state": what, "by": by,
        "reason_enc": reason})
