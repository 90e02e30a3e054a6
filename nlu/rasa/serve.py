"""Runs `rasa run` for the app: with a token no one else can read, and never longer than the app.

The first line of standard input is the token, so that it is in no command line and no environment.
Standard input then stays open as long as the app lives; when it closes, this process ends at once.
The arguments are those of `rasa run`.
"""

from __future__ import annotations

import os
import signal
import sys
import threading


def main() -> None:
    """Serves until killed, or until standard input closes."""
    token = os.fdopen(os.dup(0)).readline().strip()
    if not token:
        sys.exit("expected a token on standard input")
    threading.Thread(target=_end_with_the_app, daemon=True).start()
    # Rasa reads its options from sys.argv; what the system shows of this process does not change.
    sys.argv = ["rasa", "run", *sys.argv[1:], "--auth-token", token]
    from rasa.__main__ import main as rasa

    rasa()


def _end_with_the_app() -> None:
    while os.read(0, 1024):
        pass
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    main()
