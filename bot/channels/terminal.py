"""The bot in a terminal: what it says, numbered choices, and what one types."""

from collections.abc import Awaitable, Callable

from bot.clock import Clock
from bot.ports import Content, Inbound, Press, Rendered, Start, Words
from bot.turn import Turns

NAME = "terminal"


async def chat(
    turns: Turns, clock: Clock, *, read: Callable[[], Awaitable[str | None]], write: Callable[[str], None],
    address: str = "terminal",
) -> None:
    """Talk until the input ends. A number chooses, ``/payload`` presses, everything else is words."""
    await _turn(turns, clock, write, address, Start())
    while (line := await read()) is not None:
        if line.startswith("/start"):
            await _turn(turns, clock, write, address, Start(line[7:].strip() or None))
        elif line.startswith("/"):
            await _turn(turns, clock, write, address, Press(line))
        else:
            await _turn(turns, clock, write, address, Words(line))


async def _turn(turns: Turns, clock: Clock, write: Callable[[str], None], address: str, sent: Content) -> None:
    inbound = Inbound(NAME, clock.new_id(), address, sent, clock.now())
    for rendered in await turns.answer(inbound):
        write(shown(rendered))


def shown(rendered: Rendered) -> str:
    """A message as lines of a terminal."""
    who = f"{rendered.name} : " if rendered.name else ""
    buttons = [f"  {number}. {button.title}" for number, button in enumerate(rendered.buttons, start=1)]
    return "\n".join([f"{who}{rendered.text}", *buttons, ""])
