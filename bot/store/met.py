"""Who came to a permanence was met: their request says so, without anybody noting it twice."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, delete, or_, select, update

from bot.store import due, lead_care, lead_delivery, lead_reads
from bot.store import tables as t
from bot.store.leads import ENDED
from bot.store.scope import Scope

# Whom the history says it was noted by: the list of a permanence. The line's reason is the seat, so that a slip of
# the finger can be put right.
LIST = "list"
# A line of the history beside « met »: they came, but not to the team that has taken the request, which still owes
# them its first word.
CAME = "came"
_BEFORE = frozenset({"new", "contacted"})
_l, _g, _a, _s = t.leads.c, t.lead_log.c, t.appointments.c, t.sessions.c


@dataclass(frozen=True, slots=True)
class Came:
    """Whose seat it was, and where and when."""

    seat: str
    conversation_id: str
    territory: str
    body: str
    starts_at: datetime
    ends_at: datetime


async def came(scope: Scope, who: Came) -> None:
    """Their request in this consortium, that they had then, is met; nothing where it came as far before."""
    lead = (await scope.run(
        select(_l.id, _l.state, _l.body).where(
            _l.conversation_id == who.conversation_id, _l.territory == who.territory, _l.created_at <= who.ends_at,
            or_(_l.state.not_in(ENDED), and_(_l.state == "closed", _l.changed_at >= who.starts_at)))
        .order_by(_l.created_at.desc()).limit(1))).one_or_none()
    if lead is None:
        return
    done = await scope.run(update(t.leads).where(_l.id == lead.id, _l.stage.in_(_BEFORE)).values(stage="met"))
    if not done.rowcount:
        return
    theirs = lead.body == who.body and lead.state in ("taken", "handed_back")
    await lead_care.note(scope, lead.id, "met" if theirs else CAME, LIST, who.seat)
    planned = await lead_care.planned(scope, lead.id)
    if theirs and planned is not None and planned[0] == lead_care.SILENT:
        await lead_care.set_level(scope, lead.id, 0)  # that clock finds that they were spoken to, and ends


async def not_after_all(scope: Scope, who: Came) -> None:
    """What ``came`` noted for this seat is taken back, unless another seat of theirs says the same."""
    lines = (await scope.run(
        select(_g.id, _g.lead_id, _g.reason_enc).join(t.leads, _l.id == _g.lead_id)
        .where(_l.conversation_id == who.conversation_id, _g.by == LIST))).all()
    for line in lines:
        if line.reason_enc == who.seat:
            await scope.run(delete(t.lead_log).where(_g.id == line.id))
            await _back(scope, line.lead_id, who)


async def _back(scope: Scope, lead_id: str, who: Came) -> None:
    stage = "contacted" if await lead_delivery.arrived(scope, lead_id) else "new"
    await scope.run(update(t.leads).where(_l.id == lead_id, _l.stage == "met").values(stage=stage))
    other = (await scope.run(
        select(_a.id, _s.territory, _s.body, _s.starts_at, _s.ends_at)
        .select_from(t.appointments.join(t.sessions, _s.id == _a.session_id))
        .where(_a.conversation_id == who.conversation_id, _a.id != who.seat, _a.state == "seen",
               _s.territory == who.territory)
        .order_by(_s.starts_at.desc()).limit(1))).one_or_none()
    if other is not None:
        await came(scope, Came(other.id, who.conversation_id, other.territory, other.body,
                               other.starts_at, other.ends_at))
    lead = await lead_reads.find(scope, lead_id)
    if lead is None or lead.written:
        return
    since = await lead_reads.offered_at(scope, lead_id)
    if "counsellor" in await lead_delivery.speakers(scope, lead_id, f"{lead.territory}/{lead.body}", since):
        await lead_care.note(scope, lead_id, "contacted", lead.taken_by or "bot")  # not noted before: they were met
    elif lead.state == "taken" and await lead_care.planned(scope, lead_id) is None:
        await due.plan(scope, who.conversation_id, lead_id, {lead_care.SILENT: scope.now()})


async def request_of(scope: Scope, seat: str, territory: str, body: str | None) -> str | None:
    """The reference of the request that is met because of this seat, where this team has it."""
    rows = await scope.run(
        select(_l.ref, _g.reason_enc).join(t.leads, _l.id == _g.lead_id)
        .join(t.appointments, _a.conversation_id == _l.conversation_id)
        .where(_a.id == seat, _g.by == LIST, _l.territory == territory, *([_l.body == body] if body else [])))
    return next((str(row.ref) for row in rows if row.reason_enc == seat), None)
