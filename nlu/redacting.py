"""The process that redacts: texts in as a JSON list, the same without what is personal out, then it ends.

``python -m nlu.redacting ROOT DATA``. A text that cannot be redacted comes back as null. It runs behind
everything else: nobody waits for it.
"""

import json
import os
import sys
from pathlib import Path

from nlu.ordinary_words import ordinary_words
from nlu.redact import Redactor

_KINDNESS = 15  # of 19: people who wait for an answer go first


def main() -> None:
    """Redact what standard input holds."""
    os.nice(_KINDNESS)
    root, data = map(Path, sys.argv[1:])
    redactor = Redactor(ordinary_words(root, data))
    json.dump([_redacted(redactor, text) for text in json.load(sys.stdin)], sys.stdout)


def _redacted(redactor: Redactor, text: str) -> str | None:
    try:
        return redactor.redact(text)
    except Exception:  # one strange message must not lose the others, and its cause would show its words
        return None


if __name__ == "__main__":
    main()
