"""The calendar in the console, through HTTP, on the real store."""

import re
import threading
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import icalendar
import pytest

from bot.calendar.ical import write_ical
from bot.store.values import CalendarSession, StoredSession
from dialogues.effects import BookSeat, NoteInterest
from dialogues.events.answers import SeatBooked
from dialogues.snapshot import Commune
from handoff.console import build_calendar_console
from tests.calendar.parts import TOWNS, Towns, write
from tests.handoff.office import START, TRUCK, Office
from tests.handoff.test_console import Building, Visit
from tests.handoff.test_waiting_list import Person
from tests.store.samples import PLACE

STARTS = START + timedelta(hours=2)


@pytest.fixture
async def booked(office: Office) -> str:
    """Somebody has a seat at today's session."""
    await office.store.load_calendar([PLACE], [
        CalendarSession("s1", PLACE.id, STARTS, STARTS + timedelta(hours=3), 5, *TRUCK)])
    async with office.store.turn("telegram", "chat-1") as tx:
        answer = await tx.apply(BookSeat("s1"))
    assert isinstance(answer, SeatBooked)
    return answer.appointment.id


@pytest.fixture
def building(office: Office) -> Building:
    place = Building(office)
    place.app.include_router(build_calendar_console(
        office.store, office.hours.clock, office.content, office.desk.directory, Towns()))
    return place


@pytest.fixture
async def visit(office: Office, building: Building) -> AsyncIterator[Visit]:
    async with building.signed_in(await office.counsellor("Fatou", TRUCK)) as visit:
        yield visit


@pytest.fixture
async def admin(office: Office, building: Building) -> AsyncIterator[Visit]:
    async with building.signed_in(await office.counsellor("Ada", (TRUCK[0], None), "admin")) as visit:
        yield visit


async def test_the_list_of_the_day_shows_codes_and_no_address(booked: str, visit: Visit) -> None:
    assert "/console/sessions/s1" in (await visit.get("/console/sessions")).text
    page = (await visit.get("/console/sessions/s1")).text
    assert "1 places prises sur 5" in page
    assert "chat-1" not in page


async def test_who_came_is_noted_in_one_tap_and_a_walk_in_in_two(booked: str, visit: Visit) -> None:
    answer = await visit.post("/console/sessions/s1/mark", seat=booked, outcome="seen")
    assert answer.headers["location"] == "/console/sessions/s1?said=done"
    answer = await visit.post("/console/sessions/s1/walk-in", name="Ali <b>")
    page = (await visit.get(answer.headers["location"])).text
    assert "est venue" in page
    assert "Ali &lt;b&gt;" in page
    await visit.post("/console/sessions/s1/note", seat=booked, text="revient jeudi")
    assert "revient jeudi" in (await visit.get("/console/sessions/s1")).text


async def test_on_the_day_nobody_is_missed_before_it_begins(office: Office, booked: str, visit: Visit) -> None:
    office.hours.now = STARTS - timedelta(minutes=30)
    page = (await visit.get("/console/sessions/s1")).text
    assert "Est là" in page
    assert "N'est pas venue" not in page
    answer = await visit.post("/console/sessions/s1/mark", seat=booked, outcome="noshow")
    assert "à partir du début" in (await visit.get(answer.headers["location"])).text
    office.hours.now = STARTS
    assert "N'est pas venue" in (await visit.get("/console/sessions/s1")).text


