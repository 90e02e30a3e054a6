"""Words in a team's group: for the person whose thread it is, a note, or nobody's."""

from bot.desk.day_notes import DayNotes
from bot.desk.group_talk import GroupTalk
from bot.desk.outcomes import LONGEST_REPLY, Outcome
from bot.desk.writing import Writing
from bot.outbound import Rendered
from bot.store.values import Counsellor, TeamChat
from bot.team_inbound import TeamCut, TeamEdited, TeamInbound, TeamMedia, TeamWords


class GroupWords:
    """From what is written there to the verb it means."""

    def __init__(self, verbs: Writing, day_notes: DayNotes, group: GroupTalk) -> None:
        self._verbs = verbs
        self._store = verbs.store
        self._cards = verbs.cards
        self._day_notes = day_notes
        self._group = group

    async def hear(self, inbound: TeamInbound, words: TeamWords | TeamMedia) -> None:
        """Give them to the person they are for; what cannot be given is said."""
        chat = await self._store.team_chat(inbound.channel, inbound.address)
        if chat is None:
            # In a topic, words may be for anybody: only what is surely for the bot is answered.
            if words.thread is None or (isinstance(words, TeamWords) and (words.command or words.private)):
                await self._group.answer(inbound, self._cards.say("not_connected"), words.thread)
            return
        lead_id = await self._store.lead_of_reply(inbound.channel, inbound.address, words.thread, words.reply_to)
        if lead_id is None:
            await self._nobodys(inbound, chat, words)
            return
        counsellor = await self._group.counsellor(inbound, chat)
        if counsellor is None:
            answer = self._cards.say("disabled")
        elif isinstance(words, TeamWords) and words.command:
            answer = self._cards.say("unknown_command")
        else:
            outcome = await self._give(inbound, lead_id, counsellor, words)
            if outcome.done:
                return
            answer = self._cards.outcome(outcome)
        await self._group.answer(inbound, answer, words.thread, words.reply_to)

    async def cut(self, inbound: TeamInbound, cut: TeamCut) -> None:
        """The end of a text whose beginning was about a lead: that it went nowhere is said under it."""
        chat = await self._store.team_chat(inbound.channel, inbound.address)
        begun = await self._store.lead_of_reply(inbound.channel, inbound.address, cut.thread, cut.reply_to)
        if chat is not None and begun is not None:
            await self._group.answer(inbound, self._cards.say("cut"), cut.thread, inbound.external_id)

    async def edited(self, inbound: TeamInbound, edited: TeamEdited) -> None:
        """What went to the person is corrected there; what cannot be is never left to seem so."""
        chat = await self._store.team_chat(inbound.channel, inbound.address)
        if chat is None:
            return
        here = (inbound.channel, inbound.address)
        lead_id = await self._store.lead_of_source(*here, edited.message)
        about = lead_id or await self._store.lead_of_reply(*here, edited.thread, edited.reply_to)
        if about is None and not chat.direct:
            return  # colleagues talking among themselves
        counsellor = await self._group.counsellor(inbound, chat)
        if counsellor is None:
            answer = self._cards.say("disabled")
        elif lead_id is None:
            answer = self._cards.say("correction_lost")
        else:
            outcome = await self._verbs.correct(lead_id, counsellor, edited.text, here, edited.message)
            if outcome.kind == "unchanged":
                return
            known = outcome.kind in ("done", "correction_beside", "too_long")
            answer = self._cards.say("correction_sent") if outcome.done else (
                self._cards.outcome(outcome if known else Outcome("correction_lost", outcome.ref)))
        await self._group.answer(inbound, answer, edited.thread, edited.message)

    async def _nobodys(self, inbound: TeamInbound, chat: TeamChat, words: TeamWords | TeamMedia) -> None:
        """Words about no lead that this team has: said, unless colleagues were talking among themselves."""
        known = await self._store.known_here(inbound.channel, inbound.address, words.thread, words.reply_to)
        if known == "lead":
            await self._group.answer(inbound, self._cards.say("not_yours"), words.thread, words.reply_to)
        elif isinstance(words, TeamWords) and (noted := await self._noted(inbound, chat, words)) is not None:
            await self._group.answer(inbound, noted, words.thread, words.reply_to)
        elif known == "ours" or words.to_bot or chat.direct:  # in a chat of one's own, words are for somebody
            await self._group.answer(inbound, self._cards.say("direct_how"), None, words.reply_to)

    async def _noted(self, inbound: TeamInbound, chat: TeamChat, words: TeamWords) -> Rendered | None:
        """A note about somebody of the day, or the name of who just came; None when it is about nobody."""
        if words.command:
            return None
        answered = None
        if words.reply_to is not None:
            answered = await self._store.said_here(inbound.channel, inbound.address, words.reply_to)
        team = (chat.consortium, chat.body)
        found = await self._day_notes.about(team, words.text, answered)
        if found is None:
            return self._day_notes.say("day_note_how") if words.private else None
        # Asked now only: colleagues may talk among themselves.
        if await self._group.counsellor(inbound, chat) is None:
            return self._cards.say("disabled")
        return await self._day_notes.keep(team, found)

    async def _give(
        self, inbound: TeamInbound, lead_id: str, counsellor: Counsellor, words: TeamWords | TeamMedia,
    ) -> Outcome:
        here = (inbound.channel, inbound.address)
        match words:
            case TeamWords(after=after) if after > LONGEST_REPLY:  # its beginning was refused: no end without it
                return Outcome("too_long")
            case TeamMedia():
                return await self._verbs.send(lead_id, counsellor, words, here=here, message=inbound.external_id)
            case TeamWords(private=True):
                return await self._verbs.note(lead_id, counsellor, words.text, here=here)
            case _:
                return await self._verbs.reply(
                    lead_id, counsellor, words.text, here=here, message=inbound.external_id)
