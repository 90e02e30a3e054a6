"""What goes to the groups of teams: one statement a message, however many groups there are.

A lead's words go only to groups of the body that has it now: a team that refused hears no more of it.
"""

from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, exists, insert, literal, or_, select, update

from bot.outbound import Rendered
from bot.store import tables as t
from bot.store.columns import EncryptedJson, EncryptedText, Moment
from bot.store.dialect import insert_or_ignore
from bot.store.scope import Scope
from bot.store.wire import rendered_from_json, rendered_to_json

_c = t.team_chats.c
_l = t.leads.c
_t = t.lead_threads.c
_o = t.outbox.c

# The groups that have the lead now: its body's in its territory, and that of the whole consortium.
OF_LEAD = and_(_c.consortium == _l.territory, or_(_c.body == _l.body, _c.body.is_(None)), _c.left_at.is_(None))
_SAME_CHAT = and_(_c.channel == _t.channel, _c.address_hash == _t.address_hash, _c.left_at.is_(None))
_CHAT = (_c.channel, _c.address_hash, _c.address_enc)


async def card(scope: Scope, lead_id: str, rendered: Rendered, topic: str) -> list[int]:
    """The lead's first message in every group that has it; its thread starts there."""
    chats = select(_l.id.label("lead_id"), *_CHAT).join(t.team_chats, OF_LEAD).where(_l.id == lead_id)
    names = ("lead_id", "channel", "address_hash", "address_enc")
    await scope.run(insert_or_ignore(t.lead_threads, scope.engine).from_select(names, chats))
    return await _post(scope, chats, "card", rendered, topic, silent=_hush(scope))


async def late_card(scope: Scope, lead_id: str, rendered: Rendered, topic: str) -> list[int]:
    """The same for groups that have no card of it: connected since it was opened, or moved to another address."""
    on_its_way = exists().where(_o.lead_id == _l.id, _o.kind == "card", _o.status == "pending",
                                _o.channel == _c.channel, _o.address_hash == _c.address_hash)
    there = exists().where(_t.lead_id == _l.id, _SAME_CHAT,
                           or_(_t.thread_hash.is_not(None), _t.card_external_enc.is_not(None)))
    chats = (
        select(_l.id.label("lead_id"), *_CHAT).join(t.team_chats, OF_LEAD)
        .where(_l.id == lead_id, ~there, ~on_its_way)
    )
    names = ("lead_id", "channel", "address_hash", "address_enc")
    await scope.run(insert_or_ignore(t.lead_threads, scope.engine).from_select(names, chats))
    return await _post(scope, chats, "card", rendered, topic, silent=_hush(scope))


async def message(
    scope: Scope, lead_id: str, rendered: Rendered, kind: str, *, loud: bool = False,
    places: tuple[tuple[str, str] | None, tuple[str, str] | None] = (None, None),
) -> list[int]:
    """In the lead's thread, in every group that has it now. ``loud``: heard even where quiet was asked for.

    ``places``: (channel, hash of the address) of the group left out, and of the only one told.
    """
    but, only = places
    chats = (
        select(_l.id.label("lead_id"), *_CHAT)
        .select_from(t.leads.join(t.lead_threads, _t.lead_id == _l.id).join(t.team_chats, _SAME_CHAT))
        .where(_l.id == lead_id, OF_LEAD)
    )
    if but is not None:
        chats = chats.where(or_(_c.channel != but[0], _c.address_hash != but[1]))
    if only is not None:
        chats = chats.where(_c.channel == only[0], _c.address_hash == only[1])
    return await _post(scope, chats, kind, rendered, None, silent=_hush(scope, loud=loud))


async def just_said(scope: Scope, lead_id: str, rendered: Rendered, since: datetime) -> bool:
    """Whether just this was the last thing told to the lead's groups, since then."""
    last = select(_o.body_enc).where(_o.lead_id == lead_id, _o.kind == "message", _o.created_at >= since)
    row = (await scope.run(last.order_by(_o.id.desc()).limit(1))).one_or_none()
    return row is not None and rendered_from_json(row.body_enc) == rendered


