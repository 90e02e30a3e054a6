"""Nobody forgotten: a lead nobody takes, or whose person hears nothing, always goes one step up."""

from datetime import datetime, timedelta

from bot.store.values import Counsellor
from dialogues.effects import MarkBlocked
from handoff.hours import PARIS
from handoff.promises import ALARM
from tests.handoff.office import LEAD_BODY, TRUCK, Office

GROUP, CHIEFS = "group-truck", "group-lead"


async def groups(office: Office) -> None:
    await office.group(GROUP, TRUCK)
    await office.group(CHIEFS, LEAD_BODY)


async def told(office: Office, address: str) -> list[str]:
    return [row.rendered.text for row in await office.deliver() if row.address == address]


async def test_an_untaken_lead_goes_up_step_by_step_in_working_hours(office: Office) -> None:
    # Monday 23 November, 10:00 in Paris; the teams are there 9-12 and 13:30-17.
    await groups(office)
    lead = await office.lead()
    await office.deliver()
    assert await office.next_due() == datetime(2026, 11, 23, 15, 30, tzinfo=PARIS)
    await office.pass_time(hours=6)
    rows = await office.deliver()
    assert [row.address for row in rows] == [GROUP]
    assert "personne ne l'a prise depuis" in rows[0].rendered.text
    await office.pass_time(hours=24)  # Tuesday 11:00 has come: its admins
    assert any("Pour l'admin" in text for text in await told(office, GROUP))
    assert (await office.row(lead.ref)).body == TRUCK[1]
    await office.pass_time(hours=12)  # Tuesday 17:00: the lead body has it, and the person knows
    rows = await office.deliver()
    now = await office.row(lead.ref)
    assert (now.body, now.state) == (LEAD_BODY[1], "offered")
    assert any(row.address == CHIEFS and "Nouvelle demande" in row.rendered.text for row in rows)
    assert any(row.address == CHIEFS and "maintenant chez vous" in row.rendered.text for row in rows)
    passed, away = [row.rendered.text for row in rows if row.address == "person-1"]
    assert "passe à" in passed
    assert "Elle revient mercredi 25 novembre, 09:00" in away  # it is the end of their day
    assert not any("Samia" in row.rendered.text for row in rows if row.address == GROUP)
    await office.pass_time(hours=24)
    rows = await office.deliver()
    assert (await office.row(lead.ref)).level == ALARM
    assert any("en alarme" in row.rendered.text for row in rows if row.address == CHIEFS)
    said = [row.rendered.text for row in rows if row.address == "person-1"]
    assert len(said) == 1
    assert "Personne n'a encore pris" in said[0]
    await office.pass_time(days=3)
    assert [row for row in await office.deliver() if row.address == "person-1"] == []  # told once, not every day
    assert await office.next_due() is not None


async def test_after_thirty_days_it_ends_with_an_honest_word(office: Office) -> None:
    lead = await office.lead()
    await office.pass_time(days=33)
    now = await office.row(lead.ref)
    assert (now.state, now.outcome) == ("closed", "expired")
    assert await office.next_due() is None
    said = await office.heard("person-1")
    assert "personne n'a pu" in said[-1]


async def test_an_emergency_goes_up_in_minutes_whatever_the_hour(office: Office) -> None:
    office.hours.now = datetime(2026, 11, 28, 23, 0, tzinfo=PARIS)  # a Saturday night
    await groups(office)
    lead = await office.lead(urgent="emergency_shelter")
    await office.pass_time(minutes=16)
    assert (await office.row(lead.ref)).level == 1
    await office.pass_time(minutes=45)
    assert (await office.row(lead.ref)).level == ALARM


async def test_taking_stops_it_and_silence_starts_another_clock(office: Office) -> None:
    await groups(office)
    lead = await office.lead()
    fatou = await office.counsellor("Fatou", TRUCK)
    await office.desk.take(lead.ref, fatou)
    assert "avant mercredi 25 novembre" in (await office.heard("person-1"))[0]
    assert await office.next_due() == datetime(2026, 11, 25, 10, 0, tzinfo=PARIS)
    await office.pass_time(days=2, hours=1)
    assert any("la personne n'a encore rien reçu" in text for text in await told(office, GROUP))
    await office.pass_time(days=2)
    rows = await office.deliver()
    now = await office.row(lead.ref)
    assert (now.state, now.taken_by) == ("offered", None)
    assert any("ne peut plus vous écrire ici" in row.rendered.text for row in rows if row.address == "person-1")
    assert await office.next_due() is not None


