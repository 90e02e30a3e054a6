"""« Rien n'est gardé après »: what « Est-ce pour moi ? » asks, hears and says is looked for in every table."""

import json
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from bot.inbound import Blocked, Content, Inbound, Press, Words
from bot.jobs.due import wake
from bot.outbound import Rendered
from bot.store.retention import RETENTION
from dialogues.passing import PASSING, SOON
from dialogues.reading import Entity, Reading
from tests.handoff.office import Office, knows, open_office
from tests.store.samples import every_row

# What only an answer, or what is said to it, has in it.
TRACES = ("papers=none", "Pas de papiers", "Sans papiers", "utter_check_", '"none"', "utter_ask_papers")
ASK = '/check_right{"topic":"rights_rsa"}'


class Digits:
    """Understands a number, and nothing else."""

    async def read(self, text: str, prior: str | None, hint: str | None, now: datetime) -> Reading:
        number = (Entity("ordinal", text, text),) if text.isdigit() else ()
        return Reading("fr", None, 0.0, (), number)


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    async with open_office(tmp_path) as opened:
        knows(opened, Digits())
        yield opened


async def answered(office: Office, content: Content) -> tuple[Rendered, ...]:
    office.updates += 1
    return await office.turns.answer(
        Inbound("memory", f"u{office.updates}", "person-1", content, office.hours.now, "fr"))


async def sent(office: Office, content: Content) -> list[str]:
    """The same where the answer goes by the outbox."""
    office.updates += 1
    await office.turns.accept(Inbound("memory", f"u{office.updates}", "person-1", content, office.hours.now, "fr"))
    await office.turns.drain("memory", "person-1")
    return [row.rendered.text for row in await office.deliver()]


def told(rows: list[dict[str, Any]]) -> list[str]:
    found = json.dumps(rows, default=str, ensure_ascii=False)
    return [trace for trace in TRACES if trace in found or trace in found.replace('\\"', '"')]


async def kept(office: Office) -> dict[str, list[str]]:
    """Traces of the answers, by table."""
    rows = await every_row(office.store)
    return {table: traces for table, of_table in rows.items() if (traces := told(of_table))}


async def pass_soon(office: Office) -> None:
    office.hours.advance(seconds=SOON.total_seconds())
    await wake(office.store, office.turns, office.desk, office.hours.clock)


@pytest.mark.parametrize("way", [answered, sent])
@pytest.mark.parametrize("answer", [Press("/SetSlots(papers=none)"), Words("5"), Words("Pas de papiers")])
async def test_once_the_questions_are_over_nothing_is_left_of_them(
    office: Office, way: Any, answer: Content,  # noqa: ANN401 - either of the two functions above
) -> None:
    await way(office, Press(ASK))
    *_, said = await way(office, answer)
    assert "Sans papiers" in getattr(said, "text", said)
    assert set(await kept(office)) == {"conversations", "outbox"}  # for some minutes: said again, shown again
    assert not PASSING & set(json.loads((await every_row(office.store))["conversations"][0]["state_enc"])["slots"])
    await pass_soon(office)
    assert await kept(office) == {}


async def test_a_way_through_in_the_middle_is_forgotten_too(office: Office) -> None:
    await answered(office, Press("/find_permanence"))
    await answered(office, Press(ASK))
    await answered(office, Press("/SetSlots(papers=permit)"))
    await pass_soon(office)
    (row,) = (await every_row(office.store))["conversations"]
    assert "permit" not in row["state_enc"]
    assert [frame[0] for frame in json.loads(row["state_enc"])["stack"]] == ["find_permanence"]


async def test_somebody_who_asks_for_a_human_takes_no_answer_along(office: Office) -> None:
    await answered(office, Press(ASK))
    await answered(office, Press("/SetSlots(papers=permit)"))
    await answered(office, Press("/ask_human"))
    state = json.loads((await every_row(office.store))["conversations"][0]["state_enc"])
    assert not PASSING & set(state["slots"])
    assert not any(PASSING & set(frame[6] or {}) for frame in state["stack"])
    assert "permit" not in json.dumps(state)


async def test_another_language_is_no_other_purpose(office: Office) -> None:
    await answered(office, Press(ASK))
    await answered(office, Press("/SetSlots(papers=permit)"))
    *_, asked = await answered(office, Press('/change_language{"language":"en"}'))
    assert asked.text == office.content.words("utter_ask_age_rsa", "en")


async def test_a_late_press_that_says_the_answer_is_not_kept(office: Office) -> None:
    await answered(office, Press("/SetSlots(papers=none)"))
    assert await kept(office) == {}


async def test_what_is_said_again_is_not_kept_either(office: Office) -> None:
    await answered(office, Press(ASK))
    await answered(office, Press("/SetSlots(papers=none)"))
    *_, again = await answered(office, Press("/ask_repeat"))
    assert "papiers" in again.text
    await pass_soon(office)
    assert await kept(office) == {}


async def test_somebody_who_blocks_the_bot_leaves_no_answer(office: Office) -> None:
    await answered(office, Press(ASK))
    await answered(office, Press("/SetSlots(papers=none)"))
    await answered(office, Blocked())
    assert await kept(office) == {}


async def test_one_too_many_of_a_burst_is_not_kept_either(office: Office) -> None:
    await answered(office, Press(ASK))
    for _ in range(100):
        await answered(office, Words("Pas de papiers, pas de papiers"))
    await pass_soon(office)
    assert await kept(office) == {}


async def test_what_cannot_be_delivered_goes_with_retention(office: Office) -> None:
    await answered(office, Press(ASK))
    await office.turns.accept(
        Inbound("memory", "late", "person-1", Press("/SetSlots(papers=none)"), office.hours.now, "fr"))
    await office.turns.drain("memory", "person-1")
    await pass_soon(office)
    assert set(await kept(office)) == {"outbox"}  # it still has to arrive
    await office.deliver()
    office.hours.advance(seconds=RETENTION["passing"].total_seconds())
    await office.store.forget_expired(office.hours.now)
    assert await kept(office) == {}


async def test_other_words_are_kept_as_before(office: Office) -> None:
    await answered(office, Press("/rights_rsa"))
    await answered(office, Press(ASK))
    await answered(office, Press("/SetSlots(papers=none)"))
    await pass_soon(office)
    rows = await every_row(office.store)
    assert [row["body_enc"] is None for row in rows["inbox"]] == [False, False, True]
    assert len(rows["outbox"]) == 1
    assert len(await office.store.history("memory", "person-1", 10)) == 3
