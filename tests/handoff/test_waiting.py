"""Who has a request owes an answer: to what the person wrote, to an emergency, and after it changed hands."""

from datetime import datetime, timedelta

import pytest

from bot.inbound import Inbound, Press, Words
from bot.store.values import Counsellor, LeadRow
from bot.team_inbound import TeamLeft, TeamPress
from dialogues.effects import OpenLead
from dialogues.reading import Reading
from handoff.hours import PARIS
from handoff.promises import ALARM
from tests.handoff.office import LEAD_BODY, TRUCK, Office

GROUP, CHIEFS = "group-truck", "group-lead"
# Monday 23 November, 10:00 in Paris, is when every test begins.
MINUTES = timedelta(minutes=15)


class Reader:
    """Thanks and violence are understood, nothing else is."""

    async def read(self, text: str, prior: str | None, hint: str | None, now: datetime) -> Reading:
        if text == "merci":
            return Reading(language="fr", intent="thank", confidence=1.0, ranking=(("thank", 1.0),), available=True)
        return Reading(language="fr", emergency="emergency_violence" if "frappe" in text else None)


async def answered(office: Office, content: Words | Press) -> list[str]:
    office.updates += 1
    said = await office.turns.answer(
        Inbound("memory", f"person-{office.updates}", "person-1", content, office.hours.now))
    return [rendered.text for rendered in said]


async def write(office: Office, text: str) -> list[str]:
    return await answered(office, Words(text))


async def press(office: Office, payload: str) -> list[str]:
    return await answered(office, Press(payload))


@pytest.fixture
def office(office: Office, monkeypatch: pytest.MonkeyPatch) -> Office:
    monkeypatch.setattr(office.turns._inbound, "_reader", Reader())
    return office


@pytest.fixture
async def fatou(office: Office) -> Counsellor:
    await office.group(GROUP, TRUCK)
    await office.group(CHIEFS, LEAD_BODY)
    return await office.counsellor("Fatou", TRUCK)


@pytest.fixture
async def lead(office: Office, fatou: Counsellor) -> LeadRow:
    """Taken by Fatou, who has written."""
    lead = await office.lead()
    await office.desk.take(lead.ref, fatou)
    await office.desk.reply(lead.ref, fatou, "Bonjour, je regarde")
    await office.deliver()
    return await office.row(lead.ref)


# ── words that wait for an answer ───────────────────────────────────────────────────────────────────────────


async def test_what_the_person_writes_is_answered_or_somebody_else_is_asked(office: Office, lead: LeadRow) -> None:
    assert await office.next_due() is None
    await write(office, "vous avez trouvé ?")
    assert await office.next_due() == datetime(2026, 11, 25, 10, 0, tzinfo=PARIS)
    await office.pass_time(days=2, minutes=1)
    assert any("a écrit, et n'a pas eu de réponse" in text for text in await office.heard(GROUP))
    await office.pass_time(hours=6)
    assert any("Pour l'admin" in text for text in await office.heard(GROUP))
    await office.pass_time(days=1)
    rows = await office.deliver()
    now = await office.row(lead.ref)
    assert (now.state, now.taken_by) == ("offered", None)
    assert any("Fatou n'a pas pu répondre à temps" in row.rendered.text for row in rows if row.address == GROUP)
    (told,) = [row.rendered.text for row in rows if row.address == "person-1"]
    assert "ne peut plus vous écrire ici" in told
    assert await office.next_due() is not None


async def test_an_answer_ends_it_and_writing_again_does_not_put_it_off(
    office: Office, lead: LeadRow, fatou: Counsellor
) -> None:
    await write(office, "vous avez trouvé ?")
    first = await office.next_due()
    office.hours.advance(hours=24)
    await write(office, "vous êtes là ?")
    assert await office.next_due() == first
    await office.pass_time(days=1, minutes=1)
    assert (await office.row(lead.ref)).level == 1
    await office.desk.reply(lead.ref, fatou, "Oui")
    assert (await office.next_due(), (await office.row(lead.ref)).level) == (None, 0)


@pytest.mark.parametrize("how", ["phrase", "met"])
async def test_a_ready_phrase_or_having_met_is_an_answer(
    office: Office, lead: LeadRow, fatou: Counsellor, how: str
) -> None:
    await write(office, "vous avez trouvé ?")
    await office.pass_time(days=2, minutes=1)
    if how == "met":
        await office.desk.came_to(lead.ref, fatou, "met")
    else:
        await office.desk.phrase(lead.ref, fatou, "hello")
    assert (await office.next_due(), (await office.row(lead.ref)).level) == (None, 0)


