"""The exceptions. All that the package raises on purpose derives from SourcingError.

SourcingError
├── InputError        an input cannot be read; carries code, the input's name and, for JSON Lines and CSV, the line
├── UsageError        an option or a profile makes no sense
└── ModelError        the model's files are missing or damaged
"""

from sourcing.records.article import Failure


class SourcingError(Exception):
    """Base of every error raised on purpose; its text is one sentence for a person."""


class UsageError(SourcingError):
    """An option, a profile or a rule code makes no sense."""


class ModelError(SourcingError):
    """The model's files are missing or damaged."""


class InputError(SourcingError):
    """An input cannot be read. `code` is a stable word, `input` names it, `line` is set for JSON Lines and CSV."""

    def __init__(self, code: str, input: str, message: str, line: int | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.input = input
        self.line = line

    def __reduce__(self) -> tuple[type, tuple[str, str, str, int | None]]:
        """Survive pickling, so that worker processes can raise it."""
        return type(self), (self.code, self.input, str(self), self.line)

    def record(self) -> Failure:
        """Return the error record that stands in for the report."""
        return Failure(input=self.input, code=self.code, message=str(self), line=self.line)
