"""The content of what is not text, wherever it lies."""

import re
from collections.abc import Mapping

from bot.ports import ChannelError, ReadFile
from dialogues.enclosure import Enclosure

# What a browser may show by itself; anything else is only to be saved.
SHOWN_AS_IS = frozenset({"image/jpeg", "image/png", "image/webp", "image/gif", "application/pdf"})
_HEARD = re.compile(r"(audio|video)/[a-z0-9.+-]{1,60}")
_POLICY = "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'"


class Files:
    """Asks the channel that keeps it. ``readers``: by the channel's name."""

    def __init__(self, readers: Mapping[str, ReadFile]) -> None:
        self._readers = readers

    async def read(self, enclosure: Enclosure) -> bytes | None:
        """Its content; None when it is gone, too large, or cannot be fetched now."""
        reader = self._readers.get(enclosure.channel)
        if reader is None or not enclosure.file:
            return None
        try:
            return await reader(enclosure)
        except ChannelError:
            return None


def headers_for(enclosure: Enclosure) -> dict[str, str]:
    """How a browser is given it: never run, never guessed at, shown only when it is a picture, a sound or a PDF."""
    mime = enclosure.mime.split(";")[0].strip().lower()
    shown = mime in SHOWN_AS_IS or _HEARD.fullmatch(mime) is not None
    return {
        "Content-Type": mime if shown else "application/octet-stream",
        "Content-Disposition": "inline" if shown else "attachment",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": _POLICY,
        "Cache-Control": "no-store",
        "Referrer-Policy": "no-referrer",
    }
