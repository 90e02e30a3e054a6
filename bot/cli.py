"""The command line: ``./premierpas start``, ``chat``, ``check``, ``nlu …``, ``keys rotate``, ``content …``."""

import asyncio
import sys
from contextlib import ExitStack
from typing import Annotated

import typer

from bot import calendar_cli, check_cli, content_cli, leads_cli, log, nlu_cli
from bot.app import open_app
from bot.clock import real_clock
from bot.collecting import nothing_collected
from bot.command_line import Data, say, settings_of
from bot.listening import AddressUnusable, listen
from bot.route_cli import show_route

cli = typer.Typer(help="Premier Pas", no_args_is_help=True, pretty_exceptions_enable=False, add_completion=False)
keys = typer.Typer(help="encryption keys", no_args_is_help=True)
cli.add_typer(nlu_cli.cli, name="nlu")
cli.add_typer(check_cli.cli, name="check")
cli.add_typer(content_cli.cli, name="content")
cli.add_typer(keys, name="keys")
cli.add_typer(calendar_cli.cli, name="calendar")
cli.command("route")(show_route)
cli.add_typer(leads_cli.cli, name="leads")


@cli.command()
def start(
    port: Annotated[int | None, typer.Option(help="port of the page and the console")] = None,
    data: Data = None,
    consortium: Annotated[str, typer.Option(help="whose admin the sign-in link is for")] = "portes-du-sud",
) -> None:
    """Start everything: the page, the console, the REST channel, Telegram when it has a token."""
    import uvloop  # as the web server, only needed here

    from bot.serve import serve

    settings = settings_of(data, port)
    log.set_up(settings.log_level)
    door = listen(settings.host, settings.port)

    async def run() -> None:
        with ExitStack() as building:
            building.enter_context(nothing_collected())
            async with open_app(settings, real_clock(), say) as app:
                await serve(app, consortium, say, door, building.close)

    with door:
        uvloop.run(run())


@cli.command()
def chat(data: Data = None) -> None:
    """Talk to the bot in this terminal."""
    from bot.channels.terminal import chat as talk

    settings = settings_of(data)
    log.set_up("ERROR")

    async def read() -> str | None:
        line = await asyncio.to_thread(sys.stdin.readline)
        return line.rstrip("\n") if line else None

    async def run() -> None:
        async with open_app(settings, real_clock(), say) as app:
            app.start()
            await talk(app.turns, app.clock, read=read, write=say)

    asyncio.run(run())


@cli.command()
def invite(
    consortium: Annotated[str, typer.Argument(help="id of the consortium (portes-du-sud…)")],
    body: Annotated[str, typer.Argument(help="id of the body whose group is connected (ifra…)")],
    data: Data = None,
) -> None:
    """Print the one-time code that connects a team's Telegram group."""
    settings = settings_of(data)
    log.set_up("ERROR")

    async def run() -> None:
        async with open_app(settings, real_clock(), say) as app:
            say(f"/connect {await app.connect_code(consortium, body)}")

    asyncio.run(run())


@keys.command("rotate")
def keys_rotate(data: Data = None) -> None:
    """Add a new encryption key and re-encrypt everything with it."""
    from bot.rotate import rotate

    log.set_up("ERROR")
    count = asyncio.run(rotate(settings_of(data), real_clock()))
    say(f"{count} rows re-encrypted with the new key")


def main() -> None:
    """Run the command; what is wrong with the data or the set-up is one sentence, not a traceback."""
    from bot.known_errors import KNOWN_ERRORS

    try:
        cli()
    except (*KNOWN_ERRORS, AddressUnusable) as cause:
        sys.stderr.write(f"premierpas: {cause}\n")
        sys.exit(1)
