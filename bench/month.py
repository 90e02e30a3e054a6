"""A month of leads: counsellors who answer, forget, refuse; people who block and erase; sends that fail; crashes.

``.venv/bin/python -m bench.month [--leads 1000] [--seed 1]``. What must never happen is counted, not timed: a lead
that nobody owns and nothing will wake, a lead taken twice, a change the person is told of twice or never. The peer,
in the same run, is the same month without the due rows: how many leads lie forgotten then.
"""

import argparse
import asyncio
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Awaitable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from sqlalchemy import select

from bot.jobs.due import wake
from bot.outbound import Delivered
from bot.store import tables as t
from bot.store.values import Counsellor
from dialogues.effects import MarkBlocked
from tests.handoff.office import Office, open_office

TEAMS = (("portes-du-sud", "ifra"), ("portes-du-sud", "innovation-et-developpement"), ("drome", "ifra"),
         ("drome", "dynam-and-co"), ("chateaudun", "instep-idf"), ("loire-atlantique-vendee", "a2f"))
FAILING = 0.05
CHANNELS = frozenset({"telegram", "memory"})
# What a person reads when somebody takes their request.
TAKEN = "a pris votre demande"


@dataclass
class Month:
    """One run, and what went wrong in it."""

    office: Office
    chance: random.Random
    woken: bool
    crashes_left: int = 100
    crews: dict[tuple[str, str], list[Counsellor]] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)
    heard: Counter[tuple[str, str]] = field(default_factory=Counter)

    async def open(self, number: int) -> None:
        """Somebody agrees to be handed over."""
        urgent = "emergency_shelter" if self.chance.random() < 0.05 else None
        await self.office.lead(self.chance.choice(TEAMS), f"person-{number}", urgent=urgent)

    async def hour(self) -> None:
        """Counsellors do what they do in an hour; then time passes and what is due wakes."""
        store = self.office.store
        for team, crew in self.crews.items():
            for lead in await store.leads(team[1], [team[0]], open_only=True):
                who, dice = self.chance.choice(crew), self.chance.random()
                if lead.state in ("offered", "unowned") and dice < 0.05:
                    both = [self.office.desk.take(lead.ref, who), self.office.desk.take(lead.ref, crew[0])]
                    await self._maybe_killed(asyncio.gather(*both))
                elif lead.state == "offered" and dice < 0.06:
                    await self._maybe_killed(self.office.desk.refuse(lead.ref, who, "full"))
                elif lead.state == "taken" and dice < 0.07:
                    await self._maybe_killed(self.office.desk.reply(lead.ref, who, "Bonjour"))
                elif lead.state == "taken" and dice < 0.08:
                    await self._maybe_killed(self.office.desk.close(lead.ref, who))
        if self.woken:
            await wake(store, self.office.turns, self.office.desk, self.office.hours.clock)
        await self.deliver()

    async def _maybe_killed(self, act: Awaitable[object]) -> None:
        """Now and then the process dies in the middle: cancelled wherever it is, its transaction undone."""
        task = asyncio.ensure_future(act)
        if self.crashes_left and self.chance.random() < 0.05:
            self.crashes_left -= 1
            for _ in range(self.chance.randrange(1, 30)):
                await asyncio.sleep(0)
            task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    async def deliver(self) -> None:
        """Send what waits; one in twenty sends is put off."""
        store, now = self.office.store, self.office.hours.now
        # One an address each time: until nothing waits but what was put off.
        while rows := await store.claim_outbox(CHANNELS, now, 500, timedelta(minutes=1)):
            for row in rows:
                if self.chance.random() < FAILING:
                    continue  # the lease ends, and it is claimed again
                await store.delivered(row.id, Delivered(f"message-{row.id}", None))
                if row.channel == "memory" and TAKEN in row.rendered.text:
                    self.heard[row.address, "taken"] += 1

    async def lost(self) -> int:
        """Open leads with neither a human who wrote nor anything that will wake."""
        async with self.office.store.database.reading() as scope:
            leads = (await scope.run(select(t.leads).where(t.leads.c.state.not_in(("closed", "withdrawn"))))).all()
            woken = set((await scope.run(select(t.due.c.subject).where(t.due.c.done_at.is_(None)))).scalars())
        return sum(
            1 for lead in leads
            if lead.conversation_id is not None and lead.id not in woken
            and not (lead.state in ("taken", "handed_back") and lead.stage != "new")
        )

    async def forgotten(self) -> int:
        """Open leads that waited a week for a human, and of which nobody was reminded."""
        since = self.office.hours.now - timedelta(days=7)
        async with self.office.store.database.reading() as scope:
            rows = await scope.run(select(t.leads.c.id).where(
                t.leads.c.state.in_(("offered", "unowned", "taken")), t.leads.c.stage == "new",
                t.leads.c.level == 0, t.leads.c.changed_at < since, t.leads.c.conversation_id.is_not(None)))
            return len(rows.all())

    async def told_wrong(self) -> int:
        """People who were not told exactly once of each taking (those who blocked or erased aside)."""
        async with self.office.store.database.reading() as scope:
            taken = (await scope.run(
                select(t.conversations.c.address_enc, t.lead_log.c.id)
                .select_from(t.lead_log.join(t.leads, t.leads.c.id == t.lead_log.c.lead_id)
                             .join(t.conversations, t.conversations.c.id == t.leads.c.conversation_id))
                .where(t.lead_log.c.to_state == "taken", t.lead_log.c.by != "person"))).all()
        expected = Counter((row.address_enc, "taken") for row in taken if row.address_enc not in self.gone)
        heard = Counter({key: count for key, count in self.heard.items() if key[0] not in self.gone})
        return sum(abs(expected[key] - heard[key]) for key in {*expected, *heard})

    async def taken_twice(self) -> int:
        """Takings that follow a taking with nothing in between."""
        async with self.office.store.database.reading() as scope:
            rows = (await scope.run(select(t.lead_log.c.lead_id, t.lead_log.c.from_state, t.lead_log.c.to_state)
                                    .where(t.lead_log.c.by != "person")  # who asked again, whoever has it
                                    .order_by(t.lead_log.c.id))).all()
        return sum(1 for row in rows if row.from_state == "taken" and row.to_state == "taken")


