"""Telegram, by python-telegram-bot: the only room that imports it."""

from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.connection import Webhook

__all__ = ["TelegramChannel", "Webhook"]
