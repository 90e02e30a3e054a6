import asyncio
from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.store.store import Store
from dialogues.effects import BookSeat, CancelSeat, ConfirmSeat, FindSessions, JoinWaiting, MoveSeat, ShareTopic
from dialogues.events.answers import SeatBooked, SeatCancelled, SeatRefused, SessionsFound
from tests.clock import FixedClock
from tests.store.conftest import Opener
from tests.store.samples import NOW, PLACE, SAMIA, every_row, opening

OMAR = ("telegram", "chat-2")


async def book(store: Store, session: str, who: tuple[str, str] = SAMIA) -> SeatBooked | SeatRefused:
    async with store.turn(*who) as tx:
        answer = await tx.apply(BookSeat(session))
    assert isinstance(answer, SeatBooked | SeatRefused)
    return answer


async def held(store: Store, who: tuple[str, str] = SAMIA) -> list[tuple[str, bool]]:
    async with store.turn(*who) as tx:
        return [(seat.session.id, seat.confirmed) for seat in (await tx.snapshot(True)).appointments]


async def test_sessions_to_come_with_a_free_seat_are_found_soonest_first(store: Store) -> None:
    await store.load_calendar([PLACE], [
        opening("late", days=5), opening("soon", days=1), opening("full", capacity=1), opening("past", days=-1),
        opening("far", days=40)])
    await book(store, "full", OMAR)
    async with store.turn(*SAMIA) as tx:
        found = await tx.apply(FindSessions(NOW + timedelta(days=30)))
    assert isinstance(found, SessionsFound)
    assert [session.id for session in found.sessions] == ["soon", "late"]
    assert [session.id for session in found.full] == ["full"]
    first = found.sessions[0]
    assert (first.place, first.commune, first.commune_name, first.territory, first.body, first.free, first.sample,
            first.starts_at) == (
        PLACE.name, "69259", "Vénissieux", "portes-du-sud", "ifra", 5, True, NOW + timedelta(days=1))


async def test_many_sooner_sessions_elsewhere_do_not_hide_the_communes_own(store: Store) -> None:
    near = replace(PLACE, id="feyzin", commune="69276", commune_name="Feyzin")
    sooner = [replace(opening(f"x@{number}", days=1 + number / 100), place_id=near.id) for number in range(60)]
    await store.load_calendar([PLACE, near], [opening("own", days=20), *sooner])
    async with store.turn(*SAMIA) as tx:
        found = await tx.apply(FindSessions(NOW + timedelta(days=30), "69259", 45.7, 4.9))
    assert isinstance(found, SessionsFound)
    assert found.sessions[-1].id == "own"


async def test_a_seat_is_booked_confirmed_seen_and_cancelled(store: Store) -> None:
    await store.load_calendar([PLACE], [opening()])
    booked = await book(store, "s1")
    assert isinstance(booked, SeatBooked)
    assert len(booked.appointment.code) == 4
    assert booked.appointment.session.free == 4
    assert await held(store) == [("s1", False)]
    async with store.turn(*SAMIA) as tx:
        await tx.apply(ConfirmSeat(booked.appointment.id))
    assert await held(store) == [("s1", True)]
    seats = await store.appointments_between(NOW, NOW + timedelta(days=9), ["portes-du-sud"])
    assert [(seat.appointment.code, seat.state, seat.seat) for seat in seats] == [
        (booked.appointment.code, "confirmed", 1)]
    assert await store.appointments_between(NOW, NOW + timedelta(days=9), ["drome"]) == ()
    assert await store.appointments_between(NOW, NOW + timedelta(days=9), ["portes-du-sud"], "a2f") == ()
    async with store.turn(*SAMIA) as tx:
        cancelled = await tx.apply(CancelSeat(booked.appointment.id))
        assert await tx.apply(CancelSeat(booked.appointment.id)) == SeatRefused("cancelled")
    assert isinstance(cancelled, SeatCancelled)
    assert cancelled.appointment.session.free == 5
    assert await held(store) == []


