"""Things the store's tests put in, and ways to look at what is really in the tables."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import LargeBinary, select, type_coerce

from bot.inbound import Content, Inbound
from bot.outbound import Rendered
from bot.store import tables as t
from bot.store.rotation import sealed_columns
from bot.store.store import Store
from bot.store.values import CalendarSession, ClaimedOutbound, Place, TeamChat
from bot.team_inbound import Connect, TeamInbound
from dialogues.effects import OpenLead

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
CHANNELS = frozenset({"telegram", "web"})
SAMIA = ("telegram", "chat-424242")
TEAM = ("portes-du-sud", "ifra")
PLACE = Place("venissieux", "Place de démonstration", "69259", "Vénissieux", *TEAM, sample=True)


def inbound(content: Content, update: str = "1", at: datetime = NOW, who: tuple[str, str] = SAMIA) -> Inbound:
    return Inbound(who[0], update, who[1], content, at, "ar")


def said(text: str, language: str = "fr") -> Rendered:
    return Rendered(text, language)


def opening(name: str = "s1", capacity: int = 5, days: float = 2) -> CalendarSession:
    starts = NOW + timedelta(days=days)
    return CalendarSession(name, PLACE.id, starts, starts + timedelta(hours=3), capacity, *TEAM, sample=True)


def need(urgent: str | None = None, team: tuple[str, str] = TEAM, **items: str) -> OpenLead:
    shared = items or {"name": "Samia", "need": "papiers"}
    return OpenLead(team[1], team[0], ("commune : Vénissieux",), shared, urgent)


async def open_lead(store: Store, effect: OpenLead | None = None, who: tuple[str, str] = SAMIA) -> str:
    async with store.turn(*who) as tx:
        opened = await tx.open_lead(effect or need(), lambda ref: said(f"card {ref}"), lambda ref: f"topic {ref}")
    return opened.lead_id


async def connect_group(
    store: Store, address: str = "group-1", team: tuple[str, str | None] = TEAM, forum: bool = True,
) -> TeamChat:
    code = await store.new_code("connect", *team, "counsellor", timedelta(hours=1))
    update = TeamInbound("telegram", f"connect-{address}", address, "author", "Fatou", Connect(code, forum), NOW)
    chat = await store.connect_chat(update)
    assert chat is not None
    return chat


async def claimed(store: Store, now: datetime = NOW, limit: int = 50) -> tuple[ClaimedOutbound, ...]:
    return await store.claim_outbox(CHANNELS, now, limit, MINUTE)


async def every_row(store: Store) -> dict[str, list[dict[str, Any]]]:
    """All tables, opened."""
    async with store.database.reading() as scope:
        return {table.name: [dict(row._mapping) for row in await scope.run(select(table))]
                for table in t.metadata.sorted_tables}


async def every_sealed(store: Store) -> list[bytes]:
    """All sealed values, as they lie in the tables."""
    sealed = []
    async with store.database.reading() as scope:
        for _, columns in sealed_columns():
            rows = await scope.run(select(*(type_coerce(column, LargeBinary) for column in columns)))
            sealed += [bytes(value) for row in rows for value in row if value is not None]
    return sealed
