"""The one MetaData, and how its constraints are named."""

from sqlalchemy import BigInteger, Column, Integer, MetaData

# Names given by rule, not by the engine: a later migration can then name what it changes.
metadata = MetaData(naming_convention={
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
})

# SQLite numbers rows by itself only in a column called INTEGER.
BIG = BigInteger().with_variant(Integer(), "sqlite")


def number() -> Column[int]:
    """A primary key that grows with time and is never given twice."""
    return Column("id", BIG, primary_key=True, autoincrement=True)
