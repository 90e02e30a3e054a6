"""What can go wrong in understanding. The docstring is the message."""


class NluError(Exception):
    """Understanding cannot do what it was asked."""

    def __init__(self, detail: str = "") -> None:
        message = type(self).__doc__ or ""
        super().__init__(f"{message} {detail}".strip())


class UnderstandingUnavailable(NluError):
    """The language model did not answer: the message was not read, which is not the same as not understood."""


class ExamplesInvalid(NluError):
    """The training examples cannot be used as they are."""


class RasaEnvironmentMissing(NluError):
    """Rasa's own Python environment could not be made."""


class CommandFailed(NluError):
    """A program the bot relies on did not do its work."""


class TrainingFailed(NluError):
    """Rasa could not train a model."""


class EvaluationFileInvalid(NluError):
    """A measurement file cannot be read."""


class RedactionFailed(NluError):
    """Messages that were not understood could not be redacted: they wait for the next try."""
