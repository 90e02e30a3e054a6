"""Running another program: its lines, its failure, and its end when nobody waits for it any more."""

import asyncio
import os
import sys
from pathlib import Path

import psutil
import pytest

from nlu.command import run
from nlu.errors import CommandFailed


async def test_its_lines_come_as_it_says_them() -> None:
    heard: list[str] = []
    assert await run(["sh", "-c", "echo one; echo two"], say=heard.append) == ["one", "two"]
    assert heard == ["one", "two"]


@pytest.mark.parametrize(
    ("command", "words"), [(["sh", "-c", "echo why; exit 3"], "ended with 3"), (["/no"], "started")]
)
async def test_a_failure_says_why(command: list[str], words: str) -> None:
    with pytest.raises(CommandFailed, match=words):
        await run(command)


async def test_ctrl_c_in_the_terminal_is_not_for_it() -> None:
    (group,) = await run([sys.executable, "-c", "import os; print(os.getpgid(0))"])
    assert int(group) != os.getpgid(0)


async def test_cancelled_it_ends_with_all_it_started(tmp_path: Path) -> None:
    started = tmp_path / "pids"
    script = f"sleep 1000 & echo $! >> {started}; echo $$ >> {started}; echo up; wait"
    up = asyncio.Event()
    task = asyncio.create_task(run(["sh", "-c", script], say=lambda _: up.set()))
    await asyncio.wait_for(up.wait(), 10)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    pids = [int(line) for line in started.read_text().split()]
    gone, alive = psutil.wait_procs([psutil.Process(pid) for pid in pids if psutil.pid_exists(pid)], timeout=10)
    assert not [process for process in alive if process.status() != psutil.STATUS_ZOMBIE], gone