async def test_nobody_is_late_with_an_answer_to_thanks(office: Office, lead: LeadRow) -> None:
    await write(office, "merci")
    assert await office.next_due() is None


async def test_handed_back_the_bot_answers_and_nobody_is_reminded(
    office: Office, lead: LeadRow, fatou: Counsellor
) -> None:
    await write(office, "vous avez trouvé ?")
    await office.desk.hand_back(lead.ref, fatou)
    assert await office.next_due() is None


async def test_words_that_no_chat_and_no_console_shows_send_the_request_back_at_once(
    office: Office, fatou: Counsellor
) -> None:
    lead = await office.lead()
    await office.says(GROUP, "Inès", TeamPress("take", lead.ref))
    await office.says(GROUP, "Inès", TeamLeft(asked=True))
    await office.deliver()
    said = await write(office, "allo ?")
    assert "ne peut plus vous écrire ici" in said[-1]
    assert (await office.row(lead.ref)).state == "offered"
    assert await office.next_due() is not None


async def test_who_reads_the_console_needs_no_chat(office: Office, lead: LeadRow) -> None:
    await office.says(GROUP, "Inès", TeamLeft(asked=True))
    assert await write(office, "allo ?") == []
    assert (await office.row(lead.ref)).state == "taken"


# ── back to the machine, and emergencies ────────────────────────────────────────────────────────────────────


async def test_back_to_the_machine_the_team_is_told_once(office: Office, lead: LeadRow, fatou: Counsellor) -> None:
    await press(office, "/talk_to_machine")
    await press(office, "/talk_to_machine")
    told = await office.heard(GROUP)
    assert ["parle de nouveau avec le bot" in text for text in told] == [True]
    await office.desk.reply(lead.ref, fatou, "Je reste là")
    assert "Je reste là" in (await office.heard("person-1"))[0]


async def test_an_emergency_reaches_who_has_the_request_though_the_machine_talks(
    office: Office, lead: LeadRow, fatou: Counsellor
) -> None:
    await press(office, "/talk_to_machine")
    await office.deliver()
    said = await write(office, "mon mari me frappe")
    assert "Pic Up Tour" in said[-1]
    (alarm,) = await office.deliver()
    assert (alarm.address, alarm.silent) == (GROUP, False)
    assert "Violences" in alarm.rendered.text
    assert await office.next_due() == office.hours.now + MINUTES
    await write(office, "aidez moi")  # now for the human again
    assert (await office.heard(GROUP))[0].endswith("aidez moi")
    await office.desk.reply(lead.ref, fatou, "Je suis là")
    assert await office.next_due() is None


async def test_an_emergency_without_an_answer_calls_twice_then_waits_for_the_team(
    office: Office, lead: LeadRow, fatou: Counsellor
) -> None:
    office.hours.now = datetime(2026, 11, 28, 22, 0, tzinfo=PARIS)  # a Saturday
    await write(office, "mon mari me frappe")
    await office.deliver()
    await office.pass_time(hours=8)
    calls = [row for row in await office.deliver() if row.address == GROUP]
    assert [row.silent for row in calls] == [False, False]
    assert all("urgence" in row.rendered.text for row in calls)
    assert (await office.row(lead.ref)).state == "taken"
    await office.pass_time(days=2)
    assert (await office.row(lead.ref)).state == "offered"


async def test_an_emergency_is_not_less_pressing_because_a_reminder_was_near(
    office: Office, lead: LeadRow, fatou: Counsellor
) -> None:
    await write(office, "vous avez trouvé ?")
    office.hours.advance(days=1, hours=23, minutes=50)
    await write(office, "mon mari me frappe")
    await office.deliver()
    await office.pass_time(minutes=30)
    assert all("urgence" in text for text in await office.heard(GROUP))
    assert (await office.row(lead.ref)).level == 2


async def test_handing_back_does_not_answer_an_emergency(office: Office, lead: LeadRow, fatou: Counsellor) -> None:
    await write(office, "mon mari me frappe")
    await office.desk.hand_back(lead.ref, fatou)
    await office.desk.take(lead.ref, fatou)
    assert await office.next_due() == office.hours.now + MINUTES


