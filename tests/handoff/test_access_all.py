"""Whoever leaves keeps nothing, however many requests the consortium has."""

import pytest

from bot.store import lead_reads
from tests.handoff.office import TRUCK, Office


async def test_what_is_not_on_the_first_page_goes_back_too(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lead_reads, "SHOWN_LEADS", 1)
    fatou = await office.counsellor("Fatou", TRUCK)
    admin = await office.counsellor("Ana", (TRUCK[0], None), "admin")
    leads = [await office.lead(address=f"person-{at}") for at in range(3)]
    for lead in leads:
        await office.desk.take(lead.ref, fatou)
        office.hours.advance(minutes=1)
    assert await office.desk.access.withdraw(fatou.id, admin)
    assert {(await office.row(lead.ref)).state for lead in leads} == {"offered"}
