"""The program as people start it: a process of its own, what it printed, and how to talk to it."""

import asyncio
import os
import re
import socket
import sys
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import psutil

from bot.app import ROOT

# Real processes on a machine that may be busy.
PATIENCE = 120.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Program:
    """A running ``start``. ``printed``: everything it has said so far, logs included."""

    def __init__(self, process: asyncio.subprocess.Process, port: int, output: Path) -> None:
        self.process = process
        self.base = f"http://127.0.0.1:{port}"
        self._output = output

    @property
    def printed(self) -> str:
        return self._output.read_text(encoding="utf-8", errors="replace")

    async def until(self, holds: Callable[[], bool], patience: float = PATIENCE) -> None:
        """Wait for something to be true; what was printed is the explanation when it never is."""
        async with asyncio.timeout(patience):
            while not holds():
                assert self.process.returncode is None, self.printed
                await asyncio.sleep(0.1)

    async def health(self) -> Mapping[str, Any]:
        async with httpx.AsyncClient() as http:
            return dict((await http.get(f"{self.base}/health")).json())

    async def understanding(self, state: str, patience: float = PATIENCE) -> None:
        """Wait until free text is in this state."""
        async with asyncio.timeout(patience):
            while (await self.health())["understanding"] != state:  # noqa: ASYNC110  another process: no event
                await asyncio.sleep(0.1)

    async def says(self, sender: str, message: str) -> list[dict[str, Any]]:
        """What the REST channel answers."""
        async with httpx.AsyncClient() as http:
            body = {"sender": sender, "message": message}
            answer = await http.post(f"{self.base}/webhooks/rest/webhook", json=body, timeout=30)
        assert answer.status_code == httpx.codes.OK, answer.text
        return list(answer.json())

    def children(self, part: str) -> list[psutil.Process]:
        """Its child processes whose command line holds ``part``."""
        own = psutil.Process(self.process.pid)
        return [child for child in own.children(recursive=True) if any(part in word for word in child.cmdline())]

    async def stop(self) -> None:
        """As Ctrl-C does."""
        if self.process.returncode is None:
            self.process.terminate()
            await asyncio.wait_for(self.process.wait(), PATIENCE)


@asynccontextmanager
async def running(folder: Path, **variables: str) -> AsyncIterator[Program]:
    """``premierpas start`` with its data in ``folder``, up and ready for buttons."""
    port = free_port()
    output = folder / f"output-{port}.txt"
    # Other settings of whoever runs the tests must not reach it.
    inherited = {k: v for k, v in os.environ.items() if not re.match("PREMIERPAS_|TELEGRAM_", k)}
    with output.open("wb") as printed:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", "start", "--port", str(port), "--data", str(folder),
            stdin=asyncio.subprocess.DEVNULL, stdout=printed, stderr=printed, cwd=ROOT,
            env=inherited | {"PYTHONUNBUFFERED": "1"} | variables,
        )
    program = Program(process, port, output)
    try:
        await program.until(lambda: "ready  chat" in program.printed)
        yield program
    finally:
        await program.stop()