async def test_before_the_day_nobody_came_and_who_was_added_by_mistake_is_taken_away(
    office: Office, booked: str, visit: Visit,
) -> None:
    day_after = STARTS + timedelta(days=1)
    await office.store.load_calendar([PLACE], [
        CalendarSession("s2", PLACE.id, day_after, day_after + timedelta(hours=3), 5, *TRUCK)])
    answer = await visit.post("/console/sessions/s2/walk-in", name="Ali")
    page = (await visit.get(answer.headers["location"])).text
    assert "est venue" not in page
    assert "Est là" not in page
    seat = re.findall(r'name="seat" value="([^"]+)"', page)[0]
    for outcome in ("seen", "noshow"):
        answer = await visit.post("/console/sessions/s2/mark", seat=seat, outcome=outcome)
        assert "se note le jour même" in (await visit.get(answer.headers["location"])).text
    assert (await visit.post("/console/sessions/s1/away", seat=booked)).status_code == 404  # who booked
    answer = await visit.post("/console/sessions/s2/away", seat=seat)
    page = (await visit.get(answer.headers["location"])).text
    assert "Retiré de la liste" in page
    assert "Ali" not in page
    assert "0 places prises sur 5" in page


async def test_late_and_cancelled_are_told(office: Office, booked: str, visit: Visit) -> None:
    answer = await visit.post("/console/sessions/s1/late", minutes="30")
    assert "Personnes prévenues : 1" in (await visit.get(answer.headers["location"])).text
    answer = await visit.post("/console/sessions/s1/cancel")
    page = (await visit.get(answer.headers["location"])).text
    assert "Cette permanence est annulée" in page
    rows = await office.store.claim_due(office.hours.now, 9, timedelta(minutes=1))
    assert [row.kind for row in rows] == ["session_cancelled"]  # a lateness nobody heard of is no news


async def test_a_lateness_is_taken_back(office: Office, booked: str, visit: Visit) -> None:
    assert "Finalement à l'heure" not in (await visit.get("/console/sessions/s1")).text
    await visit.post("/console/sessions/s1/late", minutes="30")
    await office.pass_time(minutes=1)
    assert "Finalement à l'heure" in (await visit.get("/console/sessions/s1")).text
    answer = await visit.post("/console/sessions/s1/late", minutes="0")
    page = (await visit.get(answer.headers["location"])).text
    assert "Personnes prévenues : 1" in page
    assert "minutes de retard annoncées" not in page


async def test_what_the_team_cancelled_is_held_after_all_and_who_was_told_may_book_again(
    office: Office, booked: str, visit: Visit,
) -> None:
    office.store.database.tells_others = True
    person = Person(office, "chat-1", "telegram")
    assert (await visit.post("/console/sessions/s1/restore")).status_code == 404  # not cancelled
    await visit.post("/console/sessions/s1/cancel")
    await office.pass_time(minutes=1)
    await office.deliver()
    assert "/console/sessions/s1/restore" in (await visit.get("/console/sessions")).text
    answer = await visit.post("/console/sessions/s1/restore")
    page = (await visit.get(answer.headers["location"])).text
    assert "Personnes prévenues : 1" in page
    assert "est annulée" not in page
    await office.pass_time(minutes=1)
    (told,) = [row.rendered for row in await office.deliver() if row.address == "chat-1"]
    assert "Finalement, il a lieu" in told.text
    person.shown = [told]
    async with office.store.calendar() as desk:
        (one,) = await desk.stored(office.hours.now)
        calls = [call.event for call in await desk.claim_webhooks(9, timedelta(minutes=1))]
    assert (one.session.cancelled, one.stopped, one.taken, one.sequence) == (False, False, 0, 2)
    assert calls == ["appointment.revoked", "session.cancelled", "session.reopened"]
    (event,) = icalendar.Calendar.from_ical(write_ical([one], "Tout", office.hours.now)).walk("VEVENT")
    assert (str(event["STATUS"]), str(event["SEQUENCE"])) == ("CONFIRMED", "2")
    await person.press("Oui, je la prends")
    await person.press("Oui")
    async with office.store.calendar() as desk:
        (one,) = await desk.stored(office.hours.now)
    assert one.taken == 1


