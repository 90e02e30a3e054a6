"""Reads a spreadsheet, CSV or XLSX, into rows of named cells. The one door to openpyxl."""

import csv
import io
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from zipfile import BadZipFile

from openpyxl import Workbook, load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from bot.calendar.columns import COLUMNS, KNOWN, NEEDED, header, titles
from bot.calendar.errors import CalendarFileUnreadable
from dialogues.errors import Problem

MOST_ROWS = 5_000
MOST_BYTES = 10_000_000
# What openpyxl raises for a file that is cut short or written wrongly: ParseError of its XML is a SyntaxError.
_DAMAGED = (OSError, BadZipFile, InvalidFileException, SyntaxError, LookupError, ValueError, TypeError,
            AttributeError, EOFError, ArithmeticError, zlib.error)
Row = tuple[int, Mapping[str, object]]


def read_table(path: Path, problems: list[Problem]) -> tuple[Row, ...]:
    """The rows under the header, with their number in the file (1 is the header). Empty rows are left out.

    Raises CalendarFileUnreadable. Unknown, repeated and missing columns go to ``problems``.
    """
    if path.stat().st_size > MOST_BYTES:
        raise CalendarFileUnreadable(f"{path.name} is larger than {MOST_BYTES // 1_000_000} MB.")
    lines = _xlsx(path) if path.suffix.lower() == ".xlsx" else _csv(path)
    first = next(lines, ())
    keys = _keys(path.name, first, problems)
    rows: list[Row] = []
    for number, line in enumerate(lines, start=2):
        if any(cell not in (None, "") for cell in line[len(keys):]):
            problems.append(Problem(path.name, number, 'has more cells than the header: put "…" around a cell that '
                                                       "holds the mark between cells"))
        named = {key: cell for key, cell in zip(keys, line, strict=False) if key}
        if any(cell not in (None, "") for cell in named.values()):
            rows.append((number, named))
        if len(rows) > MOST_ROWS:
            raise CalendarFileUnreadable(
                f"{path.name} has more than {MOST_ROWS} rows. One rule (« toutes les semaines ») stands for many."
            )
    return tuple(rows)


def template() -> bytes:
    """An empty XLSX with the header, for an admin to fill."""
    return workbook("Calendrier", [titles()])


def workbook(title: str, lines: Iterable[Sequence[str | int]]) -> bytes:
    """An XLSX of one sheet. No cell is a formula, whatever it begins with."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None  # a new book has one
    sheet.title = title
    for row, line in enumerate(lines, start=1):
        for column, value in enumerate(line, start=1):
            cell = sheet.cell(row, column, value)
            if isinstance(value, str):
                cell.data_type = "s"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _keys(file: str, first: Sequence[object], problems: list[Problem]) -> list[str]:
    keys: list[str] = []
    for place, cell in enumerate(first, start=1):
        name = header(cell)
        key = KNOWN.get(name, "")
        if name and not key:
            problems.append(Problem(file, 1, f"column {place}, « {cell} », is not one of: {', '.join(titles())}"))
        elif key and key in keys:
            problems.append(Problem(file, 1, f"column {place}, « {cell} », comes twice"))
        keys.append(key)
    missing = [COLUMNS[key][0] for key in NEEDED if key not in keys]
    if missing:
        problems.append(Problem(file, 1, f"these columns are missing: {', '.join(missing)}"))
    return keys


def _csv(path: Path) -> Iterator[Sequence[object]]:
    try:
        content = path.read_bytes()
    except OSError as e:
        raise CalendarFileUnreadable(f"{path.name} cannot be read: {e}") from e
    if b"\0" in content:
        raise CalendarFileUnreadable(f"{path.name} is not a text file.")
    try:
        text = _text(content)
    except UnicodeDecodeError as e:
        raise CalendarFileUnreadable(f"{path.name} cannot be read as text: {e}") from e
    head = text.partition("\n")[0]
    mark = max(";,\t", key=head.count)
    try:
        yield from csv.reader(io.StringIO(text), delimiter=mark, strict=True)
    except csv.Error as e:
        raise CalendarFileUnreadable(f"{path.name} is not a CSV file: {e}") from e


def _text(content: bytes) -> str:
    """UTF-8, else what Excel in French writes as « CSV ». Raises UnicodeDecodeError."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252")


def _xlsx(path: Path) -> Iterator[Sequence[object]]:
    try:
        book = load_workbook(path, read_only=True, data_only=False)
    except _DAMAGED as e:
        raise CalendarFileUnreadable(f"{path.name} is not a spreadsheet: {e}") from e
    try:
        sheet = book.worksheets[0]
        yield from sheet.iter_rows(values_only=True, max_row=MOST_ROWS * 2)
    except _DAMAGED as e:  # its cells are read only now
        raise CalendarFileUnreadable(f"{path.name} is damaged: {e}") from e
    finally:
        book.close()
