"""What Telegram's refusals mean to the outbox."""

import warnings
from datetime import timedelta
from typing import NoReturn

from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, RetryAfter, TelegramError
from telegram.warnings import PTBDeprecationWarning

from bot.ports import ChannelBlocked, ChannelBusy, ChannelError, ChannelMoved, ChannelRefused

# A token that Telegram does not know is an operator's to mend, not the message's fault: the rows wait.
REJECTED_TOKEN_WAIT = 60.0
# The Bot API describes these as 400, though nothing more will ever arrive there.
# A bot that was muted in a group is as good as removed: its team must hear of it, and be reached otherwise.
_GONE = ("chat not found", "user not found", "user is deactivated", "peer_id_invalid", "group chat was deactivated",
         "no rights to send a message", "rights to send text messages", "chat_write_forbidden",
         "chat_send_plain_forbidden")


def retry_seconds(error: RetryAfter) -> float:
    """How long Telegram asks to wait, in seconds."""
    with warnings.catch_warnings():  # no await inside, so no other task sees the filter
        warnings.simplefilter("ignore", PTBDeprecationWarning)  # int today, timedelta tomorrow: both are read
        wait = error.retry_after
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)


def channel_error(error: TelegramError) -> ChannelError:
    """The outbox's word for ``error``: busy, blocked, moved or refused. Carries no text of Telegram's."""
    if isinstance(error, RetryAfter):
        return ChannelBusy(retry_seconds(error))
    if isinstance(error, ChatMigrated):
        return ChannelMoved(str(error.new_chat_id))
    if isinstance(error, Forbidden):
        return ChannelBlocked("the bot may not write there any more")
    if isinstance(error, InvalidToken):
        return ChannelBusy(REJECTED_TOKEN_WAIT)
    if isinstance(error, BadRequest):  # before NetworkError, whose subclass it is
        said = error.message.lower()
        if any(words in said for words in _GONE):
            return ChannelBlocked("the chat is gone")
        return ChannelRefused("Telegram does not take this message")
    return ChannelBusy(None)  # a time-out, a network fault, a 5xx, an answer that is not JSON


def fail(error: TelegramError, token: str) -> NoReturn:
    """Raise the outbox's word for ``error``, which stays its cause unless it quotes the token."""
    secret = token.rpartition(":")[2]  # the other half is the bot's public id
    raise channel_error(error) from (None if secret in str(error) else error)


def lost_topic(error: TelegramError) -> bool:
    """Whether the topic to write in was deleted or closed, so that the words must go beside it."""
    said = str(error).lower()
    return isinstance(error, BadRequest) and ("thread not found" in said or "topic_" in said)


def unchanged(error: TelegramError) -> bool:
    """Whether an edit was refused because it changes nothing: then it is done."""
    return isinstance(error, BadRequest) and "message is not modified" in str(error).lower()
