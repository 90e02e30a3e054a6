"""The examples as a training takes them: without the checks, for which Rasa's environment has not the libraries."""

from __future__ import annotations

from pathlib import Path

from ruamel.yaml import YAML


def read(folder: Path) -> dict[tuple[str, str], None]:
    """(intent, text) of the examples of all files, each once, in order; checked before (`check_examples`)."""
    found: dict[tuple[str, str], None] = {}
    yaml = YAML(typ="safe")
    for file in sorted(folder.glob("**/*.yml")):
        for block in yaml.load(file.read_text(encoding="utf-8"))["nlu"]:
            for line in block["examples"].splitlines():
                if line.startswith("- "):
                    found[block["intent"], line[2:].strip()] = None
    return found
