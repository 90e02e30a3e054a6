"""Files of the page: sealed, for a team to see, gone with the request or the person."""

from base64 import b64decode, b64encode

from sqlalchemy import bindparam, delete, insert, select, update

from bot.store import tables as t
from bot.store.scope import Scope

_f = t.files.c
_READ = select(_f.content_enc).where(_f.id == bindparam("id_"))
_KEEP = update(t.files).where(_f.id == bindparam("id_"), _f.conversation_id == bindparam("of_")).values(kept=True)
_DROP = delete(t.files).where(_f.id == bindparam("id_"), ~_f.kept)


async def add(scope: Scope, conversation_id: str, name: str, mime: str, content: bytes) -> str:
    """Its id. It lasts only if a team is given it (``keep``)."""
    file_id = scope.clock.new_id()
    await scope.run(insert(t.files), {
        "id": file_id, "conversation_id": conversation_id, "name_enc": name, "mime": mime,
        "content_enc": b64encode(content).decode("ascii"), "created_at": scope.now(), "kept": False})
    return file_id


async def read(scope: Scope, file_id: str) -> bytes | None:
    """Its content; None when it is gone."""
    sealed = (await scope.run(_READ, {"id_": file_id})).scalar_one_or_none()
    return b64decode(sealed) if sealed is not None else None


async def keep(scope: Scope, conversation_id: str, file_id: str) -> None:
    """A team has been given it. Another person's file is left alone."""
    await scope.run(_KEEP, {"id_": file_id, "of_": conversation_id})


async def drop_unless_kept(scope: Scope, file_id: str) -> None:
    """Nobody was given it."""
    await scope.run(_DROP, {"id_": file_id})
