"""What a counsellor writes or sends: to the person, under their first name, or to colleagues alone."""

from typing import TypeAlias

from bot.desk.outcomes import LONGEST_REPLY, Outcome
from bot.desk.verbs import SAME_PRESS, Verbs, sees, unsent
from bot.store.transaction import Transaction
from bot.store.values import Counsellor, LeadRow
from bot.team_inbound import TeamMedia
from dialogues.events import Event
from dialogues.events.team import CounsellorCorrected, CounsellorSent, CounsellorWrote, PhraseChosen
from dialogues.text import Quoted, Text
from handoff.leads import OVER, before

# A file that came by Telegram can be copied there whatever its size; a bot may fetch no more for other channels.
LARGEST_FILE = 20 * 1024 * 1024
# The ready phrases, in the order of their buttons: dialogues/responses/phrases.yml and team.yml have their words.
PHRASES = ("hello", "searching", "come", "photo", "call", "away", "news", "goodbye")

# (channel, address) of a chat of the team.
Here: TypeAlias = tuple[str, str]


class Writing(Verbs):
    """Words, ready phrases, pictures and places, and private notes."""

    async def reply(
        self, lead_ref: str, counsellor: Counsellor, text: str, *, here: Here | None = None,
        message: str | None = None,
    ) -> Outcome:
        """Give these words to the person, under the counsellor's first name.

        ``here``: the chat or mailbox they were written from, which need not be told; ``message``: the external id
        of what they were written in, None on a page.
        """
        words = text.strip()
        translation = await self._translated(lead_ref, counsellor, words)

        async def act(tx: Transaction, lead: LeadRow) -> tuple[Outcome, Event | None]:
            if not words:
                return Outcome("empty", lead.ref), None
            if len(words) > LONGEST_REPLY:
                return Outcome("too_long", lead.ref), None
            if (refused := _cannot(tx, lead)) is not None:
                return refused, None
            if message is None and await tx.said_since(lead.id, words, self.clock.now() - SAME_PRESS):
                return Outcome("done", lead.ref), None  # a form sent twice
            source = _source(here, message)
            await tx.keep_message(lead.id, "counsellor", words, name=counsellor.name, source=source)
            await self._wrote(tx, lead, counsellor)
            said = self.cards.console_said if here is None else self.cards.colleague_said
            await tx.tell_team(lead.id, said(counsellor.name, words), but=here)
            return Outcome("done", lead.ref), CounsellorWrote(lead.id, counsellor.name, words, translation)

        return await self.act(lead_ref, counsellor, act)

    async def correct(
        self, lead_ref: str, counsellor: Counsellor, text: str, here: Here, message: str,
    ) -> Outcome:
        """Give the person these words in place of those they were given from ``message``.

        correction_beside: the person still sees the old words too. unchanged: nothing was to be done.
        """
        words = text.strip()
        translation = await self._translated(lead_ref, counsellor, words)
        source = (*here, message)

        async def act(tx: Transaction, lead: LeadRow) -> tuple[Outcome, Event | None]:
            copies = [one for one in await tx.written(source) if one.author == "counsellor"]
            team = f"{lead.territory}/{lead.body}"
            if len(words) > LONGEST_REPLY:
                return Outcome("too_long", lead.ref), None
            if copies and copies[-1].text == words and copies[-1].kind in ("text", "edited"):
                return Outcome("unchanged", lead.ref), None
            if not words or not copies or copies[-1].text == words or copies[-1].team != team:
                return Outcome("correction_lost", lead.ref), None
            if _cannot(tx, lead) is not None:
                return Outcome("correction_lost", lead.ref), None
            everywhere = await tx.correct(copies)
            await tx.keep_message(
                lead.id, "counsellor", words, name=counsellor.name, kind="edited", source=source)
            await tx.tell_team(lead.id, self.cards.say("colleague_corrected", {
                "name": Quoted(counsellor.name), "text": Quoted(words)}), but=here)
            outcome = Outcome("done" if everywhere else "correction_beside", lead.ref)
            return outcome, CounsellorCorrected(lead.id, counsellor.name, words, translation)

        return await self.act(lead_ref, counsellor, act)

    async def phrase(self, lead_ref: str, counsellor: Counsellor, phrase: str) -> Outcome:
        """Give the person a ready phrase, in their language. ``phrase``: one of PHRASES."""

        async def act(tx: Transaction, lead: LeadRow) -> tuple[Outcome, Event | None]:
            if phrase not in PHRASES:
                return Outcome("moved_on", lead.ref), None
            if (refused := _cannot(tx, lead)) is not None:
                return refused, None
            french = self._content.text(Text(f"utter_phrase_{phrase}"), "fr")
            if await tx.said_since(lead.id, french, self.clock.now() - SAME_PRESS):
                return Outcome("done", lead.ref), None
            await tx.keep_message(lead.id, "counsellor", french, name=counsellor.name)
            await self._wrote(tx, lead, counsellor)
            await tx.tell_team(lead.id, self.cards.say("phrase_sent", {
                "name": Quoted(counsellor.name), "text": Quoted(french),
            }))
            return Outcome("done", lead.ref), PhraseChosen(lead.id, counsellor.name, phrase)

        return await self.act(lead_ref, counsellor, act)

    async def offer_phrases(self, lead_ref: str, counsellor: Counsellor) -> Outcome:
        """Show the team the ready phrases, as buttons."""

        async def act(tx: Transaction, lead: LeadRow) -> tuple[Outcome, Event | None]:
            if (refused := _cannot(tx, lead)) is not None:
                return refused, None
            await tx.show_team(lead.id, self.cards.phrases(lead, PHRASES), self.clock.now() - SAME_PRESS)
            return Outcome("done", lead.ref), None

        return await self.act(lead_ref, counsellor, act)

    async def send(
        self, lead_ref: str, counsellor: Counsellor, media: TeamMedia, *, here: Here | None = None,
        message: str | None = None,
    ) -> Outcome:
        """Give the person what was sent in the lead's thread, which is ``here``, as ``message``."""

        async def act(tx: Transaction, lead: LeadRow) -> tuple[Outcome, Event | None]:
            if (refused := _cannot(tx, lead)) is not None:
                return refused, None
            if media.kind == "contact":  # it would show who they are, or somebody else
                return Outcome("contact_hidden", lead.ref), None
            if tx.channel != media.enclosure.channel and media.enclosure.size > LARGEST_FILE:
                return Outcome("file_too_large", lead.ref), None
            if len(media.text) > LONGEST_REPLY:
                return Outcome("too_long", lead.ref), None
            await tx.keep_message(lead.id, "counsellor", media.text, name=counsellor.name, kind=media.kind,
                                  enclosure=media.enclosure, source=_source(here, message))
            await self._wrote(tx, lead, counsellor)
            await tx.tell_team(lead.id, self.cards.say("colleague_sent", {
                "name": Quoted(counsellor.name), "kind": Text(f"utter_team_kind_{media.kind}"),
                "text": Quoted(media.text),
            }), but=here)
            sent = CounsellorSent(lead.id, counsellor.name, media.kind, media.enclosure, media.text, media.point)
            return Outcome("done", lead.ref), sent

        return await self.act(lead_ref, counsellor, act)

    async def note(
        self, lead_ref: str, counsellor: Counsellor, text: str, *, here: Here | None = None,
    ) -> Outcome:
        """Keep a note that colleagues read and the person never does; it goes with the request's words."""
        words = text.strip()

        async def act(tx: Transaction, lead: LeadRow) -> tuple[Outcome, Event | None]:
            if not words:
                return Outcome("empty_note", lead.ref), None
            if len(words) > LONGEST_REPLY:
                return Outcome("too_long", lead.ref), None
            if lead.state in OVER:
                return Outcome("over", lead.ref), None
            await tx.keep_message(lead.id, "private", words, name=counsellor.name)
            written = self.cards.say("note", {"name": Quoted(counsellor.name), "text": Quoted(words)})
            await tx.tell_team(lead.id, written, but=here)
            if here is not None:
                await tx.tell_team(lead.id, self.cards.say("note_kept"), only=here)
            return Outcome("done", lead.ref), None

        return await self.act(lead_ref, counsellor, act)

    async def _translated(self, lead_ref: str, counsellor: Counsellor, words: str) -> str | None:
        """The words in the person's language by a machine, when there is one; before the lead is locked."""
        lead = await self.store.lead(lead_ref)
        if self.translator is None or lead is None or lead.conversation_id is None or not sees(counsellor, lead):
            return None
        _, language = await self.store.talk_of(lead.conversation_id)
        if language in (None, "fr"):
            return None
        return await self.translator.translate(words, "fr", str(language))


def _source(here: Here | None, message: str | None) -> tuple[str, str, str] | None:
    """Which message of a team's chat it is; None for what was written on a page."""
    return (*here, message) if here is not None and message is not None else None


def _cannot(tx: Transaction, lead: LeadRow) -> Outcome | None:
    """Why nothing can be given to the person now; None when it can."""
    if lead.state not in before("reply"):
        return unsent(lead)
    return Outcome("blocked", lead.ref) if tx.blocked else None
