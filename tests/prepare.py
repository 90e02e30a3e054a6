"""Finds, or installs, what the tests need beside Python packages; says in one sentence what is missing."""

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# Arabic and pictograms in screenshots need fonts that have them.
BROWSER_PACKAGES = ("chromium", "fonts-noto-core", "fonts-noto-color-emoji")


class MissingError(Exception):
    """Something the tests need is not on this machine and could not be installed."""


def browser() -> Path:
    """A Chromium on PATH. Raises MissingError."""
    for name in BROWSERS:
        if found := shutil.which(name):
            return Path(found)
    raise MissingError(
        "A Chromium is needed for the browser tests and none was found (chromium, google-chrome): "
        "on Debian or Ubuntu, « apt-get install chromium fonts-noto-core »."
    )


def install_browser() -> None:
    """Install Chromium with apt where that can be done without asking (root, Debian). Raises MissingError."""
    try:
        browser()
    except MissingError:
        if shutil.which("apt-get") is None or os.geteuid() != 0:
            raise
        print("Installing Chromium for the browser tests (once)", flush=True)  # noqa: T201  (progress of a script)
        _quietly(("apt-get", "update", "-qq"))
        _quietly(("apt-get", "install", "-y", "-qq", "--no-install-recommends", *BROWSER_PACKAGES))
        browser()


def _quietly(command: Sequence[str]) -> None:
    ended = subprocess.run(
        command, capture_output=True, text=True, check=False,
        env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
    )
    if ended.returncode:
        raise MissingError(f"« {' '.join(command)} » failed: {ended.stderr.strip()[-400:]}")
