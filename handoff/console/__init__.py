"""The console: the counsellors' and admins' pages, without a script."""

from handoff.console.routes import build_console

__all__ = ["build_console"]
