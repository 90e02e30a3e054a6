"""What came in, what goes out, and what is to happen at a moment."""

from sqlalchemy import JSON, Boolean, Column, ForeignKey, Index, Integer, Table, Text, UniqueConstraint, false, text

from bot.store.columns import EncryptedJson, EncryptedText, Moment
from bot.store.tables.base import BIG, metadata, number

inbox = Table(
    "inbox", metadata,
    number(),
    Column("channel", Text, nullable=False),
    Column("external_hash", Text, nullable=False),
    Column("address_hash", Text, nullable=False),
    Column("of_team", Boolean, nullable=False),
    Column("kind", Text, nullable=False),
    Column("body_enc", EncryptedJson),
    Column("received_at", Moment, nullable=False),
    Column("done_at", Moment),
    Column("claimed_until", Moment),
    Column("attempts", Integer, nullable=False),
    UniqueConstraint("channel", "external_hash"),
    Index("ix_inbox_address", "channel", "address_hash", "id"),
    Index("ix_inbox_pending", "received_at", sqlite_where=text("done_at IS NULL"),
          postgresql_where=text("done_at IS NULL")),
    Index("ix_inbox_done", "done_at"),
    sqlite_autoincrement=True,
)

# conversation_id is NULL for a team's group, and for the last words to somebody just erased (``farewell``:
# such a row goes as soon as it is delivered). ``passing``: it goes minutes later. lead_id has no foreign key: it is
# a routing mark, not a fact.
outbox = Table(
    "outbox", metadata,
    number(),
    Column("conversation_id", Text, ForeignKey("conversations.id"), index=True),
    Column("lead_id", Text),
    Column("channel", Text, nullable=False),
    Column("address_hash", Text, nullable=False),
    Column("address_enc", EncryptedText, nullable=False),
    Column("kind", Text, nullable=False),
    Column("body_enc", EncryptedJson, nullable=False),
    Column("thread_enc", EncryptedText),
    Column("reply_to_enc", EncryptedText),
    Column("topic_enc", EncryptedText),
    Column("farewell", Boolean, nullable=False),
    Column("silent", Boolean, nullable=False, server_default=false()),
    Column("passing", Boolean, nullable=False, server_default=false()),
    Column("not_after", Moment),  # what is true no more by then is not sent
    Column("about", Text),  # the seat or session it speaks of: moved or cancelled, it is not sent as it was
    Column("begins_at", Moment),  # news of a session that begins then: nobody is woken for it, unless that is soon
    Column("created_at", Moment, nullable=False),
    Column("next_at", Moment, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("claimed_until", Moment),
    Column("status", Text, nullable=False),
    Column("last_error", Text),
    Column("external_enc", EncryptedText),
    Column("external_hash", Text),
    Column("beside_hash", Text),
    Column("delivered_at", Moment),
    Column("read_at", Moment),
    Index("ix_outbox_address", "channel", "address_hash", "id"),
    Index("ix_outbox_pending", "channel", "next_at", sqlite_where=text("status = 'pending'"),
          postgresql_where=text("status = 'pending'")),
    Index("ix_outbox_head", "channel", "address_hash", "id", sqlite_where=text("status = 'pending'"),
          postgresql_where=text("status = 'pending'")),
    Index("ix_outbox_created", "created_at"),
    *(Index(f"ix_outbox_{column}", column, sqlite_where=text(f"{column} IS NOT NULL"),
            postgresql_where=text(f"{column} IS NOT NULL"))
      for column in ("lead_id", "external_hash", "beside_hash", "about")),
    sqlite_autoincrement=True,
)

due = Table(
    "due", metadata,
    number(),
    Column("kind", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("conversation_id", Text, ForeignKey("conversations.id"), nullable=False, index=True),
    Column("subject", Text, nullable=False),
    Column("done_at", Moment),
    Column("claimed_until", Moment),
    Column("attempts", Integer, nullable=False),
    Index("uq_due_kind_subject", "kind", "subject", "conversation_id", unique=True,
          sqlite_where=text("done_at IS NULL"), postgresql_where=text("done_at IS NULL")),
    Index("ix_due_pending", "at", sqlite_where=text("done_at IS NULL"),
          postgresql_where=text("done_at IS NULL")),
    sqlite_autoincrement=True,
)

# What is left of somebody erased: a receipt nobody can tie to them, and how many rows went.
erasures = Table(
    "erasures", metadata,
    number(),
    Column("receipt", Text, nullable=False, unique=True),
    Column("at", Moment, nullable=False),
    Column("counts", JSON, nullable=False),
    sqlite_autoincrement=True,
)

# One row: lets a start with the wrong keys be refused before it takes every known person for a new one.
key_probe = Table(
    "key_probe", metadata,
    Column("id", BIG, primary_key=True, autoincrement=False),
    Column("lookup", Text, nullable=False),
    Column("probe_enc", EncryptedText, nullable=False),
)

# What a consortium was told once, and when: nothing of anybody.
told = Table(
    "told", metadata,
    Column("to", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("at", Moment, nullable=False),
)
