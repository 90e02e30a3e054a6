"""One process of a race for seats: many people at once, each trying again and again. Run by tests and by bench.

``python -m tests.store.seat_race URL KEYS FIRST LAST TRIES OUT``: people FIRST to LAST - 1 try TRIES times each; a
line of OUT for each answer: person, then booked, already or full.
"""

import asyncio
import sys
from pathlib import Path

from bot.clock import real_clock
from bot.store.key_file import load_vault
from bot.store.store import Store
from dialogues.effects import BookSeat
from dialogues.events.answers import SeatBooked, SeatRefused

SESSION = "race"
AT_ONCE = 50


async def race(url: str, keys: Path, people: range, tries: int, out: Path) -> None:
    """All the people's tries, AT_ONCE of them under way at any time; an answer is written when it is sure."""
    clock = real_clock()
    store = await Store.open(url, load_vault(keys, None), clock)
    gate = asyncio.Semaphore(AT_ONCE)
    with out.open("a", encoding="utf-8", buffering=1) as answers:

        async def once(person: int) -> None:
            async with gate:
                async with store.turn("race", f"person-{person}") as tx:
                    answer = await tx.apply(BookSeat(SESSION))
                match answer:
                    case SeatBooked():
                        said = "booked"
                    case SeatRefused(reason=reason):
                        said = reason
                    case _:
                        raise AssertionError(answer)
                answers.write(f"{person} {said}\n")

        try:
            await asyncio.gather(*(once(person) for _ in range(tries) for person in people))
        finally:
            await store.close()


if __name__ == "__main__":
    where, keys_dir, first, last, how_often, out_file = sys.argv[1:7]
    asyncio.run(race(where, Path(keys_dir), range(int(first), int(last)), int(how_often), Path(out_file)))
