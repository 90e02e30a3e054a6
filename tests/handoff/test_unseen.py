"""Words for somebody whose page is not opened again: who wrote them hears of it, once, and what is left to do."""

from datetime import datetime

import pytest

from bot.store.values import Counsellor, LeadRow
from dialogues.effects import EraseEverything, OpenLead
from handoff.hours import PARIS
from tests.handoff.office import LEAD_BODY, TRUCK, Office

GROUP, PERSON = "group-truck", "visitor-1"


@pytest.fixture
async def fatou(office: Office) -> Counsellor:
    await office.group(GROUP, TRUCK)
    return await office.counsellor("Fatou", TRUCK)


async def taken(office: Office, fatou: Counsellor, channel: str = "web") -> LeadRow:
    effect = OpenLead(TRUCK[1], TRUCK[0], ("commune : Saint-Fons",), {"need": "papers", "language": "ar"}, None)
    async with office.store.turn(channel, PERSON) as tx:
        opened = await tx.open_lead(
            effect, card=lambda ref: office.desk.cards.say("over", {}), topic=lambda ref: ref)
    lead = await office.row(opened.lead_id)
    await office.desk.take(lead.ref, fatou)
    await office.store.unread(channel, PERSON, 0)
    await office.deliver()
    return lead


async def told(office: Office) -> list[str]:
    return [row.rendered.text for row in await office.deliver()
            if row.address == GROUP and "n'a pas rouvert sa page" in row.rendered.text]


@pytest.mark.parametrize("channel", ["web", "rest"])
async def test_unseen_for_three_working_days_is_told_once(office: Office, fatou: Counsellor, channel: str) -> None:
    lead = await taken(office, fatou, channel)
    await office.desk.reply(lead.ref, fatou, "Bonjour")
    assert await office.next_due() == datetime(2026, 11, 26, 10, 0, tzinfo=PARIS)
    await office.pass_time(days=2)
    await office.desk.reply(lead.ref, fatou, "Vous êtes là ?")
    await office.pass_time(days=1, hours=1)
    (said,) = await told(office)
    assert "depuis lundi 23 novembre, 10:00" in said
    await office.desk.phrase(lead.ref, fatou, "news")
    await office.pass_time(days=30)
    assert await told(office) == []


async def test_seen_nothing_is_told_and_the_next_silence_is_watched_again(
    office: Office, fatou: Counsellor,
) -> None:
    lead = await taken(office, fatou)
    await office.desk.reply(lead.ref, fatou, "Bonjour")
    await office.pass_time(days=1)
    await office.store.unread("web", PERSON, 0)
    await office.desk.reply(lead.ref, fatou, "Venez mardi")
    await office.pass_time(days=2, hours=1)
    assert await told(office) == []  # these words have waited for two days, not three
    await office.pass_time(days=4)
    assert len(await told(office)) == 1
    await office.store.unread("web", PERSON, 0)
    await office.desk.reply(lead.ref, fatou, "Bonjour encore")
    await office.pass_time(days=7)
    assert len(await told(office)) == 1


@pytest.mark.parametrize("end", ["closed", "erased", "sent"])
async def test_nothing_is_told_of_what_is_over_or_is_sent(office: Office, fatou: Counsellor, end: str) -> None:
    lead = await taken(office, fatou, "memory" if end == "sent" else "web")
    await office.desk.reply(lead.ref, fatou, "Bonjour")
    if end == "closed":
        await office.desk.close(lead.ref, fatou)
    elif end == "erased":
        async with office.store.turn("web", PERSON) as tx:
            await tx.apply(EraseEverything())
    await office.pass_time(days=7)
    assert await told(office) == []


async def test_handed_back_it_is_still_told_and_another_clock_leaves_it_alone(
    office: Office, fatou: Counsellor,
) -> None:
    lead = await taken(office, fatou)
    await office.desk.reply(lead.ref, fatou, "Bonjour")
    await office.desk.hand_back(lead.ref, fatou)
    await office.desk.take(lead.ref, fatou)
    await office.desk.hand_back(lead.ref, fatou)
    await office.pass_time(days=4)
    assert len(await told(office)) == 1


async def test_the_next_team_is_told_of_its_own_words_only(office: Office, fatou: Counsellor) -> None:
    lead = await taken(office, fatou)
    await office.desk.reply(lead.ref, fatou, "Bonjour")
    team = next(team for team in office.teams.others(lead) if team.body == LEAD_BODY[1])
    async with office.store.turn("web", PERSON) as tx:
        await tx.offer_lead_to(lead.id, team, lambda ref: office.desk.cards.say("over", {}), lambda ref: ref)
    ines = await office.counsellor("Inès", LEAD_BODY)
    await office.group("group-lead", LEAD_BODY)
    await office.desk.take(lead.ref, ines)
    await office.pass_time(days=2)
    await office.desk.reply(lead.ref, ines, "Bonjour")
    office.sent.clear()
    await office.pass_time(days=6)
    rows = [row for row in await office.deliver() if "n'a pas rouvert sa page" in row.rendered.text]
    assert [row.address for row in rows] == ["group-lead"]
    assert "depuis mercredi 25 novembre" in rows[0].rendered.text
