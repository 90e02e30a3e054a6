"""One process of the month on PostgreSQL: it works an hour at a time, as told on its input, and may be killed.

``python -m bench.month_node URL KEYS CREWS SEED OUT``. Each line it reads is a JSON object: ``now`` (ISO), ``open``
(numbers of people who ask for a human now), ``misfortune`` (a number or null), ``work`` (counsellors are there).
It answers ``done``. OUT gets a line for each message sent, before the database knows: what a platform would have.
"""

import asyncio
import json
import random
import sys
from datetime import datetime, timedelta
from pathlib import Path

from bench.month import CHANNELS, FAILING, Month, misfortune
from bot.clock import real_clock
from bot.jobs.due import wake
from bot.outbound import Delivered
from bot.store.key_file import load_vault
from tests.handoff.office import open_office


class Node(Month):
    """A month of which only this process's hours are lived here."""

    sent: Path

    async def deliver(self) -> None:
        """Send what waits; one in twenty sends is put off. What was sent is written down first."""
        store, now = self.office.store, self.office.hours.now
        with self.sent.open("a", encoding="utf-8", buffering=1) as out:
            # One an address each time: until nothing waits but what was put off.
            while rows := await store.claim_outbox(CHANNELS, now, 500, timedelta(minutes=1)):
                for row in rows:
                    if self.chance.random() < FAILING:
                        continue
                    out.write(json.dumps([row.id, row.channel, row.address, row.rendered.text[:200]]) + "\n")
                    await store.delivered(row.id, Delivered(f"message-{row.id}", None))


async def live(url: str, keys: Path, crews: str, seed: int, sent: Path) -> None:
    """Work until the input ends."""
    async with open_office(Path(), url=url, vault=load_vault(keys), chance=real_clock()) as office:
        node = Node(office, random.Random(seed), woken=True, crashes_left=0)
        node.sent = sent
        for team, ids in json.loads(crews):
            found = [await office.store.counsellor(one) for one in ids]
            node.crews[team[0], team[1]] = [one for one in found if one is not None]
        print("ready", flush=True)
        while line := await asyncio.to_thread(sys.stdin.readline):
            order = json.loads(line)
            office.hours.now = datetime.fromisoformat(order["now"])
            for number in order["open"]:
                await node.open(number)
            if order["misfortune"] is not None:
                await misfortune(node, order["misfortune"])
            if order["work"]:
                await node.hour()
            else:
                await wake(office.store, office.turns, office.desk, office.hours.clock)
                await node.deliver()
            print("done", flush=True)


if __name__ == "__main__":
    where, keys_dir, crews_file, seed_of, out_file = sys.argv[1:6]
    asyncio.run(live(where, Path(keys_dir), Path(crews_file).read_text(), int(seed_of), Path(out_file)))
