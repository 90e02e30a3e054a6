"""How long each kind of row is kept. The table is the rule; docs/data_flows.md says why."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta

from sqlalchemy import and_, delete, exists, or_, select, update

from bot.store import tables as t
from bot.store.conversations import lock_by_id
from bot.store.erase import erase
from bot.store.leads import ENDED
from bot.store.reports_given import FUNDER
from bot.store.scope import Scope
from dialogues.passing import SOON

BATCH = 100  # conversations erased in one transaction: the write lock is not held long

RETENTION: Mapping[str, timedelta] = {
    "inbox": timedelta(days=30),            # after it was dealt with
    "outbox": timedelta(days=30),           # after it was written, sent or not; a lead's not before it ends
    "passing": SOON,                        # what is said and not kept, after it was written, once it has arrived
    "due": timedelta(days=30),              # after it was done
    "appointments": timedelta(days=30),     # after the session: then the seat is nobody's
    "conversations": timedelta(days=365),   # after the person's last message: erased as if they asked
    "leads": timedelta(days=180),           # after it ended: its items, reasons and messages go
    "gaps": timedelta(days=90),
    "files": timedelta(days=90),            # after they were sent; with the request when that is sooner
    "stray_files": timedelta(hours=1),      # those that were given to nobody
    "codes": timedelta(0),                  # after they expire
    "console_sessions": timedelta(0),
    "waiting": timedelta(0),                # after the session ended: until then it may still be late
    "webhook_calls": timedelta(days=7),     # after it was made, or given up; nobody's data in it
    "erasures": timedelta(days=3 * 365),
    "told": timedelta(days=365),            # after it was told; nobody's data in it; a report's period stays
}

_WITH_TEAM = exists().where(t.leads.c.conversation_id == t.conversations.c.id, t.leads.c.items_enc.is_not(None))


async def forget_inbox(scope: Scope, before: datetime) -> int:
    """Updates dealt with before then."""
    return (await scope.run(delete(t.inbox).where(t.inbox.c.done_at < before))).rowcount


async def forget_outbox(scope: Scope, before: datetime) -> int:
    """Messages written before then, those that never could be sent too; replies find an open lead by its own."""
    o = t.outbox.c
    under_way = select(t.leads.c.id).where(t.leads.c.state.not_in(ENDED))
    return (await scope.run(delete(t.outbox).where(
        o.created_at < before, or_(o.lead_id.is_(None), o.lead_id.not_in(under_way))))).rowcount


async def forget_passing(scope: Scope, before: datetime) -> int:
    """What was said before then, has arrived and is not kept; a turn (ForgetSaid) is sooner where it can be."""
    o = t.outbox.c
    return (await scope.run(delete(t.outbox).where(
        o.passing, o.status != "pending", o.created_at < before))).rowcount


async def forget_due(scope: Scope, before: datetime) -> int:
    """What was done before then."""
    return (await scope.run(delete(t.due).where(t.due.c.done_at < before))).rowcount


async def forget_appointments(scope: Scope, before: datetime) -> int:
    """Seats of sessions that ended before then are no longer anybody's."""
    a, s = t.appointments.c, t.sessions.c
    ended = select(s.id).where(s.ends_at < before)
    return (await scope.run(
        update(t.appointments).where(a.session_id.in_(ended), or_(
            a.conversation_id.is_not(None), a.code.is_not(None), a.active))
        .values(conversation_id=None, code=None, alias=None, note=None, topic=None, word=None, word_at=None,
                active=False))).rowcount


async def forget_conversations(scope: Scope, before: datetime) -> int:
    """People who have not written since, erased as if they asked; at most BATCH of them.

    Those of whom a team has something are ``unseen_with_team``: erased by a turn, which tells the team.
    """
    c = t.conversations.c
    stale = await scope.run(select(c.id).where(c.last_seen_at < before, ~_WITH_TEAM).order_by(c.last_seen_at)
                            .limit(BATCH))
    erased = 0
    for conversation_id in list(stale.scalars()):
        row = await lock_by_id(scope, conversation_id)
        if row is not None and row.last_seen_at < before:  # they may have written while we waited for the lock
            await erase(scope, row.id, row.channel, row.address)
            erased += 1
    return erased


