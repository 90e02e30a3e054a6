"""Columns of our own: what SQLite keeps of a moment is what SQLAlchemy itself would write, and read."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import DateTime, Dialect
from sqlalchemy.dialects import postgresql, sqlite

from bot.store.columns import Moment

SQLITE = sqlite.dialect()
POSTGRESQL = postgresql.dialect()  # type: ignore[no-untyped-call]  # SQLAlchemy's own
ZONES = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
TODAY = datetime(2026, 11, 30, tzinfo=UTC)
MOMENTS = st.builds(
    lambda away, zone: (TODAY + away).astimezone(zone),
    st.timedeltas(-timedelta(days=40_000), timedelta(days=40_000)), ZONES,
)


@given(MOMENTS)
def test_on_sqlite_a_moment_is_written_as_sqlalchemy_writes_it(moment: datetime) -> None:
    ours = Moment().dialect_impl(SQLITE).bind_processor(SQLITE)
    theirs = DateTime().dialect_impl(SQLITE).bind_processor(SQLITE)
    assert ours is not None
    assert theirs is not None
    kept = ours(moment)
    assert kept == theirs(moment.astimezone(UTC).replace(tzinfo=None))
    read = Moment().dialect_impl(SQLITE).result_processor(SQLITE, None)
    assert read is not None
    again = read(kept)
    assert again == moment
    assert again is not None
    assert again.tzinfo is UTC
    assert (ours(None), read(None)) == (None, None)


@pytest.mark.parametrize("dialect", [SQLITE, POSTGRESQL], ids=["sqlite", "postgresql"])
def test_a_moment_of_no_zone_is_refused(dialect: Dialect) -> None:
    write = Moment().dialect_impl(dialect).bind_processor(dialect)
    assert write is not None
    with pytest.raises(ValueError, match="time zone"):
        write(datetime(2026, 11, 30, 12, 0))  # noqa: DTZ001 - what is refused
