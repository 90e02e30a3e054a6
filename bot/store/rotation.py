"""Sealing every personal value again under the newest key, a batch at a time, while life goes on."""

from collections.abc import Iterator

from sqlalchemy import BigInteger, Column, LargeBinary, Table, Text, bindparam, select, type_coerce, update

from bot.store import tables as t
from bot.store.columns import EncryptedJson, EncryptedText
from bot.store.crypto import Vault
from bot.store.errors import WrongKeys
from bot.store.scope import Scope
from bot.store.store import Store

BATCH = 500
# A file is megabytes: so many of them at once are enough.
BATCHES = {"files": 4}


def sealed_columns() -> Iterator[tuple[Table, list[Column[object]]]]:
    """Each table that keeps something sealed, and the columns that do."""
    for table in t.metadata.sorted_tables:
        columns = [column for column in table.c if isinstance(column.type, EncryptedText | EncryptedJson)]
        if columns:
            yield table, columns


async def rotate_batch(
    scope: Scope, table: Table, columns: list[Column[object]], after: object,
) -> tuple[object, int]:
    """(the last key seen, values sealed again) of the next rows after key ``after``; (None, 0) at the end.

    A value that the newest key already opens is left: a rotation stopped half-way resumes where it was.
    Raises CannotOpen.
    """
    (key,) = table.primary_key.columns
    assert isinstance(key.type, BigInteger | Text)
    raw = [type_coerce(column, LargeBinary).label(column.name) for column in columns]
    statement = select(key.label("key_"), *raw)
    if after is not None:
        statement = statement.where(key > after)
    rows = (await scope.run(statement.order_by(key).limit(BATCHES.get(table.name, BATCH)).with_for_update())).all()
    if not rows:
        return None, 0
    resealed, again = [], 0
    for row in rows:
        values = {column.name: row._mapping[column.name] for column in columns}
        old = {name for name, value in values.items() if value is not None and not scope.vault.is_current(value)}
        if old:
            again += len(old)
            resealed.append({"key_": row.key_} | {
                f"{name}_": scope.vault.seal(scope.vault.open(value)) if name in old else value
                for name, value in values.items()})
    if resealed:
        await scope.run(
            update(table).where(key == bindparam("key_"))
            .values({column.name: bindparam(f"{column.name}_", type_=LargeBinary()) for column in columns}),
            resealed)
    return rows[-1].key_, again


async def rotate_keys(store: Store, new_vault: Vault) -> int:
    """Use ``new_vault`` (``vault.with_new_key()``) from now on, and seal all that is kept under it; how many.

    Stopped half-way, it is enough to run it again. Other processes must know the new key before it starts.
    Raises WrongKeys when the lookup key changed, CannotOpen for a value that no key opens.
    """
    database = store.database
    if new_vault.lookup_key != database.vault.lookup_key:
        raise WrongKeys("the lookup key never changes: every known person would be a stranger")
    database.use_vault(new_vault)
    total = 0
    for table, columns in sealed_columns():
        after: object = None
        while True:
            async with database.writing() as scope:
                after, again = await rotate_batch(scope, table, columns, after)
            total += again
            if after is None:
                break
    return total
