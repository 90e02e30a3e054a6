"""Measures what a turn would really understand, on messages kept out of training.

A file is named by its variety (`fr.tsv`, `arabizi.tsv`) and holds lines of `intent<TAB>text`.
"""

import json
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from rich.table import Table

from nlu.errors import EvaluationFileInvalid
from nlu.intents import EMERGENCIES, INTENTS

# What a turn made of a text: its language, the likeliest intent, the emergency it answers or None.
Understood = tuple[str, str, str | None]
Understand = Callable[[str], Awaitable[Understood]]

# The language each variety is answered in; a variety not named here is a language itself.
ANSWERED_IN: dict[str, str] = {"ary": "ar", "arabizi": "ar", "fr-sms": "fr"}


@dataclass(frozen=True, slots=True)
class Case:
    """One message and the intent it should be read as."""

    intent: str
    text: str


@dataclass(frozen=True, slots=True)
class Scores:
    """How well one file was understood. Shares are between 0 and 1; a share of nothing is None.

    `accuracy`: intent found, where an emergency recognised counts as its intent. `macro_f1`: mean over the
    intents of the file, each counting as much. `language_accuracy`: answered in the right language.
    `emergency_recall`: emergencies answered as an emergency, of whatever kind. `false_alarms`: other messages
    answered as an emergency, as a number; `alarm_rate`: their share of the others.
    """

    variety: str
    n: int
    accuracy: float | None
    macro_f1: float | None
    language_accuracy: float | None
    emergencies: int
    emergency_recall: float | None
    false_alarms: int
    alarm_rate: float | None


@dataclass(frozen=True, slots=True)
class Report:
    """The scores of every file, in order, and of all the messages together."""

    files: tuple[Scores, ...]
    total: Scores

    def as_json(self) -> str:
        """The report for machines: `{"files": [...], "total": {...}}`."""
        return json.dumps({"files": [asdict(f) for f in self.files], "total": asdict(self.total)}, indent=2)

    def as_table(self) -> Table:
        """The report for a terminal."""
        table = Table("variety", "n", "accuracy", "macro-F1", "language", "emergencies", "recall", "false alarms")
        for one in (*self.files, self.total):
            table.add_row(
                one.variety,
                str(one.n),
                *map(_percent, (one.accuracy, one.macro_f1, one.language_accuracy)),
                str(one.emergencies),
                _percent(one.emergency_recall),
                f"{one.false_alarms} ({_percent(one.alarm_rate)})",
                end_section=one is (self.files[-1] if self.files else None),
            )
        for column in table.columns[1:]:
            column.justify = "right"
        return table


@dataclass(frozen=True, slots=True)
class _Outcome:
    case: Case
    found: str
    language_right: bool
    alarm: bool


async def evaluate(paths: Iterable[Path], understand: Understand) -> Report:
    """Reads each message of the files (or of the `*.tsv` of a folder) with `understand`, and scores it.

    Raises EvaluationFileInvalid, with file and line, before anything is read when a file is not as it should.
    """
    read = [(file.stem, read_cases(file)) for file in _files(paths)]
    outcomes = [(variety, [await _outcome(variety, c, understand) for c in cases]) for variety, cases in read]
    together = [one for _, some in outcomes for one in some]
    return Report(tuple(score(variety, some) for variety, some in outcomes), score("total", together))


def read_cases(file: Path) -> list[Case]:
    """The cases of one file. Raises EvaluationFileInvalid, with file and line."""
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as e:
        raise EvaluationFileInvalid(f"{file}: {e}") from e
    cases: list[Case] = []
    for number, line in enumerate(lines, start=1):
        if not line.strip() or line.startswith("#"):
            continue
        intent, tab, text = line.partition("\t")
        if not tab or not text.strip():
            raise EvaluationFileInvalid(f"{file}:{number}: expected an intent, a tab and a text.")
        if intent not in INTENTS:
            raise EvaluationFileInvalid(f"{file}:{number}: “{intent}” is not one of the known intents.")
        cases.append(Case(intent, text.strip()))
    return cases


def _files(paths: Iterable[Path]) -> list[Path]:
    files = [file for path in paths for file in (sorted(path.glob("*.tsv")) if path.is_dir() else [path])]
    if not files:
        raise EvaluationFileInvalid("No *.tsv file was given or found.")
    return files


async def _outcome(variety: str, case: Case, understand: Understand) -> _Outcome:
    language, intent, emergency = await understand(case.text)
    return _Outcome(
        case=case,
        found=emergency or intent,
        language_right=language == ANSWERED_IN.get(variety, variety),
        alarm=emergency is not None,
    )


def score(variety: str, outcomes: Sequence[_Outcome]) -> Scores:
    """The scores of these outcomes."""
    n = len(outcomes)
    urgent = [one for one in outcomes if one.case.intent in EMERGENCIES]
    alarms = sum(one.alarm for one in outcomes if one.case.intent not in EMERGENCIES)
    return Scores(
        variety=variety,
        n=n,
        accuracy=_share(sum(one.found == one.case.intent for one in outcomes), n),
        macro_f1=macro_f1([(one.case.intent, one.found) for one in outcomes]),
        language_accuracy=_share(sum(one.language_right for one in outcomes), n),
        emergencies=len(urgent),
        emergency_recall=_share(sum(one.alarm for one in urgent), len(urgent)),
        false_alarms=alarms,
        alarm_rate=_share(alarms, n - len(urgent)),
    )


def macro_f1(pairs: Sequence[tuple[str, str]]) -> float | None:
    """The mean F1 over the intents expected in `pairs` of (expected, found); None when there are none."""
    expected = Counter(right for right, _ in pairs)
    found = Counter(said for _, said in pairs)
    both = Counter(right for right, said in pairs if right == said)
    scores = [2 * both[intent] / (expected[intent] + found[intent]) for intent in expected]
    return _share(sum(scores), len(scores))


def _share(part: float, whole: int) -> float | None:
    return part / whole if whole else None


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{100 * share:.1f} %"
