"""A counsellor notes who came while the person, or a colleague, is at the same seat or request."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import text

from bot.store import lead_care
from bot.store.attendance import Outcome
from bot.store.store import Store
from dialogues.effects import BookSeat, CancelSeat
from dialogues.events.answers import SeatBooked
from tests.clock import FixedClock
from tests.store.conftest import Opener
from tests.store.samples import PLACE, SAMIA, TEAM, every_row, open_lead, opening

WAITING = text("SELECT count(*) FROM pg_locks WHERE NOT granted")


@pytest.fixture
async def seat(store: Store, hours: FixedClock) -> str:
    await store.load_calendar([PLACE], [opening()])
    async with store.turn(*SAMIA) as tx:
        booked = await tx.apply(BookSeat("s1"))
    assert isinstance(booked, SeatBooked)
    hours.advance(days=2, hours=-1)
    return booked.appointment.id


async def mark(node: Store, seat: str, state: Outcome) -> bool:
    async with node.calendar() as desk:
        return await desk.mark(seat, state, [TEAM])


async def held_up(node: Store, work: asyncio.Task[bool]) -> None:
    """Until ``work`` waits for what another transaction holds; on SQLite it does from its start."""
    while not node.database.one_at_a_time and not work.done():
        async with node.database.reading() as scope:
            if (await scope.run(WAITING)).scalar_one():
                return


async def test_a_seat_given_back_meanwhile_is_not_noted_as_missed(store: Store, opened: Opener, seat: str) -> None:
    other = await opened()
    async with store.turn(*SAMIA) as tx:
        await tx.apply(CancelSeat(seat))
        work = asyncio.create_task(mark(other, seat, "noshow"))
        await held_up(other, work)
    assert not await work
    rows = await every_row(store)
    assert [row["state"] for row in rows["appointments"]] == ["cancelled"]
    assert "seat_missed" not in [row["kind"] for row in rows["due"]]


async def test_a_request_taken_meanwhile_is_met_by_the_team_that_took_it(
    store: Store, opened: Opener, seat: str, hours: FixedClock,
) -> None:
    lead, other = await open_lead(store), await opened()
    async with store.turn(*SAMIA) as tx:
        assert await tx.move_lead(lead, "taken", "c1", name="Awa", expected=frozenset({"offered"}))
        await tx.watch(lead, lead_care.SILENT, hours.now + timedelta(days=2))
        work = asyncio.create_task(mark(other, seat, "seen"))
        await held_up(other, work)
    assert await work
    log = [(row["to_state"], row["by"]) for row in (await every_row(store))["lead_log"]]
    assert log == [("offered", "person"), ("taken", "c1"), ("met", "list")]


async def test_words_written_while_a_slip_is_put_right_are_a_first_word(
    store: Store, opened: Opener, seat: str,
) -> None:
    lead, other = await open_lead(store), await opened()
    async with store.turn(*SAMIA) as tx:
        assert await tx.move_lead(lead, "taken", "c1", name="Awa", expected=frozenset({"offered"}))
    assert await mark(store, seat, "seen")
    async with store.turn(*SAMIA) as tx:
        row = await tx.lead(lead)
        assert row is not None
        await tx.keep_message(lead, "counsellor", "Bonjour", name="Awa")
        await tx.wrote(row, "c1")
        work = asyncio.create_task(mark(other, seat, "booked"))
        await held_up(other, work)
    assert await work
    row = await store.lead(lead)
    assert row is not None
    assert (row.stage, row.written) == ("contacted", True)
    async with store.turn(*SAMIA) as tx:
        assert await tx.watched(lead) is None
