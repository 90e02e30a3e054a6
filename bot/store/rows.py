"""What a statement gave, the same whichever connection ran it."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import CursorResult, Row
from sqlalchemy.exc import MultipleResultsFound, NoResultFound


class Rows:
    """All the rows of one statement, read. ``rowcount``: how many it touched."""

    __slots__ = ("_rows", "rowcount")

    def __init__(self, rows: Sequence[Row[Any]], rowcount: int) -> None:
        self._rows = rows
        self.rowcount = rowcount

    @classmethod
    def of(cls, result: CursorResult[Any]) -> "Rows":
        """Those of SQLAlchemy's own result."""
        return cls(result.all() if result.returns_rows else (), result.rowcount)

    def __iter__(self) -> Iterator[Row[Any]]:
        return iter(self._rows)

    def all(self) -> Sequence[Row[Any]]:
        """Every row."""
        return self._rows

    def first(self) -> Row[Any] | None:
        """The first, None when there is none."""
        return self._rows[0] if self._rows else None

    def one_or_none(self) -> Row[Any] | None:
        """The only one, None when there is none. Raises MultipleResultsFound."""
        if len(self._rows) > 1:
            raise MultipleResultsFound(f"{len(self._rows)} rows where one was meant")
        return self.first()

    def one(self) -> Row[Any]:
        """The only one. Raises NoResultFound, MultipleResultsFound."""
        row = self.one_or_none()
        if row is None:
            raise NoResultFound("no row where one was meant")
        return row

    def scalars(self) -> list[Any]:
        """The first column of every row."""
        return [row[0] for row in self._rows]

    def scalar_one(self) -> Any:  # noqa: ANN401 - as the column has it
        """The first column of the only row. Raises NoResultFound, MultipleResultsFound."""
        return self.one()[0]

    def scalar_one_or_none(self) -> Any | None:  # noqa: ANN401 - as the column has it
        """The same, None when there is no row. Raises MultipleResultsFound."""
        row = self.one_or_none()
        return None if row is None else row[0]
