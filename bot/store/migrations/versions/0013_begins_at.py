"""News of a session: when that begins, so that nobody is woken for what can wait."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0013"
down_revision: str | None = "0012"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("outbox", sa.Column("begins_at", sa.DateTime(timezone=True)))


def downgrade() -> None:
    op.drop_column("outbox", "begins_at")
