"""How often a session was moved, and how many of these moves its seats know of."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0014"
down_revision: str | None = "0013"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    for table in ("sessions", "appointments"):
        op.add_column(table, sa.Column("moves", sa.Integer, nullable=False, server_default="0"))


def downgrade() -> None:
    for table in ("sessions", "appointments"):
        op.drop_column(table, "moves")
