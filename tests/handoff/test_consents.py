"""What is kept of a yes or a no: which words, to whom with the territory, about what; never the values."""

from typing import Any

from dialogues.world import CONSENT_VERSIONS
from tests.handoff.office import LEAD_BODY, TRUCK, Office
from tests.handoff.test_passing_on import CHIEFS, GROUP, press, proposal, taken
from tests.store.samples import every_row

HANDOFF = CONSENT_VERSIONS["handoff"]
HERE, CHIEF = "/".join(TRUCK), "/".join(LEAD_BODY)


async def consents(office: Office) -> list[tuple[Any, ...]]:
    """(kind, version, granted, body, items), in their order."""
    rows = (await every_row(office.store))["consents"]
    return [(row["kind"], row["version"], row["granted"], row["body"], row["items"]) for row in rows]


async def ask(office: Office, answer: str) -> None:
    for payload in ('/ask_human{"commune":"69199"}', "/SetSlots(need=papers)", "/SetSlots(alias=unsaid)",
                    f"/SetSlots(consent_handoff={answer})"):
        await press(office, payload)


async def test_a_yes_and_a_no_are_kept_with_the_team_and_what_was_shown(office: Office) -> None:
    await office.group(GROUP, TRUCK)
    await ask(office, "no")
    await ask(office, "yes")
    shown = ["need", "commune", "language"]
    assert await consents(office) == [
        ("handoff", HANDOFF, False, HERE, shown), ("handoff", HANDOFF, True, HERE, shown)]


async def test_an_emergency_has_a_consent_of_its_own(office: Office) -> None:
    await office.group(GROUP, TRUCK)
    await press(office, '/alert_team{"emergency":"emergency_violence","commune":"69199"}')
    assert CONSENT_VERSIONS["alert"] != HANDOFF
    assert await consents(office) == [
        ("handoff", CONSENT_VERSIONS["alert"], True, HERE, ["emergency", "commune", "language"])]


async def test_another_team_has_its_own_and_a_press_too_late_none(office: Office) -> None:
    lead, fatou = await taken(office)
    _, (yes, no) = await proposal(office, lead, fatou)
    await press(office, no)
    await press(office, yes)
    await press(office, yes)
    assert await consents(office) == [
        ("handoff", HANDOFF, False, CHIEF, None),
        ("handoff", HANDOFF, True, CHIEF, ["need", "commune", "name", "language"])]


async def test_a_team_that_lost_it_meanwhile_records_no_consent(office: Office) -> None:
    lead, fatou = await taken(office)
    _, (yes, _no) = await proposal(office, lead, fatou)
    await office.desk.close(lead.ref, fatou)
    await press(office, yes)
    assert await consents(office) == []


async def test_taking_back_ends_the_consent_of_every_team_and_service(office: Office) -> None:
    await office.group(GROUP, TRUCK)
    await office.group(CHIEFS, LEAD_BODY)
    await ask(office, "yes")
    (lead,) = await office.store.leads(TRUCK[1], [TRUCK[0]], open_only=True)
    fatou = await office.counsellor("Fatou", TRUCK)
    await office.desk.take(lead.ref, fatou)
    await office.desk.reply(lead.ref, fatou, "Bonjour")
    await office.desk.propose_liaison(lead.ref, fatou, "ccas")
    asked = [row for row in await office.deliver() if row.address == "person-1"][-1]
    await press(office, asked.rendered.buttons[0].payload)
    _, (yes, _no) = await proposal(office, lead, fatou)
    await press(office, yes)
    before = await consents(office)
    assert [one[:4] for one in before] == [
        ("handoff", HANDOFF, True, HERE), ("liaison", CONSENT_VERSIONS["liaison"], True, "ccas"),
        ("handoff", HANDOFF, True, CHIEF)]
    assert all(one[4] for one in before)
    await press(office, "/withdraw_lead")
    await press(office, "/SetSlots(confirm_withdraw=yes)")
    assert (await consents(office))[3:] == [(*one[:2], False, *one[3:]) for one in before]
