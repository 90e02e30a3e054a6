"""Another team, other dates: proposed by a counsellor, decided by the person."""

from datetime import timedelta

import pytest

from bot.inbound import Inbound, Press
from bot.outbound import Delivered
from bot.store.values import CalendarSession, Counsellor, LeadRow
from bot.team_inbound import TeamPress
from tests.handoff.office import LEAD_BODY, START, TRUCK, Office
from tests.store.samples import PLACE

GROUP, CHIEFS = "group-truck", "group-lead"


async def taken(office: Office) -> tuple[LeadRow, Counsellor]:
    await office.group(GROUP, TRUCK)
    await office.group(CHIEFS, LEAD_BODY)
    lead = await office.lead()
    fatou = await office.counsellor("Fatou", TRUCK)
    await office.desk.take(lead.ref, fatou)
    await office.desk.reply(lead.ref, fatou, "Bonjour")
    await office.deliver()
    return lead, fatou


async def press(office: Office, payload: str) -> list[str]:
    office.updates += 1
    said = await office.turns.answer(
        Inbound("memory", f"press-{office.updates}", "person-1", Press(payload), office.hours.now)
    )
    return [rendered.text for rendered in said]


async def proposal(office: Office, lead: LeadRow, fatou: Counsellor) -> tuple[str, tuple[str, ...]]:
    outcome = await office.desk.propose_pass(lead.ref, fatou, LEAD_BODY[1])
    assert outcome.kind == "done"
    (asked,) = [row for row in await office.deliver() if row.address == "person-1"]
    return asked.rendered.text, tuple(button.payload for button in asked.rendered.buttons)


async def test_another_team_gets_nothing_before_the_person_agrees(office: Office) -> None:
    lead, fatou = await taken(office)
    text, _ = await proposal(office, lead, fatou)
    assert "Innovation et Développement" in text
    assert "Samia" in text  # word for word what would be passed on
    now = await office.row(lead.ref)
    assert (now.body, now.state) == (TRUCK[1], "taken")
    assert await office.heard(CHIEFS) == []


async def test_from_the_group_a_team_is_chosen_and_the_persons_answer_comes_back(office: Office) -> None:
    lead, _ = await taken(office)
    await office.says(GROUP, "Fatou", TeamPress("pass", lead.ref))
    (shown,) = [row.rendered for row in await office.deliver() if row.address == GROUP]
    offered = [button.payload for button in shown.buttons]
    assert f"/lead pass_to {lead.ref} {LEAD_BODY[1]}" in offered
    assert not any(payload.endswith(f" {TRUCK[1]}") for payload in offered)
    await office.says(GROUP, "Fatou", TeamPress("pass_to", lead.ref, LEAD_BODY[1]))
    rows = await office.deliver()
    assert any("a demandé à la personne" in row.rendered.text for row in rows if row.address == GROUP)
    (asked,) = [row.rendered for row in rows if row.address == "person-1"]
    await press(office, asked.buttons[1].payload)
    assert await office.heard(GROUP) == ["La personne préfère rester avec votre équipe."]
    now = await office.row(lead.ref)
    assert (now.body, now.state) == (TRUCK[1], "taken")


async def test_from_the_group_a_team_that_does_not_exist_is_not_asked_about(office: Office) -> None:
    lead, _ = await taken(office)
    for payload in ("nobody", TRUCK[1], ""):
        await office.says(GROUP, "Fatou", TeamPress("pass_to", lead.ref, payload))
    assert [row for row in await office.deliver() if row.address == "person-1"] == []


async def test_with_a_yes_the_other_team_has_it_and_the_first_keeps_nothing(office: Office) -> None:
    lead, fatou = await taken(office)
    _, (yes, _no) = await proposal(office, lead, fatou)
    assert any("passe à" in text for text in await press(office, yes))
    now = await office.row(lead.ref)
    assert (now.body, now.state, now.taken_by) == (LEAD_BODY[1], "offered", None)
    rows = await office.deliver()
    assert any(row.address == CHIEFS and "Samia" in row.rendered.text for row in rows)
    assert not any(row.address == GROUP and "Samia" in row.rendered.text for row in rows)
    assert await office.next_due() is not None  # the new team has its own clock
    again = await press(office, yes)
    assert again
    assert (await office.row(lead.ref)).body == LEAD_BODY[1]
    assert await office.heard(CHIEFS) == []  # the same press twice moves nothing more


async def test_with_a_no_nothing_moves(office: Office) -> None:
    lead, fatou = await taken(office)
    _, (_yes, no) = await proposal(office, lead, fatou)
    assert any("rien n'est parti" in text for text in await press(office, no))
    assert (await office.row(lead.ref)).state == "taken"
    assert await office.heard(CHIEFS) == []


async def test_a_yes_pressed_after_the_request_was_closed_moves_nothing(office: Office) -> None:
    lead, fatou = await taken(office)
    _, (yes, _no) = await proposal(office, lead, fatou)
    await office.desk.close(lead.ref, fatou)
    await press(office, yes)
    now = await office.row(lead.ref)
    assert (now.body, now.state) == (TRUCK[1], "closed")


