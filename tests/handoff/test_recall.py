"""Taking back reaches every team that was given something, whatever became of the request since."""

from datetime import timedelta

import pytest

from bot.inbound import Inbound, Words
from bot.jobs.retention import forget
from bot.outbound import Delivered, Outbound, Rendered
from bot.store.retention import RETENTION
from bot.store.values import Counsellor, LeadRow
from bot.turn import Turns
from dialogues.reading import Reading
from tests.handoff.office import LEAD_BODY as CHIEFS_TEAM
from tests.handoff.office import TRUCK, Office, knows
from tests.handoff.test_mail import MAILBOX, Rig, postmaster, rig
from tests.handoff.test_passing_on import CHIEFS, GROUP, press, proposal, taken
from tests.store.samples import every_row

__all__ = ["postmaster", "rig"]  # fixtures
YES = "/SetSlots(confirm_withdraw=yes)"


async def closed(office: Office) -> tuple[LeadRow, Counsellor]:
    lead, fatou = await taken(office)
    await office.desk.close(lead.ref, fatou)
    await office.deliver()
    return lead, fatou


def told(rows: tuple[Outbound, ...], words: str) -> set[str]:
    """Where a message (no edit of a card) says these words."""
    return {row.address for row in rows if row.kind == "recall" and words in row.rendered.text}


async def test_after_the_end_what_was_given_can_still_be_taken_back(office: Office) -> None:
    lead, _ = await closed(office)
    (asked,) = await press(office, "/withdraw_lead")
    assert "l'équipe du camion" in asked
    (done,) = await press(office, YES)
    assert "l'équipe le sait" in done
    now = await office.row(lead.ref)
    assert (now.state, now.items, now.reasons) == ("closed", (), ())
    assert told(await office.deliver(), "la personne l'a retirée") == {GROUP}
    history = await office.store.lead_history(lead.id)
    assert (history[-1].to_state, history[-1].by) == ("withdrawn", "person")
    (none,) = await press(office, "/withdraw_lead")
    assert "Vous n'attendez pas de réponse" in none


async def test_erasing_all_after_the_end_is_told(office: Office) -> None:
    await closed(office)
    await press(office, "/delete_my_data")
    await press(office, "/SetSlots(confirm_delete=yes)")
    assert told(await office.deliver(), "tout effacé") == {GROUP}


@pytest.mark.parametrize("way", ["withdraw", "erase"])
async def test_a_team_that_had_it_before_is_told_in_words(office: Office, way: str) -> None:
    lead, fatou = await taken(office)
    _, (yes, _no) = await proposal(office, lead, fatou)
    await press(office, yes)
    await office.deliver()
    if way == "withdraw":
        await press(office, "/withdraw_lead")
        await press(office, YES)
    else:
        await press(office, "/delete_my_data")
        await press(office, "/SetSlots(confirm_delete=yes)")
    rows = await office.deliver()
    assert told(rows, "Effacez ce que vous avez noté ailleurs") == {GROUP, CHIEFS}
    assert not any("Samia" in row.rendered.text for row in rows)


async def test_requests_before_this_one_are_taken_back_with_it(office: Office) -> None:
    first, _ = await closed(office)
    second = await office.lead()
    await office.deliver()
    await press(office, "/withdraw_lead")
    await press(office, YES)
    assert [(await office.row(one.ref)).items for one in (first, second)] == [(), ()]
    texts = " ".join(row.rendered.text for row in await office.deliver() if row.kind == "recall")
    assert first.ref in texts
    assert second.ref in texts


async def test_a_card_that_waited_to_be_sent_never_goes(office: Office) -> None:
    await office.group(GROUP, TRUCK)
    await office.lead()
    await press(office, "/withdraw_lead")
    await press(office, YES)
    assert not any("Samia" in row.rendered.text for row in await office.deliver())


async def test_a_card_on_its_way_is_emptied_once_it_arrived(office: Office) -> None:
    await office.group(GROUP, TRUCK)
    await office.lead()
    (card,) = await office.store.claim_outbox(
        frozenset({"telegram"}), office.hours.now, 9, timedelta(minutes=1))
    await press(office, "/withdraw_lead")
    await press(office, YES)
    await office.store.delivered(card.id, Delivered("message-1", "topic-1"))
    edits = [row for row in await office.deliver() if row.kind == "edit"]
    assert [(row.edit_of, "retirée" in row.rendered.text) for row in edits] == [("message-1", True)]