async def test_refusals_say_why(store: Store, hours: FixedClock) -> None:
    await store.load_calendar([PLACE], [opening("one", capacity=1), opening("two"), opening("past", days=-1)])
    mine = await book(store, "two")
    assert isinstance(mine, SeatBooked)
    await book(store, "one", OMAR)
    assert await book(store, "one") == SeatRefused("full")
    assert await book(store, "two") == SeatRefused("already")
    assert await book(store, "past") == SeatRefused("past")
    assert await book(store, "nowhere") == SeatRefused("gone")
    async with store.turn(*SAMIA) as tx:
        assert await tx.apply(MoveSeat(mine.appointment.id, "one")) == SeatRefused("full")
        assert await tx.apply(MoveSeat(mine.appointment.id, "two")) == SeatRefused("already")
    async with store.turn(*OMAR) as tx:
        assert await tx.apply(CancelSeat(mine.appointment.id)) == SeatRefused("gone")
        assert await tx.apply(MoveSeat(mine.appointment.id, "two")) == SeatRefused("gone")
    assert await held(store) == [("two", False)]
    hours.advance(days=2, hours=3)  # it is over
    async with store.turn(*SAMIA) as tx:
        assert await tx.apply(CancelSeat(mine.appointment.id)) == SeatRefused("past")
        assert await tx.apply(MoveSeat(mine.appointment.id, "one")) == SeatRefused("past")


async def test_a_move_gives_the_old_seat_back(store: Store) -> None:
    await store.load_calendar([PLACE], [opening("one", capacity=1), opening("two", capacity=1, days=3)])
    mine = await book(store, "one")
    assert isinstance(mine, SeatBooked)
    async with store.turn(*SAMIA) as tx:
        moved = await tx.apply(MoveSeat(mine.appointment.id, "two"))
    assert isinstance(moved, SeatBooked)
    assert await held(store) == [("two", False)]
    assert isinstance(await book(store, "one", OMAR), SeatBooked)
    states = Counter(row["state"] for row in (await every_row(store))["appointments"])
    assert states == {"moved": 1, "booked": 2}


SLOTS = ("tour:2026-11-25@0", "tour:2026-11-25@1", "tour:2026-11-26@0")


async def test_of_a_half_day_cut_in_slots_one_person_has_one(store: Store) -> None:
    await store.load_calendar([PLACE], [
        replace(opening(name, days=2 + at), ends_at=NOW + timedelta(days=2 + at, minutes=15))
        for name, at in zip(SLOTS, (0, 0.02, 1), strict=True)])
    mine = await book(store, SLOTS[0])
    assert isinstance(mine, SeatBooked)
    assert await book(store, SLOTS[1]) == SeatRefused("already")
    other = await book(store, SLOTS[2])
    assert isinstance(other, SeatBooked)
    async with store.turn(*SAMIA) as tx:
        assert await tx.apply(MoveSeat(other.appointment.id, SLOTS[1])) == SeatRefused("already")
        assert isinstance(await tx.apply(MoveSeat(mine.appointment.id, SLOTS[1])), SeatBooked)
    assert [name for name, _ in await held(store)] == [*SLOTS[1:]]


async def test_a_slot_that_is_over_keeps_nobody_from_a_later_one(store: Store, hours: FixedClock) -> None:
    first, second = (replace(opening(name, days=2 + at), ends_at=NOW + timedelta(days=2 + at, minutes=15))
                     for name, at in zip(SLOTS, (0, 0.05), strict=False))
    await store.load_calendar([PLACE], [first, second])
    assert isinstance(await book(store, SLOTS[0]), SeatBooked)
    hours.now = first.ends_at
    assert isinstance(await book(store, SLOTS[1]), SeatBooked)


async def test_two_taps_at_once_on_two_slots_are_one_seat(store: Store, opened: Opener) -> None:
    names = [f"tour:2026-11-25@{number}" for number in range(8)]
    await store.load_calendar([PLACE], [opening(name) for name in names])
    nodes = [store, await opened()]
    answers = await asyncio.gather(*(book(nodes[number % 2], name) for number, name in enumerate(names)))
    assert Counter(getattr(answer, "reason", "booked") for answer in answers) == {"booked": 1, "already": 7}
    assert len(await held(store)) == 1


