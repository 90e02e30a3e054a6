"""When to remind, and whether it still makes sense when the time has come."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")
DAY_BEFORE_AT = time(10, 0)
TWO_HOURS = timedelta(hours=2)
# When somebody who did not come is written to, the day after.
MISSED_AT = time(10, 30)
# Nobody is woken: nothing is sent by itself between these hours (Europe/Paris).
QUIET_FROM, QUIET_UNTIL = time(21, 0), time(8, 0)
# A reminder that could not be sent this long after its time is not sent: late is worse than never.
TOO_LATE = {"day_before": timedelta(hours=6), "two_hours": timedelta(minutes=75)}
# How near the session a freed seat is still offered to who waits; nearer, it is anybody's.
NEAR = timedelta(hours=3)
# How long a freed seat is kept for the person who was told of it.
HELD = timedelta(hours=2)

Kind = Literal["day_before", "two_hours"]
# What can become of a session that somebody has a seat in.
Change = Literal["cancelled", "moved", "late"]


def planned(starts_at: datetime, now: datetime) -> Mapping[Kind, datetime]:
    """The reminders of a session that starts then: those still to come, never in the quiet hours."""
    local = starts_at.astimezone(PARIS)
    day_before = datetime.combine(local.date() - timedelta(days=1), DAY_BEFORE_AT, PARIS)
    two_hours = local - TWO_HOURS
    moments: dict[Kind, datetime] = {}
    if day_before > now:
        moments["day_before"] = day_before
    if two_hours > now and not quiet(two_hours):
        moments["two_hours"] = two_hours
    elif quiet(two_hours):
        # An early session: at the first decent moment, if it still comes before.
        morning = datetime.combine(local.date(), QUIET_UNTIL, PARIS)
        if now < morning < local:
            moments["two_hours"] = morning
    return moments


def quiet(moment: datetime) -> bool:
    """Whether ``moment`` falls in the quiet hours."""
    local = moment.astimezone(PARIS).time()
    return local >= QUIET_FROM or local < QUIET_UNTIL


def decent(now: datetime, starts_at: datetime) -> datetime:
    """When to tell of a change: now; at night in the morning, unless the session begins before or soon after."""
    if not quiet(now):
        return now
    local = now.astimezone(PARIS)
    morning = datetime.combine(local.date(), QUIET_UNTIL, PARIS)
    if morning <= local:
        morning += timedelta(days=1)
    return morning if starts_at - morning >= TWO_HOURS else now


def missed_at(starts_at: datetime, now: datetime) -> datetime | None:
    """When to write to somebody who did not come: the day after, by day. None when that day is over."""
    day = starts_at.astimezone(PARIS).date() + timedelta(days=1)
    at = max(datetime.combine(day, MISSED_AT, PARIS), now.astimezone(PARIS))
    return at if at.date() == day and not quiet(at) else None


def worth_saying(kind: Kind, starts_at: datetime, now: datetime) -> bool:
    """Whether a reminder that wakes now still helps: not after the start, not late, not at night.

    Nor early: the session was moved since, and has reminders of its own, or will have.
    """
    if now >= starts_at or quiet(now):
        return False
    return timedelta() <= now - _ideal(kind, starts_at) <= TOO_LATE[kind]


def last_moment(kind: Kind, starts_at: datetime) -> datetime:
    """When a reminder that was said and has not arrived yet helps no more: it is not sent then."""
    ideal = _ideal(kind, starts_at)
    return min(starts_at, ideal + TOO_LATE[kind], evening(ideal))


def evening(moment: datetime) -> datetime:
    """When the quiet hours of that day begin."""
    return datetime.combine(moment.astimezone(PARIS).date(), QUIET_FROM, PARIS)


def _ideal(kind: Kind, starts_at: datetime) -> datetime:
    local = starts_at.astimezone(PARIS)
    if kind == "two_hours":
        at, morning = local - TWO_HOURS, datetime.combine(local.date(), QUIET_UNTIL, PARIS)
        return morning if at < morning < local else at  # an early session: at the first decent moment
    return datetime.combine(local.date() - timedelta(days=1), DAY_BEFORE_AT, PARIS)
