"""What a channel can do and fail at."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
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
