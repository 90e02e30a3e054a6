"""Sheets for services outside: asked for, agreed to or not, given. They go with the request."""

from datetime import datetime

from sqlalchemy import BindParameter, Row, bindparam, delete, insert, select, update

from bot.store import tables as t
from bot.store.scope import Scope
from bot.store.values import Liaison

_s = t.liaisons.c
_l = t.leads.c
_OPEN = (_s.agreed_at.is_(None), _s.refused_at.is_(None))
# Only the person whose lead it is answers for it.
_THEIRS = _s.lead_id.in_(select(_l.id).where(_l.conversation_id == bindparam("of_")))
_AT: BindParameter[datetime] = bindparam("at_")
_ANSWER = update(t.liaisons).where(_s.id == bindparam("id_"), _THEIRS, *_OPEN)
_AGREE = _ANSWER.values(agreed_at=_AT).returning(_s.door)
_REFUSE = _ANSWER.values(refused_at=_AT).returning(_s.door)
_GIVEN = update(t.liaisons).where(_s.id == bindparam("id_"), _s.given_at.is_(None)).values(given_at=_AT)


async def ask(scope: Scope, lead_id: str, body: str, door: str, items: tuple[tuple[str, str], ...], by: str) -> str:
    """Its id. Nothing is agreed yet."""
    liaison_id = scope.clock.new_id()
    await scope.run(insert(t.liaisons), {
        "id": liaison_id, "lead_id": lead_id, "body": body, "door": door,
        "items_enc": [list(item) for item in items], "by_name_enc": by, "asked_at": scope.now()})
    return liaison_id


async def answer(scope: Scope, conversation_id: str, liaison_id: str, *, agreed: bool) -> str | None:
    """The person's yes or no: the first counts, and only theirs. The service it is about, None when too late."""
    values = {"id_": liaison_id, "of_": conversation_id, "at_": scope.now()}
    return (await scope.run(_AGREE if agreed else _REFUSE, values)).scalar_one_or_none()


async def of_lead(scope: Scope, lead_id: str) -> tuple[Liaison, ...]:
    """Those the team that has the lead now asked for, oldest first."""
    rows = await scope.run(
        select(t.liaisons).join(t.leads, (_l.id == _s.lead_id) & (_l.body == _s.body))
        .where(_s.lead_id == lead_id).order_by(_s.asked_at, _s.id))
    return tuple(_liaison(row) for row in rows)


async def given_doors(scope: Scope, lead_id: str) -> tuple[str, ...]:
    """The services that have a sheet of this lead, whichever team gave it."""
    rows = await scope.run(
        select(_s.door).where(_s.lead_id == lead_id, _s.given_at.is_not(None)).distinct().order_by(_s.door))
    return tuple(rows.scalars())


async def give(scope: Scope, liaison_id: str) -> None:
    """It was printed or sent."""
    await scope.run(_GIVEN, {"id_": liaison_id, "at_": scope.now()})


async def forget(scope: Scope, lead_id: str) -> None:
    """The request is empty now."""
    await scope.run(delete(t.liaisons).where(_s.lead_id == lead_id))


def _liaison(row: Row[tuple[object, ...]]) -> Liaison:
    return Liaison(row.id, row.lead_id, row.door, tuple((key, value) for key, value in row.items_enc),
                   row.by_name_enc, row.asked_at, row.agreed_at, row.refused_at, row.given_at)