async def test_an_urgent_need_added_to_a_taken_request_has_a_clock_and_goes_back_to_the_human(
    office: Office, lead: LeadRow
) -> None:
    await press(office, "/talk_to_machine")
    await press(office, '/alert_team{"emergency":"emergency_violence","commune":"69199"}')
    await office.deliver()
    assert await office.next_due() == office.hours.now + MINUTES
    await write(office, "aidez moi")
    assert (await office.heard(GROUP))[0].endswith("aidez moi")
    await office.pass_time(minutes=46)
    now = await office.row(lead.ref)
    assert (now.state, now.urgent) == ("offered", "emergency_violence")


# ── clocks of a request that changes hands ──────────────────────────────────────────────────────────────────


async def test_the_next_team_owes_a_first_word_of_its_own(office: Office, lead: LeadRow, fatou: Counsellor) -> None:
    await office.desk.propose_pass(lead.ref, fatou, LEAD_BODY[1])
    (asked,) = [row for row in await office.deliver() if row.address == "person-1"]
    await press(office, asked.rendered.buttons[0].payload)
    ines = await office.counsellor("Inès", LEAD_BODY)
    await office.deliver()
    await office.desk.take(lead.ref, ines)
    assert "avant mercredi 25 novembre" in (await office.heard("person-1"))[0]
    assert await office.next_due() == datetime(2026, 11, 25, 10, 0, tzinfo=PARIS)
    await office.desk.reply(lead.ref, ines, "Bonjour, c'est Inès")
    assert await office.next_due() is None
    history = [move.to_state for move in await office.store.lead_history(lead.id)]
    assert history.count("contacted") == 2


async def test_handed_back_without_a_word_the_person_is_not_forgotten(office: Office, fatou: Counsellor) -> None:
    lead = await office.lead()
    await office.desk.take(lead.ref, fatou)
    await office.desk.hand_back(lead.ref, fatou)
    assert await office.next_due() == datetime(2026, 11, 25, 10, 0, tzinfo=PARIS)
    await office.pass_time(days=4)
    assert (await office.row(lead.ref)).state == "offered"


async def test_handed_back_after_a_word_and_taken_again_nothing_is_owed(
    office: Office, lead: LeadRow, fatou: Counsellor
) -> None:
    await office.desk.hand_back(lead.ref, fatou)
    await office.desk.take(lead.ref, fatou)
    assert await office.next_due() is None


async def test_a_request_that_comes_back_after_a_month_is_not_closed_at_once(
    office: Office, lead: LeadRow
) -> None:
    await office.pass_time(days=40)
    await write(office, "vous avez trouvé ?")
    await office.pass_time(days=8)
    assert (await office.row(lead.ref)).state == "offered"


# ── an emergency at night ───────────────────────────────────────────────────────────────────────────────────


async def test_an_alarm_at_night_is_told_to_the_person_and_does_not_flood_the_team(
    office: Office, fatou: Counsellor
) -> None:
    office.hours.now = datetime(2026, 11, 28, 22, 50, tzinfo=PARIS)  # a Saturday
    lead = await office.lead(urgent="emergency_shelter")
    await office.deliver()
    await office.pass_time(hours=2)
    rows = await office.deliver()
    assert (await office.row(lead.ref)).level == ALARM
    said = [row.rendered.text for row in rows if row.address == "person-1"]
    assert any("lundi 30 novembre" in text for text in said)
    assert "115" in said[-1]
    await office.pass_time(hours=46)
    assert len([row for row in await office.deliver() if row.address == CHIEFS]) <= 8
    # Once the team is there it is reminded every two hours, not once a day.
    office.hours.now = max(office.hours.now, datetime(2026, 12, 1, 9, 0, tzinfo=PARIS))
    await office.pass_time(hours=8)
    assert len(await office.heard(CHIEFS)) >= 3


async def test_a_further_request_is_owed_an_answer(office: Office) -> None:
    """Handed back, asked again, and taken again just before the person's yes: it joins what is taken."""
    lead = await office.lead()
    fatou = await office.counsellor("Fatou", TRUCK)
    await office.desk.take(lead.ref, fatou)
    await office.desk.reply(lead.ref, fatou, "Bonjour")
    assert await office.next_due() is None
    async with office.store.turn("memory", "person-1") as tx:
        more = OpenLead(TRUCK[1], TRUCK[0], (), {"need": "health", "language": "ar"}, None)
        opened = await office.turns._leads.open(tx, more, await tx.snapshot(understanding=True))
    assert opened.joined
    async with office.store.turn("memory", "person-1") as tx:
        assert await tx.watched(lead.id) == "lead_unanswered"
