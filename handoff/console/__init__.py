"""The console: the counsellors' and admins' pages; all work without a script."""

from handoff.console.calendar import build_calendar_console
from handoff.console.mail import build_mail_pages
from handoff.console.routes import build_console
from handoff.console.shared import build_shared
from handoff.console.sheets import build_sheets
from handoff.console.typing import build_typing

__all__ = [
    "build_calendar_console",
    "build_console",
    "build_mail_pages",
    "build_shared",
    "build_sheets",
    "build_typing",
]
