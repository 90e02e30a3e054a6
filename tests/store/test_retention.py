from datetime import timedelta

from bot.inbound import Words
from bot.outbound import Delivered
from bot.store.retention import BATCH, FORGET, RETENTION
from bot.store.store import Store
from dialogues.effects import BookSeat, EraseEverything, RelayToTeam
from tests.clock import FixedClock
from tests.store.samples import (
    NOW,
    PLACE,
    SAMIA,
    TEAM,
    claimed,
    connect_group,
    every_row,
    inbound,
    open_lead,
    opening,
    said,
)

TICK = timedelta(seconds=1)


def test_every_kind_has_its_time_and_its_way() -> None:
    assert set(RETENTION) == set(FORGET)


async def kept(
    store: Store, hours: FixedClock, table: str, kind: str, after: timedelta = timedelta(0),
) -> list[bool]:
    """Whether rows of ``table`` stand just before, and just after, their time."""
    found = []
    for moment in (NOW + after + RETENTION[kind] - TICK, NOW + after + RETENTION[kind] + TICK):
        hours.now = moment
        await store.forget_expired(moment)
        found.append(bool((await every_row(store))[table]))
    return found


async def test_updates_dealt_with_go_and_those_waiting_stay(store: Store, hours: FixedClock) -> None:
    async with store.turn(*SAMIA) as tx:
        await tx.note_inbox(inbound(Words("a"), "1"))
    assert await kept(store, hours, "inbox", "inbox") == [True, False]
    await store.receive(inbound(Words("b"), "2"))
    await store.forget_expired(hours.now + timedelta(days=60))
    assert len(await store.pending_inbox(*SAMIA)) == 1


async def test_messages_go(store: Store, hours: FixedClock) -> None:
    async with store.turn(*SAMIA) as tx:
        await tx.say([said("a")], delivered=True)
        await tx.say([said("b")], delivered=False)
    assert await kept(store, hours, "outbox", "outbox") == [True, False]


async def test_messages_of_an_open_lead_stay_so_that_replies_find_it(store: Store, hours: FixedClock) -> None:
    await connect_group(store, forum=False)
    lead = await open_lead(store)
    (card,) = await claimed(store)
    await store.delivered(card.id, Delivered("m1"))
    await store.forget_expired(hours.advance(days=90))
    assert await store.lead_of_reply("telegram", "group-1", None, "m1") == lead


async def test_gaps_receipts_codes_and_sign_ins_go(store: Store, hours: FixedClock) -> None:
    await store.keep_gap("zzz", "fr", (("x", 0.5),))
    assert await kept(store, hours, "gaps", "gaps") == [True, False]
    hours.now = NOW
    async with store.turn(*SAMIA) as tx:
        await tx.apply(EraseEverything())
    assert await kept(store, hours, "erasures", "erasures") == [True, False]
    hours.now = NOW
    await store.new_code("sign_in", "drome", None, "admin", timedelta(hours=1))
    assert await kept(store, hours, "codes", "codes", timedelta(hours=1)) == [True, False]


async def test_a_past_seat_is_nobodys_after_a_month(store: Store, hours: FixedClock) -> None:
    await store.load_calendar([PLACE], [opening(days=2)])
    async with store.turn(*SAMIA) as tx:
        await tx.apply(BookSeat("s1"))
    ended = timedelta(days=2, hours=3)
    for late, linked in ((-TICK, True), (TICK, False)):
        hours.now = NOW + ended + RETENTION["appointments"] + late
        await store.forget_expired(hours.now)
        (seat,) = (await every_row(store))["appointments"]
        assert (seat["conversation_id"] is not None, seat["code"] is not None) == (linked, linked)


async def test_who_was_put_on_the_list_by_the_team_is_forgotten_as_the_others(
    store: Store, hours: FixedClock,
) -> None:
    await store.load_calendar([PLACE], [opening(days=2)])
    async with store.calendar() as desk:
        await desk.walk_in("s1", "Ali", [TEAM])
    (listed,) = await store.appointments_between(NOW, NOW + timedelta(days=9), [TEAM[0]])
    async with store.calendar() as desk:
        assert await desk.mark(listed.appointment.id, "excused", [TEAM])
    hours.now = NOW + timedelta(days=2, hours=3) + RETENTION["appointments"] + TICK
    await store.forget_expired(hours.now)
    (seat,) = (await every_row(store))["appointments"]
    assert (seat["code"], seat["alias"]) == (None, None)


async def test_an_ended_lead_is_emptied_and_an_open_one_is_not(store: Store, hours: FixedClock) -> None:
    lead = await open_lead(store)
    async with store.turn(*SAMIA) as tx:
        await tx.apply(RelayToTeam(lead, "bonjour"))
    await store.forget_expired(hours.advance(days=200))
    assert len(await store.lead_thread(lead)) == 1
    async with store.turn(*SAMIA) as tx:
        await tx.note_inbox(inbound(Words("toujours là")))
        await tx.move_lead(lead, "closed", "c1", "fini", expected=frozenset({"offered"}))
    for days, lines in ((179, 1), (2, 0)):
        await store.forget_expired(hours.advance(days=days))
        assert len(await store.lead_thread(lead)) == lines
    row = await store.lead(lead)
    assert row is not None
    assert (row.state, row.items, row.reasons, row.conversation_id) == ("closed", (), (), None)


async def test_people_unseen_for_a_year_are_erased_as_if_they_asked(store: Store, hours: FixedClock) -> None:
    for number in range(3):
        async with store.turn("telegram", f"chat-{number}") as tx:
            await tx.save("{}", "fr")
    hours.advance(days=364)
    async with store.turn("telegram", "chat-0") as tx:
        await tx.note_inbox(inbound(Words("a"), who=("telegram", "chat-0")))
    assert (await store.forget_expired(hours.now))["conversations"] == 0
    assert (await store.forget_expired(hours.advance(days=2)))["conversations"] == 2
    rows = await every_row(store)
    assert len(rows["conversations"]) == 1
    assert len(rows["erasures"]) == 2
    assert BATCH > 2


async def test_what_was_told_once_is_forgotten_after_a_year(store: Store, hours: FixedClock) -> None:
    hours.now = NOW
    assert await store.tell_once([], "drome", ["rights_rsa soon"], lambda _: said("a"))
    assert not await store.tell_once([], "drome", ["rights_rsa soon"], lambda _: said("a"))
    assert await kept(store, hours, "told", "told") == [True, False]
