"""What was not understood can be sorted."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("gaps", sa.Column("sorted_as", sa.Text(), nullable=True))
    op.add_column("gaps", sa.Column("sorted_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("gaps", "sorted_at")
    op.drop_column("gaps", "sorted_as")