async def run(folder: Path, leads: int, seed: int, *, woken: bool) -> dict[str, int]:
    """A month; what is wrong at its end, and how it ended."""
    chance = random.Random(seed)
    async with open_office(folder) as office:
        month = Month(office, chance, woken)
        for team in TEAMS:
            await office.group(f"group-{'-'.join(team)}", team)
            month.crews[team] = [await office.counsellor(f"C{number}", team) for number in range(4)]
        opened = 0
        for hour in range(30 * 24):
            due_now = leads * (hour + 1) // (20 * 24)
            while opened < min(due_now, leads):
                opened += 1
                await month.open(opened)
            if 8 <= office.hours.now.hour < 17:
                await month.hour()
                if hour % 24 == 3 and opened:
                    await misfortune(month, chance.randrange(1, opened + 1))
            elif woken:
                await wake(office.store, office.turns, office.desk, office.hours.clock)
            office.hours.advance(hours=1)
        for _ in range(20):
            await month.deliver()
            office.hours.advance(minutes=2)
        facts = await office.store.lead_facts(office.hours.now - timedelta(days=90), office.hours.now)
        return {"leads": opened, "lost": await month.lost(), "taken twice": await month.taken_twice(),
                "told wrong": await month.told_wrong(), "killed": 100 - month.crashes_left,
                "forgotten": await month.forgotten(),
                "never taken": sum(1 for one in facts if one.state in ("offered", "unowned"))}


async def misfortune(month: Month, number: int) -> None:
    """Somebody blocks the bot, or erases everything."""
    address = f"person-{number}"
    month.gone.add(address)
    if number % 2:
        await month.office.erase(address)
    else:
        async with month.office.store.turn("memory", address) as tx:
            await tx.apply(MarkBlocked())


def main() -> None:
    """Print both runs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--leads", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    wanted = parser.parse_args()
    results = {}
    for woken in (True, False):
        with tempfile.TemporaryDirectory() as folder:
            results[woken] = asyncio.run(run(Path(folder), wanted.leads, wanted.seed, woken=woken))
        print("with due rows" if woken else "without (the peer)", results[woken])
    good = results[True]
    if good["lost"] or good["taken twice"] or good["told wrong"]:
        sys.exit(1)


if __name__ == "__main__":
    main()