async def test_what_began_is_not_held_after_all_nor_where_the_team_is_not(office: Office, visit: Visit) -> None:
    one = CalendarSession("s1", PLACE.id, STARTS, STARTS + timedelta(hours=3), 5, *TRUCK, team="camion")
    await office.store.load_calendar([PLACE], [one])
    await visit.post("/console/sessions/s1/cancel")
    await office.store.load_calendar([PLACE], [replace(one, id="s2")])
    answer = await visit.post("/console/sessions/s1/restore")
    assert "déjà ailleurs" in (await visit.get(answer.headers["location"])).text
    await visit.post("/console/sessions/s2/cancel")
    office.hours.now = STARTS
    assert (await visit.post("/console/sessions/s1/restore")).status_code == 404
    assert "restore" not in (await visit.get("/console/sessions")).text
    assert "restore" not in (await visit.get("/console/sessions/s1")).text


def slots(day: str = "2026-11-23", count: int = 4) -> list[CalendarSession]:
    starts = [STARTS + timedelta(minutes=20 * number) for number in range(count)]
    return [CalendarSession(f"x:{day}@{number}", PLACE.id, at, at + timedelta(minutes=20), 1, *TRUCK, series="x")
            for number, at in enumerate(starts)]


async def test_a_half_day_cut_in_slots_is_one_line_that_opens_to_them(office: Office, visit: Visit) -> None:
    await office.store.load_calendar([PLACE], slots())
    async with office.store.turn("telegram", "chat-1") as tx:
        assert isinstance(await tx.apply(BookSeat("x:2026-11-23@2")), SeatBooked)
    page = (await visit.get("/console/sessions")).text
    assert page.count("<details>") == 1
    assert "1 sur 4" in page
    assert page.count("/console/sessions/x%3A2026-11-23%40") == 4
    await visit.post("/console/sessions/x:2026-11-23@0/cancel")
    page = (await visit.get("/console/sessions")).text
    assert "créneaux annulés : 1" in page
    assert "1 sur 3" in page


async def test_a_half_day_is_held_after_all_as_one(office: Office, visit: Visit) -> None:
    await office.store.load_calendar([PLACE], slots())
    for number in range(4):
        await visit.post(f"/console/sessions/x:2026-11-23@{number}/cancel")
    assert "<strong>annulé</strong> · 0 sur 4" in (page := (await visit.get("/console/sessions")).text)
    assert "/console/sessions/x%3A2026-11-23%400/restore-all" in page
    await visit.post("/console/sessions/x:2026-11-23@0/restore-all")
    async with office.store.calendar() as desk:
        assert [one.session.cancelled for one in await desk.stored(office.hours.now)] == [False] * 4


async def today_of(office: Office) -> list[StoredSession]:
    async with office.store.calendar() as desk:
        return list(await desk.stored(office.hours.now))


async def test_a_slot_or_the_whole_half_day_is_late_or_cancelled_and_how_many_hear_is_said(
    office: Office, visit: Visit,
) -> None:
    await office.store.load_calendar([PLACE], slots())
    for number in (1, 2):
        async with office.store.turn("telegram", f"chat-{number}") as tx:
            assert isinstance(await tx.apply(BookSeat(f"x:2026-11-23@{number}")), SeatBooked)
    async with office.store.turn("telegram", "chat-3") as tx:
        await tx.apply(NoteInterest(("x:2026-11-23@2",)))
    page = (await visit.get("/console/sessions/x:2026-11-23@2")).text
    assert "Ce créneau seulement (à prévenir : 1 inscrite, et 1 qui a demandé ce jour)" in page
    assert "Toute la demi-journée, 4 créneaux (à prévenir : 2 inscrites" in page
    await visit.post("/console/sessions/x:2026-11-23@2/late", minutes="15", scope="one")
    assert [one.late_minutes for one in await today_of(office)] == [0, 0, 15, 0]
    answer = await visit.post("/console/sessions/x:2026-11-23@2/late", minutes="30", scope="all")
    assert "Personnes prévenues : 3" in (await visit.get(answer.headers["location"])).text
    assert [one.late_minutes for one in await today_of(office)] == [30] * 4
    await visit.post("/console/sessions/x:2026-11-23@0/cancel", scope="one")
    assert [one.session.cancelled for one in await today_of(office)] == [True, False, False, False]
    answer = await visit.post("/console/sessions/x:2026-11-23@2/cancel", scope="all")
    assert "Personnes prévenues : 3" in (await visit.get(answer.headers["location"])).text
    assert [one.session.cancelled for one in await today_of(office)] == [True] * 4


