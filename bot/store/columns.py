"""Column types of ours: sealed text, sealed JSON, aware moments."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

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
        return _vault(dialect).seal(json.dumps(value, ensure_ascii=False, separators=(",", ":")))

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> Any | None:  # noqa: ANN401 - any JSON
        """Open. Raises CannotOpen."""
        return None if value is None else json.loads(_vault(dialect).open(bytes(value)))


@lru_cache(1_000)
def _read_words(value: str | None) -> tuple[str, ...] | None:
    # The same few lists come in each session of a calendar: « fr, ar », one public, one team.
    return None if value is None else tuple(json.loads(value))


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


class Moment(TypeDecorator[datetime]):
    """An aware moment, UTC on both engines (SQLite has no time zones of its own)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """In UTC. Raises ValueError for a naive moment."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment must say its time zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Aware, in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)
