"""The life of a lead: opened, taken by one, refused, closed. Which moves are allowed is handoff's to say."""

from collections.abc import Collection, Mapping, Sequence
from functools import cache

from sqlalchemy import Insert, bindparam, delete, insert, select, update

from bot.store import tables as t
from bot.store.dialect import insert_or_ignore
from bot.store.errors import LeadGone, StoreError
from bot.store.scope import Scope
from bot.store.values import LeadState
from dialogues.effects import OpenLead
from dialogues.events.answers import LeadOpened
from dialogues.snapshot import Team

ENDED = ("closed", "withdrawn")
REF_LETTERS = 6
REF_TRIES = 5  # 27**6 references: five collisions in a row are a fault, not bad luck

_l = t.leads.c
_OPEN = (
    select(_l.id, _l.ref, _l.state, _l.items_enc, _l.body, _l.territory)
    .where(_l.conversation_id == bindparam("of_"), _l.state.not_in(ENDED))
    .with_for_update(key_share=True)
)
_STATE = select(_l.state, _l.body).where(_l.id == bindparam("id_")).with_for_update(key_share=True)
_MOVE = update(t.leads).where(_l.id == bindparam("id_"), _l.state == bindparam("from_")).values(
    state=bindparam("to_"), changed_at=bindparam("at_"))
_LOG = insert(t.lead_log)
_KEEP = insert(t.lead_messages).values(
    body=select(_l.territory + "/" + _l.body).where(_l.id == bindparam("of_")).scalar_subquery()
).returning(t.lead_messages.c.id)


@cache
def _insert(engine: str) -> Insert:
    return insert_or_ignore(t.leads, engine).returning(_l.id)


@cache
def _refuse(engine: str) -> Insert:
    return insert_or_ignore(t.lead_refusals, engine)


async def open_or_join(scope: Scope, conversation_id: str, effect: OpenLead) -> tuple[LeadOpened, str]:
    """(the lead, its reference). A person has one open lead: a second request is added to it, where it is.

    What was unowned or handed back is offered again: the person asks for somebody now. A request for another team
    than the one that has the lead is ``give`` and ``offer``'s, not this.
    """
    row = (await scope.run(_OPEN, {"of_": conversation_id})).one_or_none()
    if row is None:
        return await _open(scope, conversation_id, effect)
    added: dict[str, object] = {"items_enc": _joined(row.items_enc, effect), "changed_at": scope.now()}
    if effect.urgent is not None:
        added |= {"urgent": True, "urgent_enc": effect.urgent}
    if row.state in ("unowned", "handed_back"):
        added |= {"state": "offered", "taken_by": None, "taken_name_enc": None}
    await scope.run(update(t.leads).where(_l.id == row.id).values(**added))
    await _log(scope, row.id, row.state, str(added.get("state", row.state)), "person", None)
    return LeadOpened(row.id, row.body, row.territory, joined=True), row.ref


async def give(scope: Scope, lead_id: str, effect: OpenLead) -> None:
    """What the team of ``effect``, which is about to have the lead, may know of the person.

    In another territory nothing but what they agreed to now; in the same one, what was agreed before as well: they
    were told that another team of it may get it.
    """
    row = (await scope.run(select(_l.territory, _l.items_enc).where(_l.id == lead_id))).one()
    elsewhere = row.territory != effect.territory
    values: dict[str, object] = {"items_enc": _joined([] if elsewhere else row.items_enc, effect)}
    if effect.urgent is not None or elsewhere:
        values |= {"urgent": effect.urgent is not None, "urgent_enc": effect.urgent}
    await scope.run(update(t.leads).where(_l.id == lead_id).values(**values))
    if elsewhere:  # a refusal names a body, and bodies of two territories may have one name
        await scope.run(delete(t.lead_refusals).where(t.lead_refusals.c.lead_id == lead_id))


def _joined(items: Sequence[Sequence[str]] | None, effect: OpenLead) -> list[list[str]]:
    """The items a lead has, and those that are new to it: [key, value] each."""
    kept = [list(pair) for pair in items or ()]
    return [*kept, *([key, value] for key, value in effect.items.items() if [key, value] not in kept)]


