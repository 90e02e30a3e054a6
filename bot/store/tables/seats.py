"""Permanences and who has a seat there."""

from sqlalchemy import JSON, Boolean, Column, Float, ForeignKey, Index, Integer, Table, Text, text

from bot.store.columns import EncryptedText, Moment, Words
from bot.store.tables.base import metadata, number

places = Table(
    "places", metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("commune", Text, nullable=False),
    Column("commune_name", Text, nullable=False),
    Column("territory", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("sample", Boolean, nullable=False),
    Column("address", Text, nullable=False, server_default=""),
    Column("landmark", Text, nullable=False, server_default=""),
    Column("latitude", Float),
    Column("longitude", Float),
    Column("transport", Text, nullable=False, server_default=""),
    Column("accessibility", Text, nullable=False, server_default=""),
    Column("photo", Text, nullable=False, server_default=""),
    # Of the commune: how far a place is when its own position is not known. Never shown as the place's.
    Column("town_latitude", Float),
    Column("town_longitude", Float),
)

sessions = Table(
    "sessions", metadata,
    Column("id", Text, primary_key=True),
    Column("place_id", Text, ForeignKey("places.id"), nullable=False),
    Column("starts_at", Moment, nullable=False, index=True),
    Column("ends_at", Moment, nullable=False),
    Column("capacity", Integer, nullable=False),
    Column("territory", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("sample", Boolean, nullable=False),
    Column("cancelled_at", Moment),
    Column("series", Text, nullable=False, server_default="", index=True),
    Column("walk_in", Integer, nullable=False, server_default="0"),
    Column("team", Text, nullable=False, server_default=""),
    Column("crew", Words, nullable=False, server_default="[]"),
    Column("languages", Words, nullable=False, server_default="[]"),
    Column("publics", Words, nullable=False, server_default="[]"),
    Column("wishes", Words, nullable=False, server_default="[]"),
    Column("kind", Text, nullable=False, server_default="permanence"),
    Column("title", Text, nullable=False, server_default=""),
    Column("full", Boolean, nullable=False, server_default=text("false")),
    Column("late_minutes", Integer, nullable=False, server_default="0"),
    Column("sequence", Integer, nullable=False, server_default="0"),
    Column("changed_at", Moment),
    # What the file said, while a counsellor has it at another hour or place; NULL when it is as the file said.
    Column("given_starts_at", Moment),
    Column("given_ends_at", Moment),
    Column("given_place_id", Text),
    Column("cancelled_by_hand", Boolean, nullable=False, server_default=text("false")),
    Column("moves", Integer, nullable=False, server_default="0"),
    Index("ix_sessions_place", "place_id", "starts_at"),
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
    Column("topic", Text),
    Column("alias", EncryptedText),
    Column("note", EncryptedText),
    Column("word", Text),
    Column("word_at", Moment),
    Column("moves", Integer, nullable=False, server_default="0"),  # of the session, that its holder knows of
    Index("uq_appointments_seat", "session_id", "seat", unique=True,
          sqlite_where=text("active"), postgresql_where=text("active")),
    Index("uq_appointments_person", "session_id", "conversation_id", unique=True,
          sqlite_where=text("active"), postgresql_where=text("active")),
    Index("uq_appointments_code", "code", unique=True,
          sqlite_where=text("active"), postgresql_where=text("active")),
)

# The calendar as it was given: lines, from which sessions are laid out further each day.
calendar_lines = Table(
    "calendar_lines", metadata,
    Column("id", Text, primary_key=True),
    Column("territory", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("line", JSON, nullable=False),
    Column("written_at", Moment, nullable=False),
)

# Who wants a seat of a full session, in order; and who was shown a session without taking a seat.
waiting = Table(
    "waiting", metadata,
    number(),
    Column("session_id", Text, ForeignKey("sessions.id"), nullable=False),
    Column("conversation_id", Text, ForeignKey("conversations.id"), nullable=False, index=True),
    Column("created_at", Moment, nullable=False),
    Column("notices", Integer, nullable=False),
    Column("held_until", Moment),
    Column("told_at", Moment),  # of a free seat: told again of one that became free later only
    Index("uq_waiting_person", "session_id", "conversation_id", unique=True),
)

# Changes of the calendar, to be told to other systems; the row is the retry.
webhook_calls = Table(
    "webhook_calls", metadata,
    number(),
    Column("event", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("next_at", Moment, nullable=False, index=True),
    Column("attempts", Integer, nullable=False),
    Column("done_at", Moment),
)
