"""Sheets for services outside: asked for, agreed to or not, given. They go with the request."""

from datetime import datetime

from sqlalchemy import BindParameter, ColumnElement, Row, bindparam, delete, func, insert, select, update

from bot.store import tables as t
from bot.store.columns import Moment
from bot.store.dialect import insert_or_ignore
from bot.store.scope import Scope
from bot.store.values import Liaison

# Whom ``told`` says it was told to: a service's mailbox, named by its keyed hash.
MAILED = "sheet"
_s = t.liaisons.c
_l = t.leads.c
# Only the person whose lead it is answers for it, while the team that asked has it.
_THEIRS = _s.lead_id.in_(select(_l.id).where(
    _l.conversation_id == bindparam("of_"), _l.state.not_in(("closed", "withdrawn")),
    _l.territory + "/" + _l.body == _s.body))
_AT: BindParameter[datetime] = bindparam("at_")
_ANSWER = update(t.liaisons).where(_s.id == bindparam("id_"), _THEIRS, _s.refused_at.is_(None))
_AGREE = _ANSWER.where(_s.agreed_at.is_(None)).values(agreed_at=_AT).returning(_s.door, _s.items_enc, _s.given_at)
_REFUSE = _ANSWER.values(refused_at=_AT, agreed_at=None).returning(_s.door, _s.items_enc, _s.given_at)
_GIVEN = (
    update(t.liaisons).where(_s.id == bindparam("id_"), _s.agreed_at.is_not(None))
    .values(given_at=func.coalesce(_s.given_at, bindparam("at_", type_=Moment())))
)


async def ask(scope: Scope, lead_id: str, body: str, door: str, items: tuple[tuple[str, str], ...], by: str) -> str:
    """Its id. Nothing is agreed yet."""
    liaison_id = scope.clock.new_id()
    await scope.run(insert(t.liaisons), {
        "id": liaison_id, "lead_id": lead_id, "body": body, "door": door,
        "items_enc": [list(item) for item in items], "by_name_enc": by, "asked_at": scope.now()})
    return liaison_id


async def asked_since(
    scope: Scope, lead_id: str, body: str, door: str, items: tuple[tuple[str, str], ...], since: datetime,
) -> bool:
    """Whether just this was asked since then, and waits for its answer."""
    rows = await scope.run(select(_s.items_enc).where(
        _s.lead_id == lead_id, _s.body == body, _s.door == door, _s.asked_at >= since,
        _s.agreed_at.is_(None), _s.refused_at.is_(None)))
    return [list(item) for item in items] in list(rows.scalars())


async def answer(
    scope: Scope, conversation_id: str, liaison_id: str, *, agreed: bool,
) -> tuple[str, tuple[str, ...], bool] | None:
    """The person's yes, once; or no, at any time. The service it is about, the keys of what the sheet says, and
    whether it was given before; None when it is too late for that.

    Only theirs, and only while the team that asked still has the request.
    """
    values = {"id_": liaison_id, "of_": conversation_id, "at_": scope.now()}
    row = (await scope.run(_AGREE if agreed else _REFUSE, values)).one_or_none()
    return None if row is None else (row.door, tuple(key for key, _ in row.items_enc), row.given_at is not None)


async def of_lead(scope: Scope, lead_id: str) -> tuple[Liaison, ...]:
    """Those the team that has the lead now asked for, oldest first."""
    rows = await scope.run(
        select(t.liaisons).join(t.leads, (_l.id == _s.lead_id) & (_l.territory + "/" + _l.body == _s.body))
        .where(_s.lead_id == lead_id).order_by(_s.asked_at, _s.id))
    return tuple(_liaison(row) for row in rows)


async def given_doors(scope: Scope, lead_id: str) -> tuple[str, ...]:
    """The services that have a sheet of this lead, whichever team gave it."""
    rows = await scope.run(
        select(_s.door).where(_s.lead_id == lead_id, _s.given_at.is_not(None)).distinct().order_by(_s.door))
    return tuple(rows.scalars())


async def give(scope: Scope, liaison_id: str) -> bool:
    """It is printed or sent now; False when the person no longer agrees."""
    return (await scope.run(_GIVEN, {"id_": liaison_id, "at_": scope.now()})).rowcount > 0


async def mailing(scope: Scope, liaison_id: str, address: str, since: datetime) -> bool:
    """It goes to this mailbox now; False when it went since then, or is on its way."""
    to = _mailbox(scope, liaison_id, address)
    await scope.run(delete(t.told).where(*to, t.told.c.at < since))
    row = {"to": MAILED, "key": _mailed(scope, liaison_id, address), "at": scope.now()}
    claimed = await scope.run(insert_or_ignore(t.told, scope.engine).returning(t.told.c.key), row)
    return claimed.one_or_none() is not None


async def not_mailed(scope: Scope, liaison_id: str, address: str) -> None:
    """It did not go after all."""
    await scope.run(delete(t.told).where(*_mailbox(scope, liaison_id, address)))


async def given_to(scope: Scope, conversation_id: str) -> tuple[tuple[str, str, str], ...]:
    """(reference, territory/body, service) of each sheet of this person's that a service has."""
    rows = await scope.run(
        select(_l.ref, _s.body, _s.door).join(t.leads, _l.id == _s.lead_id)
        .where(_l.conversation_id == conversation_id, _s.given_at.is_not(None)).order_by(_s.asked_at))
    return tuple((row.ref, row.body, row.door) for row in rows)


async def forget(scope: Scope, lead_id: str) -> None:
    """The request is empty now."""
    await scope.run(delete(t.liaisons).where(_s.lead_id == lead_id))


def _mailed(scope: Scope, liaison_id: str, address: str) -> str:
    return f"{liaison_id}/{scope.address_hash('mail', address)}"


def _mailbox(scope: Scope, liaison_id: str, address: str) -> tuple[ColumnElement[bool], ...]:
    return t.told.c.to == MAILED, t.told.c.key == _mailed(scope, liaison_id, address)


def _liaison(row: Row[tuple[object, ...]]) -> Liaison:
    return Liaison(row.id, row.lead_id, row.door, tuple((key, value) for key, value in row.items_enc),
                   row.by_name_enc, row.asked_at, row.agreed_at, row.refused_at, row.given_at)
