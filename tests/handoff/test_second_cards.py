"""Somebody who asks again while nobody has taken their request: one card says all of it, and can be emptied."""

from collections.abc import Awaitable, Callable

import pytest

from bot.outbound import Rendered
from tests.handoff.office import TRUCK, Office
from tests.handoff.test_moving import SAINT_FONS, alert
from tests.handoff.test_passing_on import GROUP, press, taken

ERASED = ("/delete_my_data", "/SetSlots(confirm_delete=yes)")
TAKEN_BACK = ("/withdraw_lead", "/SetSlots(confirm_withdraw=yes)")


async def shown(office: Office, address: str = GROUP) -> dict[str, str]:
    """What stands on every card of this group now, by its message, after all that was edited."""
    await office.deliver()
    stands: dict[str, str] = {}
    for row in office.sent:
        if row.address == address and row.kind == "edit" and row.edit_of is not None:
            stands[row.edit_of] = row.rendered.text
        elif row.address == address:
            stands[f"message-{row.id}"] = row.rendered.text
    return stands


async def alerted(office: Office) -> None:
    await office.group(GROUP, TRUCK)
    await office.lead()
    await office.deliver()
    await alert(office, SAINT_FONS)
    await office.deliver()


async def handed_back_and_asked_again(office: Office) -> None:
    lead, fatou = await taken(office)
    await office.desk.hand_back(lead.ref, fatou)
    await office.deliver()
    await press(office, '/ask_human{"commune":"69199"}')
    await press(office, "/SetSlots(need=housing)")
    await press(office, "/SetSlots(alias=unsaid)")
    await press(office, "/SetSlots(consent_handoff=yes)")
    await office.deliver()


@pytest.mark.parametrize("way", [TAKEN_BACK, ERASED])
@pytest.mark.parametrize("again", [alerted, handed_back_and_asked_again])
async def test_taken_back_no_card_says_anything_of_the_person(
    office: Office, again: Callable[[Office], Awaitable[None]], way: tuple[str, str],
) -> None:
    await again(office)
    for payload in way:
        await press(office, payload)
    said = " ".join((await shown(office)).values())
    for word in ("Violences", "Samia", "Saint-Fons", "logement"):
        assert word not in said


async def test_refused_no_card_says_anything_of_the_person(office: Office) -> None:
    await alerted(office)
    fatou = await office.counsellor("Fatou", TRUCK)
    (lead,) = await office.store.leads(TRUCK[1], [TRUCK[0]], open_only=True)
    await office.desk.refuse(lead.ref, fatou, "full")
    said = " ".join((await shown(office)).values())
    for word in ("Violences", "Samia", "Saint-Fons"):
        assert word not in said


async def test_the_card_below_says_all_that_was_agreed_and_the_one_above_where_it_is(office: Office) -> None:
    await alerted(office)
    rows = [row for row in office.sent if row.address == GROUP][1:]
    above, below = (row.rendered for row in rows)
    assert [row.kind for row in rows] == ["edit", "card"]
    assert rows[1].thread == rows[0].thread is not None
    assert (above.buttons, "plus bas" in above.text) == ((), True)
    for word in ("URGENT", "Violences", "Samia", "papiers"):
        assert word in below.text
    assert [button.title for button in below.buttons] == ["Je prends", "Pas pour nous"]


async def test_asked_again_what_was_written_before_and_not_sent_yet_still_goes(office: Office) -> None:
    lead, fatou = await taken(office)
    async with office.store.turn("memory", "person-1") as tx:
        await tx.tell_team(lead.id, Rendered("je suis dehors avec mes enfants", "fr", (), "team"))
    await office.desk.hand_back(lead.ref, fatou)
    await alert(office, SAINT_FONS)
    assert "je suis dehors avec mes enfants" in await office.heard(GROUP)
