"""Where an offset stands: line and column, as editors and linters count them.

>>> Places("one\\ntwo").of(5)
Place(line=2, column=2)
"""

import re
from bisect import bisect_right
from typing import NamedTuple

_LINE_END = re.compile(r"\r\n|\r|\n")


class Place(NamedTuple):
    """A line and a column, both from 1; the column counts code points."""

    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.line}:{self.column}"


class Places:
    """The line starts of one text, found once."""

    def __init__(self, text: str) -> None:
        self._starts = [0, *(match.end() for match in _LINE_END.finditer(text))]

    def of(self, offset: int) -> Place:
        """Return the place of the code-point `offset`."""
        line = bisect_right(self._starts, offset)
        return Place(line, offset - self._starts[line - 1] + 1)


def place_of(places: Places | None, offset: int) -> str:
    """Return `line:column`, or `@offset` when the report does not carry the text."""
    return str(places.of(offset)) if places else f"@{offset}"
