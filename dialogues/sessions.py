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
EVENING_FROM, MORNING_UNTIL = time(17, 0), time(12, 0)
PARIS = ZoneInfo("Europe/Paris")
# What a team writes of a session that is for everybody.
EVERYBODY = frozenset({"tous-publics", "tous publics", "tout public", "tous"})
WOMEN, MEN = frozenset({"femmes", "femme"}), frozenset({"hommes", "homme"})
# What the id of a slot has after the id of its half-day.
_SLOT = re.compile(r"@\d{1,3}$")


@dataclass(frozen=True, slots=True)
class Wish:
    """What the person asked for besides a place. ``day``: YYYY-MM-DD; ``period``: week, weekend, morning, evening.

    ``want``: a wish the session must answer (woman, children).
    """

    day: str | None = None
    period: str | None = None
    want: str | None = None
    language: str | None = None

    def suits(self, session: Session, now: datetime) -> bool:
        """Whether a session is what was asked for; the language is a preference, not a condition."""
        local, today = session.starts_at.astimezone(PARIS), now.astimezone(PARIS).date()
        if self.day and local.date().isoformat() != self.day:
            return False
        if self.want and self.want not in session.wishes:
            return False
        if self.for_others(session):
            return False
        match self.period:
            case "week":
                return local.date() <= today + timedelta(days=6 - today.weekday())
            case "next_week":
                return 7 <= (local.date() - today).days + today.weekday() < 14
            case "weekend":
                return local.weekday() >= 5
            case "morning":
                return local.time() < MORNING_UNTIL
            case "afternoon":
                return local.time() >= MORNING_UNTIL
            case "evening":
                return session.ends_at.astimezone(PARIS).time() > EVENING_FROM
        return True

    def for_others(self, session: Session) -> bool:
        """Whether it is for people that this one, by what they asked for, is not: a woman wants to see a woman."""
        return self.want == "woman" and bool(session.publics) and MEN.issuperset(publics_of(session))


def publics_of(session: Session) -> tuple[str, ...]:
    """For whom a session is, in small letters; empty when it is for everybody."""
    said = tuple(public.casefold().removesuffix(" seulement") for public in session.publics)
    return () if EVERYBODY.intersection(said) else said


def near(
    sessions: Iterable[Session], commune: str, geography: Geography, language: str | None = None,
    shown: int = SHOWN, want: str | None = None,
) -> tuple[Session, ...]:
    """Sessions: those of the commune itself, then the others by distance, within NEAR_KM; ``shown`` at most.

    When there is none, the nearest, however far. In the commune itself, and among others within the same BAND_KM,
    permanences for some people only come last (unless they are for women, for who wants to see a woman, ``want``);
    then those where ``language`` is spoken come first, then the nearest, then the soonest. One half-day cut in
    slots does not take the room of the others.
    """
    ranked: list[tuple[float, bool, bool, float, datetime, Session]] = []
    for session in sessions:
        kilometres = kilometres_to(session, commune, geography)
        if kilometres is not None:
            foreign = language is not None and language != "fr" and language not in session.languages
            band = -1.0 if session.commune == commune else kilometres // BAND_KM
            # One comes to a workshop for its theme, whomever it is for.
            said = () if session.kind == "workshop" else publics_of(session)
            some_only = bool(said) and not (want == "woman" and WOMEN.intersection(said))
            ranked.append((band, some_only, foreign, kilometres, session.starts_at, session))
    ranked.sort(key=lambda one: one[:5])
    close = [one for one in ranked if one[3] <= NEAR_KM]
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
