"""What somebody with a seat said on the day (late, lost, there), for the list of the day."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0008"
down_revision: str | None = "0007"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("appointments", sa.Column("word", sa.Text(), nullable=True))
    op.add_column("appointments", sa.Column("word_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    for name in ("word_at", "word"):
        op.drop_column("appointments", name)
