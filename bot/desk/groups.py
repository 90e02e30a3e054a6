"""What happens in a team's group: connecting it, buttons on cards, words in a lead's thread."""

import asyncio
from dataclasses import replace
from weakref import WeakValueDictionary

import structlog

from bot import cards
from bot.clock import Clock
from bot.content import Content
from bot.desk.access import Access
from bot.desk.care import Care
from bot.desk.day import Day
from bot.desk.day_notes import DayNotes
from bot.desk.liaison import Liaisons
from bot.desk.lost import Lost
from bot.desk.outcomes import Outcome
from bot.desk.quiet import Quiet
from bot.desk.renewals import Renewals
from bot.desk.verbs import SAME_PRESS, missed, sees
from bot.outbound import Rendered
from bot.store.store import Store
from bot.store.transaction import Transaction
from bot.store.values import Counsellor, CounsellorSeed, LeadRow, TeamChat
from bot.team_inbound import (
    Connect,
    TeamArrived,
    TeamDay,
    TeamEdited,
    TeamInbound,
    TeamLeft,
    TeamMedia,
    TeamMoved,
    TeamName,
    TeamPress,
    TeamQuiet,
    TeamWords,
)
from bot.teams import Teams
from bot.translate import Translator
from bot.turn import Turns
from dialogues.events import Event
from dialogues.text import Quoted
from handoff.errors import UnknownTeam
from handoff.leads import OVER, before

log = structlog.get_logger(__name__)

# An update that failed this often is given up, so that it does not hold back those behind it.
MOST_ATTEMPTS = 3
# Characters of a first name that a counsellor chooses.
LONGEST_NAME = 40
# When the platform gives no first name.
NAMELESS = "L'équipe"


