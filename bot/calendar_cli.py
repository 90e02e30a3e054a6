"""``./premierpas calendar …``: the calendar from a file and back, and what happens to a session."""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from bot import log
from bot.app import App, open_app
from bot.calendar.cells import day as read_day
from bot.calendar.cells import hour as read_hour
from bot.calendar.ical import write_ical
from bot.calendar.importing import Told, carry_out, compare, draft
from bot.calendar.inclusion import write_inclusion
from bot.calendar.layout import HORIZON
from bot.calendar.planning import Plan
from bot.calendar.rows import Defaults
from bot.calendar.tables import template as empty_table
from bot.clock import PARIS, real_clock
from bot.command_line import Data, out, settings_of
from bot.store.calendar_desk import CalendarDesk
from bot.store.errors import MovedToThePast, TeamElsewhere
from bot.store.values import StoredSession, Unreached
from dialogues.reminders import Change

cli = typer.Typer(help="the calendar: import, export, and what happens to a session", no_args_is_help=True)
Session = Annotated[str, typer.Argument(help="id of the session, as « calendar list » prints it")]


def _run(data: Path | None, act: Callable[[App], Awaitable[int]]) -> None:
    log.set_up("ERROR")
    settings = settings_of(data)

    async def run() -> int:
        async with open_app(settings, real_clock(), lambda _: None) as app:
            return await act(app)

    code = asyncio.run(run())
    if code:
        raise typer.Exit(code)


@cli.command("import")
def import_(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="CSV, XLSX or iCalendar")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="say what would change, change nothing")] = False,
    territory: Annotated[str, typer.Option(help="for a file that does not say it")] = "",
    body: Annotated[str, typer.Option(help="for a file that does not say it")] = "",
    seats: Annotated[int | None, typer.Option(help="iCalendar: seats of an event that does not say it")] = None,
    data: Data = None,
) -> None:
    """Make a file the calendar of the bodies it names: all of it or nothing. Booked people are told of changes."""

    async def act(app: App) -> int:
        now = app.clock.now()
        read = draft(file, app.geography, app.directory, Defaults(territory, body), now, seats)
        async with app.store.calendar() as desk:
            wanted = await compare(desk, read, now)
            told = None if dry_run else await carry_out(desk, wanted)
        _say_plan(wanted, told)
        return 0

    _run(data, act)


def _say_plan(wanted: Plan, told: Told | None) -> None:
    changes = wanted.changes
    if wanted.cancelled:
        out.print(f"{len(wanted.cancelled)} called off in the file, {len(changes.gone)} sessions no longer held")
        _say_told(wanted, told)
        return
    out.print(f"{len(wanted.entries)} lines, {len(wanted.sessions)} sessions to come: {len(changes.added)} new, "
              f"{len(changes.moved)} moved, {len(changes.gone)} no longer held, {len(changes.reopened)} held "
              f"again, {len(changes.changed)} with other details")
    if wanted.over:
        out.print(f"no date to come (another year?): {', '.join(wanted.over)}", markup=False)
    if wanted.kept:
        out.print(f"{wanted.kept} stay as a counsellor has changed them")
    _say_told(wanted, told)


def _say_told(wanted: Plan, told: Told | None) -> None:
    if told is None:
        out.print(f"nothing was changed; {wanted.people} people with a seat would be told")
    else:
        out.print(f"written; {told.people} people are told")
        _say_unreached(told.unreached)


def _say_unreached(unreached: Unreached) -> None:
    if unreached.codes:
        out.print(f"cannot be written to: {', '.join(unreached.codes)}")
    if unreached.others:
        out.print(f"cannot be written to, who had asked about it without a seat: {unreached.others}")


@cli.command()
def export(
    file: Annotated[Path | None, typer.Argument(
        help="an .ics file, or a .json for data.inclusion (v1); left out: iCalendar, in the terminal")] = None,
    territory: Annotated[str | None, typer.Option(help="of one territory only")] = None,
    cancelled: Annotated[bool, typer.Option("--cancelled", help="iCalendar: only what was cancelled, to be taken "
                                                               "out of other calendars (METHOD:CANCEL)")] = False,
    data: Data = None,
) -> None:
    """Write the sessions to come as iCalendar, or their places for data.inclusion. No personal data."""
    inclusion = file is not None and file.suffix == ".json"
    if inclusion and cancelled:
        raise typer.BadParameter("data.inclusion has none: write an .ics", param_hint="--cancelled")

    async def act(app: App) -> int:
        now = app.clock.now()
        async with app.store.calendar() as desk:
            found = await desk.stored(now, territories=None if territory is None else [territory])
        if cancelled:
            found = tuple(one for one in found if one.session.cancelled)
        if inclusion:  # a demonstration is no place to send people to
            found = tuple(one for one in found if not (one.session.sample or one.session.cancelled))
        if inclusion:
            content = write_inclusion(found, app.directory, app.geography.postcodes).encode()
        else:
            content = write_ical(found, "Premier Pas", now, "CANCEL" if cancelled else "PUBLISH")
        if file is None:
            sys.stdout.buffer.write(content)
        else:
            file.write_bytes(content)
            out.print(f"{len(found)} sessions written to {file.name}")
        return 0

    _run(data, act)


