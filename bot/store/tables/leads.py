"""Leads: people handed over to a human, and what passes between them."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, Table, Text, UniqueConstraint, text

from bot.store.columns import EncryptedJson, EncryptedText, Moment
from bot.store.tables.base import BIG, metadata, number

_OPEN = "state NOT IN ('closed', 'withdrawn')"

leads = Table(
    "leads", metadata,
    Column("id", Text, primary_key=True),
    Column("ref", Text, nullable=False, unique=True),
    Column("conversation_id", Text, ForeignKey("conversations.id"), index=True),
    Column("territory", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("items_enc", EncryptedJson),
    Column("reasons_enc", EncryptedJson),
    Column("urgent", Boolean, nullable=False),
    Column("urgent_enc", EncryptedText),  # which emergency: as personal as the words were
    Column("taken_by", Text),
    Column("taken_name_enc", EncryptedText),
    Column("created_at", Moment, nullable=False),
    Column("changed_at", Moment, nullable=False),
    Column("stage", Text, nullable=False, server_default="new"),
    Column("outcome", Text),
    Column("level", Integer, nullable=False, server_default="0"),
    Index("uq_leads_open", "conversation_id", unique=True, sqlite_where=text(_OPEN), postgresql_where=text(_OPEN)),
    Index("ix_leads_desk", "territory", "body", "state"),
)

lead_log = Table(
    "lead_log", metadata,
    number(),
    Column("lead_id", Text, ForeignKey("leads.id"), nullable=False, index=True),
    Column("at", Moment, nullable=False),
    Column("from_state", Text),
    Column("to_state", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("reason_enc", EncryptedText),
    sqlite_autoincrement=True,
)

lead_refusals = Table(
    "lead_refusals", metadata,
    Column("lead_id", Text, ForeignKey("leads.id"), primary_key=True),
    Column("body", Text, primary_key=True),
)

lead_messages = Table(
    "lead_messages", metadata,
    number(),
    Column("lead_id", Text, ForeignKey("leads.id"), nullable=False, index=True),
    Column("at", Moment, nullable=False),
    Column("author", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("name_enc", EncryptedText),
    Column("text_enc", EncryptedText, nullable=False),
    Column("body", Text),  # territory/body that had the lead then: nobody else reads it
    Column("enclosure_enc", EncryptedJson),  # where what was sent besides words can be fetched
    Column("outbox_id", BIG, index=True),  # the row that carries it to the person; no foreign key: it goes earlier
    Column("source_hash", Text, index=True),  # the message of a team's chat it was written in
    sqlite_autoincrement=True,
)

# Where a lead lives in a team's group: its topic, and the message that is its card.
lead_threads = Table(
    "lead_threads", metadata,
    number(),
    Column("lead_id", Text, ForeignKey("leads.id"), nullable=False),
    Column("channel", Text, nullable=False),
    Column("address_hash", Text, nullable=False),
    Column("address_enc", EncryptedText, nullable=False),
    Column("thread_enc", EncryptedText),
    Column("thread_hash", Text, index=True),
    Column("card_external_enc", EncryptedText),
    UniqueConstraint("lead_id", "channel", "address_hash"),
    sqlite_autoincrement=True,
)
