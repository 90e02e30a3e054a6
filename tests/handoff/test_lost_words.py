"""What a counsellor wrote and the person never got is nobody else's to read."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest

from bot.store.transaction import Transaction
from tests.handoff.office import LEAD_BODY, Office
from tests.handoff.test_passing_on import CHIEFS, press, proposal, taken


async def test_words_lost_while_the_person_says_yes_are_not_read_to_the_next_team(
    office: Office, monkeypatch: pytest.MonkeyPatch,
) -> None:
    lead, fatou = await taken(office)
    _, (yes, _no) = await proposal(office, lead, fatou)
    await office.desk.reply(lead.ref, fatou, "Venez lundi")
    rows = await office.store.claim_outbox(frozenset({"memory"}), office.hours.now, 9, timedelta(minutes=1))
    (row,) = [row for row in rows if "Venez lundi" in row.rendered.text]
    turn_of = office.store.turn_of

    @asynccontextmanager
    async def after_the_yes(conversation_id: str) -> AsyncIterator[Transaction]:
        monkeypatch.setattr(office.store, "turn_of", turn_of)
        await press(office, yes)
        async with turn_of(conversation_id) as tx:
            yield tx

    monkeypatch.setattr(office.store, "turn_of", after_the_yes)
    await office.turns.undelivered(row.id)
    assert (await office.row(lead.ref)).body == LEAD_BODY[1]
    assert not any("Venez lundi" in text for text in await office.heard(CHIEFS))
