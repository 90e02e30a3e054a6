"""The rules without a shell: real content, a small world where effects are answered from a table."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from bot.app import read_directory
from bot.content import NAMES, Content, read_content
from dialogues import effects
from dialogues.codec import decode, encode
from dialogues.effects import Effect, Say
from dialogues.events import Event
from dialogues.events.answers import (
    Answer,
    BodyTold,
    DataErased,
    LeadOpened,
    SeatBooked,
    SeatCancelled,
    SessionsFound,
    TeamFound,
    WaitingJoined,
)
from dialogues.events.person import ButtonPressed, ContactStarted, MessageReceived
from dialogues.reading import Entity, Reading
from dialogues.snapshot import Appointment, Commune, Lead, Session, Snapshot, Team
from dialogues.state import State
from dialogues.step import step
from dialogues.world import World

ROOT = Path(__file__).resolve().parents[2]
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
COMMUNES = {
    "69259": Commune("69259", "Vénissieux", "69", 45.70, 4.87),
    "69199": Commune("69199", "Saint-Fons", "69", 45.71, 4.85),
    "38185": Commune("38185", "Grenoble", "38", 45.19, 5.72),
    "29019": Commune("29019", "Brest", "29", 48.39, -4.49),
}
DOORS = ("utter_referral_mission_locale", "utter_referral_ccas")
TEAM = Team("ifra", "portes-du-sud", "Est lyonnais", "l'équipe du camion", ("commune : Vénissieux",))


_FAR = {frozenset({"69259", "69199"}): 3.0, frozenset({"69259", "38185"}): 90.0}


class SmallMap:
    """Four communes."""

    def by_insee(self, insee: str) -> Commune | None:
        return COMMUNES.get(insee)

    def distance_km(self, first: str, second: str) -> float | None:
        return 0.0 if first == second else _FAR.get(frozenset({first, second}), 700.0)


@cache
def content() -> Content:
    return read_content(ROOT, read_directory(ROOT).messages())


def session(number: int, days: int, free: int = 3) -> Session:
    start = NOW + timedelta(days=days)
    return Session(f"s{number}", "Place", "69259", "Vénissieux", "portes-du-sud", "ifra",
                   start, start + timedelta(hours=3), free, sample=True)


@dataclass
class Talk:
    """One conversation with the rules. Every turn goes through the codec, as in the store."""

    now: datetime = NOW
    language_hint: str | None = "fr"
    state: State = field(default_factory=State)
    sessions: list[Session] = field(default_factory=lambda: [session(1, 1), session(2, 3)])
    appointments: list[Appointment] = field(default_factory=list)
    lead: Lead | None = None
    effects: list[Effect] = field(default_factory=list)
    understanding: Mapping[str, str] = field(default_factory=dict)
    seat_answer: Answer | None = None
    down: bool = False
    groups: int = 1
    given: str | None = None

    def world(self) -> World:
        words = content()
        return World(words.catalog, SmallMap(), ("fr", "ar", "en"), NAMES)

    def happens(self, event: Event) -> list[str]:
        """The keys of what is said."""
        waiting: list[Event] = [event]
        done: list[Effect] = []
        # Read once, before the turn, as the shell does.
        snapshot = Snapshot("test", tuple(self.appointments), self.lead, given=self.given)
        while waiting:
            state, deeds = step(self.world(), self.state, waiting.pop(0), snapshot, self.now)
            self.state = decode(encode(state))
            assert self.state == state
            done += deeds
            waiting += [answer for deed in deeds if (answer := self._answer(deed)) is not None]
        self.effects += done
        return [deed.text.key for deed in done if isinstance(deed, Say)]

    def starts(self, origin: str | None = None) -> list[str]:
        return self.happens(ContactStarted(origin, self.language_hint))

    def presses(self, title: str) -> list[str]:
        """Press the newest button whose title's key ends so."""
        for offer in reversed(self.state.offers):
            for index, option in enumerate(offer.options):
                if option.title.key.endswith(title) or option.payload.endswith(title):
                    return self.happens(ButtonPressed(f"/o{offer.serial}.{index}"))
        raise AssertionError(f"no button {title} was offered")

    def says(
        self, text: str, intent: str | None = None, confidence: float = 0.9, language: str | None = "fr",
        emergency: str | None = None, also: tuple[tuple[str, float], ...] = (), **entities: str,
    ) -> list[str]:
        whole = {"spot"} if len(text.split()) > 1 else set(entities)
        named = tuple(Entity(name, value, text if name in whole else value) for name, value in entities.items())
        ranking = ((intent, confidence), *also) if intent else ()
        reading = Reading(language, intent, confidence if intent else 0.0, ranking, named, emergency)
        if self.down:
            reading = replace(reading, intent=None, confidence=0.0, ranking=(), available=False)
        return self.happens(MessageReceived(text, reading))

    def _answer(self, deed: Effect) -> Answer | None:
        match deed:
            case effects.FindSessions():
                full = tuple(one for one in self.sessions if not one.free)
                return SessionsFound(tuple(one for one in self.sessions if one.free), full)
            case effects.BookSeat(session_id=wanted):
                if self.seat_answer is not None:
                    return self.seat_answer
                found = next(one for one in self.sessions if one.id == wanted)
                self.appointments.append(Appointment(f"a{len(self.appointments) + 1}", "ACDE", found))
                return SeatBooked(self.appointments[-1])
            case effects.MoveSeat(appointment_id=held, session_id=wanted):
                found = next(one for one in self.sessions if one.id == wanted)
                self.appointments = [
                    replace(one, session=found) if one.id == held else one for one in self.appointments
                ]
                return SeatBooked(next(one for one in self.appointments if one.id == held))
            case effects.CancelSeat(appointment_id=held):
                gone = next(one for one in self.appointments if one.id == held)
                self.appointments.remove(gone)
                return SeatCancelled(gone)
            case effects.JoinWaiting(session_id=wanted):
                return WaitingJoined(next(one for one in self.sessions if one.id == wanted))
            case effects.TellBody():
                return BodyTold(self.groups)
            case effects.FindTeam(commune=commune):
                return TeamFound(TEAM if commune in ("69259", "69199") else None, DOORS)
            case effects.OpenLead(body=body, territory=territory):
                self.lead = Lead("l1", "offered", body, None, territory)
                return LeadOpened("l1", body, territory)
            case effects.EraseEverything():
                self.appointments, self.lead = [], None
                return DataErased("RECEIPT1")
        return None
