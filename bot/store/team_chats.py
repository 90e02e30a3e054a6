"""The groups of teams: connected with a one-time code, until the bot is removed."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, delete, select, update

from bot.store import codes, inbox
from bot.store import tables as t
from bot.store.counsellors import author_disabled, author_hash
from bot.store.dialect import upsert
from bot.store.scope import Scope
from bot.store.values import TeamChat
from bot.team_inbound import Connect, TeamInbound

_c = t.team_chats.c
_HERE = (_c.channel == bindparam("channel_"), _c.address_hash == bindparam("address_"))
_FIND = select(t.team_chats).where(*_HERE, _c.left_at.is_(None))
_LEAVE = update(t.team_chats).where(*_HERE, _c.left_at.is_(None)).values(left_at=bindparam("at_"))
_QUIET = update(t.team_chats).where(*_HERE, _c.left_at.is_(None)).values(quiet_until=bindparam("until_"))
_END_QUIET = (
    update(t.team_chats).where(*_HERE, _c.left_at.is_(None), _c.quiet_until <= bindparam("at_"))
    .values(quiet_until=None)
)
_FINISH = (
    update(t.inbox)
    .where(t.inbox.c.channel == bindparam("channel_"), t.inbox.c.external_hash == bindparam("hash_"),
           t.inbox.c.done_at.is_(None))
    .values(done_at=bindparam("at_"), body_enc=None)
)


async def find(scope: Scope, channel: str, address: str) -> TeamChat | None:
    """The connected group at this address."""
    values = {"channel_": channel, "address_": scope.address_hash(channel, address)}
    row = (await scope.run(_FIND, values)).one_or_none()
    return _chat(row) if row is not None else None


async def connected(scope: Scope) -> tuple[TeamChat, ...]:
    """Every connected group."""
    rows = await scope.run(select(t.team_chats).where(_c.left_at.is_(None)).order_by(_c.id))
    return tuple(_chat(row) for row in rows)


async def lost(scope: Scope, consortium: str, since: datetime) -> tuple[TeamChat, ...]:
    """Chats of the consortium that nothing reaches any more since then."""
    rows = await scope.run(
        select(t.team_chats).where(_c.consortium == consortium, _c.left_at >= since).order_by(_c.id))
    return tuple(_chat(row) for row in rows)


async def quiet(
    scope: Scope, channel: str, address: str, until: datetime | None, *, unless_asked: bool = False,
) -> None:
    """Nothing makes a sound there before ``until``. ``unless_asked``: what somebody asked for meanwhile stays."""
    statement = _QUIET.where(_c.quiet_until.is_(None)) if unless_asked else _QUIET
    await scope.run(statement, {
        "channel_": channel, "address_": scope.address_hash(channel, address), "until_": until})


async def end_quiet(scope: Scope, channel: str, address: str) -> bool:
    """The quiet is over, when it is; of two processes that look, one gets True."""
    values = {"channel_": channel, "address_": scope.address_hash(channel, address), "at_": scope.now()}
    return (await scope.run(_END_QUIET, values)).rowcount > 0


def _chat(row: Row[Any]) -> TeamChat:
    return TeamChat(row.channel, row.address_enc, row.consortium, row.body, row.forum, row.connected_at,
                    row.direct, row.quiet_until)


async def connect(scope: Scope, inbound: TeamInbound) -> TeamChat | None:
    """Connect the group with its one-time code; None when the code is not good. The update is then done."""
    assert isinstance(inbound.content, Connect)  # the caller asks for a connection or does not call
    await scope.run(_FINISH, {
        "channel_": inbound.channel, "at_": scope.now(),
        "hash_": inbox.external_hash(scope, inbound.channel, inbound.external_id)})
    grant = await codes.use(scope, inbound.content.code, "connect")
    if grant is None:
        return None
    columns = ("body", "consortium", "address_enc", "forum", "connected_at", "left_at", "direct", "quiet_until",
               "author_hash")
    await scope.run(upsert(t.team_chats, scope.engine, ("channel", "address_hash"), columns), {
        "body": grant.body, "consortium": grant.consortium, "channel": inbound.channel,
        "address_hash": scope.address_hash(inbound.channel, inbound.address), "address_enc": inbound.address,
        "forum": inbound.content.forum, "connected_at": scope.now(), "left_at": None,
        "direct": inbound.content.direct, "quiet_until": None,
        "author_hash": author_hash(scope, inbound.channel, inbound.author) if inbound.content.direct else None})
    return await find(scope, inbound.channel, inbound.address)


async def shut_out(scope: Scope, inbound: TeamInbound, code: str) -> bool:
    """Whether who wrote lost their access to the consortium of this chat, or to that which ``code`` opens."""
    chat = await find(scope, inbound.channel, inbound.address)
    wanted = await codes.opens(scope, code, "connect") if code else None
    for consortium in {chat.consortium if chat is not None else None, wanted} - {None}:
        if await author_disabled(scope, inbound.channel, inbound.author, str(consortium)):
            return True
    return False


async def leave(scope: Scope, channel: str, address_hash: str) -> bool:
    """The bot was removed from the group; of two who notice, one gets True."""
    values = {"channel_": channel, "address_": address_hash, "at_": scope.now()}
    return (await scope.run(_LEAVE, values)).rowcount > 0


async def move(scope: Scope, channel: str, old: str, new: str) -> None:
    """The group has another address now; what waits for it follows."""
    before, after = scope.address_hash(channel, old), scope.address_hash(channel, new)
    if await find(scope, channel, new) is None:
        # A row the new address left long ago would stand in the way of the unique address.
        await scope.run(delete(t.team_chats).where(_c.channel == channel, _c.address_hash == after))
        await scope.run(update(t.team_chats).where(_c.channel == channel, _c.address_hash == before)
                        .values(address_hash=after, address_enc=new))
    else:
        await leave(scope, channel, before)
    # Messages and topics get other ids in the new group: the old ones answer nothing any more.
    threads, waiting = t.lead_threads.c, t.outbox.c
    known = select(threads.lead_id).where(threads.channel == channel, threads.address_hash == after)
    await scope.run(update(t.lead_threads)
                    .where(threads.channel == channel, threads.address_hash == before,
                           threads.lead_id.not_in(known))
                    .values(address_hash=after, address_enc=new, thread_enc=None, thread_hash=None,
                            card_external_enc=None))
    await scope.run(update(t.outbox)
                    .where(waiting.channel == channel, waiting.address_hash == before, waiting.status == "pending")
                    .values(address_hash=after, address_enc=new, thread_enc=None, reply_to_enc=None,
                            claimed_until=None))
