"""A team that the directory names no more still has people's requests: nobody is left without an answer."""

from tests.handoff.office import TRUCK, Office
from tests.handoff.test_passing_on import press

GONE = (TRUCK[0], "team-of-last-year")


async def test_who_asks_where_it_stands_or_takes_it_back_is_answered(office: Office) -> None:
    lead = await office.lead(GONE)
    assert "chez l'équipe." in (await press(office, "/ask_human"))[-1]
    (asked,) = await press(office, "/withdraw_lead")
    assert "Après, l'équipe ne pourra plus" in asked
    await press(office, "/SetSlots(confirm_withdraw=yes)")
    assert (await office.row(lead.ref)).state == "withdrawn"


async def test_it_can_be_taken_and_the_person_is_told(office: Office) -> None:
    lead = await office.lead(GONE)
    ana = await office.counsellor("Ana", (TRUCK[0], None), "admin")
    assert (await office.desk.take(lead.ref, ana)).done
    assert "Ana, de l'équipe, a pris votre demande" in (await office.heard("person-1"))[0]


async def test_a_territory_that_is_gone_is_said_in_words_too(office: Office) -> None:
    lead = await office.lead(("last-year", "team"))
    assert "chez l'équipe." in (await press(office, "/ask_human"))[-1]
    await office.pass_time(days=2)
    assert (await office.row(lead.ref)).state == "offered"
