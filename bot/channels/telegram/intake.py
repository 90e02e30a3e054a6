"""Taking updates in: none is confirmed to Telegram before it is accepted here."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence

from telegram import Bot, User
from telegram.error import TelegramError

from bot.channels.telegram.cuts import Cuts
from bot.channels.telegram.updates import Json, Read, read
from bot.clock import Clock
from bot.inbound import Inbound
from bot.ports import IsCounsellors
from bot.team_inbound import Connect, TeamInbound

OnPerson = Callable[[Inbound], Awaitable[None]]
OnTeam = Callable[[TeamInbound], Awaitable[None]]
# After this many refusals of one update, see whether it alone is refused; else the inbox itself is down.
PATIENCE = 8
_log = logging.getLogger(__name__)


class Intake:
    """Reads updates and hands them to the inbox, in order; answers presses so that no button hangs."""

    def __init__(
        self, bot: Bot, clock: Clock, on_person: OnPerson, on_team: OnTeam, is_counsellors: IsCounsellors,
    ) -> None:
        self._bot = bot
        self._clock = clock
        self._on_person = on_person
        self._on_team = on_team
        self._is_counsellors = is_counsellors
        self._answers: set[asyncio.Task[None]] = set()
        self._refusals = 0
        self._cuts = Cuts()
        self.offset: int | None = None

    async def accept(self, raw: Json, me: User) -> None:
        """Hand one update to the inbox. Raises what the inbox raises: then the update is not taken."""
        now = self._clock.now()
        said = self._cuts.join(raw, read(raw, me, now), now)
        if said.callback is not None:
            # Beside, not before: a slow answer to one press must not hold up everyone's messages.
            task = asyncio.create_task(self._answer(said.callback))
            self._answers.add(task)
            task.add_done_callback(self._answers.discard)
        people, teams = said.people, said.teams
        if await self._is_direct(said):
            people, teams = (), said.direct  # an edit or a poll is nobody's then: never a person's words
        for inbound in people:
            await self._on_person(inbound)
        for team_inbound in teams:
            await self._on_team(team_inbound)

    async def _is_direct(self, said: Read) -> bool:
        """Whether it comes from a counsellor's own chat: it has been connected, or its code says so now."""
        if any(isinstance(one.content, Connect) for one in said.direct):
            return True
        private = [one.address for one in said.direct] + [one.address for one in said.people]
        return bool(private) and await self._is_counsellors(private[0])

    async def take(self, updates: Sequence[Json], me: User) -> None:
        """Accept a batch; ``offset`` passes each update once it is accepted. Raises what the inbox raises.

        The next getUpdates confirms what is below ``offset`` and nothing else, so an update whose acceptance
        failed, or was cut short by a crash, comes again; one accepted twice stops at the inbox. An update
        that alone is refused, again and again, is given up, so that it does not hold everyone behind it.
        """
        for at, raw in enumerate(updates):
            try:
                await self.accept(raw, me)
            except Exception:
                self._refusals += 1
                if self._refusals < PATIENCE or not await self._refused_alone(raw, updates[at + 1:], me):
                    raise
                _log.error("an update was refused %d times while others passed: given up", self._refusals)
            self._refusals = 0
            self.offset = int(raw["update_id"]) + 1

    async def _refused_alone(self, raw: Json, others: Sequence[Json], me: User) -> bool:
        """Whether some other update passes and this one, tried after it, still does not."""
        passed = False
        for other in others:
            passed = passed or await self._accepts(other, me)
        return passed and not await self._accepts(raw, me)

    async def _accepts(self, raw: Json, me: User) -> bool:
        try:
            await self.accept(raw, me)
        except Exception as error:
            _log.warning("the inbox refused an update (%s)", type(error).__name__)
            return False
        return True

    async def _answer(self, callback: str) -> None:
        try:
            await self._bot.answer_callback_query(callback)
        except TelegramError as error:  # too old, or the network: the press itself is in the inbox
            _log.info("a press could not be answered (%s)", type(error).__name__)

    async def stop(self) -> None:
        """Let the answers under way end."""
        await asyncio.gather(*self._answers)
