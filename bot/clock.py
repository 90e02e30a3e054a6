"""The one place that reads the clock and draws chance; everywhere else they are arguments."""

import secrets
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")
# No 0/O, 1/I/L, 5/S, 8/B: codes are read aloud and written by hand.
CODE_LETTERS = "ACDEFGHJKMNPQRTUVWXYZ234679"


@dataclass(frozen=True, slots=True)
class Clock:
    """The time and chance, as functions that a test replaces in one place.

    ``now``: aware, UTC. ``new_id``: a fresh opaque id. ``new_code``: a code of that many letters to be
    said aloud (not a secret). ``new_secret``: an unguessable URL-safe token.
    """

    now: Callable[[], datetime]
    new_id: Callable[[], str]
    new_code: Callable[[int], str]
    new_secret: Callable[[], str]


def real_clock() -> Clock:
    """The machine's clock and the system's chance."""
    return Clock(
        now=lambda: datetime.now(UTC),
        new_id=lambda: uuid.uuid4().hex,
        new_code=lambda length: "".join(secrets.choice(CODE_LETTERS) for _ in range(length)),
        new_secret=lambda: secrets.token_urlsafe(24),
    )
