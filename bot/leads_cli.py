"""``./premierpas leads …``: counts for the funder, and leads without the person for another system."""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Annotated

import typer

from bot import log
from bot.app import App, open_app
from bot.clock import PARIS, real_clock
from bot.command_line import Data, settings_of
from bot.reports import as_csv, as_json, as_xlsx, report
from bot.store.lead_facts import LeadFact

cli = typer.Typer(help="leads: counts for the funder, export", no_args_is_help=True)
Since = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="first day, Paris; a year ago if unset")]
Until = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="last day, Paris; yesterday if unset")]
Out = Annotated[Path | None, typer.Option(help="a file ending in .csv, .xlsx or .json; printed if unset")]
Instead = Annotated[bool, typer.Option("--instead", help="what was written of these days was given to nobody")]

# Suppression knows one report only: of two, what was hidden may be found by subtraction. What leaves the screen is
# noted, so that a second is refused; what is only looked at is not.
CAUTION = "This is to be looked at, not given: with a report written to a file, its difference could show a person."
OVERLAPS = (
    "counts from {first} to {last} were written on {at}, and these days overlap them or were counted again since: "
    "the difference could show a person. Take days after {last} or before {first}; or, if nobody was "
    "given those, add --instead"
)
NOT_OVER = "{last} is not over: what still comes that day would be in no report. The last day may be {yesterday}"


@cli.command("report")
def report_(
    since: Since = None, until: Until = None, out: Out = None, data: Data = None, instead: Instead = False,
) -> None:
    """Count leads by territory, team, public, origin, language, step and outcome; counts under five are hidden."""
    if out is not None and out.suffix not in {".csv", ".xlsx"}:
        raise typer.BadParameter(f"« {out.name} » must end in .csv or .xlsx", param_hint="--out")
    if out is not None and not out.parent.is_dir():
        raise typer.BadParameter(f"there is no folder « {out.parent} »", param_hint="--out")
    given = out is not None or not sys.stdout.isatty()  # sent on to a file or a program, it may be given to anybody

    async def act(app: App) -> None:
        yesterday = app.clock.now().astimezone(PARIS).date() - timedelta(days=1)
        last = until.date() if until else yesterday
        first = since.date() if since else last - timedelta(days=364)
        if given and last > yesterday:
            raise typer.BadParameter(NOT_OVER.format(last=last, yesterday=yesterday), param_hint="--until")
        lines = report(await _facts(app, first, last), app.directory)
        text = as_csv(lines)
        before = await app.store.give_report(first, last, text, instead=instead) if given else None
        if before is not None:
            said = OVERLAPS.format(first=before.first, last=before.last, at=before.at.astimezone(PARIS).date())
            raise typer.BadParameter(said, param_hint="--since")
        if out is None:
            if not given:
                typer.echo(CAUTION, err=True)
            sys.stdout.write(text)
        elif out.suffix == ".xlsx":
            await asyncio.to_thread(out.write_bytes, as_xlsx(lines))
        else:
            # Excel reads a CSV as UTF-8 only when it begins with this mark.
            await asyncio.to_thread(out.write_text, text, "utf-8-sig")

    _run(data, act)


@cli.command("export")
def export(since: Since = None, until: Until = None, out: Out = None, data: Data = None) -> None:
    """Write the leads as JSON: reference, team, state and dates; no name, no words, no address."""

    async def act(app: App) -> None:
        last = until.date() if until else app.clock.now().astimezone(PARIS).date()
        facts = await _facts(app, since.date() if since else last - timedelta(days=364), last)
        text = as_json(facts, app.directory, app.clock.now())
        if out is None:
            sys.stdout.write(text + "\n")
        else:
            await asyncio.to_thread(out.write_text, text, "utf-8")

    _run(data, act)


async def _facts(app: App, first: date, last: date) -> tuple[LeadFact, ...]:
    """Of leads opened from the first day to the last, both in Paris and both counted."""
    midnights = (datetime.combine(day, time.min, PARIS) for day in (first, last + timedelta(days=1)))
    return await app.store.lead_facts(*midnights)


def _run(data: Path | None, act: Callable[[App], Awaitable[None]]) -> None:
    log.set_up("ERROR")
    settings = settings_of(data)

    async def run() -> None:
        async with open_app(settings, real_clock(), lambda _: None) as app:
            await act(app)

    asyncio.run(run())
