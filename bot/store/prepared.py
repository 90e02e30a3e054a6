"""Statements made ready once.

For each execution SQLAlchemy looks the compiled statement up, collects its parameters, and makes a context, a
cursor and a result: several times what SQLite itself takes for a turn's statements. What of it is the same every
time is kept here: the SQL, which value goes where and how it is sealed, and how each column is read.

Values that are the same each time are written into the SQL. Bound, SQLite would look at them for its partial
indexes (``status = 'pending'``), and make its plan anew each time one is bound.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from sqlite3 import Connection, Cursor
from typing import Any, Self

from sqlalchemy import BindParameter, Dialect, Row, Select
from sqlalchemy.engine.result import SimpleResultMetaData
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.dml import UpdateBase

from bot.store.rows import Rows

Values = Mapping[str, Any]
Process = Callable[[Any], Any]

# Where SQLAlchemy leaves room in the SQL: for a value, and for a list inside IN.
_ROOM = re.compile(r"(\?|__\[POSTCOMPILE_\w+\])")


class Prepared:
    """One statement for one dialect, whose values have the same names each time."""

    __slots__ = ("_columns", "_lists", "_places", "_processors", "_sql")

    def __init__(
        self, sql: str, places: Sequence[tuple[str, Process | None]], lists: Mapping[str, str],
        columns: SimpleResultMetaData, processors: Sequence[Any] | None,
    ) -> None:
        """``places``: the values' names, in order, and what each goes through; ``lists``: names to their room.

        ``processors``: what each column goes through; None when none does.
        """
        self._sql = sql
        self._places = tuple(places)
        self._lists = lists
        self._columns = columns
        self._processors = processors

    @classmethod
    def of(cls, statement: Select[Any] | UpdateBase, names: Sequence[str], dialect: Dialect) -> Self | None:
        """``statement``, given values of these names. None when only SQLAlchemy can run it: it makes some of the
        values itself (a column's default), or there is something here that is not known."""
        compiled = statement.compile(dialect=dialect, column_keys=list(names))
        assert isinstance(compiled, SQLCompiler)
        order = compiled.positiontup or []
        pieces = _ROOM.split(str(compiled))
        if compiled.insert_prefetch or compiled.update_prefetch or len(pieces) != 2 * len(order) + 1:
            return None
        places: list[tuple[str, Process | None]] = []
        lists: dict[str, str] = {}
        for at, name in enumerate(order):
            room, bind = 2 * at + 1, compiled.binds[name]
            if name in names:
                places.append((name, bind.type.dialect_impl(dialect).bind_processor(dialect)))
                if bind.expanding:
                    lists[name] = pieces[room]
            else:
                written = _written(bind, dialect)
                if written is None:
                    return None
                pieces[room] = written
        columns = list(statement.exported_columns)
        processors = tuple(column.type.dialect_impl(dialect).result_processor(dialect, None) for column in columns)
        return cls("".join(pieces), places, lists, SimpleResultMetaData([str(column.key) for column in columns]),
                   processors if any(processors) else None)

    def run(self, driver: Connection, values: Values) -> Rows:
        """Its rows, all of them: a statement half read would see what the next one writes. Raises sqlite3.Error."""
        if self._lists:
            sql, given = self._with_lists(values)
        else:
            sql = self._sql
            given = [values[name] if process is None else process(values[name]) for name, process in self._places]
        cursor = Cursor(driver)
        found = cursor.execute(sql, given).fetchall()
        columns, processors = self._columns, self._processors
        return Rows([Row(columns, processors, columns._key_to_index, row) for row in found], cursor.rowcount)

    def _with_lists(self, values: Values) -> tuple[str, list[Any]]:
        sql, given = self._sql, list[Any]()
        for name, room in self._lists.items():
            sql = sql.replace(room, ", ".join("?" * len(values[name])))  # IN () is false, as it should be
        for name, process in self._places:
            each = values[name] if name in self._lists else (values[name],)
            given += each if process is None else map(process, each)
        return sql, given


def _written(bind: BindParameter[Any], dialect: Dialect) -> str | None:
    """A value that is the same each time, as SQL; None when it cannot be written."""
    write = bind.type.dialect_impl(dialect).literal_processor(dialect)
    if bind.callable is not None or bind.required or write is None:
        return None
    values = bind.value or () if bind.expanding else (bind.value,)
    return ", ".join("NULL" if value is None else write(value) for value in values)
