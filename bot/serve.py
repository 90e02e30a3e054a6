"""``start``: the app, its web server and its children, until Ctrl-C."""

import asyncio
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import uvicorn
from fastapi import FastAPI

from bot.app import App
from bot.web import build


class _Server(uvicorn.Server):
    """uvicorn, with the signals left to us (everything stops together, in order), and an event when it is up."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.up = asyncio.Event()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Nothing: ``serve`` has its own."""
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, and say so."""
        await super().startup(sockets)
        self.up.set()


async def serve(
    app: App, consortium: str, say: Callable[[str], None], door: socket.socket,
    built: Callable[[], None] = lambda: None,
) -> None:
    """Run until a signal, answering at ``door``. Prints the ``ready`` line when the page answers all it can answer
    without Rasa; ``built`` is called then. Raises what making the understanding raises.
    """
    web: FastAPI = build(app)
    config = uvicorn.Config(
        web, host=app.settings.host, port=app.settings.port, log_config=None, access_log=False,
        lifespan="off", server_header=False, timeout_graceful_shutdown=3,
    )
    server = _Server(config)
    running = asyncio.create_task(server.serve([door]), name="web")
    loop = asyncio.get_running_loop()
    ended = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, ended.set)
    up = asyncio.create_task(server.up.wait())
    await asyncio.wait([running, up], return_when=asyncio.FIRST_COMPLETED)
    if running.done():
        await running
        return
    # Buttons are answered from here on. Rasa, which takes a processor for half a minute, is not started before
    # who is in danger is understood.
    try:
        await app.understanding.made()
    except Exception:
        server.should_exit = True
        await running
        raise
    built()
    app.start()
    await app.start_telegram()
    await app.connect_mailboxes()
    say(await ready_line(app, consortium))
    watch = asyncio.create_task(_tell_when_understood(app, say))
    await asyncio.wait([running, asyncio.create_task(ended.wait())], return_when=asyncio.FIRST_COMPLETED)
    watch.cancel()
    say("stopping")
    server.should_exit = True
    await running


async def ready_line(app: App, consortium: str) -> str:
    """Where everything is, and what is not connected yet."""
    base = app.settings.public_url or f"http://{app.settings.host}:{app.settings.port}"
    code = await app.sign_in_code(consortium)
    missing = []
    if app.telegram is None:
        missing.append("Telegram (set TELEGRAM_BOT_TOKEN)")
    if app.settings.smtp_url is None:
        missing.append("e-mail (set PREMIERPAS_SMTP_URL)")
    elif app.settings.imap_url is None:
        missing.append("e-mail that comes back (set PREMIERPAS_IMAP_URL)")
    text = (
        "free text: ready" if app.rasa.state == "ready"
        else "free text: in preparation; buttons and emergencies are answered already"
    )
    return (
        f"ready  chat {base}/  console {base}/console/sign-in?code={code}  "
        f"({text}{'; not connected: ' if missing else ''}{', '.join(missing)})"
    )


async def _tell_when_understood(app: App, say: Callable[[str], None]) -> None:
    if app.rasa.state != "ready":
        await app.rasa.first_ready.wait()
        say("free text is understood now")
