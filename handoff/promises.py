"""By when a human must have done what, and what happens when they have not. Pure: the clock is an argument."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from handoff.directory import Body, Directory
from handoff.errors import UnknownTeam
from handoff.hours import USUAL, Closed, Hours

# Not taken after so many working hours, not contacted after so many working days: somebody else hears of it.
TAKE_WITHIN = timedelta(hours=4)
CONTACT_WITHIN_DAYS = 2
# An emergency does not wait for opening hours.
URGENT_WITHIN = timedelta(minutes=15)
# Words that the person has not fetched in so many working days: whoever wrote them hears of it.
UNSEEN_DAYS = 3
# After the alarm, the team is reminded once a working day for as long as somebody waits.
REMIND_WITHIN = timedelta(hours=7)
# The same for an emergency, in hours that the team is there.
URGENT_REMIND_WITHIN = timedelta(hours=2)
# Nobody found in so long: the person is told honestly, and the request ends.
EXPIRES_AFTER = timedelta(days=30)
# Who hears of it, step by step: the team again, its admins, the lead body, everybody (alarm on the first page).
TEAM, ADMINS, LEAD_BODY, ALARM = 1, 2, 3, 4


@dataclass(frozen=True, slots=True)
class Promises:
    """``closed``: whether a day is a public holiday."""

    directory: Directory
    closed: Closed

    def take_by(self, territory: str, body: str, now: datetime, *, urgent: bool, level: int = 0) -> datetime:
        """When a lead that nobody took goes one step up."""
        if urgent and level < ALARM:
            return now + URGENT_WITHIN
        # Everybody knows by now: more in the night would only teach them not to listen.
        worked = TAKE_WITHIN if level < ALARM else URGENT_REMIND_WITHIN if urgent else REMIND_WITHIN
        return self.hours(territory, body).after(now, worked, self.closed)

    def contact_by(self, territory: str, body: str, now: datetime, *, urgent: bool, level: int = 0) -> datetime:
        """When a lead that was taken, and whose person heard nothing, goes one step up."""
        if urgent:
            return now + URGENT_WITHIN
        if level:
            return self.take_by(territory, body, now, urgent=False, level=level)
        return self.hours(territory, body).days_after(now, CONTACT_WITHIN_DAYS, self.closed)

    def answer_by(self, territory: str, body: str, now: datetime, *, urgent: bool) -> datetime:
        """When a lead whose person wrote, and had no answer, goes one step up. ``urgent``: it once was."""
        return self.contact_by(territory, body, now, urgent=False, level=TEAM if urgent else 0)

    def seen_by(self, territory: str, body: str, now: datetime) -> datetime:
        """When words that the person must fetch themselves should have been seen."""
        return self.hours(territory, body).days_after(now, UNSEEN_DAYS, self.closed)

    def back_at(self, territory: str, body: str, now: datetime) -> datetime | None:
        """When the team is back, None when somebody is there now (or nobody will be for two months)."""
        back = self.hours(territory, body).next_open(now, self.closed)
        return back if back is not None and back > now else None

    def open_now(self, territory: str, body: str, now: datetime) -> bool:
        """Whether somebody of the team is there."""
        return self.hours(territory, body).open_at(now, self.closed)

    def hours(self, territory: str, body: str) -> Hours:
        """The body's openings; the usual ones when it has published none, or is no longer in the directory."""
        return (self._body(territory, body) or _NOBODY).hours or USUAL

    def lead_body(self, territory: str) -> Body | None:
        """The body that answers for the whole consortium."""
        consortium = self.directory.consortium(territory)
        return consortium.lead if consortium is not None else None

    def _body(self, territory: str, body: str) -> Body | None:
        try:
            return self.directory.body(territory, body)
        except UnknownTeam:
            return None


_NOBODY = Body("", "", "", "member", frozenset(), frozenset(), ())