async def test_a_mailbox_reads_it_in_the_mail_itself(rig: Rig) -> None:
    lead = await rig.office.lead()
    await rig.send()
    await press(rig.office, "/withdraw_lead")
    await press(rig.office, YES)
    (mail,) = await rig.send()
    assert mail["To"] == MAILBOX
    assert lead.ref in mail["Subject"]
    said = mail.get_content()
    assert "Effacez ce que vous avez noté" in said
    assert "/mail/" not in said


async def test_what_a_year_of_silence_erases_is_told_to_the_team(office: Office) -> None:
    lead, _ = await taken(office)
    office.hours.now += RETENTION["conversations"] + timedelta(days=1)
    await forget(office.store, office.turns, office.hours.clock)
    rows = await office.deliver()
    assert told(rows, "n'a plus écrit depuis longtemps") == {GROUP}
    assert any(row.kind == "edit" and row.address == GROUP for row in rows)
    assert not any("Samia" in row.rendered.text for row in rows)
    assert (await office.row(lead.ref)).items == ()
    assert (await every_row(office.store))["conversations"] == []


async def test_somebody_who_wrote_meanwhile_is_not_forgotten(office: Office) -> None:
    lead, _ = await taken(office)
    conversation = lead.conversation_id
    assert conversation is not None
    assert not await office.turns.forget(conversation, office.hours.now)
    assert (await office.row(lead.ref)).items


async def typed(office: Office, words: str) -> tuple[Rendered, ...]:
    class Reader:
        async def read(self, *_: object) -> Reading:
            return Reading(language="fr", intent=None, confidence=0.0, available=True)

    turns: Turns = knows(office, Reader())
    office.updates += 1
    return await turns.answer(
        Inbound("memory", f"typed-{office.updates}", "person-1", Words(words), office.hours.now))


async def test_while_a_human_talks_the_words_of_the_button_take_it_back(office: Office) -> None:
    await taken(office)
    (asked,) = await typed(office, "retirer ma demande")
    assert "Voulez-vous arrêter votre demande" in asked.text


@pytest.mark.parametrize("end", ["taken", "closed"])
async def test_who_reads_that_somebody_took_it_or_ended_it_finds_the_button(office: Office, end: str) -> None:
    await office.group(GROUP, TRUCK)
    lead = await office.lead()
    fatou = await office.counsellor("Fatou", TRUCK)
    await office.desk.take(lead.ref, fatou)
    if end == "closed":
        await office.deliver()
        await office.desk.close(lead.ref, fatou)
    (said,) = [row for row in await office.deliver() if row.address == "person-1"]
    titles = [button.title for button in said.rendered.buttons]
    assert "Retirer ma demande" in titles


ERASED = ("/delete_my_data", "/SetSlots(confirm_delete=yes)")
TAKEN_BACK = ("/withdraw_lead", YES)


async def test_a_card_on_its_way_is_emptied_after_an_erasure_too(office: Office) -> None:
    await office.group(GROUP, TRUCK)
    await office.lead()
    (card,) = await office.store.claim_outbox(
        frozenset({"telegram"}), office.hours.now, 9, timedelta(minutes=1))
    for payload in ERASED:
        await press(office, payload)
    assert not any("Samia" in str(row) for row in await every_row(office.store))
    await office.store.delivered(card.id, Delivered("message-1", "topic-1"))
    edits = [row for row in await office.deliver() if row.kind == "edit"]
    assert [(row.edit_of, "tout effacé" in row.rendered.text) for row in edits] == [("message-1", True)]


async def test_a_card_whose_sending_failed_at_an_erasure_says_nothing_when_tried_again(office: Office) -> None:
    await office.group(GROUP, TRUCK)
    await office.lead()
    (card,) = await office.store.claim_outbox(
        frozenset({"telegram"}), office.hours.now, 9, timedelta(minutes=1))
    for payload in ERASED:
        await press(office, payload)
    await office.store.retry(card.id, office.hours.now, "busy")
    assert not any("Samia" in row.rendered.text for row in await office.deliver())


@pytest.mark.parametrize("way", [TAKEN_BACK, ERASED])
async def test_a_group_connected_to_another_team_since_keeps_no_card(office: Office, way: tuple[str, str]) -> None:
    await office.group(GROUP, TRUCK)
    await office.lead()
    (card,) = await office.deliver()
    await office.group(GROUP, CHIEFS_TEAM)
    for payload in way:
        await press(office, payload)
    edits = [row for row in await office.deliver() if row.kind == "edit"]
    assert [(row.address, row.edit_of) for row in edits] == [(GROUP, f"message-{card.id}")]
