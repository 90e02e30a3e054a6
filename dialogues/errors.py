"""What can be wrong with the rules' own data."""

from dataclasses import dataclass


class DialogueError(Exception):
    """The dialogues cannot be used as they are."""


@dataclass(frozen=True)
class Problem:
    """One thing wrong in a content file, with its place. ``line`` counts from 1."""

    file: str
    line: int
    sentence: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.sentence}"


class CatalogError(DialogueError):
    """The content files do not hold together; each problem is named with file and line."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        super().__init__("\n".join(str(problem) for problem in problems))


class LoopError(DialogueError):
    """A flow went round a hundred times without asking anything."""


class UnexpectedAnswerError(DialogueError):
    """An effect was answered with an event that the waiting action does not know."""


class UnreadableStateError(DialogueError):
    """A stored conversation state is not one this version can read."""
