import asyncio
from collections.abc import Sequence

import pytest

from bot.outbound import Delivered
from bot.store.errors import LeadGone
from bot.store.store import Store
from bot.store.values import LeadState
from bot.team_inbound import TeamInbound, TeamWords
from dialogues.effects import RelayToTeam
from dialogues.snapshot import Lead, Team
from tests.clock import FixedClock
from tests.store.conftest import Opener
from tests.store.samples import NOW, SAMIA, TEAM, claimed, connect_group, need, open_lead, said

OMAR = ("telegram", "chat-2")
OTHER = Team("a2f", "portes-du-sud", "Est lyonnais", "l'équipe d'A2F", ("seule autre équipe",))
OFFERED = frozenset({"offered"})


async def move(
    store: Store, lead: str, to: LeadState, by: str = "c1", expected: frozenset[str] = OFFERED,
    name: str | None = None, who: tuple[str, str] = SAMIA,
) -> bool:
    async with store.turn(*who) as tx:
        return await tx.move_lead(lead, to, by, name=name, expected=expected)


async def post(store: Store) -> Sequence[tuple[str, str, str, str | None, str | None]]:
    """Send what waits; (address, kind, text, thread, edit_of)."""
    sent = []
    while batch := await claimed(store):
        for row in batch:
            sent.append((row.address, row.kind, row.rendered.text, row.thread, row.edit_of))
            thread = f"topic-{row.address}" if row.kind == "card" else None
            await store.delivered(row.id, Delivered(f"m{row.id}", thread))
    return sent


async def test_a_lead_shows_what_was_agreed_and_why(store: Store) -> None:
    lead = await open_lead(store, need("violence", zone="Vénissieux", name="Samia"))
    row = await store.lead(lead)
    assert row is not None
    assert await store.lead(row.ref) == row
    assert (row.state, row.body, row.territory, row.channel, row.items, row.reasons, row.urgent, row.taken_by,
            row.refused, row.created_at) == (
        "offered", "ifra", "portes-du-sud", "telegram", (("zone", "Vénissieux"), ("name", "Samia")),
        ("commune : Vénissieux",), "violence", None, (), NOW)
    assert len(row.ref) == 6
    async with store.turn(*SAMIA) as tx:
        assert (await tx.snapshot(True)).lead == Lead(lead, "offered", "ifra", None, "portes-du-sud")
    assert await store.lead("nothing") is None


async def test_a_second_need_joins_the_open_lead(store: Store) -> None:
    await connect_group(store)
    lead = await open_lead(store, need(name="Samia", need="papiers"))
    await post(store)
    again = await open_lead(store, need("violence", name="Samia", need="logement"))
    row = await store.lead(lead)
    assert row is not None
    assert (again, row.urgent) == (lead, "violence")
    assert row.items == (("name", "Samia"), ("need", "papiers"), ("need", "logement"))
    assert await post(store) == [("group-1", "message", f"card {row.ref}", "topic-group-1", None)]


@pytest.mark.parametrize("state", ["unowned", "handed_back"])
async def test_what_nobody_answers_is_offered_again_when_the_person_asks(store: Store, state: LeadState) -> None:
    lead = await open_lead(store)
    assert await move(store, lead, state)
    assert await open_lead(store) == lead
    row = await store.lead(lead)
    assert row is not None
    assert (row.state, row.taken_by) == ("offered", None)


async def test_after_a_lead_is_closed_another_may_be_opened(store: Store) -> None:
    first = await open_lead(store)
    assert await move(store, first, "closed")
    second = await open_lead(store)
    assert first != second
    assert [row.id for row in await store.leads(None, ["portes-du-sud"], open_only=True)] == [second]
    assert {row.id for row in await store.leads("ifra", ["portes-du-sud"], open_only=False)} == {first, second}
    assert await store.leads("a2f", ["portes-du-sud"], open_only=False) == ()
    assert await store.leads(None, ["drome"], open_only=False) == ()


async def test_urgent_leads_are_listed_first(store: Store, hours: FixedClock) -> None:
    urgent = await open_lead(store, need("violence"))
    hours.advance(minutes=5)
    calm = await open_lead(store, need(), OMAR)
    assert [row.id for row in await store.leads(None, ["portes-du-sud"], open_only=True)] == [urgent, calm]


async def test_only_the_first_taker_wins(store: Store, opened: Opener) -> None:
    lead = await open_lead(store)
    other = await opened()
    won = await asyncio.gather(*(
        move(each, lead, "taken", f"c{number}", name=f"Nom{number}")
        for number, each in enumerate((store, other) * 4)))
    assert won.count(True) == 1
    row = await store.lead(lead)
    assert row is not None
    assert (row.taken_by, row.taken_name) == (f"c{won.index(True)}", f"Nom{won.index(True)}")
    with pytest.raises(LeadGone):
        await move(store, "nothing", "taken")


