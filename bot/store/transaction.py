"""One turn's transaction: what the shell may do to the rows of one person, all or nothing."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.inbound import Inbound
from bot.outbound import Rendered
from bot.store import conversations, due, inbox, lead_delivery, outbox, outbox_claims, seats
from bot.store.apply import apply
from bot.store.conversations import ConversationRow
from bot.store.lead_turn import LeadTurn
from bot.store.scope import Scope
from bot.store.wire import kind_of
from dialogues.effects import Effect
from dialogues.events.answers import Answer
from dialogues.snapshot import Appointment, Session, Snapshot


class Transaction(LeadTurn):
    """The conversation is locked until the end. Made by ``Store.turn`` and ``Store.turn_of``."""

    def __init__(self, scope: Scope, row: ConversationRow) -> None:
        super().__init__(scope, row)
        self._written = replace(row)

    @property
    def state(self) -> str | None:
        """The dialogue's state as last saved (JSON), None for somebody new."""
        return self._row.state

    @property
    def language(self) -> str | None:
        """The language as last saved."""
        return self._row.language

    @property
    def last_seen_at(self) -> datetime:
        """When the person last wrote."""
        return self._row.last_seen_at

    @property
    def blocked(self) -> bool:
        """Whether the person blocked the bot and has not written since."""
        return self._row.blocked_at is not None

    async def begin_inbox(self, row_id: int) -> bool:
        """Take this update: done at commit. False when another worker did it, or it was erased."""
        kind = await inbox.finish(self._scope, row_id)
        if kind is None:
            return False
        self._seen(row_id, kind)
        return True

    async def note_inbox(self, inbound: Inbound) -> bool:
        """Write an update answered in this turn. False for a repeat. Raises ValueError for a position."""
        row_id = await inbox.write(self._scope, inbound, done=True)
        if row_id is None:
            return False
        self._seen(row_id, kind_of(inbound))
        return True

    async def snapshot(self, understanding: bool) -> Snapshot:
        """What the person has with us now. ``Lead.team`` is the body's id."""
        return await conversations.snapshot(self._scope, self._row, understanding=understanding)

    async def apply(self, effect: Effect) -> Answer | None:
        """Carry out an effect of the store's. Raises TypeError for the others, ConversationGone, SeatContention."""
        return await apply(self._scope, self._row, self._done, effect)

    async def say(self, rendered: Sequence[Rendered], delivered: bool) -> tuple[int, ...]:
        """Queue these messages to the person, in order; their ids. Nothing to somebody who blocked the bot.

        ``delivered``: the answer itself carries them. After an erasure the rows last only until delivered.
        """
        if self.blocked:
            return ()
        to = outbox.Recipient(self.channel, self.address, None if self.erased else self._row.id, self.erased)
        copies, self._corrected = self._corrected, ()
        for copy in copies:
            await outbox.queue(self._scope, to, rendered, reply_to=copy, kind="edit")
        reply_to = copies[-1] if copies else None
        ids = await outbox.queue(self._scope, to, rendered, delivered=delivered, reply_to=reply_to)
        if self._kept is not None and ids:  # the counsellor's own words, else what the bot says of them
            carrier = next((at for at, one in enumerate(rendered) if one.speaker == "counsellor"), 0)
            await lead_delivery.carried_by(self._scope, self._kept, ids[carrier])
            self._kept = None
        if self.erased and delivered:
            await outbox.forget_farewells(self._scope, ids)
        return ids

    async def fetch(self) -> tuple[Rendered, ...]:
        """What was said to the person meanwhile and waits for them to come; the answer to this carries it."""
        return await outbox.fetch(self._scope, self.channel, self.address)

    async def keep_word(self, appointment_id: str, word: str) -> None:
        """Note with the seat what this person said on the day, for the list of the day."""
        if not self.erased:
            await seats.keep_word(self._scope, self._row.id, appointment_id, word)

    async def give_up(self, row_id: int) -> bool:
        """A row of the outbox will never be sent; False when another node had sent it, or given it up."""
        return await outbox_claims.close(self._scope, row_id, "failed")

    async def appointment(self, appointment_id: str) -> Appointment | None:
        """An appointment whatever became of it; None when it is nobody's any more."""
        return await seats.appointment(self._scope, appointment_id)

    async def session(self, session_id: str) -> Session | None:
        """A session of the calendar, whatever became of it."""
        return await seats.session(self._scope, session_id)

    async def finish_due(self, row_id: int) -> bool:
        """Mark a due row done at commit; False when it was cancelled or done meanwhile."""
        return await due.finish(self._scope, row_id)

    async def save(self, state: str | None, language: str | None) -> None:
        """Write the conversation; nothing after an erasure."""
        if not self.erased:
            self._row.state, self._row.language = state, language
            await self._write()

    async def flush(self) -> None:
        """Write what effects changed of the conversation, when the turn did not end by ``save``."""
        if not self.erased and self._row != self._written:
            await self._write()

    async def _write(self) -> None:
        await conversations.save(self._scope, self._row)
        self._written = replace(self._row)

    def _seen(self, row_id: int, kind: str) -> None:
        self._done.inbox_id = row_id
        if kind != "blocked":
            self._row.last_seen_at = self._scope.now()
            self._row.blocked_at = None  # they wrote: they want an answer
