"""A rendered message in Telegram's form: its parts, none too long, and its buttons."""

from dataclasses import dataclass

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, KeyboardButton, ReplyKeyboardMarkup
from telegram.constants import InlineKeyboardButtonLimit, MessageLimit

from bot.outbound import Button, Rendered
from bot.ports import ChannelRefused

SHARE_POSITION = "/share_position"
# Two titles of this many letters still show whole, side by side, on a narrow phone.
SHORT_TITLE = 16


@dataclass(frozen=True, slots=True)
class Keyboards:
    """The choices as inline buttons, and the reply keyboard that shares a position (with its title)."""

    inline: InlineKeyboardMarkup | None
    position: ReplyKeyboardMarkup | None = None
    position_title: str = ""


def full_text(rendered: Rendered) -> str:
    """The words, under the counsellor's name when a counsellor speaks."""
    if rendered.speaker != "counsellor":
        return rendered.text
    name = " ".join((rendered.name or "").split())  # on one line, whatever it was typed as
    return f"👤 {name} :\n{rendered.text}" if name else f"👤\n{rendered.text}"


def split(text: str, limit: int = MessageLimit.MAX_TEXT_LENGTH) -> list[str]:
    """``text`` in parts of at most ``limit`` UTF-16 units (Telegram's measure), cut at a line, else a word."""
    parts = []
    while _units(text) > limit:
        room = _prefix(text, limit)
        # A cut in the first half would leave a stub; then the next coarser place is better.
        cut = next((at for mark in ("\n\n", "\n", " ") if (at := room.rfind(mark)) > len(room) // 2), len(room))
        parts.append(text[:cut].rstrip())
        text = text[cut:].lstrip()
    return [*parts, text] if text or not parts else parts


def shortened(text: str, limit: int) -> str:
    """``text`` in at most ``limit`` UTF-16 units, with an ellipsis where it was cut."""
    return text if _units(text) <= limit else f"{_prefix(text, limit - 1).rstrip()}…"


def keyboards(buttons: tuple[Button, ...], *, private: bool) -> Keyboards:
    """The buttons, two a row when both are short. Raises ChannelRefused when a payload passes 64 bytes.

    Only a reply keyboard can ask for a position, only in a private chat, and a message holds one keyboard:
    inline choices or that one. So the position's button is kept apart for a message of its own; in a group,
    where Telegram refuses it, it is left out.
    """
    inline = [_inline(button) for button in buttons if button.payload != SHARE_POSITION]
    title = next((button.title for button in buttons if button.payload == SHARE_POSITION), "")
    markup = InlineKeyboardMarkup(_rows(inline)) if inline else None
    if not title or not private:
        return Keyboards(markup)
    ask = KeyboardButton(title, request_location=True)
    return Keyboards(markup, ReplyKeyboardMarkup([[ask]], resize_keyboard=True, one_time_keyboard=True), title)


def _inline(button: Button) -> InlineKeyboardButton:
    size = len(button.payload.encode())
    if not 1 <= size <= InlineKeyboardButtonLimit.MAX_CALLBACK_DATA:
        raise ChannelRefused(f"a button's payload is {size} bytes, Telegram takes 1 to 64")
    return InlineKeyboardButton(button.title, callback_data=button.payload)


def _rows(buttons: list[InlineKeyboardButton]) -> list[list[InlineKeyboardButton]]:
    rows: list[list[InlineKeyboardButton]] = []
    for button in buttons:
        last = rows[-1] if rows else []
        if len(last) == 1 and max(len(last[0].text), len(button.text)) <= SHORT_TITLE:
            last.append(button)
        else:
            rows.append([button])
    return rows


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _prefix(text: str, limit: int) -> str:
    """The longest beginning of ``text`` of at most ``limit`` UTF-16 units, no character cut in two."""
    return text.encode("utf-16-le", "surrogatepass")[: 2 * limit].decode("utf-16-le", "ignore")
