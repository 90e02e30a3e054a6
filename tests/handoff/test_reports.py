import csv
import io
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from bot.reports import HIDDEN, SMALLEST, as_csv, as_json, as_xlsx, report, shown
from bot.store.lead_facts import LeadFact
from tests.handoff.office import LEAD_BODY, TRUCK, Office, shared

DIRECTORY = shared()[0]
NOW = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)


def fact(number: int, **more: object) -> LeadFact:
    values = {
        "ref": f"R{number}", "territory": "portes-du-sud", "body": "ifra", "state": "closed", "stage": "met",
        "outcome": "answered", "urgent": False, "items": {"need": "papers", "language": "ar"}, "opened_at": NOW,
        "changed_at": NOW, "origin": "vnx-marche", **more,
    }
    return LeadFact(**values)  # type: ignore[arg-type]


def lines(facts: list[LeadFact], dimension: str) -> dict[str, str]:
    return {value: count for name, value, count in report(facts, DIRECTORY) if name == dimension}


def test_counts_by_every_dimension() -> None:
    facts = [fact(n) for n in range(12)] + [fact(20 + n, territory="drome", body="ifra") for n in range(7)]
    assert lines(facts, "total") == {"demandes": "19"}
    assert lines(facts, "territoire") == {"O2R Portes du Sud": "12", "O2R Drôme": "7"}
    assert lines(facts, "public") == {"personnes-exilees": "19"}
    assert lines(facts, "origine") == {"vnx-marche": "19"}
    assert lines(facts, "étape") == {"rencontrée": "19"}
    assert lines(facts, "résultat") == {"réponse donnée, c'est réglé": "19"}


def test_a_small_count_is_hidden_and_no_sum_gives_it_away() -> None:
    facts = [fact(n) for n in range(12)] + [fact(20 + n, territory="drome") for n in range(7)] + [
        fact(40, territory="chateaudun", body="instep-idf")]
    found = lines(facts, "territoire")
    assert found["O2R Châteaudun"] == HIDDEN
    assert found["O2R Drôme"] == "masqué"  # 20 in all, less 12, less 7, would say 1
    assert found["O2R Portes du Sud"] == "12"


@given(st.dictionaries(st.text(max_size=3), st.integers(0, 30), max_size=8))
def test_no_count_under_five_is_ever_shown_nor_to_be_found_by_a_sum(counts: dict[str, int]) -> None:
    cells = shown(counts)
    assert set(cells) == set(counts)
    hidden = [value for value in counts if not cells[value].isdigit()]
    assert all(counts[value] == 0 or counts[value] >= SMALLEST for value in counts if value not in hidden)
    # Hidden alone, it would be the total less all the others (unless it is the only one with anybody in it).
    assert len(hidden) != 1 or not [value for value in counts if counts[value] and value not in hidden]


def test_the_files_can_be_read_back(tmp_path: Path) -> None:
    made = report([fact(n) for n in range(6)], DIRECTORY)
    assert next(csv.reader(io.StringIO(as_csv(made)), delimiter=";")) == ["dimension", "valeur", "nombre"]
    file = tmp_path / "bilan.xlsx"
    file.write_bytes(as_xlsx([*made, ("origine", "=1+1", "7")]))
    rows = list(load_workbook(file).active.values)  # type: ignore[union-attr]
    assert ("total", "demandes", 6) in rows
    assert ("origine", "=1+1", 7) in rows  # words, not a formula


async def test_the_export_has_no_name_no_words_and_no_address(office: Office) -> None:
    lead = await office.lead()
    fatou = await office.counsellor("Fatou", TRUCK)
    await office.desk.take(lead.ref, fatou)
    await office.desk.reply(lead.ref, fatou, "Bonjour Samia, venez demain")
    other = await office.lead(LEAD_BODY, "person-2")
    await office.erase("person-2")
    day = timedelta(days=1)
    facts = await office.store.lead_facts(office.hours.now - day, office.hours.now + day)
    text = as_json(facts, DIRECTORY, office.hours.now)
    assert not [secret for secret in ("Samia", "venez", "person-1", "Fatou", lead.id) if secret in text]
    found = {one["reference"]: one for one in json.loads(text)["demandes"]}
    assert found[lead.ref]["structure_id"] == "portes-du-sud:ifra"
    assert found[lead.ref]["etape"] == "contacted"
    assert found[lead.ref]["publics"] == ["personnes-exilees"]
    assert found[other.ref]["commune"] is None  # erased: nothing of it is left


async def test_only_the_days_asked_for_are_counted(office: Office) -> None:
    await office.lead()
    before = await office.store.lead_facts(office.hours.now - timedelta(days=9), office.hours.now)
    assert before == ()


@pytest.mark.parametrize("state", ["withdrawn", "offered"])
def test_what_is_not_over_is_not_given_an_outcome(state: str) -> None:
    facts = [fact(n, state=state, outcome=None) for n in range(5)]
    expected = "retirée par la personne" if state == "withdrawn" else "en cours"
    assert lines(facts, "résultat") == {expected: "5"}
