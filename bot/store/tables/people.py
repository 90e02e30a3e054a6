"""Who writes to us, and what they agreed to."""

from sqlalchemy import JSON, Boolean, Column, ForeignKey, Integer, Table, Text, UniqueConstraint

from bot.store.columns import EncryptedJson, EncryptedText, Moment
from bot.store.tables.base import metadata, number

conversations = Table(
    "conversations", metadata,
    Column("id", Text, primary_key=True),
    Column("channel", Text, nullable=False),
    Column("address_hash", Text, nullable=False),
    Column("address_enc", EncryptedText, nullable=False),
    Column("state_enc", EncryptedText),
    Column("version", Integer, nullable=False),
    Column("language", Text),
    Column("origin", Text),
    Column("territory", Text),
    Column("created_at", Moment, nullable=False),
    Column("last_seen_at", Moment, nullable=False, index=True),
    Column("blocked_at", Moment),
    UniqueConstraint("channel", "address_hash"),
)

consents = Table(
    "consents", metadata,
    number(),
    Column("conversation_id", Text, ForeignKey("conversations.id"), nullable=False, index=True),
    Column("kind", Text, nullable=False),
    Column("version", Text, nullable=False),
    Column("granted", Boolean, nullable=False),
    Column("body", Text),  # to whom: territory/body, or the door of a sheet
    Column("items", JSON),  # the keys of what was shown, never the values
    Column("channel", Text, nullable=False),
    Column("at", Moment, nullable=False),
    sqlite_autoincrement=True,
)

# Not linked to anybody: what was not understood, redacted by the caller.
gaps = Table(
    "gaps", metadata,
    number(),
    Column("at", Moment, nullable=False, index=True),
    Column("language", Text),
    Column("text_enc", EncryptedText, nullable=False),
    Column("ranking_enc", EncryptedJson, nullable=False),
    Column("sorted_as", Text),
    Column("sorted_at", Moment),
    sqlite_autoincrement=True,
)
