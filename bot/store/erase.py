"""Everything of one person, gone, in one transaction. What stays cannot be tied to them."""

from collections.abc import Sequence

from sqlalchemy import and_, case, delete, insert, or_, select, true, update

from bot.store import tables as t
from bot.store import webhooks
from bot.store.dialect import insert_or_ignore
from bot.store.errors import StoreError
from bot.store.leads import ENDED
from bot.store.scope import Scope

RECEIPT_LETTERS = 8
RECEIPT_TRIES = 5


async def erase(
    scope: Scope, conversation_id: str, channel: str, address: str, *,
    up_to_inbox: int | None = None, keep_outbox: Sequence[int] = (),
) -> str:
    """The receipt's code.

    ``up_to_inbox``: the request's own row; what the person wrote after it is a new contact, and stays to
    be answered. ``keep_outbox``: rows that this turn queued for the team (they tell it of the erasure).
    """
    counts: dict[str, int] = {}
    leads = list((await scope.run(
        select(t.leads.c.id).where(t.leads.c.conversation_id == conversation_id))).scalars())
    counts["leads"] = len(leads)
    if leads:
        counts["lead_messages"] = await _erase_leads(scope, leads)
    counts["appointments"] = await _free_seats(scope, conversation_id)
    o, i = t.outbox.c, t.inbox.c
    counts["outbox"] = (await scope.run(delete(t.outbox).where(
        or_(o.conversation_id == conversation_id, o.lead_id.in_(leads)), o.id.not_in(list(keep_outbox))))).rowcount
    counts["inbox"] = (await scope.run(delete(t.inbox).where(
        i.channel == channel, i.address_hash == scope.address_hash(channel, address), ~i.of_team,
        true() if up_to_inbox is None else i.id <= up_to_inbox))).rowcount
    for table in (t.due, t.consents, t.waiting, t.files):
        counts[table.name] = (await scope.run(
            delete(table).where(table.c.conversation_id == conversation_id))).rowcount
    await scope.run(delete(t.conversations).where(t.conversations.c.id == conversation_id))
    return await _receipt(scope, counts)


async def _erase_leads(scope: Scope, leads: Sequence[str]) -> int:
    """Withdraw the open ones, empty them all; how many messages went."""
    now, c = scope.now(), t.leads.c
    ended = c.state.in_(ENDED)
    state = case((ended, c.state), else_="withdrawn")
    rows = (await scope.run(select(c.id, c.state).where(c.id.in_(leads), ~ended))).all()
    # Reasons of earlier moves may say why a team refused this very person.
    await scope.run(update(t.lead_log).where(t.lead_log.c.lead_id.in_(leads)).values(reason_enc=None))
    if rows:
        await scope.run(insert(t.lead_log), [
            {"lead_id": row.id, "at": now, "from_state": row.state, "to_state": "withdrawn", "by": "person",
             "reason_enc": None} for row in rows])
    await scope.run(update(t.leads).where(c.id.in_(leads)).values(
        state=state, conversation_id=None, items_enc=None, reasons_enc=None, urgent=False, urgent_enc=None,
        changed_at=case((ended, c.changed_at), else_=now)))
    await scope.run(delete(t.liaisons).where(t.liaisons.c.lead_id.in_(leads)))
    return (await scope.run(
        delete(t.lead_messages).where(t.lead_messages.c.lead_id.in_(leads)))).rowcount


async def _free_seats(scope: Scope, conversation_id: str) -> int:
    """Seats to come are free again; those of the past stay, nobody's, for the count of who came."""
    a, s = t.appointments.c, t.sessions.c
    to_come = select(s.id).where(s.starts_at > scope.now())
    freed = await scope.run(select(a.session_id).where(
        a.conversation_id == conversation_id, a.active, a.session_id.in_(to_come)).order_by(a.session_id))
    for session_id in list(freed.scalars()):
        await webhooks.note(scope, "appointment.cancelled", {"session": session_id})
    return (await scope.run(update(t.appointments).where(a.conversation_id == conversation_id).values(
        conversation_id=None, code=None, alias=None, note=None, topic=None, word=None, word_at=None,
        active=False, changed_at=case((a.active, scope.now()), else_=a.changed_at),
        state=case((and_(a.active, a.session_id.in_(to_come)), "cancelled"), else_=a.state)))).rowcount


async def _receipt(scope: Scope, counts: dict[str, int]) -> str:
    for _ in range(RECEIPT_TRIES):
        receipt = scope.clock.new_code(RECEIPT_LETTERS)
        row = {"receipt": receipt, "at": scope.now(), "counts": counts}
        statement = insert_or_ignore(t.erasures, scope.engine).returning(t.erasures.c.id)
        if (await scope.run(statement, row)).one_or_none() is not None:
            return receipt
    raise StoreError("no free receipt code was found")
