"""The month of bench/month.py on one PostgreSQL with two processes, each killed (SIGKILL) at random on the way.

``.venv/bin/python -m bench.month_nodes [--leads 1000] [--kills 100] [--seed 1] [--days 30]``. Counted at the end:
leads that nobody owns and nothing will wake, leads taken twice, people told wrongly, messages sent twice (a process
may die between a send and the note of it: under 1 %), messages never sent.
"""

import argparse
import asyncio
import json
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

from sqlalchemy import func, select

from bench.month import TAKEN, TEAMS, Month
from bot.clock import real_clock
from bot.store import tables as t
from bot.store.key_file import load_vault
from tests.handoff.office import Office, open_office
from tests.store.postgres import postgres_server

NODES = 2


class Process:
    """One node, and its end of the pipe; started again when it was killed."""

    def __init__(self, *command: str) -> None:
        self._command = command
        self._running: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        """Start it, and wait until it can work."""
        self._running = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bench.month_node", *self._command,
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
        )
        await self._answer("ready")

    async def work(self, order: Mapping[str, object], kill_after: float | None) -> bool:
        """Let it work one hour; False when it was killed in it (``kill_after``: seconds)."""
        running = self._running
        assert running is not None
        assert running.stdin is not None
        running.stdin.write((json.dumps(order) + "\n").encode())
        await running.stdin.drain()
        try:
            async with asyncio.timeout(kill_after):
                await self._answer("done")
        except TimeoutError:
            running.kill()
            await running.wait()
            await self.start()
            return False
        return True

    async def stop(self) -> None:
        """Close its input: it ends."""
        assert self._running is not None
        assert self._running.stdin is not None
        self._running.stdin.close()
        await self._running.wait()

    async def _answer(self, word: str) -> None:
        assert self._running is not None
        assert self._running.stdout is not None
        said = (await self._running.stdout.readline()).decode().strip()
        if said != word:
            raise RuntimeError(f"a node said « {said} », not « {word} »")


async def run(url: str, folder: Path, leads: int, kills: int, seed: int, days: int) -> dict[str, int]:
    """The month; what is wrong at its end."""
    chance = random.Random(seed)
    keys, crews_file = folder / "keys", folder / "crews.json"
    async with open_office(folder, url=url, vault=load_vault(keys), chance=real_clock()) as office:
        crews = []
        for team in TEAMS:
            await office.group(f"group-{'-'.join(team)}", team)
            crews.append((team, [(await office.counsellor(f"C{number}", team)).id for number in range(4)]))
        crews_file.write_text(json.dumps(crews))
        nodes = [Process(url, str(keys), str(crews_file), str(seed * 10 + number), str(folder / f"sent-{number}"))
                 for number in range(NODES)]
        await asyncio.gather(*(node.start() for node in nodes))
        gone, killed = await _month(office, nodes, chance, leads, kills, days)
        await asyncio.gather(*(node.stop() for node in nodes))
        return await _count(office, _sent(folder), gone) | {"killed": killed}


async def _month(
    office: Office, nodes: list[Process], chance: random.Random, leads: int, kills: int, days: int,
) -> tuple[set[str], int]:
    """(addresses of those who blocked or erased, processes killed)."""
    hours, opened, killed, gone = days * 24, 0, 0, set()
    again: list[int] = []  # their press died with a process: it comes again, as an update in the inbox does
    owed = 0  # a process that was done before it could be killed: another one is, in the next hour
    kill_at = Counter(chance.randrange(hours) for _ in range(kills))
    took = 0.1
    for hour in range(hours):
        now = office.hours.now
        working = 8 <= now.hour < 17
        due_now = min(leads, leads * (hour + 1) // max(1, hours * 2 // 3))
        fresh, opened = range(opened + 1, due_now + 1), due_now
        unlucky = chance.randrange(1, opened + 1) if working and hour % 24 == 3 and opened else None
        if unlucky is not None:
            gone.add(f"person-{unlucky}")
        asking, owed = [*again, *fresh], owed + kill_at[hour]
        orders = [{"now": now.isoformat(), "work": working, "open": asking[number::NODES],
                   "misfortune": unlucky if number == 0 else None} for number in range(NODES)]
        deaths = [chance.uniform(0, 0.7 * took) if owed > number else None for number in range(NODES)]
        started = asyncio.get_running_loop().time()
        lived = await asyncio.gather(*(
            node.work(order, death) for node, order, death in zip(nodes, orders, deaths, strict=True)))
        killed, owed = killed + lived.count(False), owed - lived.count(False)
        again = [number for place in range(NODES) if not lived[place] for number in asking[place::NODES]]
        if all(lived):
            took = 0.5 * took + 0.5 * (asyncio.get_running_loop().time() - started)
        office.hours.advance(hours=1)
    idle = {"work": False, "open": [], "misfortune": None}
    for _ in range(40):  # what was put off, and what a dead process had taken, is sent now
        office.hours.advance(minutes=2)
        await asyncio.gather(*(node.work({**idle, "now": office.hours.now.isoformat()}, None) for node in nodes))
    return gone, killed


def _sent(folder: Path) -> list[list[str]]:
    """Every message sent, as a platform would have it: [row, channel, address, text]; a torn last line aside."""
    lines = [line for file in sorted(folder.glob("sent-*")) for line in file.read_text().splitlines()]
    return [json.loads(line) for line in lines if line.endswith("]")]


async def _count(office: Office, sent: list[list[str]], gone: set[str]) -> dict[str, int]:
    month = Month(office, random.Random(0), woken=True)
    month.gone = gone
    once = {row_id: (channel, address, text) for row_id, channel, address, text in sent}
    for channel, address, text in once.values():
        if channel == "memory" and TAKEN in text:
            month.heard[address, "taken"] += 1
    async with office.store.database.reading() as scope:
        waiting = (await scope.run(
            select(func.count()).select_from(t.outbox).where(t.outbox.c.status == "pending"))).scalar_one()
    facts = await office.store.lead_facts(office.hours.now - timedelta(days=90), office.hours.now)
    return {
        "leads": len(facts), "lost": await month.lost(), "taken twice": await month.taken_twice(),
        "told wrong": await month.told_wrong(), "forgotten": await month.forgotten(),
        "sent": len(once), "sent twice": len(sent) - len(once), "never sent": int(waiting),
    }


def main() -> None:
    """Run it on a PostgreSQL of its own, and say what went wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--leads", type=int, default=1000)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--days", type=int, default=30)
    wanted = parser.parse_args()
    with postgres_server() as server, tempfile.TemporaryDirectory() as folder:
        url = server.new_database()
        found = asyncio.run(run(url, Path(folder), wanted.leads, wanted.kills, wanted.seed, wanted.days))
    print(found)
    if any(found[key] for key in ("lost", "taken twice", "told wrong", "never sent")):
        sys.exit(1)


if __name__ == "__main__":
    main()
