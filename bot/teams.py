"""Who would answer somebody, as things stand now: the directory, the hours, and how many requests each body has."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime

from bot.store.lead_care import UNTAKEN
from bot.store.transaction import Transaction
from bot.store.values import LeadRow
from dialogues.effects import FindTeam
from dialogues.events.answers import TeamFound
from dialogues.snapshot import Geography, Snapshot, Team
from handoff.directory import Consortium, Directory
from handoff.promises import Promises
from handoff.referrals import Referral, doors
from handoff.routing import Asked, Now, queue, route

# (territory, body) -> requests it was offered or has taken.
Load = Mapping[tuple[str, str], int]


class Teams:
    """The directory with its hours and doors. ``closed``: whether a day is a public holiday."""

    def __init__(
        self, directory: Directory, geography: Geography, referrals: tuple[Referral, ...],
        closed: Callable[[date], bool],
    ) -> None:
        self.directory = directory
        self.promises = Promises(directory, closed)
        self.referrals = referrals
        self._geography = geography

    def find(self, effect: FindTeam, load: Load, now: datetime, held: LeadRow | None = None) -> TeamFound:
        """The team for somebody who asks, or the doors open to everybody. ``held``: their open request."""
        asked = Asked(effect.commune, effect.territory, effect.need, effect.language, effect.urgent)
        found = queue(self.directory, self._geography, asked)
        team = route(
            self.directory, self._geography, commune=effect.commune, territory=effect.territory, need=effect.need,
            language=effect.language, urgent=effect.urgent,
            now=self._now(found.consortium, load, now) if found is not None else Now(),
        )
        if held is not None and self._keeps(held, team, effect, now):
            why = "la personne a déjà une demande chez vous"
            team = self.passed_to(held.territory, held.body, held, why) or team
        others = tuple(door.words for door in doors(self.referrals, effect.need))
        return TeamFound(self.with_hours(team, now) if team is not None else None, others)

    def next(self, lead: LeadRow, load: Load, now: datetime) -> Team | None:
        """Who is asked after a refusal: of the same consortium always, for the same place."""
        items, consortium = dict(lead.items), self.directory.consortium(lead.territory)
        team = route(
            self.directory, self._geography, commune=None, territory=lead.territory,
            need=lead.urgent or items.get("need", ""), language=items.get("language", "fr"),
            urgent=lead.urgent is not None, refused=frozenset(lead.refused),
            now=self._now(consortium, load, now) if consortium is not None else Now(),
        )
        return self.with_hours(team, now) if team is not None else None

    def _keeps(self, held: LeadRow, team: Team | None, effect: FindTeam, now: datetime) -> bool:
        """Whether the team that has the request stays the one to ask.

        Who talks with the person is told of an emergency wherever they are now. Elsewhere than where the request
        is, the team of that place is asked; there, whoever has it, unless it is urgent and only others are there.
        """
        if held.state == "taken":
            return effect.urgent
        if team is None or held.state == "unowned" or team.territory != held.territory:
            return False
        there = self.promises.open_now
        return not (effect.urgent and team.body not in held.refused and there(team.territory, team.body, now)
                    and not there(held.territory, held.body, now))

    def passed_to(
        self, territory: str, body: str, lead: LeadRow,
        why: str = "la personne est d'accord pour passer à votre équipe",
    ) -> Team | None:
        """The team a lead is passed on to, None when it is none of this lead's consortium that could have it."""
        if territory != lead.territory or not self.directory.has(territory, body):
            return None
        found = self.directory.body(territory, body)
        if not found.steps:
            return None
        return Team(body, territory, "", found.public_name, (*lead.reasons[:1], why))

    def others(self, lead: LeadRow) -> tuple[Team, ...]:
        """The teams of the consortium a lead could be passed on to."""
        consortium = self.directory.consortium(lead.territory)
        bodies = consortium.bodies if consortium is not None else ()
        found = (self.passed_to(lead.territory, body.id, lead) for body in bodies if body.id != lead.body)
        return tuple(team for team in found if team is not None)

    async def watch_untaken(self, tx: Transaction, lead: LeadRow, now: datetime) -> None:
        """Plan what happens if nobody takes the lead: whoever comes first, a human or this."""
        at = self.promises.take_by(lead.territory, lead.body, now, urgent=lead.urgent is not None, level=lead.level)
        await tx.watch(lead.id, UNTAKEN, at)

    def lead_with_hours(self, snapshot: Snapshot, now: datetime) -> Snapshot:
        """The same, its lead saying when the team that has it is next there."""
        lead = snapshot.lead
        if lead is None or lead.state not in ("offered", "taken"):
            return snapshot
        return replace(snapshot, lead=replace(lead, back_at=self.promises.back_at(lead.territory, lead.team, now)))

    def with_hours(self, team: Team, now: datetime) -> Team:
        """The same, saying when somebody of it is next there."""
        return replace(team, back_at=self.promises.back_at(team.territory, team.body, now))

    def _now(self, consortium: Consortium, load: Load, now: datetime) -> Now:
        """Of this one alone: one association may be a body of two, with its rooms and hours in each."""
        full, there = set(), set()
        for body in consortium.bodies:
            if body.capacity is not None and load.get((consortium.id, body.id), 0) >= body.capacity:
                full.add(body.id)
            if self.promises.open_now(consortium.id, body.id, now):
                there.add(body.id)
        return Now(frozenset(full), frozenset(there))
