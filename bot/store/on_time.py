"""A lateness that is taken back: who knows of it. Nobody else is told that the hour they know holds."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Row, delete, select

from bot.store import tables as t
from bot.store.scope import Scope

_d = t.due.c
_LATE = ("session_late", "day_late")


async def who_knows(
    scope: Scope, session_id: str, held: Sequence[Row[Any]], others: Collection[str],
) -> tuple[list[Row[Any]], tuple[str, ...]]:
    """Of these seats and of those who had only asked, the ones that heard of the lateness; the others never will.

    Who has a seat and nothing to be told any more took it meanwhile: the confirmation said it. Who only asked
    meanwhile saw the hour that holds again.
    """
    subjects = [session_id, *(seat.id for seat in held)]
    late = (_d.kind.in_(_LATE), _d.subject.in_(subjects))
    untold = set((await scope.run(
        delete(t.due).where(*late, _d.done_at.is_(None)).returning(_d.conversation_id))).scalars())
    told = set((await scope.run(
        select(_d.conversation_id).where(*late, _d.done_at.is_not(None)))).scalars())
    return ([seat for seat in held if seat.conversation_id in told or seat.conversation_id not in untold],
            tuple(person for person in others if person in told))
