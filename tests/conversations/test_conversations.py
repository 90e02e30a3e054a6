"""Whole conversations, as data in Rasa's end-to-end test format (``test_cases``), over the REST channel.

A file holds ``test_cases``, each with ``steps``: ``user`` (what is written, a number for a button, or a payload)
and ``bot`` (what is answered, one step a message: the text, then its buttons as « ▸ title »). ``metadata`` with
``understood`` gives what Rasa makes of a sentence (text -> intent), or ``down``; everything else is read for real.
"""

from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML
from ruamel.yaml.scalarstring import LiteralScalarString

from tests.channels.web_rig import open_web

HERE = Path(__file__).parent
FILES = sorted(HERE.glob("*.yml"))


def yaml() -> YAML:
    made = YAML()
    made.width = 4096
    made.indent(mapping=2, sequence=4, offset=2)
    return made


def loaded(file: Path) -> Any:  # noqa: ANN401  ruamel's own, which remembers comments
    return yaml().load(file.read_text("utf-8"))


def written(file: Path, document: Any) -> None:  # noqa: ANN401
    with file.open("w", encoding="utf-8") as out:
        yaml().dump(document, out)


async def played(case: dict[str, Any], folder: Path) -> list[dict[str, str]]:
    """The steps as they go now: what the person does is kept, what the bot says is what it says."""
    metadata = case.get("metadata") or {}
    steps: list[dict[str, str]] = []
    async with open_web(folder) as web:
        web.rasa.table.update({text.lower(): intent for text, intent in (metadata.get("understood") or {}).items()})
        web.rasa.up = not metadata.get("down", False)
        for step in case["steps"]:
            if "user" not in step:
                continue
            steps.append({"user": step["user"]})
            for message in await web.rest("person", str(step["user"])):
                text = str(message.get("text", ""))
                buttons = "".join(f"\n▸ {button['title']}" for button in message.get("buttons", ()))
                said = (text + buttons).strip()
                steps.append({"bot": LiteralScalarString(said) if "\n" in said else said})
    return steps


@pytest.mark.parametrize("file", FILES, ids=[file.stem for file in FILES])
async def test_the_conversation_goes_as_written(file: Path, tmp_path: Path, *, rewrite: bool) -> None:
    document = loaded(file)
    for number, case in enumerate(document["test_cases"]):
        folder = tmp_path / str(number)
        folder.mkdir()
        now = await played(case, folder)
        if rewrite:
            case["steps"] = now
        else:
            assert [dict(step) for step in case["steps"]] == now, case["test_case"]
    if rewrite:
        written(file, document)


def test_there_are_conversations() -> None:
    assert len(FILES) >= 4
