"""How long the understanding of one message takes: language, danger, things named, then what Rasa says.

    .venv/bin/python -m bench.understanding [--messages 600] [--peer-epochs 1]

One message at a time, none of them learnt from, against the whole parsing of Rasa's own default assistant in the
same run: it does the last of the four only.
"""

import argparse
import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence

import httpx
from rich.console import Console
from rich.table import Table

from bench import peer
from bench.first_contact import ROOT, texts
from bot.clock import real_clock
from bot.evaluation import understander
from bot.rasa import Rasa
from bot.settings import Settings

WARM_UP = 50


def main() -> None:
    """Train the peer if it is not, measure both, print the table."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--messages", type=int, default=600)
    options.add_argument("--peer-epochs", type=int, default=1)
    chosen = options.parse_args()
    out = Console()
    folder, model = peer.ready(ROOT, chosen.peer_epochs, out)
    messages = texts(chosen.messages + WARM_UP, 0)
    ours = asyncio.run(_ours(messages))
    with peer.running(ROOT, folder, model) as (base, _):
        its = asyncio.run(_its(messages, base))
    table = Table("understanding one message", "ours ms", "peer ms", "ratio")
    for name, share in (("p50", 0.5), ("p95", 0.95), ("p99", 0.99)):
        own, other = (sorted(took)[int(len(took) * share)] for took in (ours, its))
        table.add_row(name, f"{own:.1f}", f"{other:.1f}", f"{other / own:.2f}")
    out.print(table)


async def _ours(messages: Sequence[str]) -> Sequence[float]:
    data = Settings().data.absolute()
    async with httpx.AsyncClient() as http:
        rasa = Rasa(ROOT, data, http, lambda _progress: None)
        rasa.start()
        try:
            await rasa.settled()
            return await _timed(messages, await understander(ROOT, data, rasa.parse, real_clock()))
        finally:
            await rasa.stop()


async def _its(messages: Sequence[str], base: str) -> Sequence[float]:
    async with httpx.AsyncClient(base_url=base, timeout=60) as http:

        async def understand(text: str) -> httpx.Response:
            return (await http.post("/model/parse", json={"text": text})).raise_for_status()

        return await _timed(messages, understand)


async def _timed(messages: Sequence[str], understand: Callable[[str], Awaitable[object]]) -> Sequence[float]:
    """Milliseconds each took, the first few aside."""
    took = []
    for message in messages:
        started = time.perf_counter()
        await understand(message)
        took.append(1000 * (time.perf_counter() - started))
    return took[WARM_UP:]


if __name__ == "__main__":
    main()
