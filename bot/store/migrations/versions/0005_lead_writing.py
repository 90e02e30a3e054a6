"""Whose words are in a lead's thread, things that are not text, sheets for services outside, quiet."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("lead_messages", sa.Column("body", sa.Text(), nullable=True))
    op.add_column("lead_messages", sa.Column("enclosure_enc", sa.LargeBinary(), nullable=True))
    op.add_column("team_chats", sa.Column("direct", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("team_chats", sa.Column("quiet_until", sa.DateTime(timezone=True), nullable=True))
    op.add_column("outbox", sa.Column("beside_hash", sa.Text(), nullable=True))
    op.create_index("ix_outbox_beside_hash", "outbox", ["beside_hash"])
    op.add_column("team_chats", sa.Column("author_hash", sa.Text(), nullable=True))
    op.add_column("outbox", sa.Column("silent", sa.Boolean(), nullable=False, server_default=sa.false()))
    # Who wrote before this column was there: the team that has the request now, which read it all.
    op.execute("UPDATE lead_messages SET body = (SELECT leads.territory || '/' || leads.body FROM leads WHERE leads.id = lead_messages.lead_id)")
    op.create_table(
        "files",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("conversation_id", sa.Text(), sa.ForeignKey("conversations.id"), nullable=False, index=True),
        sa.Column("name_enc", sa.LargeBinary(), nullable=True),
        sa.Column("mime", sa.Text(), nullable=False),
        sa.Column("content_enc", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kept", sa.Boolean(), nullable=False),
    )
    op.create_table(
        "liaisons",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("lead_id", sa.Text(), sa.ForeignKey("leads.id"), nullable=False, index=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("door", sa.Text(), nullable=False),
        sa.Column("items_enc", sa.LargeBinary(), nullable=False),
        sa.Column("by_name_enc", sa.LargeBinary(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("refused_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=True),
    )
    op.create_index("ix_files_created", "files", ["created_at"])


def downgrade() -> None:
    op.drop_table("liaisons")
    op.drop_table("files")
    op.drop_index("ix_outbox_beside_hash", "outbox")
    for name in ("silent", "beside_hash"):
        op.drop_column("outbox", name)
    for name in ("author_hash", "quiet_until", "direct"):
        op.drop_column("team_chats", name)
    for name in ("enclosure_enc", "body"):
        op.drop_column("lead_messages", name)
