"""Logs: JSON lines to standard error. Never words, names, ids or tokens: loggers that would say them are quiet."""

import logging
import sys

import structlog

# These print addresses (httpx: Telegram's and Rasa's hold a token), payloads or people's words.
QUIET = ("httpx", "httpcore", "urllib3", "asyncio", "aiosqlite", "sqlalchemy.engine", "uvicorn.access",
         "apscheduler", "psycopg", "alembic", "python_multipart")


def set_up(level: str = "INFO") -> None:
    """Configure logging once for the process. ``level``: ours; others stay at WARNING whatever it is."""
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(levelname)s %(name)s %(message)s")
    logging.getLogger("bot").setLevel(level)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    # python-telegram-bot logs the server's answers, people's words included, at ERROR.
    logging.getLogger("telegram").setLevel(logging.CRITICAL)
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
