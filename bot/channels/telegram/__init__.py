"""Telegram, by python-telegram-bot: the only room that imports it."""

from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.connection import Webhook
from bot.channels.telegram.ids import NAME

__all__ = ["NAME", "TelegramChannel", "Webhook"]
