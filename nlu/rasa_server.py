"""Keeps Rasa running beside the app: started early, watched, started again when it falls."""

import asyncio
import os
import secrets
import signal
import socket
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import httpx
import structlog

from nlu.errors import UnderstandingUnavailable
from nlu.rasa_environment import rasa_home, rasa_python
from nlu.training import rasa_variables

log = structlog.get_logger(__name__)

LONGEST_PAUSE = 60.0  # seconds between two attempts, reached by doubling from one
BETWEEN_LOOKS_STARTING = 0.5  # seconds; Rasa takes 15 to 60 to be ready
BETWEEN_LOOKS = 5.0  # seconds, once ready
LOOKS_MISSED = 3  # in a row, before a Rasa that is alive but silent is stopped
TIME_TO_START = 180.0  # seconds before a Rasa that does not come up is stopped
TIME_TO_STOP = 5.0  # seconds between asking and killing
TIME_TO_SWAP = 60.0  # seconds for Rasa to load another model
LAST_WORDS = 15  # lines of Rasa's own output kept while it starts

Sleep = Callable[[float], Awaitable[None]]


def rasa_command(root: Path, port: int, model: Path) -> list[str]:
    """What starts Rasa on loopback, with no channel, and the token on its standard input."""
    home = rasa_home(root)
    return [
        str(rasa_python(root)), str(home / "serve.py"),
        "--enable-api", "--interface", "127.0.0.1", "--port", str(port), "--model", str(model),
        "--credentials", str(home / "credentials.yml"), "--endpoints", str(home / "endpoints.yml"),
    ]  # fmt: skip


