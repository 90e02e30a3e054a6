"""Alembic's entry: migrations run on a connection the store gives (``bot.store.migrate``), nowhere else."""

from typing import Literal

from alembic import context
from sqlalchemy import TypeDecorator

from bot.store import tables
from bot.store.columns import Moment


def _frozen(kind: str, item: object, _context: object) -> str | Literal[False]:
    """Our column types as what they are in the database: a migration must not change when the code does."""
    if kind == "type" and isinstance(item, TypeDecorator):
        return "sa.DateTime(timezone=True)" if isinstance(item, Moment) else "sa.LargeBinary()"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=tables.metadata,
    compare_type=True,
    render_item=_frozen,
    render_as_batch=True,  # SQLite changes a column only by copying its table
)
with context.begin_transaction():
    context.run_migrations()
