"""A counsellor's own chat with the bot, and quiet: silent but for emergencies, a summary in the morning."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.inbound import Inbound, Media, Press
from bot.outbound import Outbound
from bot.team_inbound import Connect, TeamLeft, TeamPress, TeamQuiet, TeamWords
from tests.handoff.office import TRUCK, Office

GROUP, OWN = "group-truck", "4242"
PARIS = ZoneInfo("Europe/Paris")


async def own_chat(office: Office) -> None:
    """Fatou connects her own chat."""
    code = await office.store.new_code("connect", *TRUCK, "counsellor", timedelta(hours=1))
    await office.says(OWN, "Fatou", Connect(code, direct=True))


async def to(office: Office, address: str) -> list[Outbound]:
    return [row for row in await office.deliver() if row.address == address]


async def test_a_counsellors_own_chat_gets_the_cards_and_a_reply_reaches_the_person(office: Office) -> None:
    await own_chat(office)
    (told,) = await to(office, OWN)
    assert "Vous êtes relié ici" in told.rendered.text
    lead = await office.lead()
    (card,) = await to(office, OWN)
    assert card.kind == "card"
    await office.says(OWN, "Fatou", TeamPress("take", lead.ref))
    await office.deliver()
    await office.says(OWN, "Fatou", TeamWords("Bonjour", None, f"message-{card.id}"))
    (said,) = [row for row in await office.deliver() if row.address == "person-1"]
    assert (said.rendered.name, said.rendered.text) == ("Fatou", "Bonjour")


async def test_words_that_answer_nothing_are_not_lost_in_silence(office: Office) -> None:
    await own_chat(office)
    await office.deliver()
    await office.says(OWN, "Fatou", TeamWords("elle vient demain ?"))
    (told,) = await to(office, OWN)
    assert "ne sont partis à personne" in told.rendered.text


async def test_in_a_group_colleagues_still_talk_among_themselves(office: Office) -> None:
    await office.group(GROUP, TRUCK)
    await office.says(GROUP, "Fatou", TeamWords("on mange où ?"))
    assert await office.deliver() == ()


async def test_somebody_who_left_the_team_hears_nothing_more_in_their_own_chat(office: Office) -> None:
    await own_chat(office)
    await office.lead()
    await office.deliver()
    known = await office.store.counsellor_by_author("telegram", "author-Fatou", TRUCK[0])
    if known is None:  # they have pressed nothing yet: their first press makes them known
        (lead,) = await office.store.leads(TRUCK[1], [TRUCK[0]], open_only=True)
        await office.says(OWN, "Fatou", TeamPress("take", lead.ref))
        known = await office.store.counsellor_by_author("telegram", "author-Fatou", TRUCK[0])
    assert known is not None
    await office.store.disable_counsellor(known.id)
    await office.deliver()
    await office.lead(address="person-2")
    assert await to(office, OWN) == []


async def test_connected_in_the_evening_it_is_quiet_at_once(office: Office) -> None:
    office.hours.now = datetime(2026, 11, 24, 20, 0, tzinfo=PARIS)
    await own_chat(office)
    await office.deliver()
    await office.lead()
    assert [row.silent for row in await to(office, OWN)] == [True]


async def test_leaving_is_confirmed_and_nothing_more_arrives(office: Office) -> None:
    await own_chat(office)
    await office.deliver()
    await office.says(OWN, "Fatou", TeamLeft(asked=True))
    (told,) = await to(office, OWN)
    assert "n'arrivent plus ici" in told.rendered.text
    await office.lead()
    assert await to(office, OWN) == []


async def test_quiet_makes_cards_silent_but_not_emergencies(office: Office) -> None:
    await office.group(GROUP, TRUCK)
    await office.says(GROUP, "Fatou", TeamQuiet(on=True))
    (told,) = await to(office, GROUP)
    assert "24 novembre" in told.rendered.text  # asked for in the morning: until the next day
    await office.lead(address="person-1")
    await office.lead(address="person-2", urgent="emergency_shelter", items={"emergency": "emergency_shelter"})
    assert [row.silent for row in await to(office, GROUP)] == [True, False]
    await office.says(GROUP, "Fatou", TeamQuiet(on=False))
    await office.deliver()
    await office.lead(address="person-3")
    assert [row.silent for row in await to(office, GROUP)] == [False]


async def test_an_emergency_in_a_conversation_is_heard_at_any_hour(office: Office) -> None:
    await office.group(GROUP, TRUCK)
    lead = await office.lead()
    await office.says(GROUP, "Fatou", TeamPress("take", lead.ref))
    await office.says(GROUP, "Fatou", TeamQuiet(on=True))
    await office.deliver()
    await office.turns.answer(Inbound("memory", "p1", "person-1", Press("/emergency_suicide"), office.hours.now))
    await office.turns.answer(Inbound("memory", "p2", "person-1", Media("photo"), office.hours.now))
    assert [row.silent for row in await to(office, GROUP)] == [False, True]


async def test_the_morning_brings_a_summary_once(office: Office) -> None:
    await office.group(GROUP, TRUCK)
    await office.says(GROUP, "Fatou", TeamQuiet(on=True))
    lead = await office.lead()
    await office.deliver()
    await office.desk.quiet.look()
    assert await to(office, GROUP) == []
    office.hours.now = datetime(2026, 11, 24, 9, 0, tzinfo=PARIS)
    await office.desk.quiet.look()
    await office.desk.quiet.look()
    (summary,) = await to(office, GROUP)
    assert "Demandes à prendre : 1" in summary.rendered.text
    assert lead.ref in summary.rendered.text
    assert "Samia" not in summary.rendered.text
    assert summary.silent is False


async def test_nothing_waits_nothing_is_said(office: Office) -> None:
    await office.group(GROUP, TRUCK)
    await office.says(GROUP, "Fatou", TeamQuiet(on=True))
    await office.deliver()
    office.hours.now = datetime(2026, 11, 24, 9, 0, tzinfo=PARIS)
    await office.desk.quiet.look()
    assert await office.deliver() == ()


@pytest.mark.parametrize(("hour", "minute", "silent"), [(16, 59, False), (17, 1, True), (23, 0, False)])
async def test_a_counsellors_own_chat_falls_quiet_when_the_team_leaves(
    office: Office, hour: int, minute: int, *, silent: bool
) -> None:
    await own_chat(office)
    await office.group(GROUP, TRUCK)
    office.hours.now = datetime(2026, 11, 24, hour, minute, tzinfo=PARIS)
    await office.desk.quiet.look()
    await office.deliver()
    await office.lead()
    rows = await office.deliver()
    assert {row.address: row.silent for row in rows if row.kind == "card"} == {OWN: silent, GROUP: False}


async def test_a_person_cannot_be_heard_as_a_counsellor(office: Office) -> None:
    """A press on a card from a chat that is not connected moves nothing."""
    await office.group(GROUP, TRUCK)
    lead = await office.lead()
    await office.deliver()
    await office.says("9999", "Somebody", TeamPress("take", lead.ref))
    assert (await office.row(lead.ref)).state == "offered"
