"""What a person agreed to or not, with the words shown, to whom and about what; never the values."""

from sqlalchemy import insert, select

from bot.store import tables as t
from bot.store.scope import Scope
from dialogues.effects import RecordConsent

_c = t.consents.c


async def record(scope: Scope, conversation_id: str, channel: str, effect: RecordConsent) -> None:
    """Add a yes or a no."""
    await scope.run(insert(t.consents), {
        "conversation_id": conversation_id, "kind": effect.kind, "version": effect.version,
        "granted": effect.granted, "body": effect.body, "items": list(effect.items) or None, "channel": channel,
        "at": scope.now()})


async def standing(scope: Scope, conversation_id: str) -> tuple[RecordConsent, ...]:
    """What was agreed to pass on to somebody, and not taken back since; the last of each."""
    rows = await scope.run(
        select(_c.kind, _c.version, _c.granted, _c.body, _c["items"])
        .where(_c.conversation_id == conversation_id, _c.kind.in_(("handoff", "liaison"))).order_by(_c.id))
    last = {(row.kind, row.body): row for row in rows}
    return tuple(RecordConsent(row.kind, row.version, row.granted, row.body, tuple(row._mapping["items"] or ()))
                 for row in last.values() if row.granted)
