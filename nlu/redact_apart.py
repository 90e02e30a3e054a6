"""Redacts in a process of its own, which ends when it has done.

The French pipeline takes 150 MB and two seconds of arithmetic to load, and nobody waits for what it redacts: in the
app it would hold up everybody's answers, and never give its memory back.
"""

import asyncio
import json
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from nlu.errors import RedactionFailed

TIME_TO_REDACT = 120.0  # seconds, for hundreds of messages on a busy machine


class RedactApart:
    """Takes what is personal out of texts; see nlu.redact."""

    def __init__(self, root: Path, data_dir: Path, seconds: float = TIME_TO_REDACT) -> None:
        """``root``: the project; ``data_dir``: where what is learnt from the examples is kept."""
        self._command = (sys.executable, "-m", "nlu.redacting", str(root), str(data_dir))
        self._root = root
        self._seconds = seconds

    async def __call__(self, texts: Sequence[str]) -> list[str | None]:
        """Each without what is personal, or None where that could not be done. Raises RedactionFailed."""
        try:
            process = await asyncio.create_subprocess_exec(
                *self._command, cwd=self._root, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,  # what it would say there may hold words
                start_new_session=True,  # Ctrl-C is for the app, which lets it end
            )
        except OSError as e:
            raise RedactionFailed("Its process could not be started.") from e
        try:
            out, _ = await asyncio.wait_for(process.communicate(json.dumps(texts).encode()), self._seconds)
        except TimeoutError as e:
            raise RedactionFailed("It took too long.") from e
        finally:
            if process.returncode is None:
                with suppress(ProcessLookupError):
                    process.kill()
                await process.wait()
        try:
            redacted: list[str | None] = json.loads(out)
        except ValueError:
            redacted = []
        if len(redacted) != len(texts):
            raise RedactionFailed(f"Its process ended with {process.returncode}.")
        return redacted
