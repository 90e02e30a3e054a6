"""Three indexes of the outbox hold the rows they find, and no more: most rows have none of these values."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0015"
down_revision: str | None = "0014"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_COLUMNS = ("lead_id", "external_hash", "beside_hash")


def upgrade() -> None:
    for column in _COLUMNS:
        some = sa.text(f"{column} IS NOT NULL")
        op.drop_index(f"ix_outbox_{column}", "outbox")
        op.create_index(f"ix_outbox_{column}", "outbox", [column], sqlite_where=some, postgresql_where=some)


def downgrade() -> None:
    for column in _COLUMNS:
        op.drop_index(f"ix_outbox_{column}", "outbox")
        op.create_index(f"ix_outbox_{column}", "outbox", [column])
