"""Runs another program to its end and tells what it said."""

import asyncio
import os
import signal
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from nlu.errors import CommandFailed

_TAIL = 15  # lines of a failed command worth showing


async def run(
    command: Sequence[str],
    *,
    say: Callable[[str], None] | None = None,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
) -> list[str]:
    """Runs a command to its end; returns its lines, which `say` is given as they come.

    Raises CommandFailed, with the last lines, when it cannot start or fails. Ends the command when
    cancelled.
    """
    try:
        process = await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            env=env,
            cwd=cwd,
            start_new_session=True,  # Ctrl-C is for the app, which ends this one: it is no failure to be told
        )
    except OSError as e:
        raise CommandFailed(f"{command[0]} could not be started.") from e
    lines: list[str] = []
    try:
        assert process.stdout  # asked for above
        async for raw in process.stdout:
            lines.append(raw.decode(errors="replace").rstrip())
            if say:
                say(lines[-1])
        code = await process.wait()
    finally:
        if process.returncode is None:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)  # with whatever it started
            await process.wait()
    if code:
        raise CommandFailed(f"`{' '.join(command[:4])}…` ended with {code}:\n" + "\n".join(lines[-_TAIL:]))
    return lines
