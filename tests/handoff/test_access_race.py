"""Access that is withdrawn while somebody acts."""

from tests.handoff.office import TRUCK, Office


async def test_who_was_looked_up_just_before_takes_nothing(office: Office) -> None:
    lead = await office.lead()
    fatou = await office.counsellor("Fatou", TRUCK)
    admin = await office.counsellor("Ana", (TRUCK[0], None), "admin")
    assert await office.desk.access.withdraw(fatou.id, admin)
    outcome = await office.desk.take(lead.ref, fatou)
    assert outcome.kind == "disabled"
    assert "Votre accès a été retiré" in office.desk.cards.outcome(outcome).text
    assert (await office.row(lead.ref)).state == "offered"
