"""The bot in a terminal: what it says, numbered choices, and what one types."""

import re
from collections.abc import Awaitable, Callable

from bot.clock import Clock
from bot.inbound import Content, Inbound, Press, Start, Words
from bot.outbound import Pin, Rendered
from bot.turn import Turns

NAME = "terminal"
_START = re.compile(r"/start(?:\s+([A-Za-z0-9_-]{1,64}))?")
# What a terminal sends for arrow keys and the like, and the halves of characters it could not read.
_NOT_WORDS = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")


async def chat(
    turns: Turns, clock: Clock, *, read: Callable[[], Awaitable[str | None]], write: Callable[[str], None],
    address: str = "terminal",
) -> None:
    """Talk until the input ends. A number chooses, ``/payload`` presses, everything else is words."""
    await _turn(turns, clock, write, address, Start())
    while (line := await read()) is not None:
        await _turn(turns, clock, write, address, content_of(line))


def content_of(line: str) -> Content:
    """What a line is: a start, a payload, or words."""
    line = _NOT_WORDS.sub(" ", line)
    if match := _START.fullmatch(line.strip()):
        return Start(match[1])
    return Press(line.strip()) if line.startswith("/") else Words(line)


async def _turn(turns: Turns, clock: Clock, write: Callable[[str], None], address: str, sent: Content) -> None:
    inbound = Inbound(NAME, clock.new_id(), address, sent, clock.now())
    for rendered in await turns.answer(inbound):
        write(shown(rendered))


def shown(rendered: Rendered) -> str:
    """A message as lines of a terminal."""
    who = f"{rendered.name} : " if rendered.name else ""
    buttons = [f"  {number}. {button.title}" for number, button in enumerate(rendered.buttons, start=1)]
    place = [f"  {rendered.attachment.url}"] if isinstance(rendered.attachment, Pin) else []
    return "\n".join([f"{who}{rendered.text}", *place, *buttons, ""])
