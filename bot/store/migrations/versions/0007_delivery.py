"""What became of a counsellor's words, which message they were written in, and what a consent was about."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0007"
down_revision: str | None = "0006"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("lead_messages", sa.Column("outbox_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True))
    op.add_column("lead_messages", sa.Column("source_hash", sa.Text(), nullable=True))
    op.create_index("ix_lead_messages_outbox_id", "lead_messages", ["outbox_id"])
    op.create_index("ix_lead_messages_source_hash", "lead_messages", ["source_hash"])
    op.add_column("consents", sa.Column("items", sa.JSON(), nullable=True))


def downgrade() -> None:
    op.drop_column("consents", "items")
    op.drop_index("ix_lead_messages_source_hash", "lead_messages")
    op.drop_index("ix_lead_messages_outbox_id", "lead_messages")
    for name in ("source_hash", "outbox_id"):
        op.drop_column("lead_messages", name)
