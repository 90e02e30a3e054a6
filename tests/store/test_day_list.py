"""What the team that sees somebody next knows of them: what they agreed to, what a colleague noted."""

from datetime import timedelta

import pytest

from bot.store.errors import NotTheDay
from bot.store.store import Store
from bot.store.values import BookedSeat, CalendarSession
from dialogues.effects import BookSeat, JoinWaiting, MoveSeat, ShareAlias, ShareTopic
from dialogues.events.answers import SeatBooked
from tests.clock import FixedClock
from tests.store.samples import NOW, PLACE, SAMIA, TEAM, every_row, need, open_lead, opening

ELSEWHERE = CalendarSession("other", PLACE.id, NOW + timedelta(days=4), NOW + timedelta(days=4, hours=2), 5,
                            TEAM[0], "a2f", sample=True)


async def load(store: Store) -> None:
    await store.load_calendar([PLACE], [opening(), opening("s2", days=5), opening("s3", days=6), ELSEWHERE])


async def book(store: Store, session: str) -> str:
    async with store.turn(*SAMIA) as tx:
        booked = await tx.apply(BookSeat(session))
    assert isinstance(booked, SeatBooked)
    return booked.appointment.id


async def move(store: Store, appointment: str, session: str) -> str:
    async with store.turn(*SAMIA) as tx:
        booked = await tx.apply(MoveSeat(appointment, session))
    assert isinstance(booked, SeatBooked)
    return booked.appointment.id


async def on_list(store: Store, session: str) -> BookedSeat:
    seats = await store.appointments_between(NOW, NOW + timedelta(days=9), [TEAM[0]])
    (found,) = [seat for seat in seats if seat.appointment.session.id == session]
    return found


async def note(store: Store, appointment: str, text: str) -> None:
    async with store.calendar() as desk:
        assert await desk.note(appointment, text, [TEAM])


async def test_a_note_goes_along_to_the_next_seat_with_the_same_team_and_to_no_other(store: Store) -> None:
    await load(store)
    first = await book(store, "s1")
    ahead = await book(store, "s2")
    await note(store, first, "apporter le bail")
    assert (await on_list(store, "s2")).note == "apporter le bail"  # booked before it was written
    await book(store, "s3")
    assert (await on_list(store, "s3")).note == "apporter le bail"
    await book(store, "other")
    assert (await on_list(store, "other")).note is None
    await note(store, ahead, "")
    assert [(await on_list(store, one)).note for one in ("s1", "s2", "s3")] == [None] * 3


async def test_what_was_shared_goes_along_when_the_seat_is_moved_within_the_team(store: Store) -> None:
    await load(store)
    first = await book(store, "s1")
    async with store.turn(*SAMIA) as tx:
        await tx.apply(ShareTopic(first, "theme_home"))
        await tx.apply(ShareAlias(first, "Samia"))
    await note(store, first, "revient avec sa sœur")
    second = await move(store, first, "s2")
    seat = await on_list(store, "s2")
    assert (seat.topic, seat.alias, seat.note) == ("theme_home", "Samia", "revient avec sa sœur")
    await move(store, second, "other")
    seat = await on_list(store, "other")
    assert (seat.topic, seat.alias, seat.note) == (None, None, None)


async def test_a_name_is_on_a_seat_only_where_it_was_given(store: Store) -> None:
    await load(store)
    mine = await book(store, "s1")
    await book(store, "other")
    async with store.turn("telegram", "chat-2") as tx:
        await tx.apply(ShareAlias(mine, "Eve"))
    assert (await on_list(store, "s1")).alias is None
    async with store.turn(*SAMIA) as tx:
        await tx.apply(ShareAlias(None, "Lina"))  # called otherwise, but no team was told a name
        assert (await tx.snapshot(True)).appointments
        await tx.apply(ShareAlias(mine, "Samia"))
        await tx.apply(ShareAlias(None, "Lina"))
    assert (await on_list(store, "s1")).alias == "Lina"
    assert (await on_list(store, "other")).alias is None


async def test_the_name_given_to_a_team_with_a_request_is_on_its_list_and_on_no_others(store: Store) -> None:
    await load(store)
    await book(store, "s1")
    await book(store, "other")
    await open_lead(store, need(name="Samia", need="papiers"))
    assert (await on_list(store, "s1")).alias == "Samia"
    assert (await on_list(store, "other")).alias is None


async def test_only_who_has_no_conversation_is_named_by_a_counsellor(store: Store, hours: FixedClock) -> None:
    await load(store)
    mine = await book(store, "s1")
    hours.advance(days=2)
    async with store.calendar() as desk:
        assert not await desk.name(mine, "Ali", [TEAM])
        code = await desk.walk_in("s1", None, [TEAM])
    seats = await store.appointments_between(NOW, NOW + timedelta(days=9), [TEAM[0]])
    (walk_in,) = [seat for seat in seats if seat.walk_in]
    assert walk_in.appointment.code == code
    async with store.calendar() as desk:
        assert not await desk.name(walk_in.appointment.id, "Ali", [("drome", "ifra")])
        assert await desk.name(walk_in.appointment.id, "Ali", [TEAM])
        assert await desk.note(walk_in.appointment.id, "pressé", [TEAM])
    assert (await on_list_code(store, str(code))).alias == "Ali"


async def test_who_was_put_on_the_list_ahead_has_a_seat_nobody_can_write_to_them_and_keeps_it_when_it_is_held(
    store: Store, hours: FixedClock,
) -> None:
    await load(store)
    async with store.calendar() as desk:
        code = await desk.walk_in("s1", "Ali", [TEAM])
    seat = await on_list(store, "s1")
    assert (seat.state, seat.walk_in) == ("booked", True)
    async with store.calendar() as desk:
        await desk.change("s1", "cancelled")
        assert (await desk.unreached(["s1"])).codes == (code,)
        await desk.restore("s1")
    assert (await on_list(store, "s1")).state == "booked"
    async with store.calendar() as desk:
        with pytest.raises(NotTheDay):
            await desk.mark(seat.appointment.id, "seen", [TEAM])
    hours.now = seat.appointment.session.starts_at - timedelta(hours=1)
    async with store.calendar() as desk:
        assert await desk.mark(seat.appointment.id, "seen", [TEAM])


async def test_a_seat_taken_by_mistake_goes_to_who_waits_for_it(store: Store, hours: FixedClock) -> None:
    await store.load_calendar([PLACE], [opening(capacity=1)])
    async with store.calendar() as desk:
        await desk.walk_in("s1", "Ali", [TEAM])
    seat = await on_list(store, "s1")
    async with store.turn(*SAMIA) as tx:
        await tx.apply(JoinWaiting("s1"))
    async with store.calendar() as desk:
        assert not await desk.take_away(seat.appointment.id, [("drome", "ifra")])
        assert await desk.take_away(seat.appointment.id, [TEAM])
        assert not await desk.take_away(seat.appointment.id, [TEAM])
        (one,) = await desk.stored(NOW)
    assert one.taken == 0
    assert [row.kind for row in await store.claim_due(hours.now, 9, timedelta(minutes=1))] == ["seat_freed"]
    (row,) = (await every_row(store))["appointments"]
    assert (row["alias"], row["code"]) == (None, None)


async def on_list_code(store: Store, code: str) -> BookedSeat:
    seats = await store.appointments_between(NOW, NOW + timedelta(days=9), [TEAM[0]])
    return next(seat for seat in seats if seat.appointment.code == code)
