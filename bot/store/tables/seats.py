"""Permanences and who has a seat there."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, Table, Text, text

from bot.store.columns import Moment
from bot.store.tables.base import metadata

places = Table(
    "places", metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("commune", Text, nullable=False),
    Column("commune_name", Text, nullable=False),
    Column("territory", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("sample", Boolean, nullable=False),
)

sessions = Table(
    "sessions", metadata,
    Column("id", Text, primary_key=True),
    Column("place_id", Text, ForeignKey("places.id"), nullable=False, index=True),
    Column("starts_at", Moment, nullable=False, index=True),
    Column("ends_at", Moment, nullable=False),
    Column("capacity", Integer, nullable=False),
    Column("territory", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("sample", Boolean, nullable=False),
    Column("cancelled_at", Moment),
)

# The three partial unique indexes are what makes the last seat one person's, whatever happens at once.
appointments = Table(
    "appointments", metadata,
    Column("id", Text, primary_key=True),
    Column("session_id", Text, ForeignKey("sessions.id"), nullable=False, index=True),
    Column("conversation_id", Text, ForeignKey("conversations.id"), index=True),
    Column("seat", Integer, nullable=False),
    Column("code", Text),
    Column("state", Text, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("changed_at", Moment, nullable=False),
    Index("uq_appointments_seat", "session_id", "seat", unique=True,
          sqlite_where=text("active"), postgresql_where=text("active")),
    Index("uq_appointments_person", "session_id", "conversation_id", unique=True,
          sqlite_where=text("active"), postgresql_where=text("active")),
    Index("uq_appointments_code", "code", unique=True,
          sqlite_where=text("active"), postgresql_where=text("active")),
)
