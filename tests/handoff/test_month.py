"""The month of bench/month.py, small: nobody lost, nobody taken twice, everybody told once."""

from pathlib import Path

import pytest

from bench.month import run


@pytest.mark.timeout(300)
async def test_a_small_month_loses_nobody(tmp_path: Path) -> None:
    found = await run(tmp_path, 12, 3, woken=True)
    wrong = {key: found[key] for key in ("lost", "taken twice", "told wrong", "forgotten")}
    assert wrong == dict.fromkeys(wrong, 0)
    assert found["leads"] == 12
    assert found["killed"] > 0
