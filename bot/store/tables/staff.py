"""Counsellors, their groups, and how they sign in."""

from sqlalchemy import Boolean, Column, ForeignKey, Table, Text, UniqueConstraint, false

from bot.store.columns import EncryptedText, Moment
from bot.store.tables.base import metadata, number

team_chats = Table(
    "team_chats", metadata,
    number(),
    Column("body", Text),  # NULL: the group of the whole consortium
    Column("consortium", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("address_hash", Text, nullable=False),
    Column("address_enc", EncryptedText, nullable=False),
    Column("forum", Boolean, nullable=False),
    Column("connected_at", Moment, nullable=False),
    Column("left_at", Moment),
    Column("direct", Boolean, nullable=False, server_default=false()),  # one counsellor's own chat
    Column("author_hash", Text),  # whose own chat it is
    Column("quiet_until", Moment),  # nothing goes there before, emergencies aside
    UniqueConstraint("channel", "address_hash"),
    sqlite_autoincrement=True,
)

counsellors = Table(
    "counsellors", metadata,
    Column("id", Text, primary_key=True),
    Column("consortium", Text, nullable=False),
    Column("body", Text),  # NULL: admin of the whole consortium
    Column("role", Text, nullable=False),
    Column("name_enc", EncryptedText, nullable=False),
    Column("author_hash", Text),
    Column("created_at", Moment, nullable=False),
    Column("disabled_at", Moment),
    UniqueConstraint("author_hash", "consortium"),
)

codes = Table(
    "codes", metadata,
    Column("code_hash", Text, primary_key=True),
    Column("purpose", Text, nullable=False),
    Column("consortium", Text, nullable=False),
    Column("body", Text),
    Column("role", Text, nullable=False),
    Column("counsellor_id", Text, ForeignKey("counsellors.id")),
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("used_at", Moment),
)

console_sessions = Table(
    "console_sessions", metadata,
    Column("token_hash", Text, primary_key=True),
    Column("counsellor_id", Text, ForeignKey("counsellors.id"), nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("revoked_at", Moment),
)
