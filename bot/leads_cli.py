"""``./premierpas leads …``: counts for the funder, and leads without the person for another system."""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from bot import log
from bot.app import App, open_app
from bot.clock import PARIS, real_clock
from bot.reports import as_csv, as_json, as_xlsx, report
from bot.settings import Settings
from bot.store.lead_facts import LeadFact

cli = typer.Typer(help="leads: counts for the funder, export", no_args_is_help=True)
Data = Annotated[Path | None, typer.Option("--data", help="where the database is kept")]
Since = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="first day, Paris; a year ago if unset")]
Until = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="last day, Paris; today if unset")]
Out = Annotated[Path | None, typer.Option(help="a file ending in .csv, .xlsx or .json; printed if unset")]


# Suppression knows one report only: of two, what was hidden may be found by subtraction.
CAUTION = "Give nobody two reports whose periods overlap: their difference could show a person."


def _facts(
    data: Path | None, since: datetime | None, until: datetime | None,
    act: Callable[[App, tuple[LeadFact, ...]], Awaitable[None]],
) -> None:
    log.set_up("ERROR")
    settings = Settings() if data is None else Settings().model_copy(update={"data": data})

    async def run() -> None:
        async with open_app(settings, real_clock(), lambda _: None) as app:
            now = app.clock.now()
            first = since.replace(tzinfo=PARIS) if since else now - timedelta(days=365)
            last = until.replace(tzinfo=PARIS) + timedelta(days=1) if until else now
            await act(app, await app.store.lead_facts(first, last))

    asyncio.run(run())


@cli.command("report")
def report_(since: Since = None, until: Until = None, out: Out = None, data: Data = None) -> None:
    """Count leads by territory, team, public, origin, language, step and outcome; counts under five are hidden."""
    if out is not None and out.suffix not in {".csv", ".xlsx"}:
        raise typer.BadParameter(f"« {out.name} » must end in .csv or .xlsx", param_hint="--out")

    async def act(app: App, facts: tuple[LeadFact, ...]) -> None:
        lines = report(facts, app.directory)
        typer.echo(CAUTION, err=True)
        if out is None:
            sys.stdout.write(as_csv(lines))
        elif out.suffix == ".xlsx":
            await asyncio.to_thread(out.write_bytes, as_xlsx(lines))
        else:
            # Excel reads a CSV as UTF-8 only when it begins with this mark.
            await asyncio.to_thread(out.write_text, as_csv(lines), "utf-8-sig")

    _facts(data, since, until, act)


@cli.command("export")
def export(since: Since = None, until: Until = None, out: Out = None, data: Data = None) -> None:
    """Write the leads as JSON: reference, team, state and dates; no name, no words, no address."""

    async def act(app: App, facts: tuple[LeadFact, ...]) -> None:
        text = as_json(facts, app.directory, app.clock.now())
        if out is None:
            sys.stdout.write(text + "\n")
        else:
            await asyncio.to_thread(out.write_text, text, "utf-8")

    _facts(data, since, until, act)
