"""Rows as the pages show them: French words, Paris hours, nothing else."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from babel.dates import format_timedelta

from bot import wording
from bot.clock import PARIS
from bot.content import Content
from bot.desk.team_cards import Cards
from bot.desk.writing import PHRASES
from bot.store.values import BookedSeat, Counsellor, Delivery, Gap, LeadMessage, LeadMove, LeadRow, Role
from bot.teams import Teams
from dialogues.intents import INTENTS
from dialogues.text import Moment, Text
from handoff.directory import Directory
from handoff.errors import UnknownTeam
from handoff.leads import CHOICES, REFUSALS, State, Verb, before, possible, stages_ahead
from handoff.promises import ALARM

# The order of the first page: what nobody looks after comes first.
STATES: Mapping[State, str] = {
    "unowned": "Sans équipe : toutes ont dit non",
    "offered": "À prendre",
    "taken": "Prises",
    "handed_back": "Rendues au bot",
}
OVER: Mapping[State, str] = {"closed": "Close", "withdrawn": "La personne a tout effacé"}
ONE: Mapping[State, str] = {
    "unowned": "Sans équipe", "offered": "À prendre", "taken": "Prise", "handed_back": "Rendue au bot", **OVER,
}
# Withdrawn too, but she is still there.
TAKEN_BACK = "Retirée par la personne"
ALARMS = "🚨 Alarme : personne ne les prend"
BECAME: Mapping[str, str] = {
    "unowned": "pas pour cette équipe", "offered": "proposée à une équipe", "taken": "prise",
    "handed_back": "rendue au bot", "closed": "close", "withdrawn": "retirée par la personne",
    "contacted": "premier message envoyé", "met": "vue à une permanence", "enrolled": "entrée dans le programme",
    "escalated": "rappelée, personne ne bougeait", "outcome": "bilan", "unheard": "premier message pas arrivé",
    "came": "venue à une permanence",
}
STAGE_WORDS: Mapping[str, str] = {
    "new": "", "contacted": "en contact", "met": "vue", "enrolled": "dans le programme",
}
DELIVERY: Mapping[Delivery, str] = {"sent": "✓ envoyé", "waiting": "en attente", "lost": "⚠️ pas arrivé"}
SEATS = {"booked": "réservé", "confirmed": "a dit qu'elle vient", "seen": "est venue", "excused": "excusée",
         "noshow": "n'est pas venue"}


@dataclass(frozen=True, slots=True)
class LeadLine:
    """A lead in a list. ``age``: since it was opened, in words."""

    ref: str
    state: str
    urgent: str
    team: str
    taker: str
    age: str


@dataclass(frozen=True, slots=True)
class SeatLine:
    """An appointment of today."""

    hour: str
    place: str
    code: str
    state: str
    sample: bool


@dataclass(frozen=True, slots=True)
class ThreadLine:
    """One line between the person and the team. ``side``: person, counsellor, note or private.

    ``file``: the number to ask for what was sent, None when there is nothing to fetch. ``delivery``: whether it
    arrived, in words; empty where nobody knows.
    """

    side: str
    who: str
    when: str
    text: str
    file: int | None = None
    delivery: str = ""


@dataclass(frozen=True, slots=True)
class GapLine:
    """A message that was not understood. ``likely``: (intent, words), the likeliest first."""

    id: int
    text: str
    when: str
    language: str
    likely: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class LeadPage:
    """All that the page of a lead shows."""

    line: LeadLine
    items: tuple[str, ...]
    reasons: tuple[str, ...]
    refused: tuple[str, ...]
    thread: tuple[ThreadLine, ...]
    history: tuple[str, ...]
    may: frozenset[Verb]
    stage: str
    next_stages: tuple[tuple[str, str], ...]
    outcomes: tuple[tuple[str, str], ...]
    others: tuple[tuple[str, str], ...]
    notes: bool


class Views:
    """Turns rows into what a template needs."""

    def __init__(self, content: Content, directory: Directory, cards: Cards, teams: Teams) -> None:
        self._teams = teams
        self._content = content
        self._directory = directory
        self._cards = cards

    def lines(self, leads: Iterable[LeadRow], now: datetime) -> Mapping[str, tuple[LeadLine, ...]]:
        """Leads by state in the order of STATES, the oldest first, urgent ones before."""
        groups: dict[str, tuple[LeadLine, ...]] = {}
        ordered = sorted(leads, key=lambda lead: (lead.urgent is None, lead.created_at))
        alarms = [lead for lead in ordered if lead.level >= ALARM and lead.state in ("offered", "unowned")]
        if alarms:
            groups[ALARMS] = tuple(self.line(lead, now) for lead in alarms)
        for state, title in STATES.items():
            found = tuple(self.line(lead, now) for lead in ordered if lead.state == state and lead not in alarms)
            if found:
                groups[title] = found
        return groups

    def line(self, lead: LeadRow, now: datetime) -> LeadLine:
        """One lead in a list."""
        age = format_timedelta(max(now - lead.created_at, timedelta(minutes=1)), locale="fr", threshold=1)
        return LeadLine(
            lead.ref, TAKEN_BACK if _taken_back(lead) else ONE[lead.state], self._cards.urgency(lead),
            self.team(lead.territory, lead.body), lead.taken_name or "", age,
        )

    def lead(
        self, lead: LeadRow, thread: Iterable[LeadMessage], history: Iterable[LeadMove], role: Role, now: datetime
    ) -> LeadPage:
        """The page of a lead."""
        return LeadPage(
            line=self.line(lead, now),
            items=self._cards.item_lines(lead),
            reasons=lead.reasons,
            refused=tuple(self.team(lead.territory, body) for body in lead.refused),
            thread=tuple(self._message(message) for message in thread),
            history=tuple(self._move(move) for move in history),
            may=frozenset(possible(lead.state, role)) if lead.conversation_id else frozenset(),
            stage=STAGE_WORDS.get(lead.stage, ""),
            next_stages=self._next_stages(lead),
            outcomes=self._outcomes(lead),
            others=self._others(lead),
            notes=lead.state not in OVER and bool(lead.conversation_id),
        )

    def _next_stages(self, lead: LeadRow) -> tuple[tuple[str, str], ...]:
        """What a counsellor may say of how far it came: (stage, words). « contacted » comes by itself."""
        if lead.state not in ("taken", "handed_back") or not lead.conversation_id:
            return ()
        return tuple((stage, BECAME[stage]) for stage in stages_ahead(lead.stage))

    def _others(self, lead: LeadRow) -> tuple[tuple[str, str], ...]:
        """The teams the person may be asked about: (body, name)."""
        if lead.state not in before("pass_on") or not lead.conversation_id:
            return ()
        return tuple((team.body, self.team(lead.territory, team.body)) for team in self._teams.others(lead))

    def _outcomes(self, lead: LeadRow) -> tuple[tuple[str, str], ...]:
        """What may have come of a request that is closed, until it is said: (outcome, words)."""
        if lead.state != "closed" or lead.outcome is not None or not lead.conversation_id:
            return ()
        return tuple((code, self._cards.outcome_of(code)) for code in CHOICES)

    def seats(self, seats: Iterable[BookedSeat]) -> tuple[SeatLine, ...]:
        """Appointments, the earliest first."""
        ordered = sorted(seats, key=lambda seat: (seat.appointment.session.starts_at, seat.appointment.code))
        return tuple(self._seat(seat) for seat in ordered)

    def gaps(self, gaps: Iterable[Gap]) -> tuple[GapLine, ...]:
        """Messages that were not understood, as they wait."""
        return tuple(
            GapLine(gap.id, gap.text, self.when(gap.at), gap.language or "?",
                    tuple((intent, self._label(intent)) for intent, _ in gap.ranking))
            for gap in gaps
        )

    def meanings(self) -> Mapping[str, str]:
        """What a message can mean: intent -> French words."""
        return {intent: self._label(intent) for intent in INTENTS}

    def _label(self, intent: str) -> str:
        return self._content.messages.get(f"label/{intent}", intent)

    def team(self, consortium: str, body: str) -> str:
        """A body's name, or its id when the directory no longer has it."""
        try:
            return self._directory.body(consortium, body).name
        except UnknownTeam:
            return body

    def person(self, who: Counsellor) -> tuple[str, str, str]:
        """Somebody of the teams: (id, first name, team)."""
        team = self.team(who.consortium, who.body) if who.body else "tout le consortium"
        return who.id, who.name, f"{team}, admin" if who.role == "admin" else team

    def reasons_to_refuse(self) -> Mapping[str, str]:
        """The choices of « not for us »."""
        return {code: self._cards.reason(code) for code in REFUSALS}

    def phrases(self) -> tuple[tuple[str, str, str], ...]:
        """The ready phrases: (key, name, what it says in French)."""
        return tuple((one, self._cards.phrase(one), self._content.text(Text(f"utter_phrase_{one}"), "fr"))
                     for one in PHRASES)

    def when(self, at: datetime) -> str:
        """A moment in Paris."""
        return wording.moment(Moment(at), "fr")

    def _seat(self, seat: BookedSeat) -> SeatLine:
        session = seat.appointment.session
        hour = wording.moment(Moment(session.starts_at, "hour"), "fr")
        place = f"{session.place}, {session.commune_name}"
        return SeatLine(hour, place, seat.appointment.code, SEATS[seat.state], session.sample)

    def _move(self, move: LeadMove) -> str:
        who = {"person": "la personne", "bot": "le bot", "list": "la liste de la permanence"}.get(move.by, move.by)
        why = ""
        if move.reason and move.to_state == "outcome":
            why = f" ({self._cards.outcome_of(move.reason)})"
        elif move.reason and move.reason in REFUSALS:
            why = f" ({self._cards.reason(move.reason)})"
        return f"{self.when(move.at)} : {BECAME.get(move.to_state, move.to_state)}, par {who}{why}"

    def _message(self, message: LeadMessage) -> ThreadLine:
        who = {"person": "La personne", "note": "Le bot"}.get(message.author, message.name or "L'équipe")
        key = f"utter_team_kind_{message.kind}"
        text = message.text
        if message.kind == "edited":
            who = f"{who} (message {'modifié' if message.author == 'person' else 'corrigé'})"
        elif message.kind != "text" and key in self._content.messages:
            text = f"[{self._content.words(key, 'fr')}] {text}".strip()
        if message.kind == "translation":
            who = "🤖 Traduit par une machine"
        if message.author == "private":
            who = f"🔒 {who}, pour l'équipe seulement"
        file = message.id if message.enclosure is not None and message.enclosure.file else None
        delivery = DELIVERY[message.delivery] if message.delivery is not None else ""
        return ThreadLine(message.author, who, self.when(message.at), text, file, delivery)


def today(now: datetime) -> tuple[datetime, datetime]:
    """Today in Paris: from midnight to midnight (23, 24 or 25 hours)."""
    day = now.astimezone(PARIS).date()
    start = datetime.combine(day, time.min, PARIS)
    return start, datetime.combine(day + timedelta(days=1), time.min, PARIS)


def _taken_back(lead: LeadRow) -> bool:
    """Whether the person took the request back and erased nothing else."""
    return lead.state == "withdrawn" and lead.conversation_id is not None
