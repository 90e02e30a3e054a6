"""A report is one for all who write one, though two do at once."""

import asyncio
from datetime import date

from bot.store.store import Store
from tests.store.conftest import Opener


async def test_of_two_reports_written_at_once_one_is_refused(store: Store, opened: Opener) -> None:
    nodes = [store, await opened(), await opened()]
    days = [(date(2026, 1, 1), date(2026, 3, 31)), (date(2026, 3, 1), date(2026, 5, 31)),
            (date(2026, 2, 1), date(2026, 6, 30))]
    answers = await asyncio.gather(*(
        node.give_report(*of, f"total;{number}", instead=False)
        for number, (node, of) in enumerate(zip(nodes, days, strict=True))))
    assert answers.count(None) == 1
