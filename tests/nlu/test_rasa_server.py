import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import psutil
import pytest

from nlu.client import RasaClient
from nlu.errors import UnderstandingUnavailable
from nlu.rasa_server import BETWEEN_LOOKS, BETWEEN_LOOKS_STARTING, RasaServer, rasa_command

FAKE = Path(__file__).with_name("fake_rasa.py")
PATIENCE = 30  # seconds before a test that hangs is said to fail


class Clock:
    """Sleeps without waiting, and remembers for how long it was asked to."""

    def __init__(self) -> None:
        self.naps: list[float] = []
        self.paused = asyncio.Event()
        self.paused.set()

    async def sleep(self, seconds: float) -> None:
        self.naps.append(seconds)
        await self.paused.wait()
        await asyncio.sleep(0)

    @property
    def pauses(self) -> list[float]:
        """The pauses between two starts, without the looks in between."""
        return [nap for nap in self.naps if nap not in (BETWEEN_LOOKS, BETWEEN_LOOKS_STARTING)]


def fake(port: int, model: Path) -> Sequence[str]:
    return [sys.executable, str(FAKE), "--port", str(port), "--model", str(model)]


@asynccontextmanager
async def running(
    command: Callable[[int, Path], Sequence[str]], model: Path, clock: Clock
) -> AsyncIterator[RasaServer]:
    async with httpx.AsyncClient() as http:
        server = RasaServer(command, model, http, sleep=clock.sleep)
        await server.start()
        try:
            yield server
        finally:
            await server.stop()


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not true():  # noqa: ASYNC110  it watches processes, which set no event
            await asyncio.sleep(0.01)


async def served(server: RasaServer) -> str:
    async with httpx.AsyncClient() as http:
        answer = await http.get(f"{server.base_url}/status", params={"token": server.token})
    return str(answer.json()["model_file"])


@pytest.fixture
def model(tmp_path: Path) -> Path:
    file = tmp_path / "one.tar.gz"
    file.touch()
    return file


async def test_it_starts_and_answers(model: Path) -> None:
    async with running(fake, model, Clock()) as server, httpx.AsyncClient() as http:
        await asyncio.wait_for(server.ready.wait(), PATIENCE)
        assert (await RasaClient(server.base_url, server.token, http).parse("bonjour")).intent == "greet"


async def test_the_token_is_in_no_command_line_and_no_environment(model: Path) -> None:
    async with running(fake, model, Clock()) as server:
        await asyncio.wait_for(server.ready.wait(), PATIENCE)
        assert server.pid
        process = psutil.Process(server.pid)
        assert server.token not in " ".join(process.cmdline())
        assert server.token not in " ".join(process.environ().values())


async def test_it_is_started_again_after_a_fall(model: Path) -> None:
    clock = Clock()
    async with running(fake, model, clock) as server, httpx.AsyncClient() as http:
        await asyncio.wait_for(server.ready.wait(), PATIENCE)
        first = server.pid
        client = RasaClient(server.base_url, server.token, http)
        with pytest.raises(UnderstandingUnavailable):
            await client.parse("fall over")
        await until(lambda: server.ready.is_set() and server.pid not in (None, first))
        assert (await client.parse("bonjour")).intent == "greet"
        assert clock.pauses == [1.0]


async def test_it_is_not_ready_while_it_is_down(model: Path) -> None:
    clock = Clock()
    async with running(fake, model, clock) as server:
        await asyncio.wait_for(server.ready.wait(), PATIENCE)
        clock.paused.clear()
        assert server.pid
        os.kill(server.pid, signal.SIGKILL)
        await until(lambda: 1.0 in clock.pauses)
        assert not server.ready.is_set()
        assert server.pid is None


async def test_the_pauses_double_up_to_a_minute(model: Path) -> None:
    def falls(port: int, model: Path) -> Sequence[str]:
        return [sys.executable, "-c", "raise SystemExit('no model')"]

    clock = Clock()
    async with running(falls, model, clock) as server:
        await until(lambda: len(clock.pauses) >= 8)
        assert clock.pauses[:8] == [1, 2, 4, 8, 16, 32, 60, 60]
        assert not server.ready.is_set()


