import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.inbound import Words
from bot.outbound import Button, Delivered, Rendered
from bot.store.store import Store
from dialogues.effects import BookSeat, CancelSeat, EraseEverything
from dialogues.events.answers import SeatBooked
from dialogues.reminders import Change
from tests.clock import FixedClock
from tests.store.conftest import Opener
from tests.store.samples import (
    CHANNELS,
    MINUTE,
    NOW,
    PLACE,
    SAMIA,
    claimed,
    connect_group,
    every_row,
    inbound,
    open_lead,
    opening,
    said,
)

OMAR = ("telegram", "chat-2")
PAGE = ("web", "page-1")


async def tell(store: Store, *texts: str, who: tuple[str, str] = SAMIA, delivered: bool = False) -> tuple[int, ...]:
    async with store.turn(*who) as tx:
        return await tx.say([said(text) for text in texts], delivered)


def texts(rows: tuple[Rendered, ...]) -> list[str]:
    return [row.text for row in rows]


async def test_a_message_comes_out_as_it_was_said(store: Store) -> None:
    message = Rendered("مرحبا", "ar", (Button("نعم", "/o1.0"),), "counsellor", "Fatou")
    async with store.turn(*SAMIA) as tx:
        (row_id,) = await tx.say([message], delivered=False)
    (row,) = await claimed(store)
    assert (row.id, row.channel, row.address, row.rendered, row.kind, row.attempts) == (
        row_id, *SAMIA, message, "message", 0)


async def test_messages_to_one_address_go_one_after_the_other(store: Store) -> None:
    ids = await tell(store, *(str(number) for number in range(12)))
    assert list(ids) == sorted(ids)
    await tell(store, "other", who=OMAR)
    seen = []
    while batch := await claimed(store):
        assert len({row.address for row in batch}) == len(batch)
        for row in batch:
            seen.append(row.rendered.text)
            await store.delivered(row.id, Delivered(f"m{row.id}"))
    assert [text for text in seen if text != "other"] == [str(number) for number in range(12)]
    assert seen.count("other") == 1


async def test_a_claim_ends_with_its_lease(store: Store) -> None:
    await tell(store, "a")
    (first,) = await claimed(store)
    assert await claimed(store) == ()
    (again,) = await claimed(store, NOW + MINUTE)
    assert again.id == first.id


async def test_a_message_to_try_again_holds_those_behind_it(store: Store) -> None:
    await tell(store, "a", "b")
    (row,) = await claimed(store)
    assert await store.retry(row.id, NOW + timedelta(seconds=30), "ChannelBusy") == 1
    assert await claimed(store, NOW + timedelta(seconds=29)) == ()
    (row,) = await claimed(store, NOW + timedelta(seconds=30))
    assert (row.rendered.text, row.attempts) == ("a", 1)


async def test_a_message_that_will_never_go_frees_the_next(store: Store) -> None:
    await tell(store, "a", "b")
    (row,) = await claimed(store)
    await store.failed(row.id)
    assert [row.rendered.text for row in await claimed(store)] == ["b"]


async def test_what_is_late_is_dropped_and_holds_nothing_up(store: Store, hours: FixedClock) -> None:
    async with store.turn(*SAMIA) as tx:
        await tx.say([replace(said("soon"), until=NOW + MINUTE), said("b")], delivered=False)
    (row,) = await claimed(store)
    await store.retry(row.id, NOW + MINUTE, "ChannelBusy")  # nothing goes out for a while
    assert await claimed(store, NOW + MINUTE) == ()
    assert [row.rendered.text for row in await claimed(store, NOW + MINUTE)] == ["b"]
    hours.now = NOW + MINUTE
    shown = [item.said for item in await store.history(*SAMIA, 9)]
    assert texts(tuple(one for one in shown if isinstance(one, Rendered))) == ["b"]


async def test_what_is_late_is_not_fetched_either(store: Store, hours: FixedClock) -> None:
    async with store.turn(*PAGE) as tx:
        await tx.say([replace(said("soon"), until=NOW + MINUTE), said("b")], delivered=False)
    hours.now = NOW + MINUTE
    async with store.turn(*PAGE) as tx:
        assert texts(await tx.fetch()) == ["b"]


@pytest.mark.parametrize("what", ["moved", "cancelled", None, "late"])
async def test_what_waits_and_speaks_of_a_seat_that_changes_is_not_sent_as_it_was(
    store: Store, what: Change | None,
) -> None:
    await store.load_calendar([PLACE], [opening()])
    async with store.turn(*SAMIA) as tx:
        booked = await tx.apply(BookSeat("s1"))
        assert isinstance(booked, SeatBooked)
        held = booked.appointment.id
        await tx.say([replace(said("soon"), about=held), said("b")], delivered=False)
    if what is None:  # given back
        async with store.turn(*SAMIA) as tx:
            await tx.apply(CancelSeat(held))
    else:
        async with store.calendar() as desk:
            await desk.change("s1", what, {"late_minutes": 5} if what == "late" else None)
    assert [row.rendered.text for row in await claimed(store)] == ["soon" if what == "late" else "b"]


