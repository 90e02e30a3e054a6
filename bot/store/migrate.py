"""Bringing a database to the present tables."""

from pathlib import Path

from sqlalchemy import Connection, inspect, text

MIGRATIONS = Path(__file__).parent / "migrations"
_STANDS_AT = "alembic_version"


def upgrade(connection: Connection) -> None:
    """Run the migrations that this database has not seen, in the transaction under way."""
    if _stands_at(connection) == [newest()]:
        return
    from alembic import command  # a quarter of a second: not at a start that has nothing to migrate
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def newest() -> str:
    """The last migration, by the number that its file begins with."""
    return max(file.name for file in (MIGRATIONS / "versions").glob("[0-9]*.py")).partition("_")[0]


def _stands_at(connection: Connection) -> list[str]:
    if not inspect(connection).has_table(_STANDS_AT):
        return []
    return list(connection.scalars(text(f"SELECT version_num FROM {_STANDS_AT}")))
