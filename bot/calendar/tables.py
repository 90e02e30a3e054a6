"""Reads a spreadsheet, CSV or XLSX, into rows of named cells. The one door to openpyxl."""

import csv
import io
import re
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from bot.calendar.columns import COLUMNS, KNOWN, NEEDED, header, titles
from bot.calendar.errors import CalendarFileUnreadable
from dialogues.errors import Problem

MOST_ROWS = 5_000
MOST_BYTES = 10_000_000
# What openpyxl raises for a file that is cut short or written wrongly: ParseError of its XML is a SyntaxError.
_DAMAGED = (OSError, BadZipFile, SyntaxError, LookupError, ValueError, TypeError,
            AttributeError, EOFError, ArithmeticError, zlib.error)
_MARK = re.compile(r"sep=.\r?\n", re.IGNORECASE)
_HEADER_WITHIN = 10  # rows: what has no header by then is no table of dates
Row = tuple[int, Mapping[str, object]]


def read_table(path: Path, problems: list[Problem]) -> tuple[Row, ...]:
    """The rows under the header, with their number in the file (1 is its first). Empty rows are left out.

    Raises CalendarFileUnreadable. Unknown, repeated and missing columns go to ``problems``.
    """
    if path.stat().st_size > MOST_BYTES:
        raise CalendarFileUnreadable(f"{path.name} is larger than {MOST_BYTES // 1_000_000} MB.")
    lines = enumerate(_xlsx(path, problems) if path.suffix.lower() == ".xlsx" else _csv(path), start=1)
    above, first = next(((number, line) for number, line in lines if _written(line)), (1, ()))
    keys = _keys(path.name, above, first, problems)
    rows: list[Row] = []
    for number, line in lines:
        if _written(line[len(keys):]):
            problems.append(Problem(path.name, number, 'has more cells than the header: put "…" around a cell that '
                                                       "holds the mark between cells"))
        named = {key: cell for key, cell in zip(keys, line, strict=False) if key}
        if _written(named.values()):
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
    from openpyxl import Workbook  # a third of a second of each start, for a file now and then

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


def _written(cells: Iterable[object]) -> bool:
    return any(cell is not None and str(cell).strip() for cell in cells)


def _keys(file: str, line: int, first: Sequence[object], problems: list[Problem]) -> list[str]:
    keys: list[str] = []
    for place, cell in enumerate(first, start=1):
        name = header(cell)
        key = KNOWN.get(name, "")
        if name and not key:
            problems.append(Problem(
                file, line, f"column {place}, « {cell} », is not one of: {', '.join(titles())}"))
        elif key and key in keys:
            problems.append(Problem(file, line, f"column {place}, « {cell} », comes twice"))
        keys.append(key)
    missing = [COLUMNS[key][0] for key in NEEDED if key not in keys]
    if missing:
        problems.append(Problem(file, line, f"these columns are missing: {', '.join(missing)}"))
    return keys


def _csv(path: Path) -> Iterator[Sequence[object]]:
    try:
        content = path.read_bytes()
    except OSError as e:
        raise CalendarFileUnreadable(f"{path.name} cannot be read: {e}") from e
    wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))  # « Texte Unicode » of Excel
    if b"\0" in content and not wide:
        raise CalendarFileUnreadable(f"{path.name} is not a text file.")
    try:
        text = content.decode("utf-16") if wide else _text(content)
    except UnicodeDecodeError as e:
        raise CalendarFileUnreadable(f"{path.name} cannot be read as text: {e}") from e
    said = _MARK.match(text)  # a line of Excel's own
    text = "\n" + text[said.end():] if said else text
    head = next((line for line in text.splitlines() if line.strip(" ;,\t")), "")
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


def _xlsx(path: Path, problems: list[Problem]) -> Iterator[Sequence[object]]:
    from openpyxl import load_workbook  # see workbook()
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = load_workbook(path, read_only=True, data_only=False)
    except (*_DAMAGED, InvalidFileException) as e:
        raise CalendarFileUnreadable(f"{path.name} is not a spreadsheet: {e}") from e
    try:
        yield from _dates(path.name, book.worksheets, problems).iter_rows(values_only=True, max_row=MOST_ROWS * 2)
    except _DAMAGED as e:  # its cells are read only now
        raise CalendarFileUnreadable(f"{path.name} is damaged: {e}") from e
    finally:
        book.close()


def _dates(file: str, sheets: Sequence[Any], problems: list[Problem]) -> Any:  # noqa: ANN401 - openpyxl's own
    """The sheet of dates: the only visible one with their columns. Of two, neither is left out in silence."""
    seen = [sheet for sheet in sheets if sheet.sheet_state == "visible"]
    dates = [sheet for sheet in seen if _has_columns(sheet)]
    if len(dates) > 1:
        names = ", ".join(f"« {sheet.title} »" for sheet in dates)
        problems.append(Problem(file, 1, f"there are dates on several sheets ({names}): put them on one"))
    return (dates or seen or list(sheets))[0]


def _has_columns(sheet: Any) -> bool:  # noqa: ANN401 - openpyxl's own sheet
    lines = sheet.iter_rows(values_only=True, max_row=_HEADER_WITHIN)
    first = next((line for line in lines if _written(line)), ())
    return {"place", "first"} <= {KNOWN.get(header(cell)) for cell in first}