async def test_a_first_word_to_the_person_ends_the_waiting(office: Office) -> None:
    lead = await office.lead()
    fatou = await office.counsellor("Fatou", TRUCK)
    await office.desk.take(lead.ref, fatou)
    await office.desk.reply(lead.ref, fatou, "Bonjour")
    assert (await office.row(lead.ref)).stage == "contacted"
    assert await office.next_due() is None
    history = await office.store.lead_history(lead.id)
    assert [move.to_state for move in history] == ["offered", "taken", "contacted"]


async def test_stages_only_go_forward(office: Office) -> None:
    lead = await office.lead()
    fatou = await office.counsellor("Fatou", TRUCK)
    assert (await office.desk.came_to(lead.ref, fatou, "met")).kind == "moved_on"  # nobody has it yet
    await office.desk.take(lead.ref, fatou)
    assert (await office.desk.came_to(lead.ref, fatou, "enrolled")).kind == "done"
    assert (await office.desk.came_to(lead.ref, fatou, "met")).kind == "moved_on"
    assert (await office.desk.came_to(lead.ref, fatou, "married")).done is False
    assert (await office.row(lead.ref)).stage == "enrolled"


async def test_an_outcome_is_for_closed_requests_and_is_one_of_the_list(office: Office) -> None:
    lead = await office.lead()
    fatou = await office.counsellor("Fatou", TRUCK)
    await office.desk.take(lead.ref, fatou)
    assert (await office.desk.outcome(lead.ref, fatou, "answered")).kind == "moved_on"
    await office.desk.close(lead.ref, fatou)
    assert (await office.desk.outcome(lead.ref, fatou, "expired")).kind == "moved_on"  # the bot's word alone
    assert (await office.desk.outcome(lead.ref, fatou, "answered")).kind == "done"
    assert (await office.row(lead.ref)).outcome == "answered"


async def test_when_every_team_said_no_it_is_an_alarm_at_once(office: Office) -> None:
    lead = await office.lead()
    for name, team in (("Fatou", TRUCK), ("Inès", LEAD_BODY)):
        counsellor: Counsellor = await office.counsellor(name, team)
        await office.desk.refuse(lead.ref, counsellor, "full")
    now = await office.row(lead.ref)
    assert (now.state, now.level) == ("unowned", ALARM)
    assert await office.next_due() is not None


async def test_blocking_the_bot_does_not_make_a_request_forgotten(office: Office) -> None:
    await groups(office)
    lead = await office.lead()
    async with office.store.turn("memory", "person-1") as tx:
        await tx.apply(MarkBlocked())
    await office.pass_time(hours=6)
    assert (await office.row(lead.ref)).level == 1
    assert any("personne ne l'a prise" in text for text in await told(office, GROUP))


async def test_erasing_everything_leaves_nothing_to_wake(office: Office) -> None:
    await office.lead()
    await office.erase()
    assert await office.next_due() is None


async def test_a_row_woken_twice_moves_one_step(office: Office) -> None:
    await groups(office)
    lead = await office.lead()
    office.hours.advance(hours=6)
    rows = await office.store.claim_due(office.hours.now, 10, timedelta(minutes=1))
    for _ in range(2):
        await office.desk.due(rows[0])
    assert (await office.row(lead.ref)).level == 1


async def test_a_lead_body_that_said_no_does_not_get_it_again_the_alarm_rings(office: Office) -> None:
    await groups(office)
    lead = await office.lead()
    await office.pass_time(days=2)
    assert (await office.row(lead.ref)).body == LEAD_BODY[1]
    ines = await office.counsellor("Inès", LEAD_BODY)
    await office.desk.refuse(lead.ref, ines, "full")
    assert (await office.row(lead.ref)).body == TRUCK[1]
    await office.deliver()
    await office.pass_time(days=4)
    now = await office.row(lead.ref)
    assert (now.body, now.level) == (TRUCK[1], ALARM)
    rows = await office.deliver()
    said = [row.rendered.text for row in rows if row.address == "person-1"]
    assert len(said) == 1
    assert "Personne n'a encore pris" in said[0]
