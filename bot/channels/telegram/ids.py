"""How this channel names messages: ``<chat>:<message>``, and what it is called."""

from bot.ports import ChannelRefused

NAME = "telegram"


def message_key(chat: int, message: int) -> str:
    """The external id of a message: its chat and its number there."""
    return f"{chat}:{message}"


def parse_message_key(key: str) -> tuple[int, int]:
    """(chat, message) of an external id. Raises ChannelRefused when it is none of ours."""
    parts = key.split(":")
    try:
        return int(parts[0]), int(parts[1])
    except (ValueError, IndexError) as error:
        raise ChannelRefused("the id of the message to edit or to answer is not one of Telegram's") from error
