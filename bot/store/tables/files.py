"""What people sent from the page that is not text. Platforms keep their own."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Table, Text

from bot.store.columns import EncryptedText, Moment
from bot.store.tables.base import metadata

# ``kept``: it was given to a team; what was not goes within the hour.
files = Table(
    "files", metadata,
    Column("id", Text, primary_key=True),
    Column("conversation_id", Text, ForeignKey("conversations.id"), nullable=False, index=True),
    Column("name_enc", EncryptedText),
    Column("mime", Text, nullable=False),
    Column("content_enc", EncryptedText, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("kept", Boolean, nullable=False),
    Index("ix_files_created", "created_at"),
)
