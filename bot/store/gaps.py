"""What was not understood, redacted and linked to nobody: kept until it is sorted, or its time is over."""

from typing import Any

from sqlalchemy import Row, insert, select, update

from bot.store import tables as t
from bot.store.scope import Scope
from bot.store.values import Gap

SHOWN_GAPS = 100

_g = t.gaps.c


async def keep(scope: Scope, text: str, language: str | None, ranking: tuple[tuple[str, float], ...]) -> None:
    """One more. ``text`` is redacted already."""
    await scope.run(insert(t.gaps), {
        "at": scope.now(), "language": language, "text_enc": text,
        "ranking_enc": [list(pair) for pair in ranking], "sorted_as": None, "sorted_at": None})


async def waiting(scope: Scope) -> tuple[Gap, ...]:
    """Those nobody has sorted, the latest first, 100 at most."""
    rows = await scope.run(select(t.gaps).where(_g.sorted_at.is_(None)).order_by(_g.id.desc()).limit(SHOWN_GAPS))
    return tuple(_gap(row) for row in rows)


async def sort(scope: Scope, gap_id: int, intent: str | None) -> bool:
    """What it meant, None when it is worth nothing; False when it is sorted or gone."""
    statement = update(t.gaps).where(_g.id == gap_id, _g.sorted_at.is_(None))
    return (await scope.run(statement.values(sorted_as=intent, sorted_at=scope.now()))).rowcount > 0


async def sorted_ones(scope: Scope) -> tuple[Gap, ...]:
    """Those that were given a meaning, the oldest first: the next examples to learn from."""
    rows = await scope.run(select(t.gaps).where(_g.sorted_as.is_not(None)).order_by(_g.id))
    return tuple(_gap(row) for row in rows)


def _gap(row: Row[Any]) -> Gap:
    ranking = tuple((str(intent), float(share)) for intent, share in row.ranking_enc)
    return Gap(row.id, row.at, row.language, row.text_enc, ranking, row.sorted_as)
