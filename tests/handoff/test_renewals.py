"""Answers that are soon past their day: said thirty days ahead to who answers for a consortium, once."""

from datetime import UTC, datetime

from bot.desk.renewals import Renewals
from tests.handoff.office import LEAD_BODY, TRUCK, Office, shared
from tests.handoff.test_console import Building

CHIEFS, GROUP = "group-consortium", "group-truck"
CALM = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)  # nothing ends within 30 days
AHEAD = datetime(2027, 3, 8, 9, 0, tzinfo=UTC)
PAST = datetime(2027, 4, 5, 9, 0, tzinfo=UTC)


async def told(office: Office) -> list[tuple[str, str]]:
    await office.desk.renewals.look()
    return [(row.address, row.rendered.text) for row in await office.deliver()]


async def test_a_month_ahead_the_consortium_is_told_once_by_itself(office: Office) -> None:
    await office.group(CHIEFS, (TRUCK[0], None))
    await office.group(GROUP, TRUCK)
    office.hours.now = CALM
    assert await told(office) == []
    office.hours.now = AHEAD
    ((address, words),) = await told(office)
    assert address == CHIEFS
    assert "Réponse à revoir avant le 1 avril 2027 : 💶 RSA (revenu minimum)" in words.replace("1er", "1")
    assert await told(office) == []


async def test_a_restart_does_not_say_it_again_and_the_past_is_said_once(office: Office) -> None:
    await office.group(CHIEFS, (TRUCK[0], None))
    office.hours.now = AHEAD
    await told(office)
    desk = office.desk
    desk.renewals = Renewals(office.store, desk.cards, desk.promises, shared()[1].catalog, office.hours.clock)
    assert await told(office) == []
    office.hours.now = PAST
    ((_, words),) = await told(office)
    assert "💶 RSA (revenu minimum) : périmé depuis le 1 avril 2027" in words.replace("1er", "1")
    assert await told(office) == []


async def test_without_a_group_of_the_consortium_the_body_that_answers_for_it_is_told(office: Office) -> None:
    await office.group(GROUP, TRUCK)
    office.hours.now = AHEAD
    assert await told(office) == []
    await office.group("group-lead", LEAD_BODY)
    assert [address for address, _ in await told(office)] == ["group-lead"]


async def test_nobody_is_woken_for_that(office: Office) -> None:
    await office.group(CHIEFS, (TRUCK[0], None))
    office.hours.now = AHEAD.replace(hour=2)
    assert await told(office) == []
    office.hours.now = AHEAD
    assert len(await told(office)) == 1


async def test_a_line_that_ends_alone_is_said_with_its_day(office: Office) -> None:
    office.hours.now = datetime(2026, 12, 10, 9, 0, tzinfo=UTC)
    lines = office.desk.renewals.lines()
    assert any("Électricité" in line and "une ligne finit le 31 décembre 2026" in line for line in lines)
    office.hours.now = datetime(2027, 1, 2, 9, 0, tzinfo=UTC)
    assert any("a fini le 31 décembre 2026" in line for line in office.desk.renewals.lines())


async def test_the_numbers_of_danger_are_to_be_read_again_too_and_go_on_being_said(office: Office) -> None:
    office.hours.now = datetime(2027, 5, 3, 9, 0, tzinfo=UTC)
    assert "Numéros d'urgence à revoir avant le 23 mai 2027 : Urgence médicale" in office.desk.renewals.lines()
    office.hours.now = datetime(2027, 5, 24, 9, 0, tzinfo=UTC)
    assert any(line.startswith("Urgence médicale : numéros à revoir depuis le 23 mai 2027.")
               for line in office.desk.renewals.lines())


async def test_the_first_page_of_an_admin_says_it_and_a_counsellors_does_not(office: Office) -> None:
    office.hours.now = AHEAD
    admin = await office.counsellor("Awa", (TRUCK[0], None), "admin")
    fatou = await office.counsellor("Fatou", TRUCK)
    for who, seen in ((admin, True), (fatou, False)):
        async with Building(office).signed_in(who) as visit:
            assert ("Réponse à revoir avant le" in (await visit.get("/console")).text) is seen