@cli.command()
def template(file: Annotated[Path, typer.Argument(help="the .xlsx file to write")]) -> None:
    """Write an empty spreadsheet with the columns, to be filled."""
    file.write_bytes(empty_table())
    out.print(f"{file.name} written")


@cli.command("list")
def list_(
    days: Annotated[int, typer.Option(help="how many days ahead")] = 14,
    territory: Annotated[str | None, typer.Option(help="of one territory only")] = None,
    data: Data = None,
) -> None:
    """Print the sessions to come, with their ids and how many seats are taken."""

    async def act(app: App) -> int:
        now = app.clock.now()
        async with app.store.calendar() as desk:
            found = await desk.stored(now, now + min(timedelta(days=days), HORIZON),
                                      None if territory is None else [territory])
        for one in found:
            state = "cancelled" if one.session.cancelled else f"{one.taken}/{one.session.capacity}"
            local = one.session.starts_at.astimezone(PARIS)
            out.print(f"{local:%d/%m/%Y %Hh%M}  {one.place.commune_name:<20} {state:>10}  {one.session.id}",
                      markup=False)
        return 0

    _run(data, act)


@cli.command()
def cancel(session: Session, data: Data = None) -> None:
    """A session will not take place: everyone who has a seat, or asked about that day, is told."""
    _change(data, session, "cancelled", lambda _: {})


@cli.command()
def late(
    session: Session, minutes: Annotated[int, typer.Argument(min=0, max=240, help="0: not late any more")],
    data: Data = None,
) -> None:
    """A session begins late: everyone who has a seat, or asked about that day, is told. So is that it does not."""
    _change(data, session, "late", lambda _: {"late_minutes": minutes})


@cli.command()
def move(
    session: Session,
    date: Annotated[str | None, typer.Option("--date", help="03/12/2026")] = None,
    starts: Annotated[str | None, typer.Option("--from", help="9h30")] = None,
    ends: Annotated[str | None, typer.Option("--to", help="12h")] = None,
    place: Annotated[str | None, typer.Option(help="another place of the same team, by its name")] = None,
    data: Data = None,
) -> None:
    """A session is held at another time or place: everyone who has a seat keeps it, and is told."""

    def values(old: tuple[datetime, datetime]) -> dict[str, object]:
        begin, end = (moment.astimezone(PARIS) for moment in old)
        try:
            on = read_day(date) if date else begin.date()
            first = read_hour(starts) if starts else begin.time()
            last = read_hour(ends) if ends else end.time()
        except ValueError as e:
            raise typer.BadParameter(str(e)) from e
        if first >= last:
            raise typer.BadParameter("it ends before it starts")
        return {"starts_at": datetime.combine(on, first, PARIS), "ends_at": datetime.combine(on, last, PARIS)}

    _change(data, session, "moved", values, place)


def _change(
    data: Path | None, session: str, what: Change, values: Callable[[tuple[datetime, datetime]], dict[str, object]],
    place: str | None = None,
) -> None:
    async def act(app: App) -> int:
        async with app.store.calendar() as desk:
            found = await _one(desk, session, app.clock.now())
            if found is None:
                out.print(f"No session « {session} » is to come.", markup=False)
                return 1
            changes = values((found.session.starts_at, found.session.ends_at))
            if place is not None:
                changes["place_id"] = await _place(desk, found, place)
            try:
                told = await desk.change(session, what, changes)
            except MovedToThePast as e:
                raise typer.BadParameter("that hour is over", param_hint="--date, --from, --to") from e
            except TeamElsewhere as e:
                raise typer.BadParameter(f"« {found.session.team} »: {e}") from e
            unreached = await desk.unreached([session])
        out.print(f"{told} people are told")
        _say_unreached(unreached)
        return 0

    _run(data, act)


async def _place(desk: CalendarDesk, found: StoredSession, name: str) -> str:
    known = await desk.places(found.session.territory, found.session.body)
    wanted = [place.id for place in known if place.name.casefold() == name.strip().casefold()]
    if len(wanted) != 1:
        names = ", ".join(sorted({place.name for place in known}))
        raise typer.BadParameter(f"« {name} » is not one place of this team; known: {names}", param_hint="--place")
    return wanted[0]


async def _one(desk: CalendarDesk, session: str, now: datetime) -> StoredSession | None:
    found = await desk.stored(now - timedelta(hours=12), ids=[session])
    if not found or found[0].session.cancelled or found[0].session.ends_at <= now:
        return None
    return found[0]