def free_port() -> int:
    """A port of loopback that no one listens on right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class RasaServer:
    """One Rasa process and its life. `ready` is set while it answers.

    The child is told the token on its standard input, which stays open: when the app ends, however it ends,
    the child sees it close and ends too.
    """

    def __init__(
        self,
        command: Callable[[int, Path], Sequence[str]],
        model: Path,
        http: httpx.AsyncClient,
        *,
        variables: Mapping[str, str] | None = None,
        folder: Path | None = None,
        port: int | None = None,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        """`command`: what to run, given the port and the model; `variables`: its environment; `folder`: where."""
        self._command = command
        self._model = model
        self._http = http
        self._variables = dict(variables) if variables is not None else None
        self._folder = folder
        self._port = port or free_port()
        self._sleep = sleep
        self._watch: asyncio.Task[None] | None = None
        self._process: asyncio.subprocess.Process | None = None
        self.token = secrets.token_urlsafe(32)
        self.ready = asyncio.Event()

    @classmethod
    def for_project(cls, root: Path, data_dir: Path, model: Path, http: httpx.AsyncClient) -> "RasaServer":
        """The Rasa of the project at `root`, serving `model`."""
        folder = data_dir.absolute() / "cache"
        return cls(
            lambda port, chosen: rasa_command(root, port, chosen),
            model,
            http,
            variables=rasa_variables(root, data_dir.absolute()),
            folder=folder,
        )

    @property
    def base_url(self) -> str:
        """Where Rasa answers, the same for the whole life of this object."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def pid(self) -> int | None:
        """The process that runs now, if one does."""
        return self._process.pid if self._process and self._process.returncode is None else None

    async def start(self) -> None:
        """Starts Rasa and its watch; returns at once. Await `ready` to know when it answers."""
        if self._watch is None:
            self._watch = asyncio.create_task(self._keep_running(), name="rasa")

    async def stop(self) -> None:
        """Ends the watch, Rasa, and whatever Rasa started. Safe to call twice."""
        watch, self._watch = self._watch, None
        if watch:
            watch.cancel()
            with suppress(asyncio.CancelledError):
                await watch

    async def swap_model(self, model: Path) -> None:
        """Serves `model` from now on, without a stop; also after a restart.

        Raises UnderstandingUnavailable when Rasa refuses it: the model served before then stays.
        """
        if not self.ready.is_set():
            raise UnderstandingUnavailable("It is not running yet, so its model cannot be changed.")
        try:
            response = await self._http.put(
                f"{self.base_url}/model",
                params={"token": self.token},
                json={"model_file": str(model)},
                timeout=TIME_TO_SWAP,
            )
        except httpx.HTTPError as e:
            raise UnderstandingUnavailable(f"The new model was not taken ({type(e).__name__}).") from e
        if response.status_code != httpx.codes.NO_CONTENT:
            raise UnderstandingUnavailable(f"The new model was refused with status {response.status_code}.")
        self._model = model

    async def _keep_running(self) -> None:
        pause = 1.0
        while True:
            try:
                if await self._run_once():
                    pause = 1.0
            finally:
                self.ready.clear()
                await self._end()
            log.warning("rasa_stopped", next_try_in_s=pause)
            await self._sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    async def _run_once(self) -> bool:
        """Runs Rasa until it ends or goes silent; true if it was ready at some point."""
        words: deque[str] = deque(maxlen=LAST_WORDS)
        try:
            self._process = await self._spawn()
        except OSError as e:
            log.error("rasa_cannot_start", reason=type(e).__name__)
            return False
        listening = asyncio.create_task(self._listen(self._process, words))
        looking = asyncio.create_task(self._look(self._process))
        try:
            await self._process.wait()
            return self.ready.is_set()
        finally:
            was_ready = self.ready.is_set()
            for task in (listening, looking):
                task.cancel()
            await asyncio.gather(listening, looking, return_exceptions=True)
            if not was_ready and words:  # before it answers it has read no message: nothing personal in this
                log.error("rasa_did_not_start", last_words=list(words))

    async def _spawn(self) -> asyncio.subprocess.Process:
        if self._folder:
            self._folder.mkdir(parents=True, exist_ok=True)
        process = await asyncio.create_subprocess_exec(
            *self._command(self._port, self._model),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            env=self._variables,
            cwd=self._folder,
            start_new_session=True,
        )
        assert process.stdin  # asked for above
        with suppress(BrokenPipeError, ConnectionResetError):
            process.stdin.write(self.token.encode() + b"\n")
            await process.stdin.drain()
        return process

    async def _listen(self, process: asyncio.subprocess.Process, words: deque[str]) -> None:
        # Once it reads messages its output could hold one, in a traceback say: drained and dropped.
        assert process.stdout
        while line := await process.stdout.readline():
            if not self.ready.is_set():
                words.append(line.decode(errors="replace").rstrip())

    async def _look(self, process: asyncio.subprocess.Process) -> None:
        """Sets `ready` when Rasa answers; kills a Rasa that does not start, or stops answering."""
        waited = 0.0
        while not await self._answers():
            if waited >= TIME_TO_START:
                log.warning("rasa_too_slow_to_start")
                return _signal(process, signal.SIGKILL)
            await self._sleep(BETWEEN_LOOKS_STARTING)
            waited += BETWEEN_LOOKS_STARTING
        self.ready.set()
        log.info("rasa_ready", pid=process.pid)
        missed = 0
        while missed < LOOKS_MISSED:
            await self._sleep(BETWEEN_LOOKS)
            missed = 0 if await self._answers() else missed + 1
        log.warning("rasa_silent")
        return _signal(process, signal.SIGKILL)

    async def _answers(self) -> bool:
        # /status, unlike /, answers 200 only with the right token and a model loaded.
        try:
            response = await self._http.get(
                f"{self.base_url}/status", params={"token": self.token}, timeout=BETWEEN_LOOKS
            )
        except httpx.HTTPError:
            return False
        return response.status_code == httpx.codes.OK

    async def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        if process.returncode is None:
            _signal(process, signal.SIGTERM)
            with suppress(TimeoutError):
                await asyncio.wait_for(process.wait(), TIME_TO_STOP)
        _signal(process, signal.SIGKILL)  # the whole group: what it started may outlive it
        await process.wait()
        if process.stdin:
            process.stdin.close()


def _signal(process: asyncio.subprocess.Process, what: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, what)
