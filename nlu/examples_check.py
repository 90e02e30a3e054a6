"""Reads the training examples with a critical eye: every problem at once, each with its file and line.

``python -m nlu.examples_check ROOT`` says them, one a line.
"""

import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from dialogues.lined_yaml import LinedList, LinedMap, NotYaml, load
from nlu.example_rules import wrongs
from nlu.intents import INTENTS

_ALLOWED_TOP = {"version", "nlu"}
_ALLOWED_BLOCK = {"intent", "examples"}
_SPACES = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong in a file people edit. `line` counts from 1; `sentence` says what, in plain words."""

    file: Path
    line: int
    sentence: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.sentence}"


@dataclass(frozen=True, slots=True)
class Example:
    """One training sentence, where it stands, and the meaning it teaches."""

    file: Path
    line: int
    intent: str
    text: str

    @property
    def variety(self) -> str:
        """The way of writing it shows: the name of its folder under `nlu/examples`."""
        return self.file.parent.name


def example_files(root: Path) -> list[Path]:
    """The files of training examples of the project at `root`, in a fixed order."""
    return sorted((root / "nlu" / "examples").glob("**/*.yml"))


def examples(root: Path) -> Iterator[Example]:
    """The training examples of the project at `root`; what cannot be read is passed over."""
    return (one for file in example_files(root) for one in read_examples(file) if isinstance(one, Example))


def check_examples(root: Path) -> list[Problem]:
    """Every problem in `nlu/examples` under `root`; an empty list when training can start."""
    files = example_files(root)
    if not files:
        return [Problem(root / "nlu" / "examples", 1, "no training example (*.yml) here")]
    problems: list[Problem] = []
    seen: dict[str, Example] = {}
    for found in (one for file in files for one in read_examples(file)):
        if isinstance(found, Problem):
            problems.append(found)
            continue
        problems += [Problem(found.file, found.line, sentence) for sentence in wrongs(found.variety, found.text)]
        before = seen.setdefault(_folded(found.text), found)
        if before.intent != found.intent:
            sentence = (
                f"“{found.text}” teaches {found.intent} here and {before.intent} in"
                f" {before.file.relative_to(root)}:{before.line}"
            )
            problems.append(Problem(found.file, found.line, sentence))
    return [*problems, *_kept_out(root, seen)]


def _kept_out(root: Path, seen: Mapping[str, Example]) -> Iterator[Problem]:
    """Messages of the evaluation set that are examples too: a test that was learnt by heart proves nothing."""
    for file in sorted((root / "nlu" / "evaluation").rglob("*.tsv")):
        for line, written in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
            text = written.partition("\t")[2].strip()
            example = seen.get(_folded(text)) if text else None
            if example is not None:
                where = f"{example.file.relative_to(root)}:{example.line}"
                yield Problem(file, line, f"“{text}” is an example too, in {where}: keep it out of training")
            for sentence in wrongs(file.stem, text):
                yield Problem(file, line, sentence)


def _folded(text: str) -> str:
    return _SPACES.sub(" ", text.casefold()).strip(" .!?؟።")


def read_examples(file: Path) -> Iterator[Example | Problem]:
    """The examples of one file, and the problems met on the way."""
    try:
        document = load(file.read_text(encoding="utf-8"))
    except NotYaml as e:
        yield Problem(file, e.line, f"not readable as YAML: {e.what}")
        return
    except UnicodeDecodeError as e:
        yield Problem(file, 1, f"not written in UTF-8 (byte {e.start})")
        return
    if not isinstance(document, LinedMap) or not isinstance(document.get("nlu"), LinedList):
        yield Problem(file, 1, "expected `version:` and a list under `nlu:`")
        return
    for key in document.keys() - _ALLOWED_TOP:
        yield Problem(file, document.lines[key], f"`{key}:` is not expected here")
    blocks = document["nlu"]
    for number, block in enumerate(blocks):
        yield from _read_block(file, block, blocks.lines[number])


def _read_block(file: Path, block: object, line: int) -> Iterator[Example | Problem]:
    if not isinstance(block, LinedMap) or "intent" not in block:
        yield Problem(file, line, "expected `- intent: a_name` with `examples: |` below it")
        return
    for key in block.keys() - _ALLOWED_BLOCK:
        yield Problem(file, block.lines[key], f"`{key}:` is not expected here")
    intent = block["intent"]
    if intent not in INTENTS:
        yield Problem(file, block.lines["intent"], f"“{intent}” is not one of the known intents")
        return
    examples = block.get("examples")
    if not isinstance(examples, str) or not examples.strip():
        yield Problem(file, line, f"{intent} has no examples: write `examples: |`, then one `- sentence` a line")
        return
    first = block.lines["examples"] + 1
    for offset, written in enumerate(examples.splitlines()):
        if not written.strip():
            continue
        if not written.startswith("- ") or not written[2:].strip():
            yield Problem(file, first + offset, f"expected `- ` then a sentence, found “{written.strip()}”")
            continue
        yield Example(file, first + offset, str(intent), written[2:].strip())


if __name__ == "__main__":
    for problem in check_examples(Path(sys.argv[1])):
        sys.stdout.write(f"{problem}\n")
