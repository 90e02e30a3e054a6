"""The people of the teams."""

from sqlalchemy import bindparam, insert, select, update

from bot.store import tables as t
from bot.store.dialect import insert_or_ignore
from bot.store.scope import Scope
from bot.store.values import Counsellor, CounsellorSeed

_c = t.counsellors.c
_BY_ID = select(t.counsellors).where(_c.id == bindparam("id_"), _c.disabled_at.is_(None))
_STANDS = select(_c.disabled_at).where(_c.id == bindparam("id_")).with_for_update(read=True)
_BY_AUTHOR = select(t.counsellors).where(_c.author_hash == bindparam("hash_"), _c.consortium == bindparam("of_"))

_OF = (
    select(t.counsellors).where(_c.consortium == bindparam("of_"), _c.disabled_at.is_(None))
    .order_by(_c.created_at, _c.id)
)


async def find(scope: Scope, counsellor_id: str) -> Counsellor | None:
    """The counsellor with this id, unless disabled."""
    row = (await scope.run(_BY_ID, {"id_": counsellor_id})).one_or_none()
    return None if row is None else Counsellor(row.id, row.consortium, row.body, row.role, row.name_enc)


async def add(scope: Scope, seed: CounsellorSeed) -> Counsellor:
    """A new counsellor, who signs in on the console."""
    fresh = _fresh(scope, seed, None)
    await scope.run(insert(t.counsellors), fresh)
    return Counsellor(str(fresh["id"]), seed.consortium, seed.body, seed.role, seed.name)


async def by_author(
    scope: Scope, channel: str, author: str, consortium: str, create_as: CounsellorSeed | None,
) -> Counsellor | None:
    """Who writes under this platform's id in a group of ``consortium``; made from ``create_as`` when unknown.

    None for somebody unknown (and no ``create_as``) or disabled.
    """
    hashed = author_hash(scope, channel, author)
    values = {"hash_": hashed, "of_": consortium}
    row = (await scope.run(_BY_AUTHOR, values)).one_or_none()
    if row is None and create_as is not None:
        # Two presses at once: one row, and both find it.
        await scope.run(insert_or_ignore(t.counsellors, scope.engine), _fresh(scope, create_as, hashed))
        row = (await scope.run(_BY_AUTHOR, values)).one()
    if row is None or row.disabled_at is not None:
        return None
    return Counsellor(row.id, row.consortium, row.body, row.role, row.name_enc)


async def author_disabled(scope: Scope, channel: str, author: str, consortium: str) -> bool:
    """Whether who writes under this platform's id was of ``consortium``, and is no more."""
    values = {"hash_": author_hash(scope, channel, author), "of_": consortium}
    row = (await scope.run(_BY_AUTHOR, values)).one_or_none()
    return row is not None and row.disabled_at is not None


async def at_console(scope: Scope, counsellor_id: str) -> bool:
    """Whether they sign in on the console: those of a group are known by their platform alone."""
    row = (await scope.run(_BY_ID, {"id_": counsellor_id})).one_or_none()
    return row is not None and row.author_hash is None


async def was_disabled(scope: Scope, counsellor_id: str) -> bool:
    """Whether their access was withdrawn; held as it is until the transaction ends, so that who withdraws waits."""
    row = (await scope.run(_STANDS, {"id_": counsellor_id})).one_or_none()
    return row is not None and row.disabled_at is not None


async def of(scope: Scope, consortium: str) -> list[Counsellor]:
    """Everybody of the consortium's teams who is not disabled, the first to come first."""
    rows = await scope.run(_OF, {"of_": consortium})
    return [Counsellor(row.id, row.consortium, row.body, row.role, row.name_enc) for row in rows]


async def rename(scope: Scope, counsellor_id: str, name: str) -> None:
    """The first name that people read."""
    await scope.run(update(t.counsellors).where(_c.id == counsellor_id).values(name_enc=name))


async def disable(scope: Scope, counsellor_id: str) -> None:
    """They are of the team no more: their sessions open nothing, and their own chat hears nothing, from now on."""
    gone = await scope.run(update(t.counsellors).where(_c.id == counsellor_id, _c.disabled_at.is_(None))
                           .values(disabled_at=scope.now()).returning(_c.author_hash, _c.consortium))
    for row in gone.all():
        chats = t.team_chats.c
        if row.author_hash in await _mailboxes(scope, row.consortium):
            # The mailbox is the team's: it is freed of this name, and whoever opens it next gives theirs.
            await scope.run(update(t.counsellors).where(_c.id == counsellor_id).values(author_hash=None))
        await scope.run(update(t.team_chats).where(
            chats.direct, chats.author_hash == row.author_hash, chats.consortium == row.consortium,
            chats.left_at.is_(None),
        ).values(left_at=scope.now()))


async def _mailboxes(scope: Scope, consortium: str) -> set[str]:
    """What the mailboxes of its teams are found by when they act."""
    chats = t.team_chats.c
    rows = await scope.run(select(chats.address_enc).where(
        chats.channel == "mail", chats.consortium == consortium, chats.left_at.is_(None)))
    return {author_hash(scope, "mail", address) for address in rows.scalars()}


def author_hash(scope: Scope, channel: str, author: str) -> str:
    """What somebody is found by who acts on a platform."""
    return scope.vault.lookup("author", f"{channel}\0{author}")


def _fresh(scope: Scope, seed: CounsellorSeed, hashed: str | None) -> dict[str, object]:
    return {"id": scope.clock.new_id(), "consortium": seed.consortium, "body": seed.body, "role": seed.role,
            "name_enc": seed.name, "author_hash": hashed, "created_at": scope.now(), "disabled_at": None}
