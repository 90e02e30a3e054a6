"""A small Rasa of our own: the addresses the app uses, answered over a real socket.

Run as a program it stands for `nlu/rasa/serve.py`: token on standard input, ends when that closes.
"""

import argparse
import asyncio
import json
import os
import sys
from collections.abc import Awaitable, Callable
from urllib.parse import parse_qs, urlsplit

Answer = tuple[int, bytes]
ANSWER = {
    "text": "bonjour",
    "intent": {"name": "greet", "confidence": 0.9},
    "entities": [],
    "intent_ranking": [{"name": "greet", "confidence": 0.9}, {"name": "thank", "confidence": 0.1}],
}


class FakeRasa:
    """Answers `/status`, `/model/parse` and `/model`; `parse` may be replaced by a test."""

    def __init__(self, token: str, model: str = "") -> None:
        self.token = token
        self.model = model
        self.texts: list[str] = []
        self.parse: Callable[[str], Awaitable[Answer]] = self._parse
        self._server: asyncio.Server | None = None

    async def start(self, port: int = 0) -> str:
        """Listens on loopback; returns the address."""
        self._server = await asyncio.start_server(self._connection, "127.0.0.1", port)
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def stop(self) -> None:
        """Stops listening."""
        if self._server:
            self._server.close()

    async def _connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while request := await reader.readline():
                method, target, _ = request.decode().split(" ", 2)
                length = 0
                while (header := (await reader.readline()).decode().strip().lower()) != "":
                    if header.startswith("content-length:"):
                        length = int(header.split(":")[1])
                body = await reader.readexactly(length)
                status, answer = await self._answer(method, target, body)
                writer.write(b"HTTP/1.1 %d X\r\ncontent-length: %d\r\n\r\n" % (status, len(answer)) + answer)
                await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def _answer(self, method: str, target: str, body: bytes) -> Answer:
        address = urlsplit(target)
        if parse_qs(address.query).get("token") != [self.token]:
            return 401, b"{}"
        match method, address.path:
            case "GET", "/status":
                return 200, json.dumps({"model_file": self.model, "pid": os.getpid()}).encode()
            case "POST", "/model/parse":
                self.texts.append(json.loads(body)["text"])
                return await self.parse(self.texts[-1])
            case "PUT", "/model":
                if not os.path.exists(json.loads(body)["model_file"]):  # noqa: ASYNC240  a test
                    return 400, b"{}"
                self.model = json.loads(body)["model_file"]
                return 204, b""
        return 404, b"{}"

    async def _parse(self, text: str) -> Answer:
        if text == "fall over":
            os._exit(3)
        return 200, json.dumps(ANSWER).encode()


async def _main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--port", type=int)
    options.add_argument("--model")
    chosen = options.parse_args()
    rasa = FakeRasa(sys.stdin.readline().strip(), chosen.model)
    await rasa.start(chosen.port)
    await asyncio.to_thread(sys.stdin.read)
    os._exit(0)


if __name__ == "__main__":
    asyncio.run(_main())