async def test_who_has_a_slot_waits_for_none_of_that_half_day(store: Store) -> None:
    await store.load_calendar([PLACE], [opening(name) for name in SLOTS])
    async with store.turn(*SAMIA) as tx:
        for name in SLOTS:
            await tx.apply(JoinWaiting(name))
    await book(store, SLOTS[0])
    assert [row["session_id"] for row in (await every_row(store))["waiting"]] == [SLOTS[2]]


async def test_loading_the_calendar_again_keeps_the_seats(store: Store) -> None:
    await store.load_calendar([PLACE], [opening()])
    await book(store, "s1")
    await store.load_calendar([PLACE], [opening(capacity=9)])
    async with store.turn(*SAMIA) as tx:
        (seat,) = (await tx.snapshot(True)).appointments
    assert seat.session.free == 8


async def test_of_forty_at_once_five_get_the_five_seats(store: Store, opened: Opener) -> None:
    await store.load_calendar([PLACE], [opening(capacity=5)])
    processes = [store, await opened(), await opened(), await opened()]
    answers = await asyncio.gather(*(
        book(processes[number % 4], "s1", ("telegram", f"chat-{number}")) for number in range(40)))
    booked = [answer for answer in answers if isinstance(answer, SeatBooked)]
    assert len(booked) == 5
    assert {answer.reason for answer in answers if isinstance(answer, SeatRefused)} == {"full"}
    seats = [row for row in (await every_row(store))["appointments"] if row["active"]]
    assert sorted(row["seat"] for row in seats) == [1, 2, 3, 4, 5]
    assert len({row["code"] for row in seats}) == 5


ACTIONS = st.lists(st.tuples(
    st.sampled_from(["book", "move", "cancel"]), st.integers(0, 3), st.sampled_from("ab")), max_size=14)


@pytest.mark.parametrize("together", [1, 4])
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(actions=ACTIONS, capacity=st.integers(1, 3))
async def test_whatever_people_do_no_seat_has_two_and_no_session_too_many(
    store: Store, hours: FixedClock, together: int, actions: list[tuple[str, int, str]], capacity: int,
) -> None:
    example = hours.clock.new_id()
    await store.load_calendar([PLACE], [opening(f"{example}-{name}", capacity) for name in "ab"])

    async def act(action: str, person: int, name: str) -> None:
        session = f"{example}-{name}"
        async with store.turn("telegram", f"{example}-{person}") as tx:
            mine = (await tx.snapshot(True)).appointments
            if action == "book":
                await tx.apply(BookSeat(session))
            elif mine and action == "move":
                await tx.apply(MoveSeat(mine[0].id, session))
            elif mine:
                await tx.apply(CancelSeat(mine[0].id))

    for start in range(0, len(actions), together):
        await asyncio.gather(*(act(*action) for action in actions[start:start + together]))
    active = [row for row in (await every_row(store))["appointments"]
              if row["active"] and row["session_id"].startswith(f"{example}-")]
    assert max(Counter(row["session_id"] for row in active).values(), default=0) <= capacity
    assert max(Counter((row["session_id"], row["seat"]) for row in active).values(), default=0) <= 1
    assert max(Counter((row["session_id"], row["conversation_id"]) for row in active).values(), default=0) <= 1
    assert all(1 <= row["seat"] <= capacity for row in active)


async def test_what_it_is_about_is_seen_on_the_list_and_never_on_somebody_elses_seat(store: Store) -> None:
    await store.load_calendar([PLACE], [opening()])
    booked = await book(store, "s1")
    assert isinstance(booked, SeatBooked)
    for who, topic in ((SAMIA, "theme_home"), (OMAR, "theme_papers")):
        async with store.turn(*who) as tx:
            await tx.apply(ShareTopic(booked.appointment.id, topic))
    (seat,) = await store.appointments_between(NOW, NOW + timedelta(days=9), ["portes-du-sud"])
    assert seat.topic == "theme_home"