async def test_a_session_is_moved_in_the_console_and_who_has_a_seat_keeps_it(
    office: Office, booked: str, visit: Visit,
) -> None:
    await office.store.load_calendar([replace(PLACE, id="gare", name="Place de la gare")], [])
    page = (await visit.get("/console/sessions/s1")).text
    assert 'value="2026-11-23"' in page
    assert 'value="12:00"' in page
    answer = await visit.post(
        "/console/sessions/s1/move", day="2026-11-24", starts="14:00", ends="16:30", place="gare")
    assert "Personnes prévenues : 1" in (await visit.get(answer.headers["location"])).text
    (one,) = await today_of(office)
    day = STARTS.replace(day=24, hour=13)
    assert (one.session.starts_at, one.session.ends_at) == (day, day + timedelta(hours=2, minutes=30))
    assert (one.place.id, one.taken) == ("gare", 1)


async def test_a_whole_half_day_is_moved_by_as_much_as_the_slot_that_is_shown(office: Office, visit: Visit) -> None:
    await office.store.load_calendar([PLACE], slots())
    await visit.post("/console/sessions/x:2026-11-23@2/move", day="2026-11-23", starts="13:10", scope="all")
    assert [one.session.starts_at for one in await today_of(office)] == [
        one.starts_at + timedelta(minutes=30) for one in slots()]
    await visit.post("/console/sessions/x:2026-11-23@3/move", day="2026-11-23", starts="15:00", scope="one")
    assert [one.session.starts_at for one in await today_of(office)][:3] == [
        one.starts_at + timedelta(minutes=30) for one in slots()[:3]]


@pytest.mark.parametrize(("fields", "why"), [
    ({"day": "2026-02-31"}, "ne se lit pas"), ({"starts": "25:00"}, "ne se lit pas"),
    ({"starts": "14:00", "ends": "13:00"}, "ne se lit pas"), ({"place": "elsewhere"}, "ne se lit pas"),
    ({"day": "2026-11-20"}, "déjà passée"), ({}, "déjà ce jour"),
])
async def test_a_move_that_cannot_be_is_said_and_changes_nothing(
    office: Office, booked: str, visit: Visit, fields: dict[str, str], why: str,
) -> None:
    answer = await visit.post("/console/sessions/s1/move", **fields)
    assert why in (await visit.get(answer.headers["location"])).text.replace("&#39;", "'")
    (one,) = await today_of(office)
    assert (one.session.starts_at, one.sequence) == (STARTS, 0)


async def test_nobody_said_whether_they_came(office: Office, booked: str, visit: Visit) -> None:
    office.hours.now = STARTS + timedelta(hours=4)
    page = (await visit.get("/console/sessions/s1")).text
    assert "venue pas encore notée" in page
    assert "On ne sait pas" in page.replace("&#39;", "'")
    await visit.post("/console/sessions/s1/mark", seat=booked, outcome="seen")
    await visit.post("/console/sessions/s1/mark", seat=booked, outcome="unknown")
    assert "venue pas encore notée" in (await visit.get("/console/sessions/s1")).text


@pytest.mark.parametrize("name", ["a/b/2026?x=1#é", "https://agenda.example/42:2026-11-23"])
async def test_any_id_has_a_page(office: Office, visit: Visit, name: str) -> None:
    await office.store.load_calendar([PLACE], [replace(slots()[0], id=name)])
    page = (await visit.get("/console/sessions")).text
    (address,) = re.findall(r'href="(/console/sessions/[^"]+)"', page)
    page = (await visit.get(address)).text
    (action,) = re.findall(r'action="([^"]+)/walk-in"', page)
    assert action == address
    answer = await visit.post(f"{action}/walk-in", name="Ali")
    assert "Ali" in (await visit.get(answer.headers["location"])).text


