"""One-time codes that an admin makes for their own consortium: to connect a group, or to invite somebody."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from bot.store.store import Store
from bot.store.values import Counsellor
from handoff.directory import Directory

# A group is connected while one is at it; an invitation may wait for somebody's working day.
CONNECT_FOR = timedelta(hours=24)
INVITE_FOR = timedelta(hours=48)


@dataclass(frozen=True, slots=True)
class Made:
    """What was made, shown once: ``command`` to write in a group, or ``link`` to send to somebody."""

    team: str
    command: str = ""
    link: str = ""


class Invitations:
    """Makes codes inside one consortium."""

    def __init__(self, store: Store, directory: Directory) -> None:
        self._store = store
        self._directory = directory

    def bodies(self, consortium_id: str) -> Mapping[str, str]:
        """The bodies of the consortium that leads are offered to: id -> name."""
        consortium = self._directory.consortium(consortium_id)
        return {body.id: body.name for body in consortium.bodies if body.steps} if consortium else {}

    async def make(self, admin: Counsellor, purpose: str, body: str, role: str, base: str) -> Made | None:
        """A code of ``admin``'s consortium; None when what was asked for is not one of its teams.

        ``body`` empty: the whole consortium (a group, or another admin). ``base``: the console's own address.
        """
        bodies = self.bodies(admin.consortium)
        if body and body not in bodies:
            return None
        team = bodies.get(body, "tout le consortium")
        if purpose == "connect":
            code = await self._store.new_code(
                "connect", admin.consortium, body or None, "counsellor", CONNECT_FOR
            )
            return Made(team, command=f"/connect {code}")
        # A counsellor is of one body, an admin of none: no mixture of the two sees more than it should.
        if purpose != "sign_in" or role not in ("counsellor", "admin") or (role == "admin") == bool(body):
            return None
        code = await self._store.new_code(
            "sign_in", admin.consortium, body or None, "admin" if role == "admin" else "counsellor", INVITE_FOR
        )
        return Made(team, link=f"{base.rstrip('/')}/console/sign-in?code={code}")
