"""Where a request is when the person asks again from elsewhere: with a team they agreed to, and it is named."""

from datetime import timedelta

import pytest

from bot.inbound import Inbound, Press
from bot.store.values import LeadRow
from tests.handoff.office import LEAD_BODY, TRUCK, Office
from tests.handoff.test_passing_on import proposal, taken
from tests.store.samples import every_row

GROUP, DROME_GROUP = "group-truck", "group-drome"
DROME = ("drome", "dynam-and-co")
VALENCE, SAINT_FONS = "26362", "69199"


async def press(office: Office, payload: str) -> list[str]:
    office.updates += 1
    said = await office.turns.answer(
        Inbound("memory", f"press-{office.updates}", "person-1", Press(payload), office.hours.now)
    )
    return [rendered.text for rendered in said]


async def alert(office: Office, commune: str) -> list[str]:
    return await press(office, f'/alert_team{{"emergency":"emergency_violence","commune":"{commune}"}}')


async def waiting(office: Office) -> LeadRow:
    await office.group(GROUP, TRUCK)
    await office.group(DROME_GROUP, DROME)
    lead = await office.lead()
    await office.deliver()
    return lead


async def test_an_emergency_elsewhere_goes_to_the_team_that_was_named_and_to_no_other(office: Office) -> None:
    lead = await waiting(office)
    assert "DYNAM&CO" in (await alert(office, VALENCE))[-1]
    now = await office.row(lead.ref)
    assert ((now.territory, now.body), now.state, now.urgent) == (DROME, "offered", "emergency_violence")
    # Word for word what was shown above the button: what the first team was given is not the second one's.
    assert now.items == (("emergency", "emergency_violence"), ("commune", "Valence"), ("language", "fr"))
    rows = await office.deliver()
    (card,) = [row for row in rows if row.address == DROME_GROUP]
    assert card.kind == "card"
    assert "Violences" in card.rendered.text
    former = [row for row in rows if row.address == GROUP]
    assert [row.kind for row in former] == ["edit"]
    for word in ("Samia", "Violences", "Valence", "DYNAM"):  # nor where the person is now
        assert word not in former[0].rendered.text
    due = await office.next_due()
    assert due is not None
    assert (due - office.hours.now).total_seconds() == 15 * 60


async def test_what_was_handed_back_moves_to_the_team_the_person_agrees_to(office: Office) -> None:
    lead = await waiting(office)
    fatou = await office.counsellor("Fatou", TRUCK)
    await office.desk.take(lead.ref, fatou)
    await office.desk.reply(lead.ref, fatou, "Bonjour")
    await office.desk.hand_back(lead.ref, fatou)
    await office.deliver()
    await press(office, f'/ask_human{{"commune":"{VALENCE}"}}')
    await press(office, "/SetSlots(need=housing)")
    assert "DYNAM&CO" in (await press(office, "/SetSlots(alias=unsaid)"))[-1]
    said = await press(office, "/SetSlots(consent_handoff=yes)")
    assert "C'est transmis à l'équipe de DYNAM&CO" in said[-1]
    now = await office.row(lead.ref)
    assert ((now.territory, now.body), now.state, now.taken_by) == (DROME, "offered", None)
    assert now.items == (("need", "housing"), ("commune", "Valence"), ("language", "fr"))
    assert any(row.address == DROME_GROUP and row.kind == "card" for row in await office.deliver())
    granted = [row["body"] for row in (await every_row(office.store))["consents"] if row["granted"]]
    assert granted == ["/".join(DROME)]


async def test_asked_again_in_the_same_territory_it_stays_with_the_team_that_has_it(office: Office) -> None:
    lead = await waiting(office)
    said = await alert(office, SAINT_FONS)
    now = await office.row(lead.ref)
    assert ((now.territory, now.body), now.urgent) == (TRUCK, "emergency_violence")
    assert "Pic Up Tour" in said[-1]
    assert now.items[:2] == (("need", "papers"), ("commune", "Saint-Fons"))
    assert now.level == 0


async def test_who_talks_with_the_person_is_told_of_an_emergency_wherever_they_are(office: Office) -> None:
    lead = await waiting(office)
    await office.desk.take(lead.ref, await office.counsellor("Fatou", TRUCK))
    await office.deliver()
    said = await alert(office, VALENCE)
    now = await office.row(lead.ref)
    assert ((now.territory, now.body), now.state) == (TRUCK, "taken")
    assert "Pic Up Tour" in said[-1]
    rows = await office.deliver()
    assert any(row.address == GROUP and "Violences" in row.rendered.text for row in rows)
    assert not any(row.address == DROME_GROUP for row in rows)


async def test_taken_while_the_person_agreed_to_another_team_nothing_goes_to_either(office: Office) -> None:
    lead = await waiting(office)
    fatou = await office.counsellor("Fatou", TRUCK)
    await office.desk.take(lead.ref, fatou)
    await office.desk.hand_back(lead.ref, fatou)
    await press(office, f'/ask_human{{"commune":"{VALENCE}"}}')
    await press(office, "/SetSlots(need=housing)")
    await press(office, "/SetSlots(alias=unsaid)")
    await office.desk.take(lead.ref, fatou)
    await office.deliver()
    said = await press(office, "/SetSlots(consent_handoff=yes)")
    assert "Fatou" in said[-1]
    now = await office.row(lead.ref)
    assert ((now.territory, now.body), now.items) == (TRUCK, lead.items)
    assert [row for row in await office.deliver() if row.address in (GROUP, DROME_GROUP)] == []


async def test_when_the_next_team_takes_it_the_former_ones_card_stays_empty(office: Office) -> None:
    lead = await waiting(office)
    await office.group("group-lead", LEAD_BODY)
    await office.desk.refuse(lead.ref, await office.counsellor("Fatou", TRUCK), "full")
    await office.deliver()
    ines = await office.counsellor("Inès", LEAD_BODY)
    await office.desk.take(lead.ref, ines)
    await office.desk.hand_back(lead.ref, ines)
    rows = await office.deliver()
    assert any(row.address == "group-lead" and "Samia" in row.rendered.text for row in rows)
    assert not any(row.address == GROUP for row in rows)


async def test_asked_again_elsewhere_the_month_begins_again(office: Office) -> None:
    lead = await waiting(office)
    await office.pass_time(days=28)
    await alert(office, VALENCE)
    assert (await office.row(lead.ref)).asked_at == office.hours.now
    await office.pass_time(days=4)
    assert (await office.row(lead.ref)).state == "offered"


async def test_who_asks_where_it_stands_at_night_hears_when_the_team_is_back(office: Office) -> None:
    await waiting(office)
    assert not any("revient" in text for text in await press(office, "/ask_human"))
    office.hours.now += timedelta(hours=12)
    away, stands = await press(office, "/ask_human")
    assert "L'équipe n'est pas là en ce moment. Elle revient" in away
    assert "Personne ne l'a encore prise" in stands


@pytest.mark.parametrize("way", ["refused", "passed on"])
async def test_who_passes_to_a_team_that_is_away_hears_when_it_is_back(office: Office, way: str) -> None:
    lead, fatou = await taken(office) if way == "passed on" else (await waiting(office), None)
    office.hours.now += timedelta(hours=12)
    if fatou is None:
        await office.desk.refuse(lead.ref, await office.counsellor("Fatou", TRUCK), "full")
        said = await office.heard("person-1")
    else:
        _, (yes, _no) = await proposal(office, lead, fatou)
        said = await press(office, yes)
    passes, away = said
    assert "Votre demande passe à" in passes
    assert "L'équipe n'est pas là en ce moment. Elle revient" in away
