"""Quiet for counsellors: nothing makes a sound until the team is there again, emergencies aside; then a summary."""

from datetime import datetime, timedelta

import structlog

from bot.clock import Clock
from bot.desk.team_cards import Cards
from bot.store.store import Store
from bot.store.values import LeadRow, TeamChat
from dialogues.text import Bullets, Moment, Quoted
from handoff.hours import midnight_after
from handoff.promises import Promises

log = structlog.get_logger(__name__)

# A counsellor's own phone is quiet from the end of the team's hours: seen at the first look after it.
JUST_CLOSED = timedelta(minutes=10)
# When nobody says when the team is back.
LONGEST = timedelta(hours=14)


class Quiet:
    """Who asked for quiet, and until when."""

    def __init__(self, store: Store, cards: Cards, promises: Promises, clock: Clock) -> None:
        self._store = store
        self._cards = cards
        self._promises = promises
        self._clock = clock

    async def ask(self, chat: TeamChat, *, on: bool) -> None:
        """Begin or end it, and say so."""
        if not on:
            await self._store.quiet_chat(chat.channel, chat.address, None)
            await self._store.tell_chat(chat.channel, chat.address, self._cards.say("quiet_off"))
            return
        until = self._until(chat)
        await self._store.quiet_chat(chat.channel, chat.address, until)
        await self._store.tell_chat(
            chat.channel, chat.address, self._cards.say("quiet_on", {"until": Moment(until)}))

    async def look(self) -> None:
        """Those whose quiet is over read what waits; counsellors' own chats fall quiet when the team leaves."""
        for chat in await self._store.team_chats():
            try:
                await self._look_at(chat, self._clock.now())
            except Exception as cause:  # the other chats have their morning too
                log.error("quiet_failed", channel=chat.channel, cause=type(cause).__name__)

    async def _look_at(self, chat: TeamChat, now: datetime) -> None:
        if chat.quiet_until is not None and chat.quiet_until <= now:
            if await self._store.end_quiet(chat.channel, chat.address):
                await self._summary(chat)
        elif chat.direct and chat.quiet_until is None and self._just_left(chat, now):
            await self._store.quiet_chat(chat.channel, chat.address, self._until(chat), unless_asked=True)

    async def begin(self, chat: TeamChat) -> None:
        """A counsellor's own chat was connected: quiet at once when the team is away."""
        if chat.direct and not self._promises.open_now(chat.consortium, self._body(chat), self._clock.now()):
            await self._store.quiet_chat(chat.channel, chat.address, self._until(chat))

    async def _summary(self, chat: TeamChat) -> None:
        """What waits for the team; nothing when nothing does."""
        leads = await self._store.leads(chat.body, [chat.consortium], open_only=True)
        waiting = [lead for lead in leads if lead.state in ("offered", "unowned")]
        taken = [lead for lead in leads if lead.state == "taken"]
        if not waiting and not taken:
            return
        await self._store.tell_chat(chat.channel, chat.address, self._cards.say("morning", {
            "waiting": self._lines(waiting), "taken": self._lines(taken),
            "count": len(waiting), "count_taken": len(taken),
        }))

    def _lines(self, leads: list[LeadRow]) -> Bullets:
        said = ((lead.ref, self._cards.urgency(lead), lead.taken_name) for lead in leads)
        return Bullets(tuple(Quoted(" · ".join(filter(None, parts))) for parts in said))

    def _just_left(self, chat: TeamChat, now: datetime) -> bool:
        body = self._body(chat)
        there = self._promises.open_now
        return there(chat.consortium, body, now - JUST_CLOSED) and not there(chat.consortium, body, now)

    def _until(self, chat: TeamChat) -> datetime:
        """When the team is next there: another day, when it is there now."""
        now, body = self._clock.now(), self._body(chat)
        hours = self._promises.hours(chat.consortium, body)
        # Asked for in the morning, it holds until the next day: a lunch break is not the end of a day.
        there = self._promises.open_now(chat.consortium, body, now)
        back = hours.next_open(midnight_after(now) if there else now, self._promises.closed)
        return back or now + LONGEST

    def _body(self, chat: TeamChat) -> str:
        lead = self._promises.lead_body(chat.consortium)
        return chat.body or (lead.id if lead is not None else "")
