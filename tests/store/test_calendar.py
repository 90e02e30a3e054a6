"""What happens to a session and to those who have a seat in it, on both engines."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from bot.store import tables as t
from bot.store import waiting
from bot.store.errors import NotTheDay
from bot.store.store import Store
from bot.store.values import DueRow
from dialogues.effects import (
    BookSeat,
    CancelSeat,
    ConfirmSeat,
    EraseEverything,
    FindSessions,
    JoinWaiting,
    MarkBlocked,
    MoveSeat,
    NoteInterest,
    ScheduleReminders,
)
from dialogues.events.answers import SeatBooked, SeatCancelled, SeatRefused, SessionsFound, WaitingJoined
from dialogues.reminders import Change
from tests.clock import FixedClock
from tests.store.samples import NOW, PLACE, SAMIA, TEAM, every_row, opening, said

OMAR, LINA = ("telegram", "chat-2"), ("telegram", "chat-3")
BODIES = [TEAM]
LATER = timedelta(days=9)


async def act(store: Store, who: tuple[str, str], effect: object) -> object:
    async with store.turn(*who) as tx:
        return await tx.apply(effect)  # type: ignore[arg-type]  # any effect of the store


async def seat(store: Store, session: str = "s1", who: tuple[str, str] = SAMIA) -> str:
    answer = await act(store, who, BookSeat(session))
    assert isinstance(answer, SeatBooked)
    return answer.appointment.id


async def due(store: Store, now: datetime) -> list[DueRow]:
    """What is to be said now; said at once."""
    rows = await store.claim_due(now, 50, timedelta(minutes=1))
    for row in rows:
        async with store.turn_of(row.conversation_id) as tx:
            assert await tx.finish_due(row.id)
    return list(rows)


async def test_a_cancelled_session_tells_everyone_who_has_a_seat_or_asked(store: Store) -> None:
    await store.load_calendar([PLACE], [opening()])
    booked = await seat(store)
    await act(store, OMAR, NoteInterest(("s1",)))
    await act(store, SAMIA, NoteInterest(("s1",)))
    async with store.calendar() as desk:
        assert await desk.change("s1", "cancelled") == 2
        assert await desk.change("s1", "cancelled") == 0
    assert [(row.kind, row.subject) for row in await due(store, NOW)] == [
        ("session_cancelled", booked), ("day_cancelled", "s1")]
    refused = await act(store, LINA, BookSeat("s1"))
    assert refused == SeatRefused("cancelled")
    async with store.turn(*SAMIA) as tx:
        assert (await tx.snapshot(True)).appointments == ()
        told = await tx.appointment(booked)
    assert told is not None
    assert told.session.id == "s1"


async def test_a_late_and_a_moved_session_keep_their_seats(store: Store) -> None:
    await store.load_calendar([PLACE], [opening()])
    await seat(store)
    async with store.calendar() as desk:
        assert await desk.change("s1", "late", {"late_minutes": 30}) == 1
        moved = {"starts_at": NOW + timedelta(days=3), "ends_at": NOW + timedelta(days=3, hours=2)}
        assert await desk.change("s1", "moved", moved) == 1
        (one,) = await desk.stored(NOW)
    assert (one.sequence, one.late_minutes, one.session.starts_at, one.taken) == (
        2, 0, NOW + timedelta(days=3), 1)
    assert [row.kind for row in await due(store, NOW)] == ["session_moved"]


async def test_nobody_is_woken_for_a_change_that_can_wait(store: Store, hours: FixedClock) -> None:
    await store.load_calendar([PLACE], [opening(days=3)])
    await seat(store)
    hours.now = NOW + timedelta(hours=12)  # ten in the evening in Paris
    async with store.calendar() as desk:
        await desk.change("s1", "cancelled")
    assert await due(store, hours.now + timedelta(hours=8)) == []
    assert len(await due(store, hours.now + timedelta(hours=10))) == 1


async def test_who_would_be_on_the_road_for_the_old_hour_is_told_at_night(store: Store, hours: FixedClock) -> None:
    starts = NOW + timedelta(hours=22, minutes=30)  # half past eight in Paris
    await store.load_calendar([PLACE], [replace(opening(), starts_at=starts, ends_at=starts + timedelta(hours=2))])
    await seat(store)
    hours.now = NOW + timedelta(hours=12)  # ten in the evening
    async with store.calendar() as desk:
        later = {"starts_at": starts + timedelta(hours=6), "ends_at": starts + timedelta(hours=8)}
        assert await desk.change("s1", "moved", later) == 1
    assert len(await due(store, hours.now)) == 1


async def test_seats_kept_for_walk_ins_are_not_booked(store: Store, hours: FixedClock) -> None:
    session = opening(capacity=3)
    await store.load_calendar([PLACE], [replace(session, walk_in=2)])
    await seat(store)
    assert await act(store, OMAR, BookSeat("s1")) == SeatRefused("full")
    hours.now = session.starts_at
    async with store.calendar() as desk:
        codes = [await desk.walk_in("s1", name, BODIES) for name in ("Ali", None, "Zoé")]
        assert await desk.walk_in("s1", "Eve", [("drome", "ifra")]) is None
    assert len(set(codes)) == 3
    seats = await store.appointments_between(NOW, NOW + LATER, [TEAM[0]])
    assert sorted((one.seat, one.state, one.alias) for one in seats) == [
        (1, "booked", None), (2, "seen", "Ali"), (3, "seen", None), (4, "seen", "Zoé")]


async def test_a_freed_seat_is_offered_to_the_first_who_waits_and_kept_for_them(
    store: Store, hours: FixedClock
) -> None:
    await store.load_calendar([PLACE], [opening(capacity=1)])
    mine = await seat(store)
    for who in (OMAR, LINA):
        assert isinstance(await act(store, who, JoinWaiting("s1")), WaitingJoined)
        hours.now += timedelta(minutes=1)
    await act(store, SAMIA, CancelSeat(mine))
    assert [row.kind for row in await due(store, hours.now)] == ["seat_freed"]
    assert await act(store, LINA, BookSeat("s1")) == SeatRefused("full")
    hours.now += timedelta(hours=2, minutes=1)
    async with store.calendar() as desk:
        assert await desk.turn_over_seats() == 1
        assert await desk.turn_over_seats() == 0
    assert await act(store, OMAR, BookSeat("s1")) == SeatRefused("full")
    assert isinstance(await act(store, LINA, BookSeat("s1")), SeatBooked)
    assert len((await every_row(store))["waiting"]) == 1


@pytest.mark.parametrize("away", [False, True])
async def test_a_freed_seat_is_kept_for_who_left_the_page_no_more_than_for_nobody(
    store: Store, hours: FixedClock, away: bool,
) -> None:
    await store.load_calendar([PLACE], [opening(capacity=1)])
    mine = await seat(store)
    page = ("web", "page-1")
    await act(store, page, JoinWaiting("s1"))
    hours.now += timedelta(hours=1) if away else timedelta(minutes=10)
    await act(store, OMAR, JoinWaiting("s1"))
    await act(store, SAMIA, CancelSeat(mine))
    kinds = [row.kind for row in await due(store, hours.now)]
    assert kinds == (["seat_open", "seat_freed"] if away else ["seat_freed"])
    first, second = (OMAR, page) if away else (page, OMAR)
    assert await act(store, second, BookSeat("s1")) == SeatRefused("full")
    assert isinstance(await act(store, first, BookSeat("s1")), SeatBooked)


async def test_where_only_people_who_left_the_page_wait_the_seat_is_anybodys(
    store: Store, hours: FixedClock,
) -> None:
    await store.load_calendar([PLACE], [opening(capacity=1)])
    mine = await seat(store)
    await act(store, ("rest", "r-1"), JoinWaiting("s1"))
    hours.now += timedelta(hours=1)
    await act(store, SAMIA, CancelSeat(mine))
    async with store.calendar() as desk:
        assert await desk.turn_over_seats() == 0  # told once
    assert [row.kind for row in await due(store, hours.now)] == ["seat_open"]
    assert isinstance(await act(store, LINA, BookSeat("s1")), SeatBooked)


@pytest.mark.parametrize("freed", ["at night", "erased", "more chairs"])
async def test_a_seat_freed_when_nobody_was_told_is_offered_by_day(
    store: Store, hours: FixedClock, freed: str,
) -> None:
    await store.load_calendar([PLACE], [opening(capacity=1)])
    mine = await seat(store)
    await act(store, OMAR, JoinWaiting("s1"))
    async with store.calendar() as desk:
        assert await desk.turn_over_seats() == 0
    if freed == "at night":
        hours.now = NOW + timedelta(hours=13)
        await act(store, SAMIA, CancelSeat(mine))
        async with store.calendar() as desk:
            assert await desk.turn_over_seats() == 0
        hours.now = NOW + timedelta(hours=23)
    elif freed == "erased":
        await act(store, SAMIA, EraseEverything())
    else:
        await store.load_calendar([PLACE], [opening(capacity=2)])
    async with store.calendar() as desk:
        assert await desk.turn_over_seats() == 1
        assert await desk.turn_over_seats() == 0
    assert [row.kind for row in await due(store, hours.now)] == ["seat_freed"]
    assert await act(store, LINA, BookSeat("s1")) == SeatRefused("full")


async def test_nobody_waits_for_a_cancelled_session(store: Store) -> None:
    await store.load_calendar([PLACE], [opening()])
    async with store.calendar() as desk:
        await desk.change("s1", "cancelled")
    assert await act(store, OMAR, JoinWaiting("s1")) == SeatRefused("cancelled")


async def test_nobody_waits_for_what_they_would_not_be_told_of_any_more(store: Store, hours: FixedClock) -> None:
    await store.load_calendar([PLACE], [opening(capacity=1)])
    await seat(store)
    hours.now = NOW + timedelta(hours=46)  # an old button, two hours before
    assert await act(store, OMAR, JoinWaiting("s1")) == SeatRefused("near")
    assert (await every_row(store))["waiting"] == []


async def told_of_seats(store: Store, hours: FixedClock, times: int = 1) -> int:
    """How often somebody is told of a free seat, over that many times two hours."""
    told = len(await due(store, hours.now))
    for _ in range(times):
        hours.now += timedelta(hours=2, minutes=1)
        async with store.calendar() as desk:
            await desk.turn_over_seats()
        told += len(await due(store, hours.now))
    return told


async def test_of_a_seat_that_was_let_go_nobody_is_told_again(store: Store, hours: FixedClock) -> None:
    await store.load_calendar([PLACE], [opening(capacity=1, days=9)])
    mine = await seat(store)
    await act(store, OMAR, JoinWaiting("s1"))
    await act(store, SAMIA, CancelSeat(mine))
    assert await told_of_seats(store, hours, 4) == 1
    assert isinstance(await act(store, LINA, BookSeat("s1")), SeatBooked)


async def test_of_others_that_are_freed_later_they_are_told_three_times_at_most(
    store: Store, hours: FixedClock,
) -> None:
    await store.load_calendar([PLACE], [opening(capacity=1, days=9)])
    mine = await seat(store)
    await act(store, OMAR, JoinWaiting("s1"))
    told = []
    for day in range(5):
        await act(store, SAMIA, CancelSeat(mine))
        told.append(await told_of_seats(store, hours, 2))
        hours.now = NOW + timedelta(days=day + 1)
        mine = await seat(store)
    assert told == [1, 1, 1, 0, 0]


async def test_more_chairs_are_other_seats_and_an_old_seat_erased_is_none(store: Store, hours: FixedClock) -> None:
    await store.load_calendar([PLACE], [opening(capacity=2, days=9)])
    mine = await seat(store)
    await seat(store, who=LINA)
    await act(store, OMAR, JoinWaiting("s1"))
    await act(store, SAMIA, CancelSeat(mine))
    assert await told_of_seats(store, hours) == 1
    await act(store, SAMIA, EraseEverything())
    await store.load_calendar([PLACE], [opening(capacity=2, days=9)])
    assert await told_of_seats(store, hours) == 0
    await store.load_calendar([PLACE], [opening(capacity=3, days=9)])
    assert await told_of_seats(store, hours) == 1


async def test_sessions_where_nobody_can_be_told_hold_up_no_other(store: Store, hours: FixedClock) -> None:
    names = ["a", "b", "c"]
    await store.load_calendar([PLACE], [opening(name, capacity=1) for name in names])
    for name in names:
        who = OMAR if name == "c" else LINA
        await act(store, who, JoinWaiting(name))
    await act(store, LINA, MarkBlocked())
    async with store.database.writing() as scope:
        assert await waiting.turn_over(scope, limit=1) == 1
    assert [row.subject for row in await due(store, hours.now)] == ["c"]


@pytest.mark.parametrize("ahead", [timedelta(hours=12), timedelta(hours=46)])
async def test_a_freed_seat_is_anybodys_at_night_and_when_it_is_near(
    store: Store, hours: FixedClock, ahead: timedelta
) -> None:
    await store.load_calendar([PLACE], [opening(capacity=1)])
    mine = await seat(store)
    await act(store, OMAR, JoinWaiting("s1"))
    hours.now += ahead
    await act(store, SAMIA, CancelSeat(mine))
    assert await due(store, hours.now) == []
    assert isinstance(await act(store, LINA, BookSeat("s1")), SeatBooked)


async def test_who_did_not_come_is_written_to_once_the_day_after(store: Store, hours: FixedClock) -> None:
    await store.load_calendar([PLACE], [opening(days=0.1)])
    mine = await seat(store)
    async with store.calendar() as desk:
        with pytest.raises(NotTheDay):  # the day, but it has not begun: they may still come
            await desk.mark(mine, "noshow", BODIES)
        assert await desk.mark(mine, "seen", BODIES)      # early
    hours.now = NOW + timedelta(days=0.1)
    async with store.calendar() as desk:
        assert await desk.mark(mine, "noshow", BODIES)
        assert not await desk.mark(mine, "seen", [("drome", "ifra")])
        assert await desk.mark(mine, "seen", BODIES)      # a slip of the finger, put right
        assert await desk.mark(mine, "noshow", BODIES)
        assert await desk.note(mine, "  reviendra jeudi ", BODIES)
    (row,) = await due(store, NOW + timedelta(days=2))
    assert (row.kind, row.at.isoformat()) == ("seat_missed", "2026-11-24T09:30:00+00:00")
    (one,) = await store.appointments_between(NOW, NOW + LATER, [TEAM[0]])
    assert (one.state, one.note) == ("noshow", "reviendra jeudi")


@pytest.mark.parametrize(("marked", "said"), [
    ({"hours": 20}, "2026-11-24T09:30:00+00:00"),   # in the night after
    ({"hours": 28}, "2026-11-24T13:00:00+00:00"),   # the day after, in the afternoon
    ({"hours": 36}, None), ({"days": 10}, None),    # too late to say "yesterday"
])
async def test_a_no_show_marked_late_is_written_to_by_day_or_not_at_all(
    store: Store, hours: FixedClock, marked: dict[str, float], said: str | None,
) -> None:
    await store.load_calendar([PLACE], [opening(days=0.1)])
    mine = await seat(store)
    hours.now = NOW + timedelta(**marked)
    async with store.calendar() as desk:
        assert await desk.mark(mine, "noshow", BODIES)
    at = [row["at"] for row in (await every_row(store))["due"] if row["kind"] == "seat_missed"]
    assert at == ([datetime.fromisoformat(said)] if said else [])


async def test_who_cannot_be_reached_is_listed(store: Store) -> None:
    await store.load_calendar([PLACE], [opening()])
    await seat(store)
    await seat(store, who=("web", "page-1"))
    async with store.calendar() as desk:
        await desk.change("s1", "cancelled")
        unreached = await desk.unreached(["s1"])
    assert len(unreached.codes) == 1


async def test_who_asked_about_the_day_or_whose_message_was_given_up_is_among_those_not_reached(
    store: Store, hours: FixedClock,
) -> None:
    await store.load_calendar([PLACE], [opening()])
    mine = await seat(store)
    await act(store, ("web", "page-1"), NoteInterest(("s1",)))
    await act(store, OMAR, NoteInterest(("s1",)))
    async with store.calendar() as desk:
        told = await desk.to_tell(["s1"])
        await desk.change("s1", "cancelled")
        before = await desk.unreached(["s1"])
    assert (told.seated, told.asked) == (1, 2)
    assert (before.codes, before.others) == ((), 1)
    hours.advance(minutes=1)
    async with store.turn(*SAMIA) as tx:
        (row_id,) = await tx.say([said("annulé")], delivered=False)
    await store.failed(row_id)
    async with store.calendar() as desk:
        after = await desk.unreached(["s1"])
    (row,) = [row for row in (await every_row(store))["appointments"] if row["id"] == mine]
    assert (after.codes, after.others) == ((row["code"],), 1)


async def test_an_erasure_leaves_no_trace_on_lists(store: Store) -> None:
    await store.load_calendar([PLACE], [opening(), opening("s2")])
    await seat(store)
    await act(store, SAMIA, JoinWaiting("s2"))
    await act(store, SAMIA, EraseEverything())
    rows = await every_row(store)
    assert rows["waiting"] == []
    assert [(row["conversation_id"], row["alias"], row["note"]) for row in rows["appointments"]] == [(None,) * 3]


async def test_a_change_is_noted_for_other_systems_only_when_there_is_one(store: Store) -> None:
    await store.load_calendar([PLACE], [opening(), opening("s2")])
    async with store.calendar() as desk:
        await desk.change("s1", "cancelled")
    async with store.database.reading() as scope:
        assert (await scope.run(select(t.webhook_calls.c.id))).all() == []
    store.database.tells_others = True
    async with store.calendar() as desk:
        await desk.change("s2", "cancelled")
        (call,) = await desk.claim_webhooks(9, timedelta(minutes=1))
        assert call.event == "session.cancelled"
        assert await desk.claim_webhooks(9, timedelta(minutes=1)) == ()
        await desk.settle_webhook(call.id, NOW)
        (again,) = await desk.claim_webhooks(9, timedelta(minutes=1))
        assert again.attempts == 1
        await desk.settle_webhook(call.id, None)
        assert await desk.claim_webhooks(9, timedelta(minutes=1)) == ()


async def events(store: Store) -> list[str]:
    async with store.calendar() as desk:
        calls = await desk.claim_webhooks(99, timedelta(minutes=1))
        for call in calls:
            await desk.settle_webhook(call.id, None)
        return [call.event for call in calls]


async def test_every_change_of_a_seat_is_told_to_other_systems(store: Store, hours: FixedClock) -> None:
    await store.load_calendar([PLACE], [opening(), opening("s2", days=3), opening("s3", days=4)])
    store.database.tells_others = True
    mine = await seat(store)
    for _ in range(2):
        await act(store, SAMIA, ConfirmSeat(mine))
    moved = await act(store, SAMIA, MoveSeat(mine, "s2"))
    assert isinstance(moved, SeatBooked)
    async with store.calendar() as desk:
        await desk.change("s2", "cancelled")
        await desk.restore("s2")
    assert await events(store) == [
        "appointment.booked", "appointment.confirmed", "appointment.booked", "appointment.moved",
        "appointment.revoked", "session.cancelled", "appointment.booked", "session.reopened"]
    await act(store, SAMIA, EraseEverything())
    assert await events(store) == ["appointment.cancelled"]
    theirs = await seat(store, "s3", OMAR)
    hours.now = NOW + timedelta(days=4, hours=1)
    async with store.calendar() as desk:
        for outcome in ("seen", "booked", "excused", "noshow"):
            assert await desk.mark(theirs, outcome, BODIES)
    await act(store, OMAR, EraseEverything())  # the seat of a day that is over stays as it was
    assert await events(store) == [
        f"appointment.{what}" for what in ("booked", "seen", "unknown", "excused", "noshow")]


async def test_sessions_that_come_and_the_demonstration_that_goes_are_told_to_other_systems(store: Store) -> None:
    store.database.tells_others = True
    async with store.calendar() as desk:
        assert await desk.add_missing([PLACE], [opening(), opening("s2")]) == 2
        assert await desk.add_missing([PLACE], [opening(), opening("s2")]) == 0
    assert await events(store) == ["session.added"] * 2
    await seat(store, "s2")
    async with store.calendar() as desk:
        await desk.forget_samples(*TEAM)
    assert sorted(await events(store)) == [
        "appointment.booked", "appointment.revoked", "session.cancelled", "session.cancelled"]
    assert [row.kind for row in await due(store, NOW)] == ["session_cancelled"]  # who had a seat there is told
    async with store.calendar() as desk:
        await desk.forget_samples(*TEAM)
    assert await events(store) == []


async def restored(store: Store, session: str = "s1") -> int | None:
    async with store.calendar() as desk:
        return await desk.restore(session)


async def test_a_session_cancelled_by_hand_is_held_again_where_it_was_moved_to(store: Store) -> None:
    await store.load_calendar([PLACE], [opening()])
    await seat(store)
    later = {"starts_at": NOW + timedelta(days=3), "ends_at": NOW + timedelta(days=3, hours=2)}
    async with store.calendar() as desk:
        await desk.change("s1", "moved", later)
        await desk.change("s1", "cancelled")
    assert [row.kind for row in await due(store, NOW)] == ["session_cancelled"]
    assert await restored(store) == 1
    assert await restored(store) is None
    async with store.calendar() as desk:
        (one,) = await desk.stored(NOW)
        assert await desk.change("s1", "cancelled") == 0  # they hear of neither
    assert (one.session.starts_at, one.stopped, one.taken) == (later["starts_at"], False, 0)
    assert one.given is not None
    assert await due(store, NOW) == []


async def test_who_was_told_that_it_is_held_again_is_told_when_it_is_not(store: Store) -> None:
    await store.load_calendar([PLACE], [opening()])
    await seat(store)
    said = []
    for _ in range(2):
        async with store.calendar() as desk:
            await desk.change("s1", "cancelled")
        said += [row.kind for row in await due(store, NOW)]
        assert await restored(store) == 1
        said += [row.kind for row in await due(store, NOW)]
    assert said == ["session_cancelled", "session_reopened", "day_cancelled", "session_reopened"]


async def test_who_took_another_slot_meanwhile_keeps_that_one(store: Store, hours: FixedClock) -> None:
    names = ("x:2026-11-26@0", "x:2026-11-26@1")
    await store.load_calendar([PLACE], [opening(name, days=3) for name in names])
    await seat(store, names[0])
    await seat(store, names[0], OMAR)
    hours.now = NOW + timedelta(hours=12)  # at night: they are told in the morning
    async with store.calendar() as desk:
        await desk.change(names[0], "cancelled")
    await seat(store, names[1])
    assert await restored(store, names[0]) == 0
    seats = await store.appointments_between(NOW, NOW + LATER, [TEAM[0]])
    assert [one.appointment.session.id for one in seats] == list(names)
    async with store.turn(*OMAR) as tx:
        assert len((await tx.snapshot(True)).appointments) == 1


async def test_who_only_asked_hears_that_it_is_late_and_that_it_moved(store: Store) -> None:
    await store.load_calendar([PLACE], [opening()])
    await seat(store)
    for who in (OMAR, SAMIA):
        await act(store, who, NoteInterest(("s1",)))
    async with store.calendar() as desk:
        assert await desk.change("s1", "late", {"late_minutes": 30}) == 2
    assert [row.kind for row in await due(store, NOW)] == ["session_late", "day_late"]
    async with store.calendar() as desk:
        assert await desk.change("s1", "moved", {
            "starts_at": NOW + timedelta(days=3), "ends_at": NOW + timedelta(days=3, hours=2)}) == 2
    assert [row.kind for row in await due(store, NOW)] == ["session_moved", "day_moved"]


async def test_of_a_half_day_in_slots_who_asked_hears_once_and_who_has_one_only_of_theirs(store: Store) -> None:
    names = tuple(f"x:2026-11-26@{slot}" for slot in range(3))
    await store.load_calendar([PLACE], [opening(name, days=3) for name in names])
    await act(store, OMAR, NoteInterest(names))
    await seat(store, names[2])
    await act(store, SAMIA, NoteInterest(names))
    said = []
    changes: tuple[Change, ...] = ("late", "cancelled")
    for what in changes:
        async with store.calendar() as desk:
            for name in names:
                await desk.change(name, what, {"late_minutes": 30} if what == "late" else None)
        said.append(sorted(row.kind for row in await due(store, NOW)))
    assert said == [["day_late", "session_late"], ["day_cancelled", "session_cancelled"]]


async def test_what_was_to_be_told_in_the_morning_is_told_sooner_when_the_hour_comes_nearer(
    store: Store, hours: FixedClock,
) -> None:
    starts = NOW + timedelta(hours=28)  # two in the afternoon in Paris
    await store.load_calendar([PLACE], [replace(opening(), starts_at=starts, ends_at=starts + timedelta(hours=2))])
    await seat(store)
    hours.now = NOW + timedelta(hours=12)  # ten in the evening
    for by in (1, -6):
        at = {"starts_at": starts + timedelta(hours=by), "ends_at": starts + timedelta(hours=by + 2)}
        async with store.calendar() as desk:
            await desk.change("s1", "moved", at)
    assert len(await due(store, hours.now)) == 1


async def test_a_move_that_nobody_was_told_of_is_not_said_once_it_is_cancelled(
    store: Store, hours: FixedClock,
) -> None:
    await store.load_calendar([PLACE], [opening(days=3)])
    await act(store, OMAR, NoteInterest(("s1",)))
    hours.now = NOW + timedelta(hours=12)  # ten in the evening
    async with store.calendar() as desk:
        await desk.change("s1", "moved", {
            "starts_at": NOW + timedelta(days=4), "ends_at": NOW + timedelta(days=4, hours=2)})
        await desk.change("s1", "cancelled")
    assert [row.kind for row in await due(store, hours.now + timedelta(hours=12))] == ["day_cancelled"]


async def test_who_is_excused_gives_the_seat_back_and_has_one_again_when_it_is_put_right(store: Store) -> None:
    await store.load_calendar([PLACE], [opening(capacity=1)])
    mine = await seat(store)
    async with store.turn(*SAMIA) as tx:
        await tx.apply(ScheduleReminders(mine, {"day_before": NOW + timedelta(days=1)}))
    await act(store, OMAR, JoinWaiting("s1"))
    async with store.calendar() as desk:
        assert await desk.mark(mine, "excused", BODIES)
    assert [row.kind for row in await due(store, NOW + timedelta(days=1, hours=1))] == ["seat_freed"]
    await seat(store, who=OMAR)
    async with store.calendar() as desk:
        assert await desk.mark(mine, "booked", BODIES)
    seats = await store.appointments_between(NOW, NOW + LATER, [TEAM[0]])
    assert sorted((one.seat, one.state) for one in seats) == [(1, "booked"), (2, "booked")]
    assert [row.kind for row in await due(store, NOW + LATER)] == ["day_before", "two_hours"]


async def test_who_took_a_seat_again_after_an_excuse_has_one(store: Store, hours: FixedClock) -> None:
    await store.load_calendar([PLACE], [opening()])
    mine = await seat(store)
    async with store.calendar() as desk:
        assert await desk.mark(mine, "excused", BODIES)
    await seat(store)
    hours.now = opening().starts_at
    async with store.calendar() as desk:
        assert await desk.mark(mine, "seen", BODIES)
        (one,) = await desk.stored(NOW)
    assert one.taken == 1


async def test_a_seat_given_back_once_it_has_begun_is_an_excuse(store: Store, hours: FixedClock) -> None:
    await store.load_calendar([PLACE], [opening(days=0.01), opening("s2")])
    mine, other = await seat(store), await seat(store, who=OMAR)
    hours.now = NOW + timedelta(minutes=30)
    async with store.calendar() as desk:
        await desk.mark(other, "seen", BODIES)
    assert isinstance(await act(store, SAMIA, CancelSeat(mine)), SeatCancelled)
    assert await act(store, OMAR, CancelSeat(other)) == SeatRefused("past")
    assert isinstance(await act(store, OMAR, MoveSeat(other, "s2")), SeatBooked)  # seen here, and there next
    seats = await store.appointments_between(NOW, NOW + LATER, [TEAM[0]])
    assert sorted(one.state for one in seats) == ["booked", "excused", "seen"]
    async with store.turn(*SAMIA) as tx:
        assert (await tx.snapshot(True)).appointments == ()


async def test_seats_left_for_who_just_comes_are_known(store: Store) -> None:
    await store.load_calendar([PLACE], [
        replace(opening("door", capacity=5), walk_in=5), replace(opening("both", capacity=3), walk_in=2),
        replace(opening("full", capacity=5), walk_in=5, full=True)])
    await seat(store, "both")
    async with store.calendar() as desk:
        await desk.walk_in("both", None, BODIES)
    found = await act(store, OMAR, FindSessions(NOW + LATER))
    assert isinstance(found, SessionsFound)
    assert {one.id: (one.walk_in, one.drop_in) for one in found.full} == {
        "door": (5, True), "both": (1, False), "full": (0, True)}


async def test_a_door_that_is_open_now_is_found_and_booked_by_nobody(store: Store, hours: FixedClock) -> None:
    await store.load_calendar([PLACE], [replace(opening("door"), walk_in=2), opening("booked")])
    hours.now = opening().starts_at + timedelta(minutes=5)
    for where in ((), ("69259", 45.70, 4.87)):
        found = await act(store, OMAR, FindSessions(NOW + LATER, *where))
        assert isinstance(found, SessionsFound)
        assert (found.sessions, [(one.id, one.walk_in) for one in found.full]) == ((), [("door", 2)])
    assert await act(store, OMAR, BookSeat("door")) == SeatRefused("past")
    hours.now = opening().ends_at - timedelta(minutes=40)  # too late to be sent there
    assert await act(store, OMAR, FindSessions(NOW + LATER)) == SessionsFound((), ())
