"""What a counsellor changed by hand, where a commune is, and one place for each body that shares a name."""

import hashlib
from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0006"
down_revision: str | None = "0005"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_MOMENTS = ("given_starts_at", "given_ends_at")
_POSITIONS = ("town_latitude", "town_longitude")


def upgrade() -> None:
    for name in _MOMENTS:
        op.add_column("sessions", sa.Column(name, sa.DateTime(timezone=True), nullable=True))
    op.add_column("sessions", sa.Column("given_place_id", sa.Text(), nullable=True))
    op.add_column("sessions", sa.Column("cancelled_by_hand", sa.Boolean(), nullable=False, server_default=sa.false()))
    # Nobody wrote who cancelled: taken as by a counsellor, so that no file brings back what somebody called off.
    op.execute("UPDATE sessions SET cancelled_by_hand = true WHERE cancelled_at IS NOT NULL")
    for name in _POSITIONS:
        op.add_column("places", sa.Column(name, sa.Float(), nullable=True))
    _divide_places()


def _divide_places() -> None:
    """Bodies of one commune that named a place alike had one row, the last one's: each has its own from now on.

    The row keeps its id, and its owner the address of its feed.
    """
    run = op.get_bind().execute
    places = sa.table("places", *map(sa.column, (
        "id", "name", "commune", "commune_name", "territory", "body", "sample", "address", "landmark", "latitude",
        "longitude", "transport", "accessibility", "photo")))
    sessions = sa.table("sessions", *map(sa.column, ("place_id", "territory", "body", "sample")))
    s, p = sessions.c, places.c
    lent = run(sa.select(s.territory, s.body, s.place_id).distinct().select_from(
        sessions.join(places, p.id == s.place_id)).where(s.territory == p.territory, s.body != p.body)).all()
    for territory, body, place_id in lent:
        row = dict(run(sa.select(places).where(p.id == place_id)).one()._mapping)
        own = hashlib.sha256("\0".join((territory, row["commune"], row["name"], body)).encode()).hexdigest()[:16]
        if run(sa.select(p.id).where(p.id == own)).one_or_none() is None:
            run(sa.insert(places).values(row | {"id": own, "body": body}))
        run(sa.update(sessions).where(s.territory == territory, s.body == body, s.place_id == place_id)
            .values(place_id=own))


def downgrade() -> None:
    for name in reversed(_POSITIONS):
        op.drop_column("places", name)
    for name in ("cancelled_by_hand", "given_place_id", *reversed(_MOMENTS)):
        op.drop_column("sessions", name)
