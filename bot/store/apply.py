"""Effects on rows. The one place that says which statement an effect is."""

from dataclasses import asdict, dataclass, field

from sqlalchemy import bindparam, update

from bot.store import consents, due, files, inbox, leads, liaisons, outbox, seats, waiting
from bot.store import tables as t
from bot.store.conversations import ConversationRow
from bot.store.erase import erase
from bot.store.errors import ConversationGone
from bot.store.lead_care import KINDS
from bot.store.scope import Scope
from dialogues.effects import (
    AnswerLiaison,
    BookSeat,
    CancelReminders,
    CancelSeat,
    ConfirmSeat,
    Effect,
    EraseEverything,
    FindSessions,
    ForgetLater,
    ForgetSaid,
    ForgetWords,
    JoinWaiting,
    LeaveWaiting,
    MarkBlocked,
    MoveSeat,
    NoteInterest,
    RecordConsent,
    RecordOrigin,
    RelayToTeam,
    ScheduleReminders,
    ShareAlias,
    ShareTopic,
)
from dialogues.events.answers import Answer, DataErased, LiaisonAnswered, SeatRefused, WaitingJoined

_DROP = (
    update(t.outbox).where(t.outbox.c.conversation_id == bindparam("of_"), t.outbox.c.status == "pending")
    .values(status="dropped", claimed_until=None)
)
_FORGET_DUE = (
    # What a team owes somebody who asked for a human does not end with their blocking the bot. And they still have
    # their seats: whoever is back in time is reminded.
    update(t.due).where(t.due.c.conversation_id == bindparam("of_"), t.due.c.done_at.is_(None),
                        t.due.c.kind.not_in((*KINDS, *due.KEPT_WHILE_BLOCKED)))
    .values(done_at=bindparam("at_"))
)


@dataclass(slots=True)
class Applied:
    """What a turn did so far that its later effects must know."""

    inbox_id: int | None = None
    erased: bool = False
    team_rows: list[int] = field(default_factory=list)


async def apply(scope: Scope, row: ConversationRow, done: Applied, effect: Effect) -> Answer | None:
    """Carry ``effect`` out for the person of ``row``; its answer when it has one.

    After an erasure only words are left to say: a query raises ConversationGone, the rest is nothing.
    Raises TypeError for an effect that is not the store's alone (words, teams).
    """
    match effect:
        case FindSessions():
            return await seats.find(scope, effect)
        case (BookSeat() | MoveSeat() | CancelSeat() | JoinWaiting() | AnswerLiaison()
              | EraseEverything()) if done.erased:
            raise ConversationGone
        case BookSeat():
            return await seats.book(scope, row.id, effect)
        case MoveSeat():
            return await seats.move(scope, row.id, effect)
        case CancelSeat():
            return await seats.cancel(scope, row.id, effect)
        case JoinWaiting(session_id):
            session = await seats.awaited(scope, session_id)
            if isinstance(session, SeatRefused):
                return session
            await waiting.join(scope, row.id, session_id)
            return WaitingJoined(session)
        case AnswerLiaison():
            return await _answer_liaison(scope, row, effect)
        case EraseEverything():
            receipt = await erase(scope, row.id, row.channel, row.address, up_to_inbox=done.inbox_id,
                                  keep_outbox=done.team_rows)
            done.erased = True
            return DataErased(receipt)
        case (ConfirmSeat() | RecordConsent() | RecordOrigin() | ScheduleReminders() | CancelReminders()
              | MarkBlocked() | RelayToTeam() | NoteInterest() | LeaveWaiting()
              | ShareTopic() | ShareAlias() | ForgetLater() | ForgetSaid()):
            if not done.erased:
                await _note(scope, row, effect)
            return None
        case ForgetWords():
            if done.inbox_id is not None:
                await inbox.forget_words(scope, done.inbox_id)
            return None
        case _:
            raise TypeError(f"{type(effect).__name__} is not an effect of the store alone")


async def _answer_liaison(scope: Scope, row: ConversationRow, effect: AnswerLiaison) -> LiaisonAnswered:
    answered = await liaisons.answer(scope, row.id, effect.liaison_id, agreed=effect.agreed)
    if answered is None:
        return LiaisonAnswered(effect.agreed, False)
    door, items, given = answered
    await consents.record(scope, row.id, row.channel, RecordConsent(
        "liaison", effect.version, effect.agreed, door, items))
    return LiaisonAnswered(effect.agreed, True, door if given and not effect.agreed else None)


async def _note(
    scope: Scope, row: ConversationRow,
    effect: (ConfirmSeat | RecordConsent | RecordOrigin | ScheduleReminders | CancelReminders | MarkBlocked
             | RelayToTeam | NoteInterest | LeaveWaiting | ShareTopic | ShareAlias | ForgetLater | ForgetSaid),
) -> None:
    match effect:
        case ConfirmSeat(appointment_id):
            await seats.confirm(scope, row.id, appointment_id)
        case ShareTopic(appointment_id, topic):
            await seats.share_topic(scope, row.id, appointment_id, topic)
        case ShareAlias(seat, name):
            await seats.share_alias(scope, row.id, seat, name)
        case RecordConsent():
            await consents.record(scope, row.id, row.channel, effect)
        case RecordOrigin(origin, territory):
            row.origin, row.territory = origin, territory or row.territory
        case ScheduleReminders(appointment_id, at):
            await due.plan(scope, row.id, appointment_id, dict(at.items()))
        case CancelReminders(appointment_id):
            await due.cancel(scope, row.id, appointment_id)
        case NoteInterest(session_ids):
            await waiting.note_interest(scope, row.id, session_ids)
        case ForgetLater(at):
            await due.plan(scope, row.id, due.PASSING, {due.PASSING: at})
        case ForgetSaid():
            await outbox.forget_said(scope, row.id)
        case LeaveWaiting(session_id):
            await waiting.leave(scope, session_id, row.id)
        case MarkBlocked():
            row.blocked_at = scope.now()
            await scope.run(_DROP, {"of_": row.id})
            await scope.run(_FORGET_DUE, {"of_": row.id, "at_": scope.now()})
        case RelayToTeam(lead_id, text, kind, enclosure, translation, _):
            kept = asdict(enclosure) if enclosure else None
            await leads.keep_message(scope, lead_id, "person", text, name=None, kind=kind, enclosure=kept)
            if translation:
                await leads.keep_message(scope, lead_id, "note", translation, name=None, kind="translation")
            if enclosure is not None and enclosure.file:
                await files.keep(scope, row.id, enclosure.file)
