import asyncio
import logging
from datetime import timedelta

import pytest
from sqlalchemy import event

from bot.inbound import Blocked, Press, Words
from bot.store.errors import ConversationGone
from bot.store.inline import InlineConnection
from bot.store.store import Store
from dialogues.effects import FindTeam, ForgetLater, MarkBlocked, RecordConsent, RecordOrigin, ScheduleReminders
from tests.clock import FixedClock
from tests.store.conftest import Opener
from tests.store.samples import NOW, SAMIA, claimed, every_row, inbound, said


async def test_a_conversation_is_found_again_with_its_state(store: Store) -> None:
    async with store.turn(*SAMIA) as tx:
        assert (tx.state, tx.channel, tx.address, tx.blocked, tx.erased) == (None, *SAMIA, False, False)
        await tx.save('{"mode": "bot"}', "ar")
        first = tx.conversation_id
    async with store.turn(*SAMIA) as tx:
        assert (tx.conversation_id, tx.state, tx.language) == (first, '{"mode": "bot"}', "ar")
    async with store.turn_of(first) as tx:
        assert tx.address == SAMIA[1]


async def test_an_exception_leaves_nothing(store: Store) -> None:
    async def turn() -> None:
        async with store.turn(*SAMIA) as tx:
            await tx.note_inbox(inbound(Words("a")))
            await tx.say([said("b")], delivered=False)
            await tx.save("{}", "fr")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await turn()
    rows = await every_row(store)
    assert rows["conversations"] == rows["inbox"] == rows["outbox"] == []


async def test_nobody_is_made_when_not_asked(store: Store) -> None:
    with pytest.raises(ConversationGone):
        await store.turn(*SAMIA, create=False).__aenter__()
    with pytest.raises(ConversationGone):
        await store.turn_of("id-of-nobody").__aenter__()


async def test_first_messages_at_once_are_one_person_and_their_turns_follow_each_other(
    store: Store, opened: Opener,
) -> None:
    other = await opened()

    async def count(process: Store) -> None:
        async with process.turn(*SAMIA) as tx:
            before = int(tx.state or 0)
            await asyncio.sleep(0)  # let the others try
            await tx.save(str(before + 1), "fr")

    await asyncio.gather(*(count(process) for process in (store, other) * 10))
    (row,) = (await every_row(store))["conversations"]
    assert row["state_enc"] == "20"
    assert row["version"] == 20


async def test_a_turn_that_is_cancelled_does_not_hold_the_next(store: Store) -> None:
    begun, never = asyncio.Event(), asyncio.Event()

    async def stuck() -> None:
        async with store.turn(*SAMIA) as tx:
            await tx.save("lost", "fr")
            begun.set()
            await never.wait()

    task = asyncio.create_task(stuck())
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    async with store.turn(*SAMIA) as tx:
        assert tx.state is None
        await tx.save("kept", "fr")
    async with store.turn(*SAMIA) as tx:
        assert tx.state == "kept"


async def test_cancelled_at_any_moment_a_turn_is_whole_or_nothing(store: Store) -> None:
    async def turn() -> None:
        async with store.turn(*SAMIA) as tx:
            before = int(tx.state or 0)
            await tx.say([said(str(before))], delivered=False)
            await tx.save(str(before + 1), "fr")

    for steps in range(25):
        task = asyncio.create_task(turn())
        for _ in range(steps):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    await turn()
    rows = await every_row(store)
    assert len(rows["outbox"]) == int(rows["conversations"][0]["state_enc"]) >= 1


async def test_what_effects_change_is_written_without_save_too(store: Store) -> None:
    async with store.turn(*SAMIA) as tx:
        await tx.apply(RecordOrigin("vnx-marche", "portes-du-sud"))
        await tx.apply(RecordConsent("handoff", "2", True, "ifra"))
    rows = await every_row(store)
    (person,), (consent,) = rows["conversations"], rows["consents"]
    assert (person["origin"], person["territory"]) == ("vnx-marche", "portes-du-sud")
    assert (consent["kind"], consent["version"], consent["granted"], consent["body"], consent["channel"],
            consent["at"]) == ("handoff", "2", True, "ifra", "telegram", NOW)


async def test_somebody_who_blocked_the_bot_gets_nothing_until_they_write(store: Store, hours: FixedClock) -> None:
    async with store.turn(*SAMIA) as tx:
        await tx.say([said("late")], delivered=False)
        await tx.apply(ScheduleReminders("a1", {"two_hours": hours.now + timedelta(hours=1)}))
        await tx.apply(ForgetLater(hours.now))
    async with store.turn(*SAMIA) as tx:
        await tx.note_inbox(inbound(Blocked()))
        await tx.apply(MarkBlocked())
        assert await tx.say([said("nobody reads this")], delivered=False) == ()
    assert await claimed(store) == ()
    assert await store.claim_due(hours.now, 10, hours.now - NOW) == ()
    async with store.turn(*SAMIA) as tx:
        assert tx.blocked
        await tx.note_inbox(inbound(Words("me voilà"), "2"))
        assert not tx.blocked
        await tx.say([said("bonjour")], delivered=False)
    assert [row.rendered.text for row in await claimed(store)] == ["bonjour"]
    later = hours.now + timedelta(hours=1)  # they have their seat still: back in time, they are reminded
    assert [row.kind for row in await store.claim_due(later, 10, later - NOW)] == ["two_hours"]


async def test_effects_that_are_not_the_stores_are_refused_by_name(store: Store) -> None:
    async with store.turn(*SAMIA) as tx:
        with pytest.raises(TypeError, match="FindTeam"):
            await tx.apply(FindTeam(None, "papiers", "ar"))


async def test_a_usual_turn_is_few_statements_and_a_log_at_debug_says_nothing_of_them(
    store: Store, caplog: pytest.LogCaptureFixture,
) -> None:
    async def turn(update: str) -> None:
        async with store.turn(*SAMIA) as tx:
            await tx.note_inbox(inbound(Press("/o1.1"), update))
            await tx.snapshot(True)
            await tx.say([said("un"), said("deux")], delivered=True)
            await tx.save("{}", "fr")

    for warm in ("1", "2"):
        await turn(warm)
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    engines = set()
    for opening in (store.database.reading, store.database.writing):
        async with opening() as scope:
            at = scope.connection
            if isinstance(at, InlineConnection):
                at.driver.set_trace_callback(statements.append)
            else:
                engines.add(at.engine.sync_engine)
    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    with caplog.at_level(logging.DEBUG):
        await turn("3")
    statements = [words for words in statements if not words.startswith(("BEGIN", "COMMIT"))]
    assert 5 <= len(statements) <= 8
    assert "id-1" not in caplog.text
    assert "INSERT" not in caplog.text
