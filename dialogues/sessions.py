"""Which permanences suit a person: near first, then soon. And sessions as slot values, to be shown again."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from dialogues.snapshot import Geography, Session
from dialogues.state import SlotValue

# As many as a person can read on a small screen.
SHOWN = 5
# Beyond this a permanence is not "near": the person is told so, and offered a human.
NEAR_KM = 30.0
# So near to each other, the one where the person's language is spoken is better than the one that is nearer.
BAND_KM = 5.0
# Before what the person says no to: "not_morning", "not_2026-11-24" (nlu/denials.py).
DENIED = "not_"
EVENING_FROM, MORNING_UNTIL = time(17, 0), time(12, 0)
PARIS = ZoneInfo("Europe/Paris")
# What a team writes of a session that is for everybody.
EVERYBODY = frozenset({"tous-publics", "tous publics", "tout public", "tous"})
WOMEN, MEN = frozenset({"femmes", "femme"}), frozenset({"hommes", "homme"})
YOUTH = frozenset({"jeunes", "jeune", "ados", "adolescents", "moins de 25 ans", "moins de 26 ans", "16-25 ans",
                   "18-25 ans"})
SENIORS = frozenset({"seniors", "senior", "retraités", "personnes âgées", "plus de 60 ans"})
# What somebody says they are -> the sessions that are for them, and those that are not.
_THEIRS = {"women": WOMEN, "men": MEN, "youth": YOUTH, "senior": SENIORS}
_OTHERS = {"women": MEN, "men": WOMEN, "youth": SENIORS, "adult": YOUTH, "senior": YOUTH}
# What the id of a slot has after the id of its half-day.
_SLOT = re.compile(r"@\d{1,3}$")


@dataclass(frozen=True, slots=True)
class Wish:
    """What the person asked for besides a place. ``day``: YYYY-MM-DD; ``period``: week, weekend, morning, evening.
    With "not_" before it: any other.

    ``want``: what the session must answer (woman, children; both: children+woman). ``public``: whom the person says
    they are, or whom it is for (women, men, youth, adult, senior; several joined by +): what is for them comes
    first, what is for others only is not shown.
    """

    day: str | None = None
    period: str | None = None
    want: str | None = None
    language: str | None = None
    public: str | None = None

    @property
    def asks(self) -> bool:
        """Whether anything was asked for that a session may fail to be."""
        return bool(self.day or self.period or self.want)

    @property
    def wants(self) -> frozenset[str]:
        """The wishes of ``want``, one by one."""
        return frozenset(one for one in (self.want or "").split("+") if one and not one.startswith(DENIED))

    @property
    def refuses(self) -> frozenset[str]:
        """What of a session the person would rather not have."""
        said = frozenset((self.want or "").split("+"))
        return frozenset({"woman"}) if f"{DENIED}woman" in said else frozenset()

    def suits(self, session: Session, now: datetime) -> bool:
        """Whether a session is what was asked for; the language is a preference, not a condition."""
        if self.day:
            date_said = session.starts_at.astimezone(PARIS).date().isoformat() == self.day.removeprefix(DENIED)
            if date_said is self.day.startswith(DENIED):
                return False
        if not self.wants.issubset(session.wishes):
            return False
        if self.for_others(session):
            return False
        return not self.period or _in_period(self.period, session, now.astimezone(PARIS).date())

    def for_others(self, session: Session) -> bool:
        """Whether it is for people that this one, by what they said, is not: a woman wants to see a woman."""
        publics = publics_of(session)
        if not publics:
            return False
        said = (self.public or "").split("+")
        others = frozenset().union(*(_OTHERS.get(public, ()) for public in said))
        sure = others | MEN if "woman" in self.wants else others
        return sure.issuperset(publics)

    def rank(self, session: Session) -> int:
        """0: for them; 1: for everybody; 2: for some people, whom they did not say they are."""
        # One comes to a workshop for its theme, whomever it is for.
        publics = publics_of(session)
        if not publics:
            return 1
        if any(_THEIRS.get(public, frozenset()).intersection(publics) for public in (self.public or "").split("+")):
            return 0
        if session.kind == "workshop" or ("woman" in self.wants and WOMEN.intersection(publics)):
            return 1
        return 2


NO_WISH = Wish()


def _in_period(asked: str, session: Session, today: date) -> bool:
    period, denied = asked.removeprefix(DENIED), asked.startswith(DENIED)
    return _falls_in(period, session, today, denied=denied) is not denied


def _falls_in(period: str, session: Session, today: date, *, denied: bool) -> bool:
    local = session.starts_at.astimezone(PARIS)
    match period:
        case "week":
            return local.date() <= today + timedelta(days=6 - today.weekday())
        case "next_week":
            return 7 <= (local.date() - today).days + today.weekday() < 14
        case "weekend":
            return local.weekday() >= 5
        case "morning":
            return local.time() < MORNING_UNTIL
        case "afternoon":
            # In the evening is after noon too; but who cannot in the afternoon may come then.
            return local.time() >= MORNING_UNTIL and not (denied and local.time() >= EVENING_FROM)
        case "evening":
            # A session that goes on into it will do; who cannot in the evening comes before.
            ends = session.ends_at.astimezone(PARIS).time()
            return local.time() >= EVENING_FROM if denied else ends > EVENING_FROM
    return True


def publics_of(session: Session) -> tuple[str, ...]:
    """For whom a session is, in small letters; empty when it is for everybody."""
    if not session.publics:
        return ()
    said = tuple(public.casefold().removesuffix(" seulement") for public in session.publics)
    return () if EVERYBODY.intersection(said) else said


def near(
    sessions: Iterable[Session], commune: str, geography: Geography, language: str | None = None,
    shown: int = SHOWN, wish: Wish = NO_WISH,
) -> tuple[Session, ...]:
    """Sessions: those of the commune itself, then the others by distance, within NEAR_KM; ``shown`` at most.

    When there is none, the nearest, however far. In the commune itself, and among others within the same BAND_KM,
    those for whom the person says they are come first and permanences for some other people last (``wish``); then
    those that answer most of what was wished, then those where ``language`` is spoken, then the nearest, then the
    soonest. One half-day cut in slots does not take the room of the others.
    """
    ranked: list[tuple[float, int, int, bool, float, datetime, Session]] = []
    wants, refuses = wish.wants, wish.refuses
    far: dict[str, float | None] = {}  # many sessions, in a few communes
    for session in sessions:
        if session.commune not in far:
            far[session.commune] = kilometres_to(session, commune, geography)
        kilometres = far[session.commune]
        if kilometres is not None:
            foreign = language is not None and language != "fr" and language not in session.languages
            band = -1.0 if session.commune == commune else kilometres // BAND_KM
            unanswered = len(wants.difference(session.wishes)) + len(refuses.intersection(session.wishes))
            ranked.append((band, wish.rank(session), unanswered, foreign, kilometres, session.starts_at, session))
    ranked.sort(key=lambda one: one[:6])
    close = [one for one in ranked if one[4] <= NEAR_KM]
    return _half_days([session for *_, session in (close or ranked)], shown)


def _half_days(sessions: Sequence[Session], shown: int) -> tuple[Session, ...]:
    """The first of each half-day; then, where room is left, their other slots. In the order they came in."""
    seen: set[tuple[str, date]] = set()
    first: list[int] = []
    others: list[int] = []
    for index, session in enumerate(sessions):
        half_day = (session.series or session.id, session.starts_at.astimezone(PARIS).date())
        (others if half_day in seen else first).append(index)
        seen.add(half_day)
    return tuple(sessions[index] for index in sorted([*first, *others][:shown]))


def half_day(session_id: str) -> str:
    """What the slots of one half-day have in common; a session that is not cut is its own."""
    return _SLOT.sub("", session_id)


def open_seat(session_id: str) -> str:
    """What a word about an open seat, kept for nobody, is about: gone with the seat."""
    return f"open:{session_id}"


def kilometres_to(session: Session, commune: str, geography: Geography) -> float | None:
    """How far a session is from a commune, as the crow flies; None when a position is unknown."""
    return 0.0 if session.commune == commune else geography.distance_km(commune, session.commune)


def as_slot(session: Session) -> SlotValue:
    """A session as a slot can hold it."""
    return {
        "id": session.id, "place": session.place, "commune": session.commune, "commune_name": session.commune_name,
        "territory": session.territory, "body": session.body, "starts_at": session.starts_at.isoformat(),
        "ends_at": session.ends_at.isoformat(), "free": session.free, "sample": session.sample,
        "kind": session.kind, "title": session.title, "publics": list(session.publics),
    }


def from_slot(value: SlotValue) -> Session:
    """The session that ``as_slot`` wrote. Raises TypeError for anything else."""
    if not isinstance(value, dict):
        raise TypeError(value)
    publics = value.get("publics")
    return Session(
        id=str(value["id"]), place=str(value["place"]), commune=str(value["commune"]),
        commune_name=str(value["commune_name"]), territory=str(value["territory"]), body=str(value["body"]),
        starts_at=datetime.fromisoformat(str(value["starts_at"])),
        ends_at=datetime.fromisoformat(str(value["ends_at"])), free=int(str(value["free"])),
        sample=value["sample"] is True,
        kind=str(value.get("kind") or "permanence"), title=str(value.get("title") or ""),
        publics=tuple(str(public) for public in publics) if isinstance(publics, list) else (),
    )