@pytest.mark.parametrize("changed", ["another need", "another request"])
async def test_a_yes_is_to_what_was_shown_and_to_nothing_that_came_later(office: Office, changed: str) -> None:
    lead, fatou = await taken(office)
    _, (yes, _no) = await proposal(office, lead, fatou)
    if changed == "another request":
        await office.desk.close(lead.ref, fatou)
    again = await office.lead(items={"need": "family", "language": "ar"})
    await office.desk.take(again.ref, fatou)
    await office.deliver()
    assert await press(office, yes) == [office.content.words("utter_choice_over", "fr")]
    now = await office.row(again.ref)
    assert (now.body, now.state) == (TRUCK[1], "taken")
    rows = await office.deliver()
    assert [row.address for row in rows] == [GROUP]
    assert "Posez-lui de nouveau la question" in rows[0].rendered.text
    await office.pass_time(minutes=2)  # else it is the same press
    _, (yes, _no) = await proposal(office, again, fatou)
    await press(office, yes)
    assert (await office.row(again.ref)).body == LEAD_BODY[1]


async def test_a_yes_when_nobody_has_the_request_any_more_is_answered(office: Office) -> None:
    lead, fatou = await taken(office)
    _, (yes, _no) = await proposal(office, lead, fatou)
    admin = await office.counsellor("Awa", (TRUCK[0], None), "admin")
    assert await office.desk.access.withdraw(fatou.id, admin)
    await office.deliver()
    assert await press(office, yes) == [office.content.words("utter_choice_over", "fr")]
    now = await office.row(lead.ref)
    assert (now.body, now.state) == (TRUCK[1], "offered")


async def test_only_a_team_of_the_consortium_can_be_proposed(office: Office) -> None:
    lead, fatou = await taken(office)
    for body in (TRUCK[1], "dynam-and-co", "", "urof"):
        assert not (await office.desk.propose_pass(lead.ref, fatou, body)).done
    assert await office.heard("person-1") == []


async def test_proposed_dates_are_real_and_book_in_one_press(office: Office) -> None:
    starts = START + timedelta(days=2)
    await office.store.load_calendar([PLACE], [
        CalendarSession("s1", PLACE.id, starts, starts + timedelta(hours=3), 5, *TRUCK),
        CalendarSession("elsewhere", PLACE.id, starts, starts + timedelta(hours=3), 5, "drome", "ifra"),
        CalendarSession("full", PLACE.id, starts, starts + timedelta(hours=3), 5, *TRUCK, full=True),
    ])
    lead, fatou = await taken(office)
    assert (await office.desk.propose_dates(lead.ref, fatou)).kind == "done"
    (asked,) = [row for row in await office.deliver() if row.address == "person-1"]
    assert "Fatou vous propose une date" in asked.rendered.text
    assert len(asked.rendered.buttons) == 2  # the one real date, and other dates


async def test_dates_and_the_question_are_sent_once_however_often_they_are_pressed(office: Office) -> None:
    starts = START + timedelta(days=2)
    await office.store.load_calendar(
        [PLACE], [CalendarSession("s1", PLACE.id, starts, starts + timedelta(hours=3), 5, *TRUCK)])
    lead, fatou = await taken(office)
    for _ in range(2):
        assert (await office.desk.propose_dates(lead.ref, fatou)).done
    for _ in range(2):
        assert (await office.desk.propose_pass(lead.ref, fatou, LEAD_BODY[1])).done
    assert len([row for row in await office.deliver() if row.address == "person-1"]) == 2
    office.hours.advance(minutes=2)
    assert (await office.desk.propose_pass(lead.ref, fatou, LEAD_BODY[1])).done
    assert len([row for row in await office.deliver() if row.address == "person-1"]) == 1  # wanted again
    thread = [(line.kind, line.delivery) for line in await office.store.lead_thread(lead.id)]
    assert thread[1:] == [("dates", "sent"), ("pass", "sent"), ("pass", "sent")]


async def test_a_form_sent_twice_is_one_message(office: Office) -> None:
    lead, fatou = await taken(office)
    for _ in range(2):
        assert (await office.desk.reply(lead.ref, fatou, "Venez lundi")).done
    assert await office.heard("person-1") == ["Venez lundi"]


async def test_the_question_whether_another_team_may_have_it_is_no_first_word(office: Office) -> None:
    await office.group(GROUP, TRUCK)
    lead = await office.lead()
    fatou = await office.counsellor("Fatou", TRUCK)
    await office.desk.take(lead.ref, fatou)
    await office.desk.reply(lead.ref, fatou, "Bonjour")
    (taken_by,) = await office.store.claim_outbox(
        frozenset({"memory"}), office.hours.now, 9, timedelta(minutes=1))
    await office.store.delivered(taken_by.id, Delivered("m1"))
    (lost,) = await office.store.claim_outbox(frozenset({"memory"}), office.hours.now, 9, timedelta(minutes=1))
    await office.desk.propose_pass(lead.ref, fatou, LEAD_BODY[1])
    await office.turns.undelivered(lost.id)
    assert (await office.row(lead.ref)).stage == "new"


async def test_when_there_is_no_date_the_counsellor_is_told_and_the_person_hears_nothing(office: Office) -> None:
    lead, fatou = await taken(office)
    outcome = await office.desk.propose_dates(lead.ref, fatou)
    assert outcome.kind == "no_dates"
    assert "date libre" in office.desk.cards.outcome(outcome).text
    assert await office.heard("person-1") == []


async def test_a_no_pressed_after_the_yes_is_too_late(office: Office) -> None:
    lead, fatou = await taken(office)
    _, (yes, no) = await proposal(office, lead, fatou)
    await press(office, yes)
    await office.deliver()
    (answer,) = await press(office, no)
    assert "rien n'est parti" not in answer
    assert await office.heard(CHIEFS) == []
    async with office.store.turn("memory", "person-1") as tx:
        assert "/".join(LEAD_BODY) in {one.body for one in await tx.agreed()}
