"""What a channel can do and fail at."""

from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol, TypeAlias

from bot.outbound import Delivered, Outbound
from dialogues.enclosure import Enclosure

# The content of an enclosure that came by another channel; None when it is gone.
ReadFile: TypeAlias = Callable[[Enclosure], Awaitable[bytes | None]]


# Whether a private chat, by its address, is a counsellor's and not a person's.
IsCounsellors: TypeAlias = Callable[[str], Awaitable[bool]]


class ChannelError(Exception):
    """The channel did not take the message."""


@dataclass
class ChannelBusy(ChannelError):
    """Try again, after ``retry_after`` seconds when the channel says how long (429, 5xx, a time-out)."""

    retry_after: float | None = None


class ChannelBlocked(ChannelError):
    """The person blocked the bot, or the bot was removed from the group: nothing more will arrive."""


class ChannelRefused(ChannelError):
    """The channel will never take this message (malformed, too old to edit): trying again is no use."""


@dataclass
class ChannelMoved(ChannelError):
    """The group is at another address now."""

    new_address: str = field(default="")


class Channel(Protocol):
    """A way to send. ``name`` is what Inbound.channel and Outbound.channel say."""

    name: str

    async def send(self, outbound: Outbound) -> Delivered:
        """Send one message. Raises ChannelBusy, ChannelBlocked, ChannelRefused, ChannelMoved."""


class MailboxUnreadable(Exception):
    """The mailbox that mails come back to cannot be read: no answer, a password it does not take, no TLS."""


@dataclass(frozen=True, slots=True)
class LetterId:
    """A mail in a mailbox. ``number`` is its own while the mailbox's ``validity`` is the same."""

    validity: int
    number: int


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail with what it says (RFC 5322), perhaps cut off at its end."""

    id: LetterId
    content: bytes


@dataclass(frozen=True, slots=True)
class Unread:
    """What nobody read yet: ``there``, all; of those looked at now, ``reports`` and ``others``, not opened."""

    there: frozenset[LetterId]
    reports: tuple[Letter, ...]
    others: tuple[LetterId, ...]


class Mailbox(Protocol):
    """Where mails to teams come back to."""

    async def unread(self, skip: Collection[LetterId], since: date) -> Unread:
        """What nobody read and came since that day, but for ``skip``. Raises MailboxUnreadable."""

    async def mark_read(self, letters: Collection[LetterId]) -> None:
        """These need not be read any more. Raises MailboxUnreadable."""
