"""Rasa's life beside the app: trained behind it, started, watched; the app answers without it meanwhile."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import httpx
import structlog

from nlu.client import Parsed, RasaClient
from nlu.errors import NluError, UnderstandingUnavailable
from nlu.rasa_environment import ensure_rasa_environment
from nlu.rasa_server import RasaServer
from nlu.training import ensure_model

log = structlog.get_logger(__name__)

State = Literal["preparing", "ready", "restarting", "unavailable"]


class Rasa:
    """Free text's meaning, once there is a model; until then ``parse`` says that it cannot."""

    def __init__(self, root: Path, data: Path, http: httpx.AsyncClient, say: Callable[[str], None]) -> None:
        self._root = root
        self._data = data
        self._http = http
        self._say = say
        self.server: RasaServer | None = None
        self._client: RasaClient | None = None
        self._task: asyncio.Task[None] | None = None
        self._failed = False
        self.first_ready = asyncio.Event()

    @classmethod
    def elsewhere(cls, url: str, token: str, http: httpx.AsyncClient) -> "Rasa":
        """A Rasa that somebody else runs."""
        rasa = cls(Path(), Path(), http, lambda _: None)
        rasa._client = RasaClient(url, token, http)
        rasa.first_ready.set()
        return rasa

    def start(self) -> None:
        """Prepare and start it in the background."""
        if self._client is None and self._task is None:
            self._task = asyncio.create_task(self._prepare(), name="rasa-prepare")

    async def stop(self) -> None:
        """Stop it, and whatever it is doing."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        if self.server is not None:
            await self.server.stop()

    async def settled(self) -> None:
        """Wait until it is ready, or until it is known that it will not be."""
        if self._task is not None:
            await self._task

    @property
    def state(self) -> State:
        """How things stand."""
        if self._failed:
            return "unavailable"
        if self._client is None:
            return "preparing"
        if self.server is not None and not self.server.ready.is_set():
            return "restarting" if self.first_ready.is_set() else "preparing"
        return "ready"

    async def parse(self, text: str) -> Parsed:
        """The meaning of ``text``. Raises UnderstandingUnavailable."""
        if self._client is None or self.state != "ready":
            raise UnderstandingUnavailable("It is not ready.")
        return await self._client.parse(text)

    async def _prepare(self) -> None:
        try:
            await ensure_rasa_environment(self._root, self._say)
            model = await ensure_model(self._root, self._data, self._say)
            server = RasaServer.for_project(self._root, self._data, model, self._http)
            self.server = server
            self._client = RasaClient(server.base_url, server.token, self._http)
            await server.start()
            await server.ready.wait()
        except NluError as cause:
            self._failed = True
            self._say(f"Free text cannot be understood: {cause}")
            log.error("understanding_unavailable", cause=type(cause).__name__)
            return
        self.first_ready.set()