async def test_only_the_channels_asked_for_are_claimed(store: Store) -> None:
    await tell(store, "a", who=PAGE)
    assert await store.claim_outbox(frozenset({"telegram"}), NOW, 10, MINUTE) == ()
    assert len(await claimed(store)) == 1


async def test_two_processes_never_claim_the_same_message(store: Store, opened: Opener) -> None:
    other = await opened()
    for number in range(30):
        await tell(store, "a", "b", who=("telegram", f"chat-{number}"))
    batches = await asyncio.gather(*(each.claim_outbox(CHANNELS, NOW, 4, MINUTE) for each in (store, other) * 8))
    ids = [row.id for batch in batches for row in batch]
    assert len(ids) == len(set(ids))
    assert len(ids) + len(await claimed(store)) == 30
    assert all(row.rendered.text == "a" for batch in batches for row in batch)


async def test_blocked_drops_what_waits_and_names_the_person(store: Store) -> None:
    async with store.turn(*SAMIA) as tx:
        await tx.say([said("a"), said("b")], delivered=False)
        person = tx.conversation_id
    (row,) = await claimed(store)
    assert await store.blocked(row.id) == person
    assert await claimed(store, NOW + MINUTE) == ()


async def test_a_group_that_removed_the_bot_is_left(store: Store) -> None:
    await connect_group(store)
    await store.tell_chat("telegram", "group-1", said("connecté"))
    (row,) = await claimed(store)
    assert await store.blocked(row.id) is None
    assert await store.team_chat("telegram", "group-1") is None


async def test_the_page_reads_what_waits_once(store: Store) -> None:
    first, second = await tell(store, "a", "b", who=PAGE)
    assert [(row_id, message.text) for row_id, _, message in await store.unread(*PAGE, 0)] == [
        (first, "a"), (second, "b")]
    assert await claimed(store) == ()
    assert await store.unread(*PAGE, second) == ()
    (third,) = await tell(store, "c", who=PAGE, delivered=True)
    assert [row_id for row_id, _, _ in await store.unread(*PAGE, second)] == [third]
    assert {row["status"] for row in (await every_row(store))["outbox"]} == {"delivered"}


async def texts_of(store: Store, limit: int) -> list[str]:
    return [item.said.text for item in await store.history(*PAGE, limit) if isinstance(item.said, Words | Rendered)]


async def test_history_has_both_sides_in_order(store: Store, hours: FixedClock) -> None:
    for number in range(3):
        async with store.turn(*PAGE) as tx:
            await tx.note_inbox(inbound(Words(f"q{number}"), str(number), hours.now, PAGE))
            await tx.say([said(f"a{number}"), said(f"b{number}")], delivered=True)
        hours.advance(minutes=1)
    await tell(store, "elsewhere", who=OMAR)
    assert await texts_of(store, 100) == ["q0", "a0", "b0", "q1", "a1", "b1", "q2", "a2", "b2"]
    assert await texts_of(store, 4) == ["b1", "q2", "a2", "b2"]
    assert [item.id is None for item in await store.history(*PAGE, 3)] == [True, False, False]


async def test_the_last_words_to_somebody_erased_arrive_and_leave_no_row(store: Store) -> None:
    for who in (SAMIA, PAGE):
        async with store.turn(*who) as tx:
            await tx.apply(EraseEverything())
            await tx.say([said("tout est effacé")], delivered=False)
    (row, _) = await claimed(store)
    assert row.rendered.text == "tout est effacé"
    await store.delivered(row.id, Delivered("m1"))
    assert len(await store.unread(*PAGE, 0)) == 1
    assert (await every_row(store))["outbox"] == []


async def test_a_group_that_moved_gets_what_waits_and_its_leads_follow(store: Store) -> None:
    await connect_group(store)
    lead = await open_lead(store)
    await store.chat_moved("telegram", "group-1", "supergroup-1")
    assert await store.team_chat("telegram", "group-1") is None
    moved = await store.team_chat("telegram", "supergroup-1")
    assert moved is not None
    (card,) = await claimed(store)
    assert (card.address, card.kind) == ("supergroup-1", "card")
    await store.delivered(card.id, Delivered("m1", "t1"))
    assert await store.lead_of_reply("telegram", "supergroup-1", "t1", None) == lead
