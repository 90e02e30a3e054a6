"""Turns a second, memory and time to be ready, against Rasa's own default assistant on the same examples.

    .venv/bin/python -m bench.first_contact [--turns 1200] [--rounds 3] [--peer-epochs 1] [--one-in 8]

Both run on this machine, one after the other, in rounds: A B A B. How well the peer was trained changes what it
answers, not how fast: an epoch is enough here (its accuracy is measured elsewhere, docs/decisions/0003). On all our
examples that one epoch had not ended after twenty minutes. From one in eight it learns fewer words, which makes it
quicker, never slower: the ratios are the least they could be.
"""

import argparse
import asyncio
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median

import httpx
from rich.console import Console
from rich.table import Table

from bench import peer
from bench.load import Speed, drive, resident_mb
from nlu.evaluate import read_cases
from nlu.rasa_server import free_port

ROOT = Path(__file__).resolve().parent.parent
BUTTONS = ("/ask_menu", "/rights_menu", "/rights_food", "/rights_rsa", '/find_permanence{"commune":"69259"}',
           "/ask_privacy")
PATIENCE = 400.0


@contextmanager
def ours(data: Path) -> Iterator[tuple[str, int, float, float]]:
    """Our program: (address, pid, seconds to a first button's answer, seconds to understanding free text)."""
    port = free_port()
    # As ./premierpas does, Python keeps what it compiled.
    not_ours = ("PREMIERPAS_", "TELEGRAM_", "PYTHONDONTWRITEBYTECODE")
    variables = {k: v for k, v in os.environ.items() if not k.startswith(not_ours)}
    began = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", "start", "--port", str(port), "--data", str(data)], cwd=ROOT, env=variables,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )
    base = f"http://127.0.0.1:{port}"
    try:
        while True:
            try:
                body = {"sender": "first", "message": "/ask_menu"}
                if httpx.post(f"{base}/webhooks/rest/webhook", json=body, timeout=30).json():
                    break
            except httpx.HTTPError:
                pass
            _still(process, began)
        buttons = time.monotonic() - began
        while httpx.get(f"{base}/health", timeout=30).json()["understanding"] != "ready":
            _still(process, began)
        yield base, process.pid, buttons, time.monotonic() - began
    finally:
        process.terminate()
        process.wait()


def _still(process: subprocess.Popen[bytes], began: float) -> None:
    if process.poll() is not None or time.monotonic() - began > PATIENCE:
        sys.exit("our program did not start")
    time.sleep(0.05)


def texts(count: int, seed: int) -> Sequence[str]:
    """Messages nobody was trained on, each once: a repeated one would be answered from memory."""
    every = [case.text for file in sorted((ROOT / "nlu/evaluation").glob("*.tsv")) for case in read_cases(file)]
    random.Random(seed).shuffle(every)
    return every[:count]


def main() -> None:
    """Train what is not trained, measure in rounds, print the table."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--turns", type=int, default=1200)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--peer-epochs", type=int, default=1)
    options.add_argument("--one-in", type=int, default=8, help="of so many examples the peer learns one")
    chosen = options.parse_args()
    out = Console()
    folder, model = peer.ready(ROOT, chosen.peer_epochs, out, chosen.one_in)
    subprocess.run([sys.executable, "-m", "bot", "nlu", "train"], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    asyncio.run(_rounds(out, chosen.turns, chosen.rounds, folder, model))


async def _rounds(out: Console, turns: int, rounds: int, folder: Path, model: Path) -> None:
    found: dict[str, list[Speed]] = {"text": [], "button": [], "peer text": [], "peer button": []}
    memory: list[float] = []
    peer_memory: list[float] = []
    starts: list[tuple[float, float]] = []
    for number in range(rounds):
        words = texts(turns, number)
        presses = [BUTTONS[place % len(BUTTONS)] for place in range(turns)]
        with tempfile.TemporaryDirectory() as data:
            for known in ("models", "cache", "embeddings"):  # a start again, not the first: its files are there
                (Path(data) / known).symlink_to(ROOT / "var" / known)
            with ours(Path(data)) as (base, pid, buttons, ready):
                starts.append((buttons, ready))
                await drive(base, words[:50], f"warm-{number}")
                found["text"].append(await drive(base, words[50:], f"text-{number}"))
                found["button"].append(await drive(base, presses, f"button-{number}"))
                memory.append(resident_mb(pid))
        with peer.running(ROOT, folder, model) as (base, pid):
            await drive(base, words[:50], f"warm-{number}", silent=True)
            found["peer text"].append(await drive(base, words[50:], f"text-{number}", silent=True))
            # Its intents are ours; the menus of buttons are not among them.
            asked = [press.split("{")[0].replace("rights_menu", "ask_menu") for press in presses[: turns // 2]]
            found["peer button"].append(await drive(base, asked, f"button-{number}", silent=True))
            peer_memory.append(resident_mb(pid))
    table = Table("turns through REST", "ours /s", "p50 ms", "p95 ms", "peer /s", "p50 ms", "p95 ms", "ratio")
    for kind, against in (("text", "peer text"), ("button", "peer text"), ("button", "peer button")):
        own, its = _median(found[kind]), _median(found[against])
        table.add_row(f"{kind} (against its {against.split()[1]} turns)", f"{own.turns:.0f}", f"{own.p50:.1f}",
                      f"{own.p95:.1f}", f"{its.turns:.0f}", f"{its.p50:.1f}", f"{its.p95:.1f}",
                      f"{own.turns / its.turns:.2f}")
    out.print(table)
    out.print(f"resident, everything: {median(memory):.0f} MB (peer {median(peer_memory):.0f} MB)")
    out.print(f"from the command to a button's answer: {median(b for b, _ in starts):.1f} s; "
              f"to understanding free text: {median(r for _, r in starts):.1f} s")


def _median(runs: Sequence[Speed]) -> Speed:
    return sorted(runs, key=lambda run: run.turns)[len(runs) // 2]


if __name__ == "__main__":
    main()
