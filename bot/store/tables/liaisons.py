"""Sheets by which a person is passed on to a service outside the consortium, each with its own consent."""

from sqlalchemy import Column, ForeignKey, Table, Text

from bot.store.columns import EncryptedJson, EncryptedText, Moment
from bot.store.tables.base import metadata

# ``items_enc``: what the person was shown, word for word; nothing that came later is on the sheet.
liaisons = Table(
    "liaisons", metadata,
    Column("id", Text, primary_key=True),
    Column("lead_id", Text, ForeignKey("leads.id"), nullable=False, index=True),
    Column("body", Text, nullable=False),  # territory/body that asked: nobody else prints it
    Column("door", Text, nullable=False),
    Column("items_enc", EncryptedJson, nullable=False),
    Column("by_name_enc", EncryptedText, nullable=False),
    Column("asked_at", Moment, nullable=False),
    Column("agreed_at", Moment),
    Column("refused_at", Moment),
    Column("given_at", Moment),  # printed or sent for the first time
)
