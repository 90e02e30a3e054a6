"""Every table of the store, as Core tables."""

from bot.store.tables.base import metadata
from bot.store.tables.files import files
from bot.store.tables.leads import lead_log, lead_messages, lead_refusals, lead_threads, leads
from bot.store.tables.liaisons import liaisons
from bot.store.tables.messages import due, erasures, inbox, key_probe, outbox, told
from bot.store.tables.people import consents, conversations, gaps
from bot.store.tables.seats import appointments, calendar_lines, places, sessions, waiting, webhook_calls
from bot.store.tables.staff import codes, console_sessions, counsellors, team_chats

__all__ = [
    "appointments", "calendar_lines", "codes", "consents", "console_sessions", "conversations",
    "counsellors", "due", "erasures", "files", "gaps", "inbox", "key_probe", "lead_log", "lead_messages",
    "lead_refusals", "lead_threads", "leads", "liaisons", "metadata", "outbox", "places", "sessions",
    "team_chats", "told", "waiting", "webhook_calls",
]
