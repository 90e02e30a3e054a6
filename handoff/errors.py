"""What can be wrong on the human side."""

from dialogues.errors import Problem


class HandoffError(Exception):
    """The human side cannot do that."""


class DirectoryInvalid(HandoffError):
    """The consortia's files do not hold together; each problem is named with file and line."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        super().__init__("\n".join(str(problem) for problem in problems))


class UnknownTeam(HandoffError):
    """No consortium of the directory has that body."""


class ForbiddenMove(HandoffError):
    """A lead in that state does not take that verb."""

    def __init__(self, state: str, verb: str) -> None:
        self.state = state
        self.verb = verb
        super().__init__(f"a lead that is « {state} » cannot {verb.replace('_', ' ')}")