async def edit(scope: Scope, lead_id: str, rendered: Rendered, *, everywhere: bool = False) -> list[int]:
    """In place of the lead's cards in the groups that have it now.

    ``everywhere``: of teams that had it before too; never with anything of the person on it.
    """
    chats = (
        select(_t.lead_id, *_CHAT)
        .select_from(t.lead_threads.join(t.team_chats, _SAME_CHAT).join(t.leads, _l.id == _t.lead_id))
        .where(_t.lead_id == lead_id)
    )
    if not everywhere:
        chats = chats.where(OF_LEAD)
    return await _post(scope, chats, "edit", rendered, None)


async def recall(scope: Scope, lead_id: str, rendered: Rendered) -> list[int]:
    """Told to every group that was given the lead, those of teams that had it before too; its topics are closed."""
    chats = (
        select(_t.lead_id, *_CHAT)
        .select_from(t.lead_threads.join(t.team_chats, _SAME_CHAT).join(t.leads, _l.id == _t.lead_id))
        .where(_t.lead_id == lead_id)
    )
    return [*await _post(scope, chats, "recall", rendered, None, silent=_hush(scope)),
            *await _post(scope, chats, "close", rendered, None)]


async def to_body(scope: Scope, body: str, territory: str | None, rendered: Rendered) -> list[int]:
    """In the groups of a body (of one territory, when given), about no lead.

    A body of that territory that has none is told through the groups of the whole consortium.
    """
    chats = select(literal(None, _o.lead_id.type).label("lead_id"), *_CHAT).where(_c.left_at.is_(None))
    theirs = chats.where(_c.body == body)
    if territory is None:
        return await _post(scope, theirs, "message", rendered, None, silent=_quiet(scope))
    theirs = theirs.where(_c.consortium == territory)
    posted = await _post(scope, theirs, "message", rendered, None, silent=_quiet(scope))
    if posted:
        return posted
    everyone = chats.where(_c.body.is_(None), _c.consortium == territory)
    return await _post(scope, everyone, "message", rendered, None, silent=_quiet(scope))


async def drop_pending(scope: Scope, lead_id: str) -> None:
    """What was not sent yet about the lead is not for the team that had it; edits of its cards still are."""
    await scope.run(update(t.outbox)
                    .where(_o.lead_id == lead_id, _o.status == "pending", _o.kind.in_(("card", "message")),
                           # One that is being sent arrives: the edit of it must wait for its fate.
                           or_(_o.claimed_until.is_(None), _o.claimed_until <= scope.now()))
                    .values(status="dropped", claimed_until=None))


async def empty_on_its_way(scope: Scope, lead_id: str, rendered: Rendered) -> list[int]:
    """A card that is being sent: its row says no more than this, and stays, so that it is known where it arrived.

    Tried again, only this goes; arrived as it was, the edit that waits behind it finds it.
    """
    rows = await scope.run(update(t.outbox)
                           .where(_o.lead_id == lead_id, _o.status == "pending", _o.kind == "card")
                           .values(body_enc=rendered_to_json(rendered), topic_enc=None).returning(_o.id))
    return list(rows.scalars())


def _quiet(scope: Scope) -> ColumnElement[bool]:
    """Whether the group asked for quiet."""
    return and_(_c.quiet_until.is_not(None), _c.quiet_until > literal(scope.now(), Moment()))


def _hush(scope: Scope, *, loud: bool = False) -> ColumnElement[bool]:
    """Whether the lead's message makes no sound there: an urgent lead always does."""
    return literal(False) if loud else and_(_quiet(scope), ~_l.urgent)


async def _post(
    scope: Scope, chats: Select[tuple[str, str, str, str]], kind: str, rendered: Rendered, topic: str | None, *,
    silent: ColumnElement[bool] | None = None,
) -> list[int]:
    now = scope.now()
    added = {
        "kind": literal(kind), "body_enc": literal(rendered_to_json(rendered), EncryptedJson()),
        "topic_enc": literal(topic, EncryptedText()), "farewell": literal(False),
        "created_at": literal(now, Moment()), "next_at": literal(now, Moment()), "attempts": literal(0),
        "status": literal("pending"), "silent": silent if silent is not None else literal(False),
    }
    names = ("lead_id", "channel", "address_hash", "address_enc", *added)
    rows = chats.add_columns(*(value.label(name) for name, value in added.items()))
    return list((await scope.run(insert(t.outbox).from_select(names, rows).returning(_o.id))).scalars())