async def test_a_missing_program_is_tried_again(model: Path, tmp_path: Path) -> None:
    clock = Clock()
    async with running(lambda *_: [str(tmp_path / "absent")], model, clock):
        await until(lambda: len(clock.pauses) >= 3)
        assert clock.pauses[:3] == [1, 2, 4]


async def test_one_that_goes_silent_is_replaced(model: Path) -> None:
    clock = Clock()
    async with running(fake, model, clock) as server:
        await asyncio.wait_for(server.ready.wait(), PATIENCE)
        silent = server.pid
        async with httpx.AsyncClient() as http:  # another token: it is there, and does not answer us
            right, server.token = server.token, "changed"
            await until(lambda: 1.0 in clock.pauses)
            server.token = right
            await until(lambda: server.ready.is_set() and server.pid not in (None, silent))
            assert (await http.get(server.base_url)).status_code == 401


async def test_another_model_is_served_and_survives_a_restart(model: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.tar.gz"
    other.touch()
    async with running(fake, model, Clock()) as server:
        await asyncio.wait_for(server.ready.wait(), PATIENCE)
        assert await served(server) == str(model)
        await server.swap_model(other)
        assert await served(server) == str(other)
        first = server.pid
        assert first
        os.kill(first, signal.SIGKILL)
        await until(lambda: server.ready.is_set() and server.pid not in (None, first))
        assert await served(server) == str(other)


async def test_a_refused_model_changes_nothing(model: Path, tmp_path: Path) -> None:
    async with running(fake, model, Clock()) as server:
        await asyncio.wait_for(server.ready.wait(), PATIENCE)
        with pytest.raises(UnderstandingUnavailable, match="400"):
            await server.swap_model(tmp_path / "absent.tar.gz")
        assert await served(server) == str(model)


async def test_a_model_cannot_be_changed_before_it_runs(model: Path) -> None:
    async with httpx.AsyncClient() as http:
        with pytest.raises(UnderstandingUnavailable):
            await RasaServer(fake, model, http).swap_model(model)


async def test_stopping_ends_what_it_started_too(model: Path, tmp_path: Path) -> None:
    heir = tmp_path / "heir"
    script = f"sleep 600 & echo $! > {heir}; exec {sys.executable} {FAKE} --port $0 --model $1"

    def with_a_child(port: int, model: Path) -> Sequence[str]:
        return ["sh", "-c", script, str(port), str(model)]

    async with running(with_a_child, model, Clock()) as server:
        await asyncio.wait_for(server.ready.wait(), PATIENCE)
        parent, child = server.pid, int(heir.read_text())
        assert parent
        await server.stop()
        await server.stop()
        await until(lambda: not _alive(parent) and not _alive(child))
        assert server.pid is None


async def test_it_ends_when_the_app_is_killed(model: Path, tmp_path: Path) -> None:
    said = tmp_path / "pid"
    app = f"""
import asyncio, pathlib, sys, httpx
from nlu.rasa_server import RasaServer
from tests.nlu.test_rasa_server import fake
async def main():
    async with httpx.AsyncClient() as http:
        server = RasaServer(fake, pathlib.Path({str(model)!r}), http)
        await server.start()
        await server.ready.wait()
        pathlib.Path({str(said)!r}).write_text(str(server.pid))
        await asyncio.Event().wait()
asyncio.run(main())
"""
    root = FAKE.parents[2]
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", app, cwd=root)
    await until(lambda: said.exists() and bool(said.read_text()))
    process.kill()
    await process.wait()
    await until(lambda: not _alive(int(said.read_text())))


def test_rasa_listens_on_loopback_only_and_has_no_channel(tmp_path: Path) -> None:
    command = rasa_command(tmp_path, 5005, tmp_path / "m.tar.gz")
    assert command[command.index("--interface") + 1] == "127.0.0.1"
    assert command[command.index("--credentials") + 1].endswith("nlu/rasa/credentials.yml")
    assert "--auth-token" not in command


def _alive(pid: int) -> bool:
    return psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
