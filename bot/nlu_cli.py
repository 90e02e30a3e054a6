"""``./premierpas nlu …``: train, evaluate, and what was not understood."""

import asyncio
import sys
from pathlib import Path
from typing import Annotated

import typer

from bot import log
from bot.app import ROOT, open_app
from bot.clock import real_clock
from bot.command_line import Data, out, say, settings_of

cli = typer.Typer(help="understanding: train, evaluate", no_args_is_help=True)


@cli.command("train")
def nlu_train(data: Data = None) -> None:
    """Train the model for the present examples, if there is none."""
    from nlu.training import ensure_model

    path = asyncio.run(ensure_model(ROOT, settings_of(data).data.absolute(), say))
    say(f"model: {path.name}")


@cli.command("evaluate")
def nlu_evaluate(
    paths: Annotated[list[Path], typer.Argument(help="TSV files « intent<TAB>text », or folders of them")],
    as_json: Annotated[bool, typer.Option("--json", help="machine-readable")] = False,
    data: Data = None,
) -> None:
    """Measure what a turn would really do on files of examples, named by variety."""
    from bot.evaluation import evaluate_paths

    log.set_up("ERROR")
    report = asyncio.run(evaluate_paths(paths, settings_of(data), (lambda _: None) if as_json else say))
    if as_json:
        sys.stdout.write(report.as_json() + "\n")
    else:
        out.print(report.as_table())


@cli.command("gaps")
def nlu_gaps(data: Data = None) -> None:
    """Print the messages that were not understood and that an admin has sorted, as « intent<TAB>text »."""
    settings = settings_of(data)
    log.set_up("ERROR")

    async def run() -> None:
        async with open_app(settings, real_clock(), say) as app:
            for gap in await app.store.sorted_gaps():
                text = " ".join(gap.text.split())
                sys.stdout.write(f"{gap.sorted_as}\t{text}\n")

    asyncio.run(run())
