"""What can be wrong with a calendar."""

from collections.abc import Sequence

from dialogues.errors import Problem


class CalendarError(Exception):
    """The calendar cannot be used."""


class CalendarInvalid(CalendarError):
    """The file is not taken: nothing of it was written. Each problem is named with its row and column."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = tuple(problems)


class CalendarFileUnreadable(CalendarError):
    """The file is neither CSV, XLSX nor iCalendar, or is too large."""
