"""Files as people really send them: odd, and plain to anybody who reads them. What is not plain is asked by row."""

from collections.abc import Sequence
from datetime import date, datetime, time
from pathlib import Path

import pytest
from openpyxl import Workbook

from bot.calendar.errors import CalendarInvalid
from tests.calendar.parts import read, write

TITLES = ("lieu", "commune", "territoire", "structure", "date", "début", "fin", "places")
ROW = ("Gare", 69259, "portes-du-sud", "ifra", datetime(2026, 12, 1), time(9), time(12, 30), 8)  # noqa: DTZ001 - a day
TEXT = ";".join(TITLES) + "\nGare;69259;portes-du-sud;ifra;01/12/2026;9h;12h30;8\n"


@pytest.mark.parametrize("said", [
    "mardi 1er décembre 2026", "Mardi 01/12/2026", "1/12/26", " 01/12/2026\u00a0", "le 1 décembre 2026",
    "01.12.2026",
])
def test_a_day_as_people_write_it(tmp_path: Path, said: str) -> None:
    (entry,) = read(write(tmp_path, {"date": said}))
    assert entry.first == date(2026, 12, 1)


@pytest.mark.parametrize(("said", "hour"), [
    ("14h30", time(14, 30)), ("9\u00a0h", time(9)), ("9 h 30", time(9, 30)), ("9h30 min", time(9, 30)),
    ("9 heures 30", time(9, 30)), ("09:30:00", time(9, 30)),
])
def test_an_hour_as_people_write_it(tmp_path: Path, said: str, hour: time) -> None:
    (entry,) = read(write(tmp_path, {"début": said, "fin": "18h"}))
    assert entry.starts == hour
    (entry,) = read(write(tmp_path, {"début": "8h", "fin": "Midi"}))
    assert entry.ends == time(12)


@pytest.mark.parametrize(("said", "rule"), [
    ("tous les mardis", "FREQ=WEEKLY"), ("Mardi", "FREQ=WEEKLY"), ("toutes\u00a0les semaines ", "FREQ=WEEKLY"),
    ("mardi et jeudi", "FREQ=WEEKLY;BYDAY=TU,TH"), ("une semaine sur deux", "FREQ=WEEKLY;INTERVAL=2"),
    ("toutes les 2 semaines", "FREQ=WEEKLY;INTERVAL=2"), ("1 semaine sur 3", "FREQ=WEEKLY;INTERVAL=3"),
])
def test_a_repetition_as_people_write_it(tmp_path: Path, said: str, rule: str) -> None:
    (entry,) = read(write(tmp_path, {"répétition": said, "sauf": "08/12/2026 et 15/12/2026"}))
    assert entry.rule == rule
    assert entry.without == (date(2026, 12, 8), date(2026, 12, 15))


@pytest.mark.parametrize(("column", "cell", "said"), [
    ("date", "mercredi 1er décembre 2026", "that day is a mardi"),
    ("date", "mardi 31 février 2026", "is not a day that exists"),
    ("répétition", "tous les jeudis", "but the first day, 01/12/2026, is a mardi"),
    ("début", "9h à 12h", "is not an hour"),
])
def test_what_contradicts_itself_is_asked(tmp_path: Path, column: str, cell: str, said: str) -> None:
    with pytest.raises(CalendarInvalid, match=rf":2: column « {column} »: .*{said}"):
        read(write(tmp_path, {column: cell}))


def test_codes_of_languages_in_capitals(tmp_path: Path) -> None:
    (entry,) = read(write(tmp_path, {"langues": "FR, Ar"}))
    assert entry.languages == ("fr", "ar")


@pytest.mark.parametrize("content", [
    ("\ufeff" + TEXT).encode(), ("sep=;\r\n" + TEXT).encode(), (";;;;;;;\n" + TEXT).encode(), TEXT.encode("utf-16"),
    TEXT.encode("cp1252"), (TEXT + " ;;\u00a0;;;;;\n").encode(), TEXT.replace(";", "\t").encode(),
])
def test_a_csv_as_spreadsheets_write_it(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "c.csv"
    path.write_bytes(content)
    (entry,) = read(path)
    assert (entry.place.name, entry.first, entry.ends) == ("Gare", date(2026, 12, 1), time(12, 30))


def test_a_row_is_named_as_the_spreadsheet_counts_it(tmp_path: Path) -> None:
    path = tmp_path / "c.csv"
    path.write_text("\n" + TEXT.replace("01/12/2026", "32/12/2026"), "utf-8")
    with pytest.raises(CalendarInvalid, match=r"c\.csv:3: column « date »"):
        read(path)


def xlsx(folder: Path, sheets: dict[str, Sequence[Sequence[object]]], *hidden: str) -> Path:
    book = Workbook()
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
        sheet.sheet_state = "hidden" if name in hidden else "visible"
    del book["Sheet"]
    path = folder / "c.xlsx"
    book.save(path)
    return path


def test_days_and_hours_that_are_numbers(tmp_path: Path) -> None:
    numbers = (*ROW[:4], 46357, 0.375, 0.5208333333333334, 8.0)
    (entry,) = read(xlsx(tmp_path, {"a": [TITLES, numbers]}))
    assert (entry.first, entry.starts, entry.ends, entry.capacity) == (date(2026, 12, 1), time(9), time(12, 30), 8)


def test_the_sheet_of_dates_is_found_behind_others(tmp_path: Path) -> None:
    sheets: dict[str, Sequence[Sequence[object]]] = {
        "Listes": [TITLES, ROW], "Mode d'emploi": [["Lisez-moi"]], "Dates": [[], TITLES, ROW]}
    (entry,) = read(xlsx(tmp_path, sheets, "Listes"))
    assert entry.where == "c.xlsx:3"


def test_of_two_sheets_of_dates_none_is_left_out_in_silence(tmp_path: Path) -> None:
    with pytest.raises(CalendarInvalid, match="dates on several sheets"):
        read(xlsx(tmp_path, {"Décembre": [TITLES, ROW], "Janvier": [TITLES, ROW]}))


def test_merged_cells_and_a_second_table_are_said_by_row(tmp_path: Path) -> None:
    with pytest.raises(CalendarInvalid, match=r"c\.xlsx:3: column « lieu »: is empty"):
        read(xlsx(tmp_path, {"a": [TITLES, ROW, (None, None, *ROW[2:])]}))
    with pytest.raises(CalendarInvalid, match=r"c\.xlsx:4: column « date »"):
        read(xlsx(tmp_path, {"a": [TITLES, ROW, [], TITLES, ROW]}))
