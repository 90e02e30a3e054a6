"""Which permanences suit a person: near first, then soon. And sessions as slot values, to be shown again."""

from collections.abc import Iterable
from datetime import datetime

from dialogues.snapshot import Geography, Session
from dialogues.state import SlotValue

# As many as a person can read on a small screen.
SHOWN = 5
# Beyond this a permanence is not "near": the person is told so, and offered a human.
NEAR_KM = 30.0


def near(sessions: Iterable[Session], commune: str, geography: Geography) -> tuple[Session, ...]:
    """Open sessions of the commune itself, else those within NEAR_KM: nearest first, then soonest."""
    ranked: list[tuple[float, Session]] = []
    for session in sessions:
        if session.free < 1:
            continue
        kilometres = 0.0 if session.commune == commune else geography.distance_km(commune, session.commune)
        if kilometres is not None and kilometres <= NEAR_KM:
            ranked.append((kilometres, session))
    here = [session for kilometres, session in ranked if kilometres == 0]
    pool = here or [session for _, session in sorted(ranked, key=lambda pair: (pair[0], pair[1].starts_at))]
    return tuple(sorted(pool, key=lambda session: session.starts_at) if here else pool)[:SHOWN]


def as_slot(session: Session) -> SlotValue:
    """A session as a slot can hold it."""
    return {
        "id": session.id, "place": session.place, "commune": session.commune, "commune_name": session.commune_name,
        "territory": session.territory, "body": session.body, "starts_at": session.starts_at.isoformat(),
        "ends_at": session.ends_at.isoformat(), "free": session.free, "sample": session.sample,
    }


def from_slot(value: SlotValue) -> Session:
    """The session that ``as_slot`` wrote. Raises TypeError for anything else."""
    if not isinstance(value, dict):
        raise TypeError(value)
    return Session(
        id=str(value["id"]), place=str(value["place"]), commune=str(value["commune"]),
        commune_name=str(value["commune_name"]), territory=str(value["territory"]), body=str(value["body"]),
        starts_at=datetime.fromisoformat(str(value["starts_at"])),
        ends_at=datetime.fromisoformat(str(value["ends_at"])), free=int(str(value["free"])),
        sample=value["sample"] is True,
    )
