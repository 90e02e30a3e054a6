"""Understanding does not get worse unseen: every variety's held-out messages, through the real Rasa."""

from pathlib import Path

import httpx
import pytest
from ruamel.yaml import YAML

from bot.app import ROOT
from bot.clock import real_clock
from bot.evaluation import understander
from nlu.client import RasaClient
from nlu.evaluate import Report, evaluate
from tests.e2e.conftest import Meaning

pytestmark = [pytest.mark.rasa, pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(1200)]
EVALUATION = ROOT / "nlu" / "evaluation"
FLOORS: dict[str, dict[str, float]] = YAML(typ="safe").load((EVALUATION / "floors.yml").read_text("utf-8"))


async def measured(meaning: Meaning, folder: Path) -> Report:
    async with httpx.AsyncClient() as http:
        # A busy machine may be slow: here what is understood is asked, not how fast.
        client = RasaClient(meaning.url, meaning.token, http, deadline=30)
        return await evaluate([EVALUATION], await understander(ROOT, folder, client.parse, real_clock()))


async def test_no_variety_is_understood_worse_than_it_was(meaning: Meaning, tmp_path: Path) -> None:
    report = await measured(meaning, tmp_path)
    assert {scores.variety for scores in report.files} == set(FLOORS)
    fallen = []
    for scores in report.files:
        floor = FLOORS[scores.variety]
        assert scores.accuracy is not None
        assert scores.language_accuracy is not None
        assert scores.emergency_recall is not None
        assert scores.alarm_rate is not None
        if (
            scores.accuracy < floor["accuracy"] or scores.language_accuracy < floor["language"]
            or scores.emergency_recall < floor["emergency_recall"] or scores.alarm_rate > floor["most_alarms"]
        ):
            fallen.append(scores)
    assert fallen == []