class Desk(Care, Liaisons):
    """The verbs, and the groups that say them."""

    def __init__(
        self, store: Store, turns: Turns, content: Content, teams: Teams, clock: Clock,
        translator: Translator | None = None,
    ) -> None:
        super().__init__(store, turns, content, teams, clock, translator)
        self.access = Access(store, turns, content, teams, clock)
        self.day = Day(store, content, clock)
        self.day_notes = DayNotes(store, content, clock)
        self.lost = Lost(store, self.cards, self.directory, clock)
        self.quiet = Quiet(store, self.cards, self.promises, clock)
        self.renewals = Renewals(store, self.cards, self.promises, content.catalog, clock)
        # One update of a group at a time in this process; a lock goes when nobody waits for it.
        self._locks: WeakValueDictionary[tuple[str, str], asyncio.Lock] = WeakValueDictionary()

    async def accept(self, inbound: TeamInbound) -> bool:
        """Keep a group's update until it is dealt with. False when it was already seen."""
        return await self.store.receive(inbound)

    async def drain(self, channel: str, address: str) -> None:
        """Deal with the updates that wait for this group, in order."""
        lock = self._locks.setdefault((channel, address), asyncio.Lock())
        async with lock:
            for row in await self.store.pending_inbox(channel, address):
                if not isinstance(row.inbound, TeamInbound):
                    continue
                try:
                    await self._deal_with(row.inbound)
                except Exception as cause:  # one broken update must not silence the group
                    kind = type(row.inbound.content).__name__
                    log.error("team_update_failed", kind=kind, cause=type(cause).__name__)
                    if row.attempts < MOST_ATTEMPTS:
                        return
                    await self._answer(row.inbound, self.cards.say("failed"))
                await self.store.finish_inbox(row.id)

    async def team(self, inbound: TeamInbound) -> None:
        """A group's update, from its arrival to what it causes; a repeated one stops here."""
        if await self.accept(inbound):
            await self.drain(inbound.channel, inbound.address)

    async def _deal_with(self, inbound: TeamInbound) -> None:
        match inbound.content:
            case Connect(code=code):
                await self._connect(inbound, code)
            case TeamMoved(new_address=new_address):
                await self._moved(inbound, new_address)
            case TeamLeft(asked=True):
                out = await self.store.shut_out(inbound)
                if not out:
                    await self.store.chat_left(inbound.channel, inbound.address)
                await self._answer(inbound, self.cards.say("disabled" if out else "left"))
            case TeamLeft():
                await self.lost.notice(inbound.channel, inbound.address)
            case TeamQuiet(on=on):
                await self._quiet(inbound, on=on)
            case TeamName(name=name):
                await self._name(inbound, name)
            case TeamDay() | TeamArrived() as asked:
                await self._day(inbound, asked)
            case TeamPress(verb=verb) as press if verb.startswith("day_"):
                await self._day(inbound, press)
            case TeamPress() as press:
                await self._press(inbound, press)
            case TeamWords() | TeamMedia() as words:
                await self._words(inbound, words)
            case TeamEdited() as edited:
                await self._edited(inbound, edited)

    async def _connect(self, inbound: TeamInbound, code: str) -> None:
        if await self.store.shut_out(inbound, code):
            await self._answer(inbound, self.cards.say("disabled"))
            return
        if not code:
            known = await self.store.team_chat(inbound.channel, inbound.address)
            await self._answer(inbound, self._connected(known) if known else self.cards.say("not_connected"))
            return
        chat = await self.store.connect_chat(inbound)
        if chat is None:
            await self._answer(inbound, self.cards.say("connect_bad"))
        else:
            await self._answer(inbound, self._connected(chat))
            await self.quiet.begin(chat)
            await self._show_open_leads(chat)

    async def _moved(self, inbound: TeamInbound, new_address: str) -> None:
        """Nothing that was written in the old group can be answered or pressed: its cards come again in the new."""
        await self.store.chat_moved(inbound.channel, inbound.address, new_address)
        chat = await self.store.team_chat(inbound.channel, new_address)
        if chat is not None:
            await self._show_open_leads(chat)

    def _connected(self, chat: TeamChat) -> Rendered:
        key = "connect_done_direct" if chat.direct else "connect_done"
        return self.cards.say(key, {"team": Quoted(self._team_name(chat))})

    async def _show_open_leads(self, chat: TeamChat) -> None:
        """People were waiting before this group was there: it gets their cards."""

        async def show(tx: Transaction, lead: LeadRow) -> Event | None:
            now = await tx.lead(lead.id)
            if now is not None and now.state not in OVER:
                topic = cards.topic(self._content, now.ref, dict(now.items), now.urgent)
                await tx.show_lead(now.id, self.cards.now(now), topic)
            return None

        # The oldest first: who has waited longest is read first.
        for lead in sorted(
            await self.store.leads(chat.body, [chat.consortium], open_only=True), key=lambda lead: lead.created_at
        ):
            await self._turns.counsel(lead.id, show)

    async def _press(self, inbound: TeamInbound, press: TeamPress) -> None:
        chat = await self.store.team_chat(inbound.channel, inbound.address)
        if chat is None:
            await self._answer(inbound, self.cards.say("not_connected"))
            return
        counsellor = await self._counsellor(inbound, chat)
        if counsellor is None:
            await self._answer(inbound, self.cards.say("disabled"))
            return
        match press.verb:
            case "take":
                outcome = await self.take(press.lead, counsellor)
            case "refuse":
                outcome = await self._ask_reason(press.lead, counsellor)
            case "refuse_because":
                outcome = await self.refuse(press.lead, counsellor, press.reason or "other")
            case "back":
                outcome = await self.hand_back(press.lead, counsellor)
            case "close":
                outcome = await self.close(press.lead, counsellor)
            case "dates":
                outcome = await self.propose_dates(press.lead, counsellor)
            case "outcome":
                outcome = await self.outcome(press.lead, counsellor, press.reason or "")
            case "pass":
                outcome = await self._ask_team(press.lead, counsellor)
            case "pass_to":
                outcome = await self.propose_pass(press.lead, counsellor, press.reason or "")
            case "phrases":
                outcome = await self.offer_phrases(press.lead, counsellor)
            case "phrase":
                outcome = await self.phrase(press.lead, counsellor, press.reason or "")
            case _:  # a button that another version made: its card says how things are
                outcome = Outcome("moved_on", press.lead)
        if not outcome.done:
            await self._tell(inbound, press.lead, counsellor, self.cards.outcome(outcome))

    async def _day(self, inbound: TeamInbound, asked: TeamDay | TeamArrived | TeamPress) -> None:
        """The permanences of the team: asked for, or one of their buttons."""
        chat = await self.store.team_chat(inbound.channel, inbound.address)
        if chat is None:
            await self._answer(inbound, self.cards.say("not_connected"))
        elif await self._counsellor(inbound, chat) is None:
            await self._answer(inbound, self.cards.say("disabled"))
        else:
            team = (chat.consortium, chat.body)
            match asked:
                case TeamArrived(name=name):
                    said = [await self.day.arrived(team, name)]
                case TeamPress():
                    said = await self.day.press(team, asked)
                case TeamDay():
                    said = await self.day.show(team)
            for one in said:
                await self._answer(inbound, one)

    async def _quiet(self, inbound: TeamInbound, *, on: bool) -> None:
        chat = await self.store.team_chat(inbound.channel, inbound.address)
        if chat is None:
            await self._answer(inbound, self.cards.say("not_connected"))
        elif await self._counsellor(inbound, chat) is None:
            await self._answer(inbound, self.cards.say("disabled"))
        else:
            await self.quiet.ask(chat, on=on)

    async def _name(self, inbound: TeamInbound, name: str) -> None:
        """The first name that people read is theirs to choose: the account's may be more than they show."""
        chat = await self.store.team_chat(inbound.channel, inbound.address)
        counsellor = await self._counsellor(inbound, chat) if chat is not None else None
        if chat is None or counsellor is None:
            await self._answer(inbound, self.cards.say("not_connected" if chat is None else "disabled"))
            return
        chosen = " ".join(name.split())[:LONGEST_NAME]
        if chosen:
            await self.store.rename_counsellor(counsellor.id, chosen)
        said = self.cards.say("name_noted" if chosen else "name_how", {"name": Quoted(chosen or counsellor.name)})
        await self._answer(inbound, said)

    async def _words(self, inbound: TeamInbound, words: TeamWords | TeamMedia) -> None:
        chat = await self.store.team_chat(inbound.channel, inbound.address)
        if chat is None:
            # In a topic, words may be for anybody: only what is surely for the bot is answered.
            if words.thread is None or (isinstance(words, TeamWords) and (words.command or words.private)):
                await self._answer(inbound, self.cards.say("not_connected"), words.thread)
            return
        lead_id = await self.store.lead_of_reply(inbound.channel, inbound.address, words.thread, words.reply_to)
        if lead_id is None:
            await self._nobodys(inbound, chat, words)
            return
        counsellor = await self._counsellor(inbound, chat)
        if counsellor is None:
            answer = self.cards.say("disabled")
        elif isinstance(words, TeamWords) and words.command:
            answer = self.cards.say("unknown_command")
        else:
            outcome = await self._give(inbound, lead_id, counsellor, words)
            if outcome.done:
                return
            answer = self.cards.outcome(outcome)
        await self._answer(inbound, answer, words.thread, words.reply_to)

    async def _nobodys(self, inbound: TeamInbound, chat: TeamChat, words: TeamWords | TeamMedia) -> None:
        """Words about no lead that this team has: said, unless colleagues were talking among themselves."""
        known = await self.store.known_here(inbound.channel, inbound.address, words.thread, words.reply_to)
        if known == "lead":
            await self._answer(inbound, self.cards.say("not_yours"), words.thread, words.reply_to)
        elif isinstance(words, TeamWords) and (noted := await self._noted(inbound, chat, words)) is not None:
            await self._answer(inbound, noted, words.thread, words.reply_to)
        elif known == "ours" or words.to_bot or chat.direct:  # in a chat of one's own, words are for somebody
            await self._answer(inbound, self.cards.say("direct_how"), None, words.reply_to)

    async def _noted(self, inbound: TeamInbound, chat: TeamChat, words: TeamWords) -> Rendered | None:
        """A note about somebody of the day, or the name of who just came; None when it is about nobody."""
        if words.command:
            return None
        answered = None
        if words.reply_to is not None:
            answered = await self.store.said_here(inbound.channel, inbound.address, words.reply_to)
        team = (chat.consortium, chat.body)
        found = await self.day_notes.about(team, words.text, answered)
        if found is None:
            return self.day_notes.say("day_note_how") if words.private else None
        if await self._counsellor(inbound, chat) is None:  # asked now only: colleagues may talk among themselves
            return self.cards.say("disabled")
        return await self.day_notes.keep(team, found)

    async def _edited(self, inbound: TeamInbound, edited: TeamEdited) -> None:
        """What went to the person is corrected there; what cannot be is never left to seem so."""
        chat = await self.store.team_chat(inbound.channel, inbound.address)
        if chat is None:
            return
        here = (inbound.channel, inbound.address)
        lead_id = await self.store.lead_of_source(*here, edited.message)
        about = lead_id or await self.store.lead_of_reply(*here, edited.thread, edited.reply_to)
        if about is None and not chat.direct:
            return  # colleagues talking among themselves
        counsellor = await self._counsellor(inbound, chat)
        if counsellor is None:
            answer = self.cards.say("disabled")
        elif lead_id is None:
            answer = self.cards.say("correction_lost")
        else:
            outcome = await self.correct(lead_id, counsellor, edited.text, here, edited.message)
            if outcome.kind == "unchanged":
                return
            known = outcome.kind in ("done", "correction_beside", "too_long")
            answer = self.cards.say("correction_sent") if outcome.done else (
                self.cards.outcome(outcome if known else Outcome("correction_lost", outcome.ref)))
        await self._answer(inbound, answer, edited.thread, edited.message)

    async def _give(
        self, inbound: TeamInbound, lead_id: str, counsellor: Counsellor, words: TeamWords | TeamMedia,
    ) -> Outcome:
        here = (inbound.channel, inbound.address)
        match words:
            case TeamMedia():
                return await self.send(lead_id, counsellor, words, here=here, message=inbound.external_id)
            case TeamWords(private=True):
                return await self.note(lead_id, counsellor, words.text, here=here)
            case _:
                return await self.reply(lead_id, counsellor, words.text, here=here, message=inbound.external_id)

    async def _ask_reason(self, lead_ref: str, counsellor: Counsellor) -> Outcome:
        """Not for us: why? Nothing moves before the answer."""

        async def act(tx: Transaction, lead: LeadRow) -> tuple[Outcome, Event | None]:
            if lead.state not in before("refuse"):
                return missed(lead), None
            await tx.show_team(lead.id, self.cards.ask_reason(lead), self.clock.now() - SAME_PRESS)
            return Outcome("done", lead.ref), None

        return await self.act(lead_ref, counsellor, act)

    async def _ask_team(self, lead_ref: str, counsellor: Counsellor) -> Outcome:
        """To which team? The person is asked only after the answer."""

        async def act(tx: Transaction, lead: LeadRow) -> tuple[Outcome, Event | None]:
            if lead.state not in before("pass_on"):
                return missed(lead), None
            teams = self.teams.others(lead)
            if not teams:
                return Outcome("no_teams", lead.ref), None
            await tx.show_team(lead.id, self.cards.teams(lead, teams), self.clock.now() - SAME_PRESS)
            return Outcome("done", lead.ref), None

        return await self.act(lead_ref, counsellor, act)

    async def _counsellor(self, inbound: TeamInbound, chat: TeamChat) -> Counsellor | None:
        """Anyone in a connected group speaks for its team; None for somebody whose access was withdrawn."""
        seed = CounsellorSeed(chat.consortium, chat.body, "counsellor", inbound.author_name.strip() or NAMELESS)
        known = await self.store.counsellor_by_author(inbound.channel, inbound.author, chat.consortium, seed)
        # One person may be in the groups of two bodies: here they speak for this one.
        return replace(known, body=chat.body) if known is not None else None

    async def _tell(self, inbound: TeamInbound, lead_ref: str, counsellor: Counsellor, said: Rendered) -> None:
        """In the lead's thread when it is this team's, else in the group that pressed."""
        lead = await self.store.lead(lead_ref)
        if lead is not None and sees(counsellor, lead):
            async def tell(tx: Transaction, lead: LeadRow) -> Event | None:
                await tx.tell_team(lead.id, said)
                return None

            if await self._turns.counsel(lead.id, tell):
                return
        await self._answer(inbound, said)

    async def _answer(
        self, inbound: TeamInbound, said: Rendered, thread: str | None = None, reply_to: str | None = None
    ) -> None:
        await self.store.tell_chat(inbound.channel, inbound.address, said, thread=thread, reply_to=reply_to)

    def _team_name(self, chat: TeamChat) -> str:
        consortium = self.directory.consortium(chat.consortium)
        of = consortium.name if consortium else chat.consortium
        if chat.body is None:
            return of
        try:
            return f"{self.directory.body(chat.consortium, chat.body).name} ({of})"
        except UnknownTeam:  # the directory changed after the code was made
            return f"{chat.body} ({of})"
