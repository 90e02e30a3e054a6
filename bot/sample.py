"""The demonstration calendar: shown where no real one was imported, and said to be one."""

from pathlib import Path

from bot.calendar.entries import Entry
from bot.calendar.importing import read_calendar
from bot.calendar.rows import Bodies, Defaults, Towns

FILE = Path(__file__).parent / "calendar" / "sample.csv"


def sample_entries(towns: Towns, bodies: Bodies) -> tuple[Entry, ...]:
    """The lines of the demonstration. Raises CalendarError."""
    return read_calendar(FILE, towns, bodies, Defaults())
