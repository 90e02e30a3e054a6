"""How well Rasa's own default assistant understands what ours is measured on, trained on the same examples.

    .venv/bin/python -m bench.accuracy [--peer-epochs 1] [FILES or FOLDERS of TSV, else nlu/evaluation]

Prints the table of ``./premierpas nlu evaluate``. The default is 100 epochs, of some twenty minutes each on two
cores with all our examples: what is trained here is less, and says how much.
"""

import argparse
import asyncio
from pathlib import Path

import httpx
from rich.console import Console

from bench import peer
from bench.first_contact import ROOT
from nlu.evaluate import Understood, evaluate
from nlu.intents import EMERGENCIES

FALLBACK = "nlu_fallback"


def main() -> None:
    """Train the peer if it is not, ask it every message, print the table."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--peer-epochs", type=int, default=1)
    options.add_argument("paths", type=Path, nargs="*", default=[ROOT / "nlu" / "evaluation"])
    chosen = options.parse_args()
    out = Console()
    folder, model = peer.ready(ROOT, chosen.peer_epochs, out)
    with peer.running(ROOT, folder, model) as (base, _):
        asyncio.run(_measure(out, chosen.paths, base))


async def _measure(out: Console, paths: list[Path], base: str) -> None:
    async with httpx.AsyncClient(base_url=base, timeout=60) as http:

        async def understand(text: str) -> Understood:
            answer = await http.post("/model/parse", json={"text": text})
            answer.raise_for_status()
            ranking = [one["name"] for one in answer.json()["intent_ranking"] if one["name"] != FALLBACK]
            best = ranking[0] if ranking else "out_of_scope"
            return "fr", best, best if best in EMERGENCIES else None  # it tells no language: its own is French

        report = await evaluate(paths, understand)
    out.print(report.as_table())


if __name__ == "__main__":
    main()
