"""When a team is there: weekly spans with their breaks, and what a working hour or day comes to. Pure."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
# Nobody is looked for farther: a body that never opens would be searched for ever.
FARTHEST = 60
_LINE = re.compile(r"(?P<first>[a-z]{3})(-(?P<last>[a-z]{3}))? (?P<from>\d{2}:\d{2})-(?P<to>\d{2}:\d{2})")

Closed = Callable[[date], bool]


class HoursUnreadable(ValueError):
    """An opening must look like « mon-fri 09:00-12:00 », its end after its start."""


@dataclass(frozen=True, slots=True)
class Hours:
    """Openings of a week: (weekday, 0 for Monday; from; to), in order, Paris time, none over another."""

    spans: tuple[tuple[int, time, time], ...]

    def open_at(self, at: datetime, closed: Closed) -> bool:
        """Whether somebody is there at ``at``; ``closed`` says which days are holidays."""
        local = at.astimezone(PARIS)
        if closed(local.date()):
            return False
        return any(day == local.weekday() and start <= local.time() < end for day, start, end in self.spans)

    def next_open(self, at: datetime, closed: Closed) -> datetime | None:
        """``at`` when somebody is there, else when somebody next is; None when nobody is within two months."""
        if self.open_at(at, closed):
            return at
        return next((start for start, _ in self._from(at, closed)), None)

    def after(self, at: datetime, worked: timedelta, closed: Closed) -> datetime:
        """The moment by which the team will have been there for ``worked`` since ``at``.

        Two months later when it hardly ever is: somebody must hear of it in the end.
        """
        left = worked
        for opens, shuts in self._from(at, closed):
            start, end = opens.astimezone(UTC), shuts.astimezone(UTC)  # real lengths when the clocks change
            if end - start >= left:
                return (start + left).astimezone(PARIS)
            left -= end - start
        return at + timedelta(days=FARTHEST)

    def days_after(self, at: datetime, days: int, closed: Closed) -> datetime:
        """The same hour ``days`` working days later; the end of that day's opening when it is closed by then."""
        local = at.astimezone(PARIS)
        ends: dict[date, datetime] = {}
        for _, end in self._from(datetime.combine(local.date() + timedelta(days=1), time.min, PARIS), closed):
            if end.date() not in ends and len(ends) == days:
                break
            ends[end.date()] = end
        if not ends:
            return at + timedelta(days=FARTHEST)
        day, end = list(ends.items())[-1]
        same = datetime.combine(day, local.time(), PARIS)
        return same if self.open_at(same, closed) else end

    def _from(self, at: datetime, closed: Closed) -> Iterator[tuple[datetime, datetime]]:
        """What is left of each opening from ``at`` on, Paris time."""
        local = at.astimezone(PARIS)
        for ahead in range(FARTHEST):
            day = local.date() + timedelta(days=ahead)
            if closed(day):
                continue
            for weekday, start, end in self.spans:
                if weekday != day.weekday():
                    continue
                opens, shuts = datetime.combine(day, start, PARIS), datetime.combine(day, end, PARIS)
                if shuts > local:
                    yield max(opens, local), shuts


def read_hours(lines: Iterable[str]) -> Hours:
    """From lines « mon-fri 09:00-12:00 ». Raises HoursUnreadable naming the line."""
    spans: list[tuple[int, time, time]] = []
    for line in lines:
        found = _LINE.fullmatch(line)
        if found is None or found["first"] not in DAYS or (found["last"] or "mon") not in DAYS:
            raise HoursUnreadable(f"« {line} » is not an opening: write « mon-fri 09:00-12:00 »")
        try:
            start, end = time.fromisoformat(found["from"]), time.fromisoformat(found["to"])
        except ValueError as e:
            raise HoursUnreadable(f"« {line} » has an hour that does not exist") from e
        first = DAYS.index(found["first"])
        last = DAYS.index(found["last"]) if found["last"] else first
        if end <= start or last < first:
            raise HoursUnreadable(f"« {line} » ends before it starts")
        spans += [(day, start, end) for day in range(first, last + 1)]
    spans.sort()
    for (day, _, end), (next_day, start, _) in pairwise(spans):
        if day == next_day and start < end:
            raise HoursUnreadable(f"two openings of « {DAYS[day]} » overlap")
    return Hours(tuple(spans))


def midnight_after(at: datetime) -> datetime:
    """The end of that day, in Paris."""
    return datetime.combine(at.astimezone(PARIS).date() + timedelta(days=1), time.min, PARIS)


# What the consortia have not published: office hours of most associations. Each body's file can say otherwise.
USUAL = read_hours(["mon-fri 09:00-12:00", "mon-fri 13:30-17:00"])
