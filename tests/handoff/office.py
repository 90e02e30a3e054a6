"""A real store, real content and real teams; only the clock, chance and the network are ours."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from cryptography.fernet import Fernet
from sqlalchemy import select

from bot import cards
from bot.app import read_referrals
from bot.calendar.recurrence import holiday
from bot.clock import Clock
from bot.content import NAMES, Content, read_content
from bot.desk import Desk
from bot.inbound_events import Reader
from bot.jobs.due import wake
from bot.outbound import Delivered, Outbound
from bot.store import tables
from bot.store.crypto import Vault
from bot.store.store import Store
from bot.store.values import Counsellor, CounsellorSeed, LeadRow, Role
from bot.team_inbound import Connect, TeamContent, TeamInbound
from bot.teams import Teams
from bot.turn import Turns
from dialogues.effects import EraseEverything, OpenLead
from dialogues.reading import Reading
from dialogues.world import World
from handoff.directory import Directory, load_directory
from tests.clock import FixedClock
from tests.handoff.small_map import SmallMap

ROOT = Path(__file__).parents[2]
START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
TRUCK = ("portes-du-sud", "ifra")
LEAD_BODY = ("portes-du-sud", "innovation-et-developpement")
WORDS = "j'ai perdu mes papiers"


@cache
def shared() -> tuple[Directory, Content]:
    files = {path.name: path.read_text("utf-8") for path in (ROOT / "handoff" / "consortia").glob("*.yml")}
    directory = load_directory(files)
    return directory, read_content(ROOT, directory.messages())


class NoReader:
    async def read(self, text: str, prior: str | None, hint: str | None, now: datetime) -> Reading:
        raise AssertionError("counsellors' words are not read by the machine")


@dataclass
class Office:
    store: Store
    desk: Desk
    hours: FixedClock
    content: Content
    teams: Teams
    turns: Turns
    updates: int = 0
    sent: list[Outbound] = field(default_factory=list)

    async def lead(
        self, team: tuple[str, str] = TRUCK, address: str = "person-1", urgent: str | None = None,
        items: dict[str, str] | None = None,
    ) -> LeadRow:
        """Somebody agreed to be handed over to ``team``."""
        items = items or {"need": "papers", "commune": "Saint-Fons", "name": "Samia", "language": "ar"}
        effect = OpenLead(team[1], team[0], ("commune : Saint-Fons", "premier contact : repérer"), items, urgent)
        async with self.store.turn("memory", address) as tx:
            opened = await tx.open_lead(
                effect,
                card=lambda ref: cards.offered(self.content, ref, effect.items, effect.reasons, effect.urgent),
                topic=lambda ref: cards.topic(self.content, ref, effect.items, effect.urgent),
            )
            opened_row = await tx.lead(opened.lead_id)
            assert opened_row is not None
            await self.teams.watch_untaken(tx, opened_row, self.hours.now)
        return await self.row(opened.lead_id)

    async def row(self, ref: str) -> LeadRow:
        lead = await self.store.lead(ref)
        assert lead is not None
        return lead

    async def erase(self, address: str = "person-1") -> None:
        async with self.store.turn("memory", address) as tx:
            await tx.apply(EraseEverything())

    async def counsellor(self, name: str, team: tuple[str, str | None], role: Role = "counsellor") -> Counsellor:
        return await self.store.add_counsellor(CounsellorSeed(team[0], team[1], role, name))

    async def group(self, address: str, team: tuple[str, str | None]) -> None:
        """Connect a group, and read what it says about it."""
        code = await self.store.new_code("connect", team[0], team[1], "counsellor", timedelta(hours=1))
        await self.says(address, "Fatou", Connect(code))
        await self.deliver()
        self.sent.clear()

    async def says(
        self, address: str, author: str, content: TeamContent, *, update: str | None = None
    ) -> None:
        self.updates += 1
        await self.desk.team(TeamInbound(
            "telegram", update or f"update-{self.updates}", address, f"author-{author}", author, content,
            self.hours.now,
        ))

    async def pass_time(self, **step: float) -> None:
        """Let time pass, waking what is due on the way, each at its own moment."""
        until = self.hours.now + timedelta(**step)
        while (at := await self.next_due()) is not None and at <= until:
            self.hours.now = max(at, self.hours.now)
            await wake(self.store, self.turns, self.desk, self.hours.clock)
        self.hours.now = until

    async def next_due(self) -> datetime | None:
        """When the next due row wakes."""
        async with self.store.database.reading() as scope:
            rows = await scope.run(select(tables.due.c.at).where(tables.due.c.done_at.is_(None))
                                   .order_by(tables.due.c.at).limit(1))
            found: datetime | None = rows.scalar_one_or_none()
            return found

    async def deliver(self) -> tuple[Outbound, ...]:
        """Send all that waits, in the order it goes; a card opens a topic."""
        out: list[Outbound] = []
        while batch := await self.store.claim_outbox(
            frozenset({"telegram", "memory"}), self.hours.now, 100, timedelta(minutes=1)
        ):
            for row in batch:
                out.append(row)
                thread = (row.thread or f"topic-{row.id}") if row.kind == "card" else None
                await self.store.delivered(row.id, Delivered(f"message-{row.id}", thread))
        self.sent.extend(out)
        return tuple(out)

    async def heard(self, address: str) -> list[str]:
        """What an address is sent now."""
        return [row.rendered.text for row in await self.deliver() if row.address == address]


def knows(office: Office, reader: Reader) -> Turns:
    """The office's turns, with a machine that reads."""
    office.turns._inbound._reader = reader  # the only part of it that tests change
    return office.turns


@asynccontextmanager
async def open_office(
    folder: Path, *, url: str | None = None, vault: Vault | None = None, chance: Clock | None = None,
) -> AsyncIterator[Office]:
    """``url``, ``vault``, ``chance``: of a database that other offices use at the same time."""
    directory, content = shared()
    hours = FixedClock(START)
    clock = hours.clock if chance is None else replace(chance, now=lambda: hours.now)
    vault = vault or Vault([Fernet.generate_key()], b"k" * 32)
    store = await Store.open(url or f"sqlite+aiosqlite:///{folder / 'store.db'}", vault, clock)
    await store.migrate()
    geography = SmallMap()
    world = World(content.catalog, geography, content.languages, NAMES)
    teams = Teams(directory, geography, read_referrals(ROOT), holiday)
    turns = Turns(
        store=store, reader=NoReader(), content=content, world=world, clock=clock, teams=teams,
        nearest=lambda lat, _lon: "69199" if 45 < lat < 46 else None, understanding=lambda: True,
    )
    try:
        yield Office(store, Desk(store, turns, content, teams, clock), hours, content, teams, turns)
    finally:
        await store.close()
