"""The file that replaces the calendar, in the console: for admins."""

import asyncio
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

from fastapi import File, Form, Request, UploadFile
from fastapi.responses import HTMLResponse, Response

from bot.calendar.errors import CalendarError
from bot.calendar.importing import Told, carry_out, compare, draft
from bot.calendar.planning import Plan
from bot.calendar.rows import Defaults, Towns
from bot.calendar.tables import MOST_BYTES, template
from bot.clock import Clock
from bot.store.store import Store
from handoff.console.door import Door, Visitor
from handoff.console.pages import Pages
from handoff.directory import Directory

SUFFIXES = frozenset({".csv", ".xlsx", ".ics"})
Field = Annotated[str, Form()]


class CalendarFile:
    """The page where a file is sent. What somebody may not see does not exist."""

    def __init__(self, store: Store, clock: Clock, directory: Directory, towns: Towns) -> None:
        self._store = store
        self._clock = clock
        self._directory = directory
        self._towns = towns
        self._door = Door(store)
        self._pages = Pages()

    async def calendar(self, request: Request) -> Response:
        """For admins: replace the calendar by a file, and the addresses others can subscribe to."""
        visitor = await self._door.visitor(request)
        if visitor is None:
            return self._pages.go("/console/sign-in")
        return await self._calendar(visitor, request) if visitor.admin else self._nothing()

    async def replace(
        self, request: Request, file: Annotated[UploadFile, File()], csrf: Field = "", body: Field = "",
        sure: Field = "",
    ) -> Response:
        """Read the file; say what it would change, or change it when the admin is sure."""
        visitor = await self._door.visitor(request)
        if visitor is None:
            return self._pages.go("/console/sign-in")
        if not visitor.admin:
            return self._nothing()
        if not visitor.sent(csrf):
            return self._pages.notice(403, "À recommencer", "Cette page était trop ancienne. Rien n'a été fait.")
        try:
            wanted, told = await self._import(visitor, file, body, sure=bool(sure))
        except CalendarError as cause:
            problems = str(cause).splitlines()[:50]
            return await self._calendar(visitor, request, problems=problems, status=422)
        return await self._calendar(visitor, request, wanted=wanted, told=told)

    async def _import(
        self, visitor: Visitor, file: UploadFile, body: str, *, sure: bool,
    ) -> tuple[Plan, Told | None]:
        name = Path(file.filename or "").name
        suffix = Path(name).suffix.lower()
        if suffix not in SUFFIXES:
            raise CalendarError("Le fichier doit être un CSV, un XLSX ou un calendrier .ics.")
        with TemporaryDirectory() as folder:
            path = Path(folder) / f"calendrier{suffix}"
            path.write_bytes(await file.read(MOST_BYTES + 1))
            owner = _OneTerritory(self._directory, visitor.counsellor.consortium)
            defaults = Defaults(visitor.counsellor.consortium, body)
            now = self._clock.now()
            # In a thread and outside the transaction: people go on writing while a large file is read.
            read = await asyncio.to_thread(draft, path, self._towns, owner, defaults, now)
        async with self._store.calendar() as desk:
            wanted = await compare(desk, read, now)
            return wanted, await carry_out(desk, wanted) if sure else None

    async def template(self, request: Request) -> Response:
        """An empty spreadsheet."""
        if await self._door.visitor(request) is None:
            return self._pages.go("/console/sign-in")
        kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        return Response(template(), media_type=kind,
                        headers={"Content-Disposition": 'attachment; filename="calendrier.xlsx"'})

    async def _calendar(
        self, visitor: Visitor, request: Request, *, wanted: Plan | None = None, told: Told | None = None,
        problems: list[str] | None = None, status: int = 200,
    ) -> HTMLResponse:
        consortium = self._directory.consortium(visitor.counsellor.consortium)
        async with self._store.calendar() as desk:
            feeds = await desk.feeds(visitor.counsellor.consortium)
        return self._pages.page(
            "calendar.html", status, visitor=visitor, wanted=wanted, told=told, problems=problems or [],
            bodies=[(body.id, body.name) for body in consortium.bodies] if consortium else [],
            feeds=[(feed.name, f"{str(request.base_url).rstrip('/')}/calendar/{feed.token}.ics") for feed in feeds],
        )

    def _nothing(self) -> HTMLResponse:
        return self._pages.notice(404, "Rien ici", "Cette page n'existe pas, ou n'est pas celle de votre équipe.")


class _OneTerritory:
    """An admin's file may name the bodies of their own consortium only."""

    def __init__(self, directory: Directory, consortium: str) -> None:
        self._directory = directory
        self._consortium = consortium

    def has(self, territory: str, body: str) -> bool:
        return territory == self._consortium and self._directory.has(territory, body)
