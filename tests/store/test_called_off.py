"""What an iCalendar calls off, and a team that would be in two places with what the calendar holds already."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.calendar.errors import CalendarInvalid
from bot.calendar.ical import write_ical
from bot.calendar.importing import carry_out, compare, draft, lay_out_checked, lay_out_further
from bot.calendar.planning import Plan
from bot.calendar.rows import Defaults
from bot.store.store import Store
from tests.calendar.parts import NOW, Bodies, Towns, read, write
from tests.clock import FixedClock
from tests.store.samples import every_row
from tests.store.test_import import FIRST, WEEKLY, book, kinds, put

EVENT = ("BEGIN:VEVENT\r\nUID:{uid}\r\nDTSTAMP:20261101T000000Z\r\nDTSTART;TZID=Europe/Paris:20261201T090000\r\n"
         "DTEND;TZID=Europe/Paris:20261201T120000\r\n{more}END:VEVENT\r\n")
WHERE = "LOCATION:Place du marché, 69259\r\n"


def ics(folder: Path, *events: str, method: str = "CANCEL") -> Path:
    path = folder / "c.ics"
    head = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nMETHOD:{method}\r\n"
    path.write_bytes((head + "".join(events) + "END:VCALENDAR\r\n").encode())
    return path


async def send(store: Store, path: Path) -> tuple[Plan, int]:
    async with store.calendar() as desk:
        read = draft(path, Towns(), Bodies(), Defaults("portes-du-sud", "ifra"), NOW, 8)
        wanted = await compare(desk, read, NOW)
        return wanted, (await carry_out(desk, wanted)).people


async def held(store: Store) -> list[str]:
    async with store.calendar() as desk:
        return [one.session.id for one in await desk.stored(NOW) if not one.session.cancelled]


async def test_a_file_that_cancels_takes_only_what_it_names_and_tells(
    store: Store, tmp_path: Path, hours: FixedClock,
) -> None:
    await put(store, write(tmp_path, WEEKLY, {"identifiant": "gare", "lieu": "Gare", "date": "03/12/2026"}))
    await book(store, FIRST)
    path = ics(tmp_path, EVENT.format(uid="marche", more="RECURRENCE-ID;TZID=Europe/Paris:20261201T090000\r\n"))
    wanted, told = await send(store, path)
    assert (wanted.changes.gone, told) == ((FIRST,), 1)
    assert await kinds(store) == ["session_cancelled"]
    assert len(await held(store)) == 17  # sixteen markets and the station
    again, told = await send(store, path)
    assert (again.changes.gone, told) == ((), 0)
    wanted, _ = await send(store, ics(tmp_path, "BEGIN:VEVENT\r\nUID:marche\r\nEND:VEVENT\r\n"))
    assert len(wanted.changes.gone) == 16
    assert await held(store) == ["portes-du-sud:ifra:gare:2026-12-03"]
    hours.advance(days=30)
    assert await lay_out_further(store, (), hours.now) == 0  # no later date of it comes


async def test_our_own_file_of_what_is_cancelled_does_so_elsewhere(store: Store, tmp_path: Path) -> None:
    await put(store, write(tmp_path, {**WEEKLY, "créneau": "20"}))
    async with store.calendar() as desk:
        gone = [one for one in await desk.stored(NOW) if one.session.id in (f"{FIRST}@0", f"{FIRST}@3")]
    path = tmp_path / "gone.ics"
    path.write_bytes(write_ical(gone, "Premier Pas", NOW, "CANCEL"))
    before = await held(store)
    wanted, _ = await send(store, path)
    assert wanted.changes.gone == (f"{FIRST}@0", f"{FIRST}@3")
    assert set(before) - set(await held(store)) == {f"{FIRST}@0", f"{FIRST}@3"}


async def test_what_was_never_there_is_an_error_and_nothing_is_cancelled(store: Store, tmp_path: Path) -> None:
    await put(store, write(tmp_path, WEEKLY))
    before = await every_row(store)
    path = ics(tmp_path, EVENT.format(uid="marche", more=""), EVENT.format(uid="inconnu@ailleurs", more=""))
    with pytest.raises(CalendarInvalid, match=r"c\.ics:2: « portes-du-sud:ifra:inconnu@ailleurs » is no session"):
        await send(store, path)
    assert await every_row(store) == before


async def test_a_date_marked_cancelled_in_a_whole_calendar_is_not_held(store: Store, tmp_path: Path) -> None:
    rule = "RRULE:FREQ=WEEKLY\r\n" + WHERE
    off = ("BEGIN:VEVENT\r\nUID:agenda\r\nRECURRENCE-ID;TZID=Europe/Paris:20261208T090000\r\n"
           "STATUS:CANCELLED\r\nEND:VEVENT\r\n")
    await send(store, ics(tmp_path, EVENT.format(uid="agenda", more=rule), method="PUBLISH"))
    await book(store, "portes-du-sud:ifra:agenda:2026-12-08")
    wanted, told = await send(store, ics(tmp_path, EVENT.format(uid="agenda", more=rule), off, method="PUBLISH"))
    assert (wanted.changes.gone, told) == (("portes-du-sud:ifra:agenda:2026-12-08",), 1)
    single = EVENT.format(uid="seul", more="STATUS:CANCELLED\r\n")  # says not even where: it is not held
    whole = EVENT.format(uid="agenda", more=rule)
    wanted, _ = await send(store, ics(tmp_path, whole, off, single, method="PUBLISH"))
    assert (wanted.changes.gone, wanted.changes.added) == ((), ())


TRUCK = {**WEEKLY, "équipe": "camion"}


async def test_a_truck_that_another_bodys_calendar_has_is_not_in_two_places(store: Store, tmp_path: Path) -> None:
    await put(store, write(tmp_path, TRUCK))
    before = await every_row(store)
    path = write(tmp_path, {**TRUCK, "identifiant": "b", "lieu": "Gare", "début": "11h"}, name="autre.csv")
    other = tuple(replace(entry, body="autre", id="portes-du-sud:autre:b") for entry in read(path))
    with pytest.raises(CalendarInvalid, match=r"autre\.csv:2: « camion » is already taken by « portes-du-sud:ifra:"
                                              r"marche:2026-12-01 », which stays as it is, on 01/12/2026 11h00"):
        async with store.calendar() as desk:
            await compare(desk, lay_out_checked(other, NOW.date(), path.name), NOW)
    assert await every_row(store) == before
    elsewhere = tuple(replace(entry, team="autre") for entry in other)
    async with store.calendar() as desk:
        assert (await compare(desk, lay_out_checked(elsewhere, NOW.date(), path.name), NOW)).changes.added


async def test_a_truck_that_a_counsellor_moved_is_not_in_two_places(store: Store, tmp_path: Path) -> None:
    path = write(tmp_path, TRUCK)
    await put(store, path)
    async with store.calendar() as desk:
        (first, *_) = await desk.stored(NOW)
        hours = {"starts_at": first.session.starts_at + timedelta(hours=5),
                 "ends_at": first.session.ends_at + timedelta(hours=5)}
        await desk.change(FIRST, "moved", hours)
    await put(store, path)  # the same file again is fine
    late = {**TRUCK, "identifiant": "soir", "lieu": "Gare", "début": "15h", "fin": "18h", "répétition": ""}
    with pytest.raises(CalendarInvalid, match=r":3: « camion » is already taken by « portes-du-sud:ifra:marche:"):
        await put(store, write(tmp_path, TRUCK, late))
    await put(store, write(tmp_path, {**TRUCK, "début": "10h"}, late))  # its line says another hour: that counts
