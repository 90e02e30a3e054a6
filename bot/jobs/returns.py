"""Reads the mailbox that mails to teams come back to: a refusal that comes late counts like one at once."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Protocol

import structlog

from bot.clock import Clock
from bot.jobs.outbox import Happen, nothing_arrives
from bot.mail_links import MAIL
from bot.mail_marks import Marks
from bot.mail_returns import Returned, read_returned
from bot.ports import Letter, LetterId, Mailbox
from bot.store.store import Store

log = structlog.get_logger(__name__)
# Servers give a mail up after five days at most; what came before says nothing of today.
LOOK_BACK = timedelta(days=14)

# A service did not get the sheet about the lead of this reference.
SheetReturned = Callable[[str], Awaitable[None]]


class Teams(Protocol):
    """Who is told; see bot.desk.lost.Lost."""

    async def notice(self, channel: str, address: str) -> None:
        """Nothing arrives there any more."""

    async def in_part(self, channel: str, address: str) -> None:
        """Somebody behind that address gets nothing."""


class Returns:
    """Looks from time to time. What is none of ours is left as it is, unread, and not looked at twice."""

    def __init__(
        self, mailbox: Mailbox, marks: Marks, store: Store, turns: Happen, teams: Teams,
        sheet_returned: SheetReturned, clock: Clock,
    ) -> None:
        self._mailbox = mailbox
        self._marks = marks
        self._store = store
        self._turns = turns
        self._teams = teams
        self._sheet_returned = sheet_returned
        self._clock = clock
        self._left: frozenset[LetterId] = frozenset()

    async def look(self) -> int:
        """Take up what came back; how many reports on mails of ours. Raises MailboxUnreadable."""
        unread = await self._mailbox.unread(self._left, (self._clock.now() - LOOK_BACK).date())
        left, taken = {*self._left, *unread.others}, list[LetterId]()
        for letter in unread.reports:
            try:
                ours = await self._take(letter)
            except Exception as cause:  # still unread: it is taken up the next time, and those behind it now
                log.error("return_not_taken", cause=type(cause).__name__)
                continue
            if ours:
                taken.append(letter.id)
            else:
                left.add(letter.id)
        self._left = frozenset(left) & unread.there
        if taken:  # cut short before, they are taken up again, and nobody is told twice
            await self._mailbox.mark_read(taken)
        return len(taken)

    async def _take(self, letter: Letter) -> bool:
        """Whether it is a report on a mail of ours; what it says has then been done."""
        returned = read_returned(letter.content)
        if returned is None:
            return False
        rows, sheets = self._marks.rows(returned.words), self._marks.sheets(returned.words)
        for row_id in rows:
            await self._settle(row_id, returned)
        for ref in sheets if returned.refused else ():
            log.warning("sheet_came_back")
            await self._sheet_returned(ref)
        return bool(rows or sheets)

    async def _settle(self, row_id: int, returned: Returned) -> None:
        sent = await self._store.sent_to(row_id)
        if not returned.refused or sent is None or sent[0] != MAIL:
            return
        channel, address, at = sent
        chat = await self._store.team_chat(channel, address)
        if chat is None or at < chat.connected_at:  # left already, or connected again since
            return
        if address.lower() in returned.refused or "" in returned.refused:
            log.warning("mail_came_back", channel=channel)
            await nothing_arrives(self._store, self._turns, row_id, (channel, address), self._teams.notice)
        else:  # a mailbox that passes mails on: one of those behind it must not cut off the others
            log.warning("mail_came_back_in_part", channel=channel)
            await self._teams.in_part(channel, address)
