from datetime import timedelta

import pytest

from bot.inbound import Blocked, Content, Deleted, Edited, Media, Position, Press, Start, Words
from bot.store.store import Store
from bot.team_inbound import Connect, TeamInbound, TeamLeft, TeamMoved, TeamPress, TeamWords
from tests.clock import FixedClock
from tests.store.conftest import Opener
from tests.store.samples import MINUTE, NOW, SAMIA, every_row, inbound


@pytest.mark.parametrize("content", [
    Words("سلام"), Press("/o12.3"), Start("vnx-marche"), Start(), Media("voice"), Edited("non"), Deleted(),
    Blocked(),
])
async def test_an_update_comes_back_as_it_came(store: Store, content: Content) -> None:
    update = inbound(content)
    assert await store.receive(update)
    (row,) = await store.pending_inbox(*SAMIA)
    assert row.inbound == update


@pytest.mark.parametrize("content", [
    Connect("ABC", True), TeamPress("refuse", "REF", "loin"), TeamWords("bonjour", "12", "34"), TeamMoved("new"),
    TeamLeft(),
])
async def test_a_groups_update_comes_back_as_it_came(
    store: Store, content: Connect | TeamPress | TeamWords | TeamMoved | TeamLeft,
) -> None:
    update = TeamInbound("telegram", "1", "group-1", "author-1", "Fatou", content, NOW)
    assert await store.receive(update)
    (row,) = await store.pending_inbox("telegram", "group-1")
    assert row.inbound == update


async def test_a_repeat_stops_here_even_from_another_process(store: Store, opened: Opener) -> None:
    other = await opened()
    assert await store.receive(inbound(Words("a")))
    assert not await other.receive(inbound(Words("a")))
    assert await store.receive(inbound(Words("a"), who=("web", SAMIA[1])))


async def test_a_position_never_reaches_the_tables(store: Store) -> None:
    with pytest.raises(ValueError, match="commune"):
        await store.receive(inbound(Position(45.7, 4.9)))
    async with store.turn(*SAMIA) as tx:
        with pytest.raises(ValueError, match="commune"):
            await tx.note_inbox(inbound(Position(45.7, 4.9)))
    assert (await every_row(store))["inbox"] == []


async def test_updates_wait_in_order_until_a_turn_commits(store: Store) -> None:
    for number in range(3):
        await store.receive(inbound(Words(str(number)), str(number)))
    first, *_ = rows = await store.pending_inbox(*SAMIA)
    assert [row.inbound.content for row in rows] == [Words("0"), Words("1"), Words("2")]

    async def failing() -> None:
        async with store.turn(*SAMIA) as tx:
            assert await tx.begin_inbox(first.id)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await failing()
    assert len(await store.pending_inbox(*SAMIA)) == 3
    async with store.turn(*SAMIA) as tx:
        assert await tx.begin_inbox(first.id)
        assert not await tx.begin_inbox(first.id)
    assert len(await store.pending_inbox(*SAMIA)) == 2
    assert not await store.finish_inbox(first.id)


async def test_an_update_answered_in_its_turn_is_known_when_it_comes_again(store: Store) -> None:
    async with store.turn(*SAMIA) as tx:
        assert await tx.note_inbox(inbound(Words("a")))
    async with store.turn(*SAMIA) as tx:
        assert not await tx.note_inbox(inbound(Words("a")))
    assert await store.pending_inbox(*SAMIA) == ()


async def test_a_groups_words_go_from_the_inbox_once_done(store: Store) -> None:
    await store.receive(TeamInbound("telegram", "1", "group-1", "a", "Fatou", TeamWords("Bonjour Samia"), NOW))
    (row,) = await store.pending_inbox("telegram", "group-1")
    assert await store.finish_inbox(row.id)
    (kept,) = (await every_row(store))["inbox"]
    assert kept["body_enc"] is None


async def test_updates_left_behind_are_found_by_one_sweep(store: Store, opened: Opener, hours: FixedClock) -> None:
    other = await opened()
    for number in range(3):
        await store.receive(inbound(Words("a"), str(number)))
    assert await store.stale_inbox(NOW, 10) == ()
    later = hours.advance(minutes=5)
    assert await store.stale_inbox(later, 10, MINUTE) == (SAMIA,)
    assert await other.stale_inbox(later, 10, MINUTE) == ()
    hours.advance(minutes=2)
    assert await other.stale_inbox(later - timedelta(minutes=1), 10, MINUTE) == (SAMIA,)
    assert {row.attempts for row in await store.pending_inbox(*SAMIA)} == {2}
