"""A session is cancelled, late or moved: everybody booked hears it at the first look, however many they are."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.app import TICKS_SECONDS
from bot.jobs.due import AT_ONCE, wake
from dialogues.effects import BookSeat
from dialogues.events.answers import SeatBooked
from dialogues.reminders import Change
from tests.handoff.office import Office, open_office
from tests.store.samples import PLACE, opening

BOOKED = 3 * AT_ONCE + 1


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    async with open_office(tmp_path) as opened:
        yield opened


@pytest.mark.parametrize(("what", "values"), [("cancelled", None), ("late", {"late_minutes": 30})])
async def test_hundreds_hear_it_at_one_look(office: Office, what: Change, values: dict[str, int] | None) -> None:
    await office.store.load_calendar([PLACE], [opening(capacity=BOOKED)])
    people = [f"person-{number}" for number in range(BOOKED)]
    for person in people:
        async with office.store.turn("memory", person) as tx:
            assert isinstance(await tx.apply(BookSeat("s1")), SeatBooked)
    await office.deliver()
    async with office.store.calendar() as desk:
        assert await desk.change("s1", what, values) == BOOKED
    await wake(office.store, office.turns, office.desk, office.hours.clock)
    told = [row.address for row in await office.deliver() if row.address.startswith("person-")]
    assert sorted(told) == sorted(people)
    # What then passes until it is on its way: a look at what is due, a look at what waits.
    assert TICKS_SECONDS["due"] + TICKS_SECONDS["outbox"] < 60
