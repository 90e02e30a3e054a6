"""A Bot API server of our own on loopback: the double at the wire for Telegram.

It speaks the documented JSON (https://core.telegram.org/bots/api): query, JSON, form and multipart requests,
long poll, files. Start with the fixture ``bot_api`` (fixtures.py); people and groups act through actors.py.
"""
