"""What was told once, and is not told again: marks of ours, nobody's data."""

from collections.abc import Iterable

from bot.store import tables as t
from bot.store.dialect import insert_or_ignore
from bot.store.scope import Scope


async def fresh(scope: Scope, to: str, keys: Iterable[str]) -> tuple[str, ...]:
    """Those of ``keys`` that ``to`` was not told yet; they are marked as told in this transaction."""
    statement = insert_or_ignore(t.told, scope.engine).returning(t.told.c.key)
    return tuple([key for key in keys if (await scope.run(
        statement, {"to": to, "key": key, "at": scope.now()})).one_or_none() is not None])
