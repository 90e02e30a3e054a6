"""A freed seat is one person's to be told of, though every node looks for who waits."""

import asyncio
from dataclasses import replace

import pytest
from sqlalchemy import func, select

from bot.store import tables as t
from bot.store import waiting
from bot.store.scope import Scope
from bot.store.store import Store
from dialogues.effects import BookSeat, CancelSeat
from dialogues.events.answers import SeatBooked
from tests.store.conftest import Opener
from tests.store.samples import PLACE, opening

SESSIONS = [f"s{at}" for at in range(5)]


async def test_two_nodes_that_look_at_once_tell_one_person_a_seat(
    store: Store, opened: Opener, monkeypatch: pytest.MonkeyPatch,
) -> None:
    await store.load_calendar([PLACE], [replace(opening(name), capacity=1) for name in SESSIONS])
    for who in ("first", "second"):
        async with store.turn("web", who) as tx:
            for name in SESSIONS:
                await waiting.join(tx._scope, tx.conversation_id, name)
    other = await opened()
    offer, looked, both = waiting.offer_next, list[Scope](), asyncio.Event()

    async def after_both_counted(scope: Scope, session_id: str) -> bool:
        if scope not in looked:
            looked.append(scope)
        if len(looked) == 2 or scope.engine == "sqlite":  # there a single connection writes
            both.set()
        await both.wait()
        return await offer(scope, session_id)

    async def look(node: Store) -> None:
        async with node.calendar() as desk:
            await desk.turn_over_seats()

    monkeypatch.setattr(waiting, "offer_next", after_both_counted)
    await asyncio.gather(look(store), look(other))
    w = t.waiting.c
    async with store.database.reading() as scope:
        told = (await scope.run(select(w.session_id, func.count(w.held_until), func.sum(w.notices))
                                .group_by(w.session_id).order_by(w.session_id))).all()
    assert [tuple(row) for row in told] == [(name, 1, 1) for name in SESSIONS]


async def test_a_seat_given_back_does_not_wait_for_who_is_writing_just_now(store: Store, opened: Opener) -> None:
    await store.load_calendar([PLACE], [replace(opening("s1"), capacity=1)])
    async with store.turn("telegram", "holder") as tx:
        booked = await tx.apply(BookSeat("s1"))
    assert isinstance(booked, SeatBooked)
    async with store.turn("telegram", "waits") as tx:
        await waiting.join(tx._scope, tx.conversation_id, "s1")
    other = await opened()

    async def give_back() -> None:
        async with other.turn("telegram", "holder") as tx:
            await tx.apply(CancelSeat(booked.appointment.id))

    async with store.turn("telegram", "waits") as tx:
        work = asyncio.create_task(give_back())
        if not store.database.one_at_a_time:  # there, it would wait for this turn, and this one for the line below
            await asyncio.wait_for(work, 20)
        await waiting.leave(tx._scope, "s1", tx.conversation_id)
    await work
