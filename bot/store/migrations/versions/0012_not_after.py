"""What is said of a seat or a date: until when it may still be sent, and what it is about."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0012"
down_revision: str | None = "0011"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_SOME = sa.text("about IS NOT NULL")


def upgrade() -> None:
    op.add_column("outbox", sa.Column("not_after", sa.DateTime(timezone=True)))
    op.add_column("outbox", sa.Column("about", sa.Text()))
    op.create_index("ix_outbox_about", "outbox", ["about"], sqlite_where=_SOME, postgresql_where=_SOME)


def downgrade() -> None:
    op.drop_index("ix_outbox_about", "outbox")
    op.drop_column("outbox", "about")
    op.drop_column("outbox", "not_after")
