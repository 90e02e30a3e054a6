"""``./premierpas route``: what is typed wrong is said, and is never taken for « nobody »."""

import shlex

import pytest
from typer.testing import CliRunner

from bot.cli import cli


def route(options: str) -> tuple[int, str]:
    done = CliRunner().invoke(cli, ["route", *shlex.split(options)], env={"COLUMNS": "300", "TERM": "dumb"})
    return done.exit_code, done.output


@pytest.mark.parametrize(("options", "word"), [
    ("--commune 00000", "00000"), ("--commune ''", "no commune"), ("--territory nope", "portes-du-sud"),
    ("--commune 69259 --refused nope", "ifra"), ("--commune 69259 --full nope", "ifra"),
    ("--commune 69259 --lang ''", "language"), ("--commune 69259 --lang français", "language"),
    ("--commune 69259 --age 130", "120"), ("--commune 69259 --age -1", "0"),
    ("--commune 69259 --public nope", "jeunes"), ("--commune 69259 --step nope", "reperer"),
])
def test_a_slip_is_named_with_what_is_known(options: str, word: str) -> None:
    code, said = route(options)
    assert code == 2
    assert word in said


@pytest.mark.parametrize(("options", "words"), [
    ("--commune 2a004", ("body: none", "door: CCAS")), ("--commune 2B033", ("body: none", "door: CCAS")),
    ("--commune 97411", ("body: none", "door: CCAS")),
    ("--commune 69259 --age 0 --lang AR", ("body: portes-du-sud/ifra", "langue : arabe")),
    ("--commune 69259 --lang so", ("body: portes-du-sud/ifra", "langue : so (à prévoir")),
    ("--commune 69259 --refused ifra", ("body: portes-du-sud/innovation-et-developpement",)),
    ("", ("body: none", "door: CCAS")),
])
def test_there_is_always_somebody(options: str, words: tuple[str, ...]) -> None:
    code, said = route(options)
    assert code == 0, said
    assert [word for word in words if word not in said] == []
