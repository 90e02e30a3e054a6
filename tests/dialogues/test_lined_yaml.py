"""YAML that people write: plain values that remember their line, whichever parser is there."""

from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from bot.app import ROOT
from dialogues.lined_yaml import LinedList, LinedMap, NotYaml, load

TEXT = """\
# a remark
name: Le camion
towns:
  - Vénissieux

  - name: Saint-Fons
    days: [mardi, jeudi]
words: |
  - one
  - two
"""


def test_every_key_and_item_knows_its_line() -> None:
    top = load(TEXT)
    assert isinstance(top, LinedMap)
    assert top == {"name": "Le camion", "towns": ["Vénissieux", {"name": "Saint-Fons", "days": ["mardi", "jeudi"]}],
                   "words": "- one\n- two\n"}
    assert (top.line, top.lines) == (2, {"name": 2, "towns": 3, "words": 8})
    towns = top["towns"]
    assert isinstance(towns, LinedList)
    assert towns.lines == [4, 6]
    assert towns[1].lines == {"name": 6, "days": 7}


@pytest.mark.parametrize(("text", "line"), [
    ("a: 1\nb: 2\na: 3\n", 3),
    ("a: 1\nb: [2\n", 3),
    ("a: 1\n  b: 2\n", 2),
    ("a: 1\n\tb: 2\n", 2),
    ("a: 1\nb: é\x07\n", 2),
    ("a: *nobody\n", 1),
])
def test_what_is_not_yaml_is_said_with_its_line(text: str, line: int) -> None:
    with pytest.raises(NotYaml) as refused:
        load(text)
    assert refused.value.line == line
    assert refused.value.what


def plainly(value: object) -> Any:  # noqa: ANN401 - any YAML document
    if isinstance(value, dict):
        return {key: plainly(inner) for key, inner in value.items()}
    return [plainly(inner) for inner in value] if isinstance(value, list) else value


@pytest.mark.parametrize("path", [
    "dialogues/rights/rights_rsa.yml", "dialogues/figures.yml", "nlu/danger/ary.yml",
    "handoff/consortia/portes-du-sud.yml",
])
def test_the_quick_parser_reads_what_the_plain_one_reads(path: str) -> None:
    text = Path(ROOT / path).read_text(encoding="utf-8")
    assert plainly(load(text)) == YAML(typ="safe", pure=True).load(text)


def test_the_quick_parser_is_there() -> None:
    # Five times as quick: without it a start takes seconds longer.
    assert "_ruamel_yaml" in YAML(typ="safe").Parser.__module__
