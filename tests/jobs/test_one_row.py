"""One row that cannot be dealt with never stops those of other people."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from bot.inbound import Inbound, Words
from bot.jobs.due import MOST_ATTEMPTS, sweep, wake
from bot.jobs.outbox import send_waiting
from bot.jobs.webhooks import call
from bot.outbound import Delivered, Outbound, Rendered
from bot.ports import ChannelBlocked
from bot.store.errors import StoreUnavailable
from bot.team_inbound import TeamQuiet
from dialogues.effects import ScheduleReminders
from dialogues.events import Event
from tests.handoff.office import TRUCK, Office, open_office
from tests.store.samples import PLACE, opening

LOST, OTHER = "person-1", "person-2"


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    async with open_office(tmp_path) as opened:
        yield opened


async def say(office: Office, address: str, words: str = "Bonjour") -> str:
    async with office.store.turn("memory", address) as tx:
        await tx.say([Rendered(words, "fr", (), "bot")], delivered=False)
        return tx.conversation_id


class Blocking:
    """A channel that one person has blocked."""

    name = "memory"

    def __init__(self) -> None:
        self.sent: list[str] = []

    async def send(self, outbound: Outbound) -> Delivered:
        if outbound.address == LOST:
            raise ChannelBlocked
        self.sent.append(outbound.address)
        return Delivered(f"m{outbound.id}")


class Failing:
    """What the outbox tells, and the database away each time."""

    def __init__(self, times: int, office: Office) -> None:
        self.times = times
        self.office = office

    async def happen(self, conversation_id: str, event: Event) -> None:
        if self.times:
            self.times -= 1
            raise StoreUnavailable
        await self.office.turns.happen(conversation_id, event)

    async def undelivered(self, row_id: int) -> None:
        await self.office.turns.undelivered(row_id)


async def test_who_blocked_us_and_is_erased_meanwhile_stops_nobody(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    await say(office, LOST)
    await say(office, OTHER)
    happen = office.turns.happen

    async def erased_just_before(conversation_id: str, event: Event) -> None:
        await office.erase(LOST)
        await happen(conversation_id, event)

    monkeypatch.setattr(office.turns, "happen", erased_just_before)
    channel = Blocking()
    await send_waiting(office.store, {"memory": channel}, office.turns, office.hours.clock)
    assert channel.sent == [OTHER]
    office.hours.advance(hours=1)
    assert await send_waiting(office.store, {"memory": channel}, office.turns, office.hours.clock) == 0


async def test_a_block_that_could_not_be_told_is_told_later(office: Office) -> None:
    conversation = await say(office, LOST)
    await say(office, OTHER)
    channel = Blocking()
    turns = Failing(1, office)
    await send_waiting(office.store, {"memory": channel}, turns, office.hours.clock)
    assert channel.sent == [OTHER]
    office.hours.advance(minutes=6)
    await send_waiting(office.store, {"memory": channel}, turns, office.hours.clock)
    async with office.store.turn_of(conversation) as tx:
        assert tx.blocked


async def test_a_row_whose_fate_cannot_be_noted_stops_nobody(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    await say(office, OTHER)
    await say(office, "person-3")
    channel = Blocking()

    async def away(row_id: int, delivered: Delivered) -> None:
        raise StoreUnavailable

    monkeypatch.setattr(office.store, "delivered", away)
    assert await send_waiting(office.store, {"memory": channel}, office.turns, office.hours.clock) == 2
    assert channel.sent == [OTHER, "person-3"]


async def test_a_team_that_cannot_be_told_lost_stops_nobody(office: Office) -> None:
    await say(office, LOST)
    await say(office, OTHER)
    channel = Blocking()

    async def lost(_channel: str, _address: str) -> None:
        raise StoreUnavailable

    await send_waiting(office.store, {"memory": channel}, office.turns, office.hours.clock, lost)
    assert channel.sent == [OTHER]


async def test_a_lead_never_loses_its_clock_however_often_it_failed(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    await office.lead()
    at = await office.next_due()
    assert at is not None
    office.hours.now = at

    async def away(_lead: str) -> None:
        raise StoreUnavailable

    with monkeypatch.context() as broken:
        broken.setattr(office.store, "lead", away)
        for _ in range(MOST_ATTEMPTS + 2):
            await wake(office.store, office.turns, office.desk, office.hours.clock)
            office.hours.advance(minutes=3)
    assert await office.next_due() == at
    await wake(office.store, office.turns, office.desk, office.hours.clock)
    assert (await office.row((await office.store.leads(None, [TRUCK[0]], open_only=True))[0].id)).level == 1


async def test_a_reminder_that_cannot_be_dropped_stops_nobody(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = office.hours.now
    for address, subject in ((LOST, "a"), (OTHER, "b")):
        async with office.store.turn("memory", address) as tx:
            await tx.apply(ScheduleReminders(subject, {"day_before": now - timedelta(minutes=1)}))
    seen: list[str] = []

    async def broken(row: object) -> None:
        seen.append(str(getattr(row, "subject", "")))
        raise StoreUnavailable

    async def away(_row: int) -> bool:
        raise StoreUnavailable

    monkeypatch.setattr(office.turns, "due", broken)
    monkeypatch.setattr(office.store, "drop_due", away)
    for _ in range(MOST_ATTEMPTS + 1):
        await wake(office.store, office.turns, office.desk, office.hours.clock)
        office.hours.advance(minutes=3)
    assert seen == ["a", "b"] * (MOST_ATTEMPTS + 1)


async def test_the_sweep_comes_to_everybody(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    for address in (LOST, OTHER):
        await office.store.receive(Inbound("memory", f"u-{address}", address, Words("bonjour"), office.hours.now))
    office.hours.advance(minutes=2)
    swept: list[str] = []

    async def drain(_channel: str, address: str) -> None:
        swept.append(address)
        raise StoreUnavailable

    monkeypatch.setattr(office.turns, "drain", drain)
    assert await sweep(office.store, office.turns, office.desk, office.hours.clock) == 2
    assert sorted(swept) == [LOST, OTHER]


async def test_an_address_that_cannot_be_called_is_given_up_like_another(office: Office) -> None:
    await office.store.load_calendar([PLACE], [opening()])
    office.store.database.tells_others = True
    async with office.store.calendar() as desk:
        await desk.change("s1", "cancelled")
    async with httpx.AsyncClient() as http:
        assert await call(office.store, http, office.hours.clock, "http://[::1/hook", b"k") == 0


async def test_one_chat_whose_morning_fails_leaves_the_others_theirs(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    for group in ("group-1", "group-2"):
        await office.group(group, TRUCK)
        await office.says(group, "Fatou", TeamQuiet(on=True))
    await office.lead()
    await office.deliver()
    office.hours.now += timedelta(days=1)
    tell = office.store.tell_chat

    async def broken_once(channel: str, address: str, rendered: Rendered) -> int:
        if address == "group-1":
            raise StoreUnavailable
        return await tell(channel, address, rendered)

    monkeypatch.setattr(office.store, "tell_chat", broken_once)
    await office.desk.quiet.look()
    assert {row.address for row in await office.deliver()} == {"group-2"}


