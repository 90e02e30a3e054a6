"""Column types of ours: sealed text, sealed JSON, aware moments."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import orjson
from sqlalchemy import JSON, DateTime, Dialect, LargeBinary, TypeDecorator

from bot.store.crypto import Vault

# A table is one for the whole process, a vault one for each store: it rides on the engine's own dialect.
_VAULT = "premierpas_vault"


def bind_vault(dialect: Dialect, vault: Vault) -> None:
    """From now on, sealed columns read and written through ``dialect`` use ``vault``."""
    setattr(dialect, _VAULT, vault)


def _vault(dialect: Dialect) -> Vault:
    vault = getattr(dialect, _VAULT)
    assert isinstance(vault, Vault)
    return vault


class EncryptedText(TypeDecorator[str]):
    """Text kept sealed: bytes in the database, words in the program."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:
        """Seal."""
        return None if value is None else _vault(dialect).seal(value)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> str | None:
        """Open. Raises CannotOpen."""
        return None if value is None else _vault(dialect).open(bytes(value))


class EncryptedJson(TypeDecorator[Any]):
    """A JSON value kept sealed."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: Any | None, dialect: Dialect) -> bytes | None:  # noqa: ANN401 - any JSON
        """Seal."""
        if value is None:
            return None
        return _vault(dialect).seal(orjson.dumps(value).decode())

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> Any | None:  # noqa: ANN401 - any JSON
        """Open. Raises CannotOpen."""
        return None if value is None else orjson.loads(_vault(dialect).open(bytes(value)))


@lru_cache(1_000)
def _read_words(value: str | None) -> tuple[str, ...] | None:
    # The same few lists come in each session of a calendar: « fr, ar », one public, one team.
    return None if value is None else tuple(orjson.loads(value))


def _as_tuple(value: list[str] | None) -> tuple[str, ...] | None:
    return None if value is None else tuple(value)


class Words(TypeDecorator[tuple[str, ...]]):
    """A few short words, kept as a JSON list."""

    impl = JSON
    cache_ok = True

    def result_processor(
        self, dialect: Dialect, coltype: object,  # noqa: ARG002 - SQLAlchemy's signature
    ) -> Callable[[Any], tuple[str, ...] | None]:
        """PostgreSQL's driver has read the list already; SQLite gives its text."""
        return _read_words if dialect.name == "sqlite" else _as_tuple


# How SQLite keeps a moment: « 2026-11-30 19:15:29.000000 », in UTC, which goes without saying.
_KEPT, _UTC = len("2026-11-30 19:15:29.000000"), "+00:00"


def _written(value: datetime | None) -> str | None:
    return None if value is None else _in_utc(value).isoformat(" ", "microseconds")[:_KEPT]


def _read(value: str | None) -> datetime | None:
    return None if value is None else datetime.fromisoformat(value + _UTC)


def _in_utc(value: datetime) -> datetime:
    if value.tzinfo is None:
        raise ValueError("a moment must say its time zone")
    return value.astimezone(UTC)


class Moment(TypeDecorator[datetime]):
    """An aware moment, UTC on both engines.

    SQLite has no time zones and no times: it keeps text, as SQLAlchemy's own type writes it. Read and written here
    in one call instead of three: a turn has some thirty of them, a search of dates three hundred.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Callable[[datetime | None], Any] | None:
        """In UTC. What it gives raises ValueError for a naive moment."""
        return _written if dialect.name == "sqlite" else super().bind_processor(dialect)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], datetime | None] | None:
        """Aware, in UTC."""
        return _read if dialect.name == "sqlite" else super().result_processor(dialect, coltype)

    def process_bind_param(
        self, value: datetime | None, dialect: Dialect,  # noqa: ARG002 - SQLAlchemy's signature
    ) -> datetime | None:
        """In UTC, for PostgreSQL. Raises ValueError for a naive moment."""
        return None if value is None else _in_utc(value)

    def process_result_value(
        self, value: datetime | None, dialect: Dialect,  # noqa: ARG002 - SQLAlchemy's signature
    ) -> datetime | None:
        """Aware, in UTC, from PostgreSQL."""
        return None if value is None else value.astimezone(UTC)
