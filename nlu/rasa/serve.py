"""Runs `rasa run` for the app: with a token no one else can read, and never longer than the app.

The first line of standard input is the token, so that it is in no command line and no environment.
Standard input then stays open as long as the app lives; when it closes, this process ends at once.
The arguments are those of `rasa run`. Messages are read two at a time, off the thread that answers:
the arithmetic leaves Python's lock, so a second message need not wait for it.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import threading
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any

AT_ONCE = 2


def main() -> None:
    """Serves until killed, or until standard input closes."""
    token = os.fdopen(os.dup(0)).readline().strip()
    if not token:
        sys.exit("expected a token on standard input")
    threading.Thread(target=_end_with_the_app, daemon=True).start()
    # Rasa reads its options from sys.argv; what the system shows of this process does not change.
    # Joined by "=": one token in 64 begins with a dash, and would be taken for an option.
    sys.argv = ["rasa", "run", *sys.argv[1:], f"--auth-token={token}"]
    _without_jax()
    from rasa.__main__ import main as rasa

    _read_messages_in_threads()
    rasa()


def _without_jax() -> None:
    # TensorFlow imports it when it is there, to convert models that we have not: 90 MB, and half a second. This is
    # how it finds that it is not there (Python's reference, "The import system", the module cache).
    sys.modules["jax"] = None


def _read_messages_in_threads() -> None:
    # Rasa 3.6 reads a message inside its event loop, and has no setting for that.
    from rasa.core.agent import Agent

    read = Agent.parse_message
    readers = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="read")

    async def read_in_thread(self: Agent, message_data: str) -> dict[str, Any]:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(readers, _complete, read(self, message_data))

    Agent.parse_message = read_in_thread


def _complete(reading: Coroutine[Any, Any, dict[str, Any]]) -> dict[str, Any]:
    """Runs to its end a coroutine that waits for nothing, as reading a message is here."""
    try:
        reading.send(None)
    except StopIteration as end:
        return end.value
    reading.close()
    raise RuntimeError("Rasa waited for something while reading a message")


def _end_with_the_app() -> None:
    while os.read(0, 1024):
        pass
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    main()
