"""The month of bench/month_nodes.py, small: two processes on one PostgreSQL, some killed, nobody lost."""

from pathlib import Path

import pytest

from bench.month_nodes import run
from tests.store.postgres import postgres_server


@pytest.mark.timeout(300)
async def test_two_processes_and_deaths_lose_nobody(tmp_path: Path) -> None:
    with postgres_server() as server:
        found = await run(server.new_database(), tmp_path, 8, 8, 5, 3)
    wrong = {key: found[key] for key in ("lost", "taken twice", "told wrong", "never sent")}
    assert wrong == dict.fromkeys(wrong, 0)
    assert found["killed"] > 0
    assert found["sent"] > 8
    assert found["sent twice"] <= max(1, found["sent"] // 20)