async def _open(scope: Scope, conversation_id: str, effect: OpenLead) -> tuple[LeadOpened, str]:
    now = scope.now()
    for _ in range(REF_TRIES):
        lead_id, ref = scope.clock.new_id(), scope.clock.new_code(REF_LETTERS)
        made = await scope.run(_insert(scope.engine), {
            "id": lead_id, "ref": ref, "conversation_id": conversation_id, "territory": effect.territory,
            "body": effect.body, "state": "offered",
            "items_enc": [[key, value] for key, value in effect.items.items()],
            "reasons_enc": list(effect.reasons), "urgent": effect.urgent is not None, "urgent_enc": effect.urgent,
            "taken_by": None, "taken_name_enc": None, "created_at": now, "changed_at": now})
        if made.one_or_none() is not None:
            await _log(scope, lead_id, None, "offered", "person", None)
            return LeadOpened(lead_id, effect.body, effect.territory), ref
    raise StoreError("no free lead reference was found")


async def move(
    scope: Scope, lead_id: str, to_state: LeadState, by: str, reason: str | None, name: str | None,
    expected: Collection[str],
) -> bool:
    """Change the state if it is one of ``expected``; of two who try, one gets True.

    ``taken`` notes who has it, ``offered`` and ``unowned`` forget them; ``unowned`` also notes that the
    body refused. Raises LeadGone.
    """
    row = (await scope.run(_STATE, {"id_": lead_id})).one_or_none()
    if row is None:
        raise LeadGone
    if row.state not in expected:
        return False
    statement, values = _MOVE, {"id_": lead_id, "from_": row.state, "to_": to_state, "at_": scope.now()}
    if to_state == "taken":
        statement = statement.values(taken_by=by, taken_name_enc=name)
    elif to_state in ("offered", "unowned"):
        statement = statement.values(taken_by=None, taken_name_enc=None)
    if (await scope.run(statement, values)).rowcount == 0:
        return False
    if to_state == "unowned":
        await scope.run(_refuse(scope.engine), {"lead_id": lead_id, "body": row.body})
    await _log(scope, lead_id, row.state, to_state, by, reason)
    return True


async def offer(scope: Scope, lead_id: str, team: Team, by: str = "bot") -> str:
    """The lead is ``team``'s to take now; its reference. ``by``: whose wish it was. Raises LeadGone."""
    row = (await scope.run(_STATE, {"id_": lead_id})).one_or_none()
    if row is None or row.state in ENDED:
        raise LeadGone
    ref = (await scope.run(
        update(t.leads).where(_l.id == lead_id)
        .values(state="offered", body=team.body, territory=team.territory, reasons_enc=list(team.reasons),
                taken_by=None, taken_name_enc=None, changed_at=scope.now())
        .returning(_l.ref))).scalar_one()
    await _log(scope, lead_id, row.state, "offered", by, None)
    return str(ref)


async def empty(scope: Scope, lead_id: str) -> None:
    """Forget what was passed on, and every word between the person and the team."""
    await scope.run(update(t.leads).where(_l.id == lead_id).values(
        items_enc=None, reasons_enc=None, urgent=False, urgent_enc=None, taken_name_enc=None))
    await scope.run(update(t.lead_log).where(t.lead_log.c.lead_id == lead_id).values(reason_enc=None))
    await scope.run(delete(t.lead_messages).where(t.lead_messages.c.lead_id == lead_id))
    await scope.run(delete(t.liaisons).where(t.liaisons.c.lead_id == lead_id))
    of = select(_l.conversation_id).where(_l.id == lead_id)
    await scope.run(delete(t.files).where(t.files.c.conversation_id.in_(of)))


async def keep_message(
    scope: Scope, lead_id: str, author: str, text: str, *, name: str | None, kind: str,
    enclosure: Mapping[str, object] | None = None, source: str | None = None,
) -> int:
    """One line more between the person and the team that has the lead now; its number.

    ``source``: the hash of the message of a team's chat it was written in.
    """
    return int((await scope.run(_KEEP, {
        "lead_id": lead_id, "of_": lead_id, "at": scope.now(), "author": author, "kind": kind, "name_enc": name,
        "text_enc": text, "enclosure_enc": enclosure, "source_hash": source})).scalar_one())


async def _log(
    scope: Scope, lead_id: str, from_state: str | None, to_state: str, by: str, reason: str | None,
) -> None:
    await scope.run(_LOG, {"lead_id": lead_id, "at": scope.now(), "from_state": from_state, "to_state": to_state,
                           "by": by, "reason_enc": reason})
