"""What the commands share: settings by their options, and lines said at once."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from bot.settings import Settings

Data = Annotated[Path | None, typer.Option("--data", help="where the database, keys and models are kept")]
out = Console(highlight=False, soft_wrap=True)


def settings_of(data: Path | None = None, port: int | None = None) -> Settings:
    """The environment's settings, but for what the options say."""
    settings = Settings()
    changes: dict[str, object] = {}
    if data is not None:
        changes["data"] = data
    if port is not None:
        changes["port"] = port
    return settings.model_copy(update=changes)


def say(line: str) -> None:
    """A line of progress, at once."""
    out.print(line, markup=False)
