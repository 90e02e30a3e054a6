import csv
import io
import itertools
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from openpyxl import load_workbook
from typer.testing import CliRunner

from bot.cli import cli
from bot.reports import as_csv, as_json, as_xlsx, report
from bot.small_counts import HIDDEN, SMALLEST, shown
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


COUNTS = st.dictionaries(st.sampled_from("abcdef"), st.integers(1, 14), min_size=1, max_size=5)


def candidates(cells: dict[str, str], total: int, *, total_shown: bool) -> Iterator[dict[str, int]]:
    """Every table that would be shown just so: what somebody who knows the rules and the sum is left with."""
    hidden = [value for value, cell in cells.items() if not cell.isdigit()]
    fixed = {value: int(cell) for value, cell in cells.items() if cell.isdigit()}
    sums = {total} if total_shown else set(range(1, SMALLEST))
    ways = [range(1, SMALLEST) if cells[value] == HIDDEN else range(SMALLEST, total + 1) for value in hidden]
    for guess in itertools.product(*ways):
        table = fixed | dict(zip(hidden, guess, strict=True))
        if sum(table.values()) in sums and shown(table, total_shown=total_shown) == cells:
            yield table


@example({"a": 1, "b": 1, "c": 10})
@example({"a": 4, "b": 4})
@example({"a": 4, "b": 4, "c": 5, "d": 5})
@example({"a": 1, "b": 5, "c": 9})
@example({"a": 1, "b": 1, "c": 1, "d": 1})
@example({"a": 7, "b": 3})
@given(COUNTS)
def test_no_count_under_five_is_shown_nor_found_by_a_sum_and_the_rules(counts: dict[str, int]) -> None:
    total = sum(counts.values())
    known = total >= SMALLEST
    cells = shown(counts, total_shown=known)
    if cells is None:
        return
    assert set(cells) == set(counts)
    found = list(candidates(cells, total, total_shown=known))
    assert counts in found
    for value, count in counts.items():
        if count < SMALLEST:
            assert len({table[value] for table in found}) > 1, (counts, cells)


TEAMS = [("drome", "ifra"), ("drome", "dynam-and-co"), ("chateaudun", "instep-idf"),
         ("chateaudun", "apprentis-auteuil"), ("portes-du-sud", "ifra")]


@example([7, 3, 4, 6, 20])
@example([3, 0, 0, 0, 0])
@example([3, 0, 9, 8, 7])
@given(st.lists(st.integers(0, 12), min_size=5, max_size=5))
def test_teams_do_not_give_away_each_other_nor_their_territory(counts: list[int]) -> None:
    facts = [fact(number, territory=territory, body=body)
             for (territory, body), count in zip(TEAMS, counts, strict=True) for number in range(count)]
    territories = lines(facts, "territoire")
    teams = lines(facts, "équipe")
    for name in ("O2R Drôme", "O2R Châteaudun", "O2R Portes du Sud"):
        inside = {value: cell for value, cell in teams.items() if value.endswith(f"({name})")}
        real = {body: count for (territory, body), count in zip(TEAMS, counts, strict=True)
                if count and DIRECTORY.consortium(territory).name == name}  # type: ignore[union-attr]
        if not territories.get(name, "").isdigit():  # hidden, or not named: no sum of teams says how many
            assert all(value.startswith("toutes") for value in inside)
        elif not any(value.startswith("toutes") for value in inside):
            assert len(inside) == len(real)
            assert shown(real) is not None
            assert sorted(inside.values()) == sorted((shown(real) or {}).values())


def test_the_order_of_the_lines_says_nothing_of_small_counts() -> None:
    facts = [fact(n, items={"language": code}) for n, code in enumerate("uu" + "aaa" + "e" * 30 + "r" * 9)]
    assert list(lines(facts, "langue")) == ["e", "r", "a", "u"]


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


def test_who_came_into_the_programme_is_counted_so_though_it_was_said_only_at_the_end() -> None:
    facts = [fact(n, stage="contacted", outcome="enrolled") for n in range(6)]
    assert lines(facts, "étape") == {"entrée dans le programme": "6"}
    assert json.loads(as_json(facts, DIRECTORY, NOW))["demandes"][0]["etape"] == "enrolled"


def made(folder: Path, *options: str) -> tuple[int, str]:
    done = CliRunner().invoke(cli, ["leads", "report", "--data", str(folder), *options],
                              env={"COLUMNS": "600", "TERM": "dumb"})
    return done.exit_code, done.output


def test_a_second_report_that_overlaps_one_that_was_written_is_refused(tmp_path: Path) -> None:
    first = ("--since", "2026-01-01", "--until", "2026-03-31")
    half = ("--since", "2026-01-01", "--until", "2026-06-30")
    assert made(tmp_path, *first, "--out", str(tmp_path / "t1.csv"))[0] == 0
    assert made(tmp_path, *first, "--out", str(tmp_path / "t1.xlsx"))[0] == 0  # the same, in another form
    code, said = made(tmp_path, *half, "--out", str(tmp_path / "s1.csv"))
    assert code == 2
    assert "from 2026-01-01 to 2026-03-31" in said
    assert not (tmp_path / "s1.csv").exists()
    assert made(tmp_path, *half)[0] == 2  # no screen: it goes on to a file
    second = ("--since", "2026-04-01", "--until", "2026-06-30")
    assert made(tmp_path, *second, "--out", str(tmp_path / "t2.csv"))[0] == 0
    assert made(tmp_path, *half, "--instead", "--out", str(tmp_path / "s1.csv"))[0] == 0
    assert made(tmp_path, *first, "--out", str(tmp_path / "t1.csv"))[0] == 2


def test_a_report_of_a_day_that_is_not_over_is_not_written(tmp_path: Path) -> None:
    code, said = made(tmp_path, "--until", "2999-12-31", "--out", str(tmp_path / "an.csv"))
    assert code == 2
    assert "2999-12-31 is not over" in said
    assert made(tmp_path, "--out", str(tmp_path / "an.csv"))[0] == 0
    assert made(tmp_path, "--out", str(tmp_path / "nowhere" / "an.csv"))[0] == 2


async def test_the_same_days_with_other_counts_are_another_report_and_no_year_forgets_it(office: Office) -> None:
    days = (date(2026, 1, 1), date(2026, 3, 31))
    assert await office.store.give_report(*days, "total;7") is None
    office.hours.advance(days=400)
    await office.store.forget_expired(office.hours.now)
    assert await office.store.give_report(*days, "total;7") is None
    before = await office.store.give_report(*days, "total;8")
    assert before is not None
    assert (before.first, before.last) == days
    assert await office.store.give_report(*days, "total;8", instead=True) is None
    assert await office.store.give_report(*days, "total;7") is not None
