"""How far a lead came, what came of it, and who was told that it waits."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("leads", sa.Column("stage", sa.Text(), nullable=False, server_default="new"))
    op.add_column("leads", sa.Column("outcome", sa.Text(), nullable=True))
    op.add_column("leads", sa.Column("level", sa.Integer(), nullable=False, server_default="0"))


def downgrade() -> None:
    for name in ("level", "outcome", "stage"):
        op.drop_column("leads", name)
