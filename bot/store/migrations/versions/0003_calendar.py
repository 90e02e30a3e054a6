"""The whole calendar: places, rules, walk-ins, waiting lists, calls to other systems."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_TEXTS = {"places": ("address", "landmark", "transport", "accessibility", "photo"),
          "sessions": ("series", "team", "title")}
_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_LISTS = ("crew", "languages", "publics", "wishes")


def upgrade() -> None:
    for table, names in _TEXTS.items():
        for name in names:
            op.add_column(table, sa.Column(name, sa.Text(), nullable=False, server_default=""))
    op.add_column("places", sa.Column("latitude", sa.Float(), nullable=True))
    op.add_column("places", sa.Column("longitude", sa.Float(), nullable=True))
    for name in _LISTS:
        op.add_column("sessions", sa.Column(name, sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("sessions", sa.Column("kind", sa.Text(), nullable=False, server_default="permanence"))
    for name in ("walk_in", "late_minutes", "sequence"):
        op.add_column("sessions", sa.Column(name, sa.Integer(), nullable=False, server_default="0"))
    op.add_column("sessions", sa.Column("full", sa.Boolean(), nullable=False, server_default=sa.text("false")))
    op.add_column("sessions", sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True))
    op.drop_index("uq_due_kind_subject", table_name="due")
    _due_index(["kind", "subject", "conversation_id"])
    op.drop_index("ix_sessions_place_id", table_name="sessions")
    op.create_index("ix_sessions_place", "sessions", ["place_id", "starts_at"])
    op.create_index("ix_sessions_series", "sessions", ["series"])
    op.add_column("appointments", sa.Column("topic", sa.Text(), nullable=True))
    op.add_column("appointments", sa.Column("alias", sa.LargeBinary(), nullable=True))
    op.add_column("appointments", sa.Column("note", sa.LargeBinary(), nullable=True))
    op.create_table(
        "calendar_lines",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("territory", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("line", sa.JSON(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_lines")),
    )
    op.create_table(
        "waiting",
        sa.Column("id", _BIG, autoincrement=True, nullable=False),
        sa.Column("session_id", sa.Text(), nullable=False),
        sa.Column("conversation_id", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("notices", sa.Integer(), nullable=False),
        sa.Column("held_until", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["session_id"], ["sessions.id"], name=op.f("fk_waiting_session_id")),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_waiting_conversation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waiting")),
    )
    op.create_index("uq_waiting_person", "waiting", ["session_id", "conversation_id"], unique=True)
    op.create_index("ix_waiting_conversation_id", "waiting", ["conversation_id"])
    op.create_table(
        "webhook_calls",
        sa.Column("id", _BIG, autoincrement=True, nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_calls")),
    )
    op.create_index("ix_webhook_calls_next_at", "webhook_calls", ["next_at"])


def _due_index(columns: list[str]) -> None:
    pending = sa.text("done_at IS NULL")
    op.create_index("uq_due_kind_subject", "due", columns, unique=True, sqlite_where=pending, postgresql_where=pending)


def downgrade() -> None:
    op.drop_index("uq_due_kind_subject", table_name="due")
    _due_index(["kind", "subject"])
    op.drop_table("webhook_calls")
    op.drop_table("waiting")
    op.drop_table("calendar_lines")
    for name in ("note", "alias", "topic"):
        op.drop_column("appointments", name)
    op.drop_index("ix_sessions_series", table_name="sessions")
    op.drop_index("ix_sessions_place", table_name="sessions")
    op.create_index("ix_sessions_place_id", "sessions", ["place_id"])
    for name in ("changed_at", "full", "walk_in", "late_minutes", "sequence", "kind", *_LISTS, *_TEXTS["sessions"]):
        op.drop_column("sessions", name)
    for name in ("longitude", "latitude", *_TEXTS["places"]):
        op.drop_column("places", name)
