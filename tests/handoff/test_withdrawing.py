"""A request taken back by the person: the team is told, and what it was given is gone from here."""

import pytest

from bot.team_inbound import TeamPress
from dialogues.text import Text
from tests.handoff.office import TRUCK, Office
from tests.handoff.test_passing_on import GROUP, press, taken
from tests.store.samples import every_row

YES, NO = "/SetSlots(confirm_withdraw=yes)", "/SetSlots(confirm_withdraw=no)"


@pytest.mark.parametrize("before", ["offered", "taken", "handed_back"])
async def test_the_team_is_told_and_keeps_nothing(office: Office, before: str) -> None:
    if before == "offered":
        await office.group(GROUP, TRUCK)
        lead = await office.lead()
        await office.deliver()
    else:
        lead, fatou = await taken(office)
        if before == "handed_back":
            await office.desk.hand_back(lead.ref, fatou)
            await office.deliver()
    (asked,) = await press(office, "/withdraw_lead")
    assert "l'équipe du camion" in asked
    assert (await office.row(lead.ref)).state == before  # nothing moves before the yes
    (done,) = await press(office, YES)
    assert "Votre demande d'aide est arrêtée" in done
    now = await office.row(lead.ref)
    assert (now.state, now.items, now.reasons) == ("withdrawn", (), ())
    told = [row for row in await office.deliver() if row.address == GROUP]
    assert {row.kind for row in told} == {"edit", "recall", "close"}
    assert not any("Samia" in row.rendered.text for row in told)
    assert await office.next_due() is None
    rows = await every_row(office.store)
    assert [(row["kind"], row["granted"]) for row in rows["consents"]] == [("handoff", False)]
    assert rows["lead_messages"] == []


async def test_the_person_stays_and_may_ask_again(office: Office) -> None:
    await taken(office)
    await press(office, "/withdraw_lead")
    await press(office, YES)
    (said,) = await press(office, "/withdraw_lead")
    assert "Vous n'attendez pas de réponse" in said
    (asked,) = (await press(office, "/ask_human"))[-1:]
    assert asked


async def test_a_no_leaves_everything(office: Office) -> None:
    lead, _ = await taken(office)
    await press(office, "/withdraw_lead")
    (kept,) = await press(office, NO)
    assert "reste comme elle est" in kept
    assert (await office.row(lead.ref)).state == "taken"


async def test_what_the_team_writes_after_that_reaches_nobody_and_it_is_told_so(office: Office) -> None:
    lead, fatou = await taken(office)
    await press(office, "/withdraw_lead")
    await press(office, YES)
    await office.deliver()
    assert (await office.desk.reply(lead.ref, fatou, "vous êtes là ?")).kind == "over"
    await office.says(GROUP, "Fatou", TeamPress("take", lead.ref))
    await office.pass_time(hours=1)
    assert not [row for row in await office.deliver() if row.address == "person-1"]


async def test_withdrawing_twice_at_once_tells_the_team_once(office: Office) -> None:
    await taken(office)
    await press(office, "/withdraw_lead")
    await press(office, YES)
    await press(office, YES)
    told = [row for row in await office.deliver() if row.address == GROUP and row.kind == "recall"]
    assert len(told) == 1


async def test_erasing_all_is_told_to_a_team_that_had_given_it_back_too(office: Office) -> None:
    lead, fatou = await taken(office)
    await office.desk.hand_back(lead.ref, fatou)
    await office.deliver()
    await press(office, "/delete_my_data")
    await press(office, "/SetSlots(confirm_delete=yes)")
    told = [row for row in await office.deliver() if row.address == GROUP]
    assert any("tout effacé" in row.rendered.text for row in told)


async def test_who_hears_that_a_human_has_it_can_take_it_back_there(office: Office) -> None:
    lead = await office.lead()
    fatou = await office.counsellor("Fatou", TRUCK)
    for _ in range(2):  # before a first word, and taken up again after one
        await office.desk.take(lead.ref, fatou)
        (said,) = [row.rendered for row in await office.deliver() if row.address == "person-1"]
        assert "Retirer ma demande" in [button.title for button in said.buttons]
        await office.desk.reply(lead.ref, fatou, "Bonjour")
        await office.desk.hand_back(lead.ref, fatou)
        await office.deliver()


@pytest.mark.parametrize(("language", "words"), [("fr", "Après, l'équipe ne"), ("en", "After that, the team"),
                                                 ("es", "Después, el equipo"), ("ru", "После этого команда")])
async def test_a_request_that_no_team_has_is_stopped_in_a_well_written_sentence(
    office: Office, language: str, words: str
) -> None:
    said = office.content.text(Text("utter_ask_confirm_withdraw", {"team": Text("label/team_alone")}), language)
    assert words in said
