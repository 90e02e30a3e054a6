"""What the rules ask for, carried out in the turn's transaction: said, given to teams, written to the store."""

from collections.abc import Callable
from dataclasses import replace

from bot import relay, tickets
from bot.clock import Clock
from bot.content import Content
from bot.leads import Leads
from bot.outbound import Rendered
from bot.store.lead_care import UNTAKEN, URGENT
from bot.store.transaction import Transaction
from bot.teams import Teams
from dialogues import effects
from dialogues.effects import Effect, KeepGap
from dialogues.events import Event
from dialogues.events.answers import BodyTold
from dialogues.snapshot import Snapshot
from dialogues.state import State
from handoff.promises import URGENT_WITHIN


class Deeds:
    """Carries out effects, one by one. Knows no channel."""

    def __init__(
        self, content: Content, teams: Teams, leads: Leads, clock: Clock,
        note_gap: Callable[[KeepGap, str | None], None],
    ) -> None:
        """``note_gap``: what becomes of a message that was not understood, and its language."""
        self._content = content
        self._teams = teams
        self._leads = leads
        self._clock = clock
        self._note_gap = note_gap

    async def carry_out(
        self, tx: Transaction, effect: Effect, state: State, snapshot: Snapshot, said: list[Rendered]
    ) -> Event | None:
        """What an effect is answered by, None for nothing; words to the person are added to ``said``."""
        language = state.language or "fr"
        match effect:
            case effects.Say():
                voice = effect.language or state.voice or "fr"
                words = self._content.render(effect.text, voice, effect.choices)
                said.append(replace(words, passing=effect.passing, until=effect.until, about=effect.about,
                                    begins=effect.begins))
            case effects.PassOn() | effects.PassOnEnclosure():
                said.append(relay.to_person(self._content, effect, language))
            case effects.ShowPlace(session=session):
                said.extend(tickets.place(self._content, session, language))
            case effects.GiveCalendarFile():
                file = tickets.calendar_file(self._content, effect, language, self._clock.now())
                said[-1:] = [replace(one, attachment=file) for one in said[-1:]]
            case effects.FindTeam():
                held = await tx.lead(snapshot.lead.id) if snapshot.lead is not None else None
                return self._teams.find(effect, await tx.load(), self._clock.now(), held)
            case effects.OpenLead():
                return await self._leads.open(tx, effect, snapshot)
            case effects.PassLead():
                return await self._leads.pass_on(tx, effect, snapshot)
            case effects.AnswerLiaison():
                return await self._leads.answer_liaison(tx, effect)
            case effects.WithdrawLeads():
                await self._leads.take_back(tx)
            case effects.RelayToTeam():
                return await self._leads.relay(tx, effect)
            case effects.MarkBlocked():
                known = tx.blocked
                await tx.apply(effect)
                if not known and snapshot.lead is not None and snapshot.lead.state in ("taken", "handed_back"):
                    await self._leads.tell_of_block(tx, snapshot.lead.id)
            case effects.TellTeam(lead_id=lead_id, text=text):
                urgent = text.key == "utter_team_emergency"
                await tx.tell_team(lead_id, self._content.render(text, "fr", speaker="team"), loud=urgent)
                if urgent:
                    lead = await tx.lead(lead_id)
                    kind = URGENT if lead is not None and lead.state == "taken" else UNTAKEN
                    await tx.watch_by(lead_id, kind, self._clock.now() + URGENT_WITHIN)
            case effects.TellBody(body=body, territory=territory, text=text):
                told = await tx.tell_body(body, self._content.render(text, "fr", speaker="team"), territory)
                if effect.word is not None:
                    await tx.keep_word(effect.appointment_id, effect.word)
                return BodyTold(told)
            case effects.KeepGap():
                self._note_gap(effect, state.language)
            case effects.EraseEverything():
                await self._leads.forget(tx, "withdrawn")
                return await tx.apply(effect)
            case _:
                return await tx.apply(effect)
        return None
