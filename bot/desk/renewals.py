"""Answers to be read again: said once to those who answer for a consortium, and on the console's first page."""

from collections.abc import Sequence
from datetime import date

from bot.clock import Clock
from bot.desk.team_cards import Cards
from bot.outbound import Rendered
from bot.store.store import Store
from bot.store.values import TeamChat
from bot.wording import paris_day
from dialogues.catalog import Catalog
from dialogues.expiry import Ending, endings
from dialogues.text import Bullets, Quoted, Text
from handoff.promises import Promises


class Renewals:
    """What ends within thirty days, or has ended."""

    def __init__(self, store: Store, cards: Cards, promises: Promises, catalog: Catalog, clock: Clock) -> None:
        self._store = store
        self._cards = cards
        self._promises = promises
        self._catalog = catalog
        self._clock = clock

    def lines(self) -> tuple[str, ...]:
        """Sentences for the first page of admins."""
        today = self._today()
        return tuple(self._line(one, today) for one in endings(self._catalog, today))

    async def look(self) -> None:
        """Tell each consortium what it was not told yet: once thirty days ahead, once when the day is over.

        While its team is there: nobody is woken for that.
        """
        now, today = self._clock.now(), self._today()
        news = {_mark(one, today): one for one in endings(self._catalog, today)}
        chats = await self._store.team_chats() if news else ()
        for consortium in {chat.consortium: None for chat in chats}:
            to = self._admins(consortium, chats)
            if to and self._promises.open_now(consortium, self._lead(consortium), now):
                def render(fresh: Sequence[str]) -> Rendered:
                    return self._message([news[key] for key in fresh], today)

                await self._store.tell_once(to, consortium, tuple(news), render)

    def _message(self, news: Sequence[Ending], today: date) -> Rendered:
        lines = Bullets(tuple(Quoted(self._line(one, today)) for one in news))
        return self._cards.say("renew", {"lines": lines})

    def _line(self, one: Ending, today: date) -> str:
        what = "line" if one.line else "emergency" if one.said else "answer"
        name = f"renew_{what}_{'past' if one.past(today) else 'soon'}"
        return self._cards.say(name, {"topic": Text(f"label/{one.topic}"), "date": one.on}).text

    def _admins(self, consortium: str, chats: Sequence[TeamChat]) -> list[TeamChat]:
        """The groups of the whole consortium; where there is none, those of the body that answers for it."""
        theirs = [chat for chat in chats if chat.consortium == consortium]
        everyone = [chat for chat in theirs if chat.body is None]
        return everyone or [chat for chat in theirs if chat.body == self._lead(consortium)]

    def _lead(self, consortium: str) -> str:
        body = self._promises.lead_body(consortium)
        return body.id if body is not None else ""

    def _today(self) -> date:
        return paris_day(self._clock.now())


def _mark(one: Ending, today: date) -> str:
    """What is told once: an answer read again has another day, and is told again when that one comes."""
    return f"{one.line or one.topic} {one.on} {'past' if one.past(today) else 'soon'}"
