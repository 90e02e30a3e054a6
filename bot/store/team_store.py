"""The teams' side of the store: leads, the groups that are told of them, the people of the console."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Literal

from bot.outbound import Rendered
from bot.store import codes, counsellors, lead_delivery, lead_facts, lead_reads, liaisons, reports_given, team_chats
from bot.store.database import Database
from bot.store.lead_facts import LeadFact
from bot.store.reports_given import GivenReport
from bot.store.values import (
    Counsellor,
    CounsellorSeed,
    Grant,
    LeadMessage,
    LeadMove,
    LeadRow,
    Liaison,
    Purpose,
    Role,
    TeamChat,
)
from bot.team_inbound import TeamInbound


class TeamStore:
    """What counsellors read and change outside a turn. Part of ``Store``."""

    def __init__(self, database: Database) -> None:
        self.database = database

    # ── leads ───────────────────────────────────────────────────────────────────────────────────────────

    async def lead(self, ref_or_id: str) -> LeadRow | None:
        """The lead with this reference or id."""
        async with self.database.reading() as scope:
            return await lead_reads.find(scope, ref_or_id)

    async def leads(
        self, body: str | None, territories: Collection[str], open_only: bool,
    ) -> tuple[LeadRow, ...]:
        """Leads of these territories, of ``body`` alone if given: urgent first, then the latest to move."""
        async with self.database.reading() as scope:
            return await lead_reads.listed(scope, body, territories, open_only=open_only)

    async def leads_of(self, counsellor_id: str) -> tuple[str, ...]:
        """The ids of all that this counsellor has and that is not over, oldest first."""
        async with self.database.reading() as scope:
            return await lead_reads.taken_by(scope, counsellor_id)

    async def lead_facts(self, since: datetime, until: datetime) -> tuple[LeadFact, ...]:
        """What is counted of the leads opened in [since, until)."""
        async with self.database.reading() as scope:
            return await lead_facts.facts(scope, since, until)

    async def give_report(
        self, first: date, last: date, counts: str, *, instead: bool = False,
    ) -> GivenReport | None:
        """Note that a funder is given these counts of these days; else the one given before that forbids it."""
        async with self.database.writing() as scope:
            return await reports_given.claim(scope, first, last, counts, instead=instead)

    async def lead_thread(self, lead_id: str) -> tuple[LeadMessage, ...]:
        """All that passed between the person and the team, oldest first."""
        async with self.database.reading() as scope:
            return await lead_reads.thread(scope, lead_id)

    async def lead_history(self, lead_id: str) -> tuple[LeadMove, ...]:
        """Everything that became of a lead, oldest first."""
        async with self.database.reading() as scope:
            return await lead_reads.history(scope, lead_id)

    async def liaisons(self, lead_id: str) -> tuple[Liaison, ...]:
        """The sheets that the team which has the lead asked for, oldest first."""
        async with self.database.reading() as scope:
            return await liaisons.of_lead(scope, lead_id)

    async def give_liaison(self, liaison_id: str) -> bool:
        """A sheet is printed or sent now; False when the person no longer agrees."""
        async with self.database.writing() as scope:
            return await liaisons.give(scope, liaison_id)

    async def mailing_liaison(self, liaison_id: str, address: str, since: datetime) -> bool:
        """The sheet goes to this mailbox now; False when it went since then, or is on its way."""
        async with self.database.writing() as scope:
            return await liaisons.mailing(scope, liaison_id, address, since)

    async def liaison_not_mailed(self, liaison_id: str, address: str) -> None:
        """It did not go after all."""
        async with self.database.writing() as scope:
            await liaisons.not_mailed(scope, liaison_id, address)

    async def lead_of_reply(
        self, channel: str, address: str, thread: str | None, reply_to: str | None,
    ) -> str | None:
        """The id of the lead that words in this topic, or replying to this message, are about."""
        async with self.database.reading() as scope:
            return await lead_reads.of_reply(scope, channel, address, thread, reply_to)

    async def known_here(
        self, channel: str, address: str, thread: str | None, reply_to: str | None,
    ) -> Literal["lead", "ours"] | None:
        """Whether that topic or message is a lead's, whoever has it now, or a message of ours about none."""
        async with self.database.reading() as scope:
            return await lead_reads.known_here(scope, channel, address, thread, reply_to)

    async def said_here(self, channel: str, address: str, message: str) -> Rendered | None:
        """What this message of ours in a team's chat said; None when it is about a lead, or is not known."""
        async with self.database.reading() as scope:
            return await lead_reads.said_here(scope, channel, address, message)

    async def lead_of_source(self, channel: str, address: str, message: str) -> str | None:
        """The id of the lead in whose thread this message of a team's chat was kept."""
        async with self.database.reading() as scope:
            copies = await lead_delivery.written(scope, channel, address, message)
        return copies[-1].lead_id if copies else None

    # ── groups ──────────────────────────────────────────────────────────────────────────────────────────

    async def connect_chat(self, inbound: TeamInbound) -> TeamChat | None:
        """Connect a group by the code it sent (content Connect); None when the code is not good."""
        async with self.database.writing() as scope:
            return await team_chats.connect(scope, inbound)

    async def shut_out(self, inbound: TeamInbound, code: str = "") -> bool:
        """Whether who wrote lost their access to the consortium of this chat, or to that which ``code`` opens."""
        async with self.database.reading() as scope:
            return await team_chats.shut_out(scope, inbound, code)

    async def chat_left(self, channel: str, address: str) -> bool:
        """The bot was removed from the group; of two who notice, one gets True."""
        async with self.database.writing() as scope:
            return await team_chats.leave(scope, channel, scope.address_hash(channel, address))

    async def chat_moved(self, channel: str, old: str, new: str) -> None:
        """The group has another address; what waits for it follows."""
        async with self.database.writing() as scope:
            await team_chats.move(scope, channel, old, new)

    async def team_chats(self) -> tuple[TeamChat, ...]:
        """Every connected group."""
        async with self.database.reading() as scope:
            return await team_chats.connected(scope)

    async def lost_chats(self, consortium: str, since: datetime) -> tuple[TeamChat, ...]:
        """Chats of the consortium that nothing reaches any more since then."""
        async with self.database.reading() as scope:
            return await team_chats.lost(scope, consortium, since)

    async def quiet_chat(
        self, channel: str, address: str, until: datetime | None, *, unless_asked: bool = False,
    ) -> None:
        """Nothing but emergencies makes a sound there before ``until``."""
        async with self.database.writing() as scope:
            await team_chats.quiet(scope, channel, address, until, unless_asked=unless_asked)

    async def end_quiet(self, channel: str, address: str) -> bool:
        """The quiet is over, when it is; of two who look, one gets True."""
        async with self.database.writing() as scope:
            return await team_chats.end_quiet(scope, channel, address)

    async def team_chat(self, channel: str, address: str) -> TeamChat | None:
        """The connected group at this address."""
        async with self.database.reading() as scope:
            return await team_chats.find(scope, channel, address)

    # ── people of the console ───────────────────────────────────────────────────────────────────────────

    async def new_code(
        self, purpose: Purpose, consortium: str, body: str | None, role: Role, ttl: timedelta,
        counsellor_id: str | None = None,
    ) -> str:
        """A one-time code, shown once: ten letters to connect a group, a long token to sign in."""
        async with self.database.writing() as scope:
            return await codes.make(scope, purpose, consortium, body, role, ttl, counsellor_id)

    async def use_code(self, code: str, purpose: Purpose) -> Grant | None:
        """What the code gives, the first time; None when it is unknown, used, or past its hour."""
        async with self.database.writing() as scope:
            return await codes.use(scope, code, purpose)

    async def open_console(self, counsellor_id: str, ttl: timedelta) -> str:
        """A console session's token, shown once."""
        async with self.database.writing() as scope:
            return await codes.open_session(scope, counsellor_id, ttl)

    async def console(self, token: str) -> Counsellor | None:
        """Who is signed in with this token."""
        async with self.database.reading() as scope:
            return await codes.find_session(scope, token)

    async def close_console(self, token: str) -> None:
        """Sign out."""
        async with self.database.writing() as scope:
            await codes.revoke_session(scope, token)

    async def add_counsellor(self, seed: CounsellorSeed) -> Counsellor:
        """A new counsellor, who signs in on the console."""
        async with self.database.writing() as scope:
            return await counsellors.add(scope, seed)

    async def counsellor(self, counsellor_id: str) -> Counsellor | None:
        """The counsellor with this id, unless disabled."""
        async with self.database.reading() as scope:
            return await counsellors.find(scope, counsellor_id)

    async def counsellor_by_author(
        self, channel: str, author: str, consortium: str, create_as: CounsellorSeed | None = None,
    ) -> Counsellor | None:
        """Who writes under this platform's id in a group of ``consortium``; made when unknown and asked."""
        async with self.database.writing() as scope:
            return await counsellors.by_author(scope, channel, author, consortium, create_as)

    async def counsellors(self, consortium: str) -> tuple[Counsellor, ...]:
        """Everybody who has access to the consortium's requests, the first to come first."""
        async with self.database.reading() as scope:
            return tuple(await counsellors.of(scope, consortium))

    async def rename_counsellor(self, counsellor_id: str, name: str) -> None:
        """How they are called from now on; what was said before keeps the name it was said under."""
        async with self.database.writing() as scope:
            await counsellors.rename(scope, counsellor_id, name)

    async def disable_counsellor(self, counsellor_id: str) -> None:
        """They are of the team no more."""
        async with self.database.writing() as scope:
            await counsellors.disable(scope, counsellor_id)
