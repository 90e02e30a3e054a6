from typing import Any

import pytest

from bot.inbound import Words
from bot.store.errors import ConversationGone
from bot.store.store import Store
from bot.team_inbound import TeamInbound, TeamWords
from dialogues.effects import (
    BookSeat,
    EraseEverything,
    RecordConsent,
    RecordOrigin,
    RelayToTeam,
    ScheduleReminders,
)
from dialogues.events.answers import DataErased, SeatBooked
from tests.clock import FixedClock
from tests.store.samples import (
    NOW,
    PLACE,
    SAMIA,
    claimed,
    connect_group,
    every_row,
    inbound,
    need,
    open_lead,
    opening,
    said,
)

PERSONAL = ("Samia", "papiers", "chat-424242", "mon fils", "Vénissieux-nord", "violence", "secret")


async def a_whole_life(store: Store, hours: FixedClock) -> str:
    """Somebody with something in every table; their conversation's id."""
    await store.load_calendar([PLACE], [opening(), opening("past", days=1)])
    await connect_group(store)
    async with store.turn(*SAMIA) as tx:
        await tx.note_inbox(inbound(Words("mon fils est malade"), "u1"))
        await tx.apply(RecordOrigin("vnx", "portes-du-sud"))
        await tx.apply(RecordConsent("handoff", "1", True, "ifra"))
        booked = await tx.apply(BookSeat("s1"))
        assert isinstance(booked, SeatBooked)
        await tx.apply(ScheduleReminders(booked.appointment.id, {"two_hours": hours.now}))
        await tx.apply(BookSeat("past"))
        await tx.say([said("Bonjour Samia")], delivered=False)
        await tx.save('{"name": "Samia"}', "ar")
    lead = await open_lead(store, need("violence", name="Samia", need="papiers", zone="Vénissieux-nord"))
    async with store.turn(*SAMIA) as tx:
        await tx.apply(RelayToTeam(lead, "mon fils est malade"))
        await tx.keep_message(lead, "counsellor", "un secret", name="Fatou")
        await tx.tell_team(lead, said("mon fils est malade"))
        await tx.move_lead(lead, "taken", "c1", "connaît Samia", "Fatou", expected=frozenset({"offered"}))
        return tx.conversation_id


def values(rows: dict[str, list[dict[str, Any]]]) -> str:
    return "\n".join(f"{name}: {row}" for name, each in rows.items() for row in each)


async def test_nothing_left_refers_to_somebody_erased(store: Store, hours: FixedClock) -> None:
    person = await a_whole_life(store, hours)
    address_hash = store.database.vault.lookup("address", f"{SAMIA[0]}\0{SAMIA[1]}")
    traces = (*PERSONAL, f"'{person}'", address_hash)
    before = values(await every_row(store))
    assert [word for word in traces if word not in before] == []
    async with store.turn(*SAMIA) as tx:
        erased = await tx.apply(EraseEverything())
        assert tx.erased
        await tx.save('{"name": "Samia"}', "ar")
    assert isinstance(erased, DataErased)
    rows = await every_row(store)
    after = values(rows)
    assert [word for word in traces if word in after] == []
    assert rows["conversations"] == rows["inbox"] == rows["consents"] == rows["due"] == []
    (receipt,) = rows["erasures"]
    assert receipt["receipt"] == erased.receipt
    assert receipt["counts"]["appointments"] == 2
    assert receipt["counts"]["lead_messages"] == 2
    with pytest.raises(ConversationGone):
        await store.turn_of(person).__aenter__()


async def test_erasure_frees_the_seat_and_withdraws_the_lead(store: Store, hours: FixedClock) -> None:
    await a_whole_life(store, hours)
    async with store.turn(*SAMIA) as tx:
        await tx.apply(EraseEverything())
    assert await store.appointments_between(NOW, hours.advance(days=9), ["portes-du-sud"]) == ()
    (lead,) = await store.leads(None, ["portes-du-sud"], open_only=False)
    assert (lead.state, lead.conversation_id, lead.items, lead.reasons, lead.urgent) == (
        "withdrawn", None, (), (), None)
    assert await store.lead_thread(lead.id) == ()


async def test_the_team_is_told_by_what_the_same_turn_queued_before(store: Store, hours: FixedClock) -> None:
    await a_whole_life(store, hours)
    async with store.turn(*SAMIA) as tx:
        lead = (await tx.snapshot(True)).lead
        assert lead is not None
        await tx.tell_team(lead.id, said("la personne a tout effacé"))
        await tx.apply(EraseEverything())
        await tx.say([said("reçu")], delivered=False)
    assert {row.rendered.text for row in await claimed(store)} == {"la personne a tout effacé", "reçu"}


async def test_what_comes_after_an_erasure_is_only_words(store: Store) -> None:
    await store.load_calendar([PLACE], [opening()])
    async with store.turn(*SAMIA) as tx:
        await tx.apply(EraseEverything())
        await tx.apply(RecordOrigin("vnx", None))
        with pytest.raises(ConversationGone):
            await tx.apply(BookSeat("s1"))
        assert len(await tx.say([said("effacé")], delivered=True)) == 1
    rows = await every_row(store)
    assert rows["conversations"] == rows["outbox"] == rows["appointments"] == []


async def test_what_the_person_writes_after_asking_is_answered_as_a_new_contact(store: Store) -> None:
    for number, text in enumerate(["bonjour", "effacez tout", "au secours"]):
        await store.receive(inbound(Words(text), str(number)))
    first, second, third = await store.pending_inbox(*SAMIA)
    async with store.turn(*SAMIA) as tx:
        await tx.begin_inbox(first.id)
    async with store.turn(*SAMIA) as tx:
        await tx.begin_inbox(second.id)
        await tx.apply(EraseEverything())
    assert await store.pending_inbox(*SAMIA) == (third,)
    async with store.turn(*SAMIA) as tx:
        assert tx.state is None
        assert await tx.begin_inbox(third.id)


async def test_erasing_one_person_leaves_the_others(store: Store, hours: FixedClock) -> None:
    await a_whole_life(store, hours)
    other = ("telegram", "chat-2")
    async with store.turn(*other) as tx:
        await tx.note_inbox(inbound(Words("moi"), "u2", who=other))
        await tx.apply(BookSeat("s1"))
        await tx.say([said("à vous")], delivered=False)
        await tx.save("{}", "fr")
    await store.receive(TeamInbound("telegram", "u3", SAMIA[1], "a", "F", TeamWords("x"), NOW))
    before = await every_row(store)
    async with store.turn(*SAMIA) as tx:
        await tx.apply(EraseEverything())
    after = await every_row(store)
    assert [row for row in before["outbox"] if row in after["outbox"]] == [
        row for row in before["outbox"] if row["body_enc"]["text"] == "à vous"]
    assert [row["state_enc"] for row in after["conversations"]] == ["{}"]
    assert [row["seat"] for row in after["appointments"] if row["active"]] == [2]
    assert len(after["inbox"]) == 2