@pytest.mark.parametrize(("verb", "fields"), [
    ("mark", {"outcome": "vanished"}), ("late", {"minutes": "9999"}), ("explode", {}),
    ("mark", {"outcome": "seen"}),
])
async def test_what_cannot_be_is_nothing(booked: str, visit: Visit, verb: str, fields: dict[str, str]) -> None:
    assert (await visit.post(f"/console/sessions/s1/{verb}", **fields)).status_code == 404


async def test_another_team_sees_and_does_nothing(office: Office, building: Building, booked: str) -> None:
    for other in (await office.counsellor("Eve", ("drome", "ifra")),
                  await office.counsellor("Bob", ("portes-du-sud", "innovation-et-developpement"))):
        async with building.signed_in(other) as visit:
            assert (await visit.get("/console/sessions/s1")).status_code == 404
            assert (await visit.post("/console/sessions/s1/cancel")).status_code == 404
            assert (await visit.get("/console/calendar")).status_code == 404
    async with office.store.calendar() as desk:
        (one,) = await desk.stored(office.hours.now)
    assert not one.session.cancelled


async def send(visit: Visit, path: Path, **fields: str) -> str:
    with path.open("rb") as file:
        answer = await visit.http.post("/console/calendar", files={"file": (path.name, file.read())},
                                       data={"csrf": await visit.csrf(), **fields})
    return answer.text


async def test_an_admin_tries_a_file_then_makes_it_the_calendar(
    office: Office, admin: Visit, tmp_path: Path
) -> None:
    path = write(tmp_path, {"répétition": "toutes les semaines"})
    assert "Rien n&#39;est changé" in (page := await send(admin, path)) or "Rien n'est changé" in page
    async with office.store.calendar() as desk:
        assert await desk.stored(office.hours.now) == ()
    assert "C&#39;est fait" in (page := await send(admin, path, sure="yes")) or "C'est fait" in page
    async with office.store.calendar() as desk:
        assert len(await desk.stored(office.hours.now)) == 17
    assert ".ics" in page


async def test_a_bad_file_is_explained_and_changes_nothing(office: Office, admin: Visit, tmp_path: Path) -> None:
    path = write(tmp_path, {"places": "0"}, {"structure": "a2f", "territoire": "drome"})
    page = await send(admin, path, sure="yes")
    assert "calendrier.csv:2" in page
    assert "calendrier.csv:3" in page
    async with office.store.calendar() as desk:
        assert await desk.stored(office.hours.now) == ()


async def test_a_rule_that_would_never_move_on_stops_nobody(admin: Visit, tmp_path: Path) -> None:
    page = await send(admin, write(tmp_path, {"répétition": "FREQ=DAILY;INTERVAL=0"}))
    assert "calendrier.csv:2" in page


async def test_a_file_is_read_while_others_are_answered(
    admin: Visit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    readers: list[int] = []

    def by_insee(self: Towns, insee: str) -> Commune | None:
        readers.append(threading.get_ident())
        return TOWNS.get(insee)

    monkeypatch.setattr(Towns, "by_insee", by_insee)
    await send(admin, write(tmp_path, {}))
    assert readers
    assert threading.get_ident() not in readers


async def test_a_stale_page_does_nothing(booked: str, visit: Visit) -> None:
    answer = await visit.http.post("/console/sessions/s1/cancel", data={"csrf": "old"})
    assert answer.status_code == 403


async def test_what_somebody_wrote_from_the_spot_is_on_the_page(office: Office, booked: str, visit: Visit) -> None:
    async with office.store.turn("telegram", "chat-1") as tx:
        await tx.keep_word(booked, "late")
    assert "a écrit à 10:00 : Je suis en retard" in (await visit.get("/console/sessions/s1")).text