async def unseen_with_team(scope: Scope, before: datetime) -> tuple[str, ...]:
    """People who have not written since, and of whom a team has what was passed on; at most BATCH of them."""
    c = t.conversations.c
    found = await scope.run(select(c.id).where(c.last_seen_at < before, _WITH_TEAM).order_by(c.last_seen_at)
                            .limit(BATCH))
    return tuple(found.scalars())


async def forget_leads(scope: Scope, before: datetime) -> int:
    """What was said in, and passed on with, leads that ended before then."""
    c = t.leads.c
    ended = and_(c.state.in_(ENDED), c.changed_at < before)
    old = select(c.id).where(ended)
    await scope.run(update(t.lead_log).where(t.lead_log.c.lead_id.in_(old), t.lead_log.c.reason_enc.is_not(None))
                    .values(reason_enc=None))
    messages = await scope.run(delete(t.lead_messages).where(t.lead_messages.c.lead_id.in_(old)))
    await scope.run(delete(t.liaisons).where(t.liaisons.c.lead_id.in_(old)))
    of = select(c.conversation_id).where(ended, c.conversation_id.is_not(None))
    await scope.run(delete(t.files).where(t.files.c.conversation_id.in_(of), t.files.c.created_at < before))
    emptied = await scope.run(
        update(t.leads).where(ended, or_(c.items_enc.is_not(None), c.conversation_id.is_not(None)))
        .values(items_enc=None, reasons_enc=None, urgent=False, urgent_enc=None, conversation_id=None))
    return messages.rowcount + emptied.rowcount


async def forget_files(scope: Scope, before: datetime) -> int:
    """What people sent from the page."""
    return (await scope.run(delete(t.files).where(t.files.c.created_at < before))).rowcount


async def forget_stray_files(scope: Scope, before: datetime) -> int:
    """What no team was given: the program stopped before it was dropped."""
    f = t.files.c
    return (await scope.run(delete(t.files).where(~f.kept, f.created_at < before))).rowcount


async def forget_gaps(scope: Scope, before: datetime) -> int:
    """Messages that were not understood, redacted."""
    return (await scope.run(delete(t.gaps).where(t.gaps.c.at < before))).rowcount


async def forget_codes(scope: Scope, before: datetime) -> int:
    """One-time codes, used or not."""
    return (await scope.run(delete(t.codes).where(t.codes.c.expires_at <= before))).rowcount


async def forget_console_sessions(scope: Scope, before: datetime) -> int:
    """Sign-ins that ended."""
    c = t.console_sessions.c
    return (await scope.run(delete(t.console_sessions).where(c.expires_at <= before))).rowcount


async def forget_waiting(scope: Scope, before: datetime) -> int:
    """Who waited for a seat of a session that ended before then, or asked about it."""
    over = select(t.sessions.c.id).where(t.sessions.c.ends_at < before)
    return (await scope.run(delete(t.waiting).where(t.waiting.c.session_id.in_(over)))).rowcount


async def forget_webhook_calls(scope: Scope, before: datetime) -> int:
    """Changes told to other systems."""
    return (await scope.run(delete(t.webhook_calls).where(t.webhook_calls.c.done_at < before))).rowcount


async def forget_erasures(scope: Scope, before: datetime) -> int:
    """Receipts."""
    return (await scope.run(delete(t.erasures).where(t.erasures.c.at < before))).rowcount


async def forget_told(scope: Scope, before: datetime) -> int:
    """Marks of what was told once; those of reports given to a funder stay."""
    return (await scope.run(delete(t.told).where(t.told.c.at < before, t.told.c.to != FUNDER))).rowcount


FORGET: Mapping[str, Callable[[Scope, datetime], Awaitable[int]]] = {
    "inbox": forget_inbox, "outbox": forget_outbox, "passing": forget_passing, "due": forget_due,
    "appointments": forget_appointments,
    "conversations": forget_conversations, "leads": forget_leads, "gaps": forget_gaps, "files": forget_files,
    "stray_files": forget_stray_files, "codes": forget_codes,
    "console_sessions": forget_console_sessions, "waiting": forget_waiting,
    "webhook_calls": forget_webhook_calls, "erasures": forget_erasures,
    "told": forget_told,
}
