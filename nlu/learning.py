"""What the app itself learns from the examples: languages, and the usual words of short messages.

``python -m nlu.learning ROOT DATA`` learns it and keeps it in DATA.
"""

import asyncio
import os
import sys
from pathlib import Path

from nlu import learnt_languages, usual_words
from nlu.learnt_files import place
from nlu.learnt_languages import Languages
from nlu.usual_words import UsualWords

_CODE = Path(__file__).resolve().parent.parent
_KINDNESS = 15  # of 19: people who wait for an answer go first


class Learning:
    """``languages`` and ``usual`` know nothing before ``prepare`` has ended."""

    def __init__(self, root: Path, data_dir: Path) -> None:
        """``root``: the project; ``data_dir``: where what is learnt is kept."""
        self.languages = Languages(root, data_dir)
        self.usual = UsualWords(root, data_dir)
        self._root = root
        self._data_dir = data_dir

    async def prepare(self) -> None:
        """Read what is kept. What is not is learnt first, in a process of its own: half a minute of reading a
        hundred thousand messages, in the app, would hold up every answer, and never give its memory back."""
        if not await asyncio.to_thread(self._is_kept):
            await self._learn_apart()
        # A process that failed has left nothing to read: then it is learnt here, slowly, rather than not at all.
        for prepare in (self.languages.prepare, self.usual.prepare):
            await asyncio.to_thread(prepare)

    def _is_kept(self) -> bool:
        names = (learnt_languages.KEPT_AS, usual_words.KEPT_AS)
        return all(place(self._root, self._data_dir, name).exists() for name in names)

    async def _learn_apart(self) -> None:
        try:
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "nlu.learning", str(self._root), str(self._data_dir), cwd=_CODE,
                stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.DEVNULL,
                stderr=asyncio.subprocess.DEVNULL, start_new_session=True,  # Ctrl-C is for the app, which ends it
            )
        except OSError:  # no room for a process, say
            return
        try:
            await process.wait()
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()


def main() -> None:
    """Learn what is not kept yet."""
    os.nice(_KINDNESS)
    root, data_dir = map(Path, sys.argv[1:])
    Languages(root, data_dir).prepare()
    UsualWords(root, data_dir).prepare()


if __name__ == "__main__":
    main()