async def test_a_lead_lives_in_a_thread_of_every_group_of_its_team(store: Store) -> None:
    await connect_group(store, "group-1")
    await connect_group(store, "whole", ("portes-du-sud", None))
    await connect_group(store, "elsewhere", ("drome", "ifra"))
    await connect_group(store, "others", ("portes-du-sud", "a2f"))
    lead = await open_lead(store)
    async with store.turn(*SAMIA) as tx:
        await tx.tell_team(lead, said("words"))
        await tx.edit_cards(lead, said("pris"))
    sent = await post(store)
    for group in ("group-1", "whole"):
        mine = [line[1:] for line in sent if line[0] == group]
        assert [(kind, text, thread) for kind, text, thread, _ in mine[1:]] == [
            ("message", "words", f"topic-{group}"), ("edit", "pris", f"topic-{group}")]
        assert mine[0][0] == "card"
        assert mine[2][3] is not None
    assert {line[0] for line in sent} == {"group-1", "whole"}


async def test_without_topics_a_message_answers_the_card(store: Store) -> None:
    await connect_group(store, forum=False)
    lead = await open_lead(store)
    (card,) = await claimed(store)
    await store.delivered(card.id, Delivered("m1"))
    async with store.turn(*SAMIA) as tx:
        await tx.tell_team(lead, said("words"))
        await tx.tell_team(lead, said(""), "close")
    (row,) = await claimed(store)
    assert (row.reply_to, row.thread) == ("m1", None)
    await store.delivered(row.id, Delivered("m2"))
    assert await claimed(store) == ()  # no topic: nothing to close
    for message in ("m1", "m2"):
        assert await store.lead_of_reply("telegram", "group-1", None, message) == lead
    assert await store.lead_of_reply("telegram", "group-1", None, "m3") is None
    assert await store.lead_of_reply("telegram", "group-2", None, "m1") is None


async def test_a_team_that_refused_hears_no_more_and_says_no_more(store: Store) -> None:
    await connect_group(store, "group-1")
    await connect_group(store, "others", ("portes-du-sud", "a2f"))
    lead = await open_lead(store)
    await post(store)
    async with store.turn(*SAMIA) as tx:
        await tx.tell_team(lead, said("not sent yet"))
        assert await tx.move_lead(lead, "unowned", "c1", "trop loin", expected=OFFERED)
        await tx.edit_cards(lead, said("passé à une autre équipe"))
        await tx.offer_lead_to(lead, OTHER, lambda ref: said(f"card {ref}"), lambda ref: f"topic {ref}")
        await tx.tell_team(lead, said("words"))
    row = await store.lead(lead)
    assert row is not None
    assert (row.state, row.body, row.reasons, row.refused) == ("offered", "a2f", OTHER.reasons, ("ifra",))
    sent = await post(store)
    assert [(kind, text) for address, kind, text, _, _ in sent if address == "group-1"] == [
        ("edit", "passé à une autre équipe")]
    assert [kind for address, kind, *_ in sent if address == "others"] == ["card", "message"]
    assert await store.lead_of_reply("telegram", "group-1", "topic-group-1", None) is None
    assert await store.lead_of_reply("telegram", "others", "topic-others", None) == lead


async def test_a_thread_keeps_both_sides_and_the_notes(store: Store, hours: FixedClock) -> None:
    lead = await open_lead(store)
    async with store.turn(*SAMIA) as tx:
        await tx.apply(RelayToTeam(lead, "bonjour"))
        await tx.keep_message(lead, "counsellor", "Bonjour Samia", name="Fatou")
        await tx.keep_message(lead, "note", "a changé de commune", kind="event")
    lines = [(line.author, line.kind, line.name, line.text) for line in await store.lead_thread(lead)]
    assert lines == [("person", "text", None, "bonjour"), ("counsellor", "text", "Fatou", "Bonjour Samia"),
                     ("note", "event", None, "a changé de commune")]


async def test_a_body_is_told_of_an_appointment_in_its_own_territory(store: Store) -> None:
    await connect_group(store, "group-1")
    await connect_group(store, "elsewhere", ("drome", "ifra"))
    async with store.turn(*SAMIA) as tx:
        await tx.tell_body("ifra", said("A2CD sera en retard"), TEAM[0])
    assert [row[:3] for row in await post(store)] == [("group-1", "message", "A2CD sera en retard")]
    async with store.turn(*SAMIA) as tx:
        await tx.tell_body("ifra", said("à tous"))
    assert {row[0] for row in await post(store)} == {"group-1", "elsewhere"}


async def test_a_group_without_a_connection_is_told_nothing(store: Store) -> None:
    await connect_group(store)
    lead = await open_lead(store)
    await post(store)
    await store.chat_left("telegram", "group-1")
    async with store.turn(*SAMIA) as tx:
        await tx.tell_team(lead, said("words"))
    assert await claimed(store) == ()


async def test_a_used_or_unknown_code_connects_nothing_and_its_update_is_done(store: Store) -> None:
    chat = await connect_group(store)
    assert (chat.address, chat.consortium, chat.body, chat.forum) == ("group-1", *TEAM, True)
    from_group = TeamInbound("telegram", "u9", "group-1", "author", "Fatou", TeamWords("hi"), NOW)
    assert await store.receive(from_group)
    assert len(await store.pending_inbox("telegram", "group-1")) == 1
