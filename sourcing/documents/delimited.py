"""CSV and TSV: a header line, then one article a row, read row by row, so that a table of any size needs little memory.

A bad row is one Failure with the number of the line it begins on. Quotation marks are taken strictly: a lenient reader
would make one article of all that stands between two wrong ones. After a row with such a mark the table goes on at the
next line that can be the beginning of a row, and the article read there has a warning.
"""

import csv
import io
from collections import deque
from collections.abc import Iterator
from typing import NamedTuple

from sourcing.documents.articles import article_from_fields
from sourcing.documents.encodings import BOMS, decode
from sourcing.documents.mapping import FIELDS, choose_columns
from sourcing.documents.reader import Reader
from sourcing.documents.source import Source, damage, peek
from sourcing.errors import InputError
from sourcing.records import Article, Failure

DELIMITERS = ",;\t|"
# Lines of one row. An article has hundreds; 8 MiB of the shortest lines would take 0.5 GB as strings.
MOST_LINES = 100_000
# After a broken row its lines are read again, one after the other as a beginning. When so many times as much was
# read again as there is (only a file made for it needs that), they are passed over: 8 MiB of `a","` would take hours.
AGAIN = 8

_QUOTES = "is not valid CSV: a quotation mark is not closed, or not doubled inside a quoted cell"


class Row(NamedTuple):
    """One row. line: where it begins. problem: what is wrong with it, as code and words. note: a warning about it."""

    line: int
    cells: list[str]
    problem: tuple[str, str] | None = None
    note: str | None = None


def read_delimited(source: Source) -> Iterator[Article | Failure]:
    """Yield an Article or a Failure for each row that is not blank."""
    # The module's limit is one for the whole process: it is raised, never lowered, and the lines keep to their own.
    csv.field_size_limit(max(csv.field_size_limit(), source.max_bytes + 3))
    lines = _Lines(source)
    delimiter = _delimiter(lines.first(), source)
    rows = _rows(lines, delimiter)
    header = next(rows, None)
    if header is None:
        raise InputError("empty", source.name, f"{source.name} is empty")
    if header.problem is not None:
        code, problem = header.problem
        raise InputError(code, source.name, f"the header of {source.name} {problem}")
    names = [_name(cell) for cell in header.cells]
    columns = choose_columns(names, source.mapping, source.name)
    anything = False
    for row in rows:
        anything = True
        try:
            yield _read_row(source, row, len(names), columns, lines.said)
        except InputError as error:
            yield Failure(input=source.name, code=error.code, message=str(error), line=row.line)
    if not anything:
        raise InputError("empty", source.name, f"{source.name} has a header and no rows")


def _read_row(source: Source, row: Row, width: int, columns: dict[str, int], said: str | None) -> Article:
    """Return the article of one row; raises InputError."""
    name = f"{source.name}:{row.line}"
    if row.problem is not None:
        code, problem = row.problem
        raise InputError(code, name, f"{name} {problem}")
    if any(cell.strip() for cell in row.cells[width:]):
        raise InputError("invalid-csv", name, f"{name} has {len(row.cells)} cells, and the header has {width}")
    fields: dict[str, str | None] = {}
    warnings = {}
    for field, column in columns.items():
        cell = row.cells[column] if column < len(row.cells) else ""
        cell, warned = _decoded(cell, name, said)
        warnings.update(dict.fromkeys(warned))
        fields[field] = cell if field == "text" else cell.strip() or None
    if row.note is not None:
        warnings[f"{name}: {row.note}"] = None
    return article_from_fields(fields, id=f"{source.id}-{row.line}", origin=name, warnings=tuple(warnings))


def _decoded(cell: str, name: str, said: str | None) -> tuple[str, tuple[str, ...]]:
    """Return a cell and warnings; what is no UTF-8 in it goes through the same guesses as any file. Raises InputError."""
    if "\0" in cell:
        raise InputError("binary", name, f"{name} is not text (binary data)")
    try:
        cell.encode("utf-8")
    except UnicodeEncodeError:
        if said is not None:
            raise InputError("encoding", name, f"{name} cannot be decoded as {said}") from None
        return decode(cell.encode("utf-8", "surrogateescape"), name=name)
    return cell, ()


def _name(cell: str) -> str:
    """Return a column's name."""
    return cell.encode("utf-8", "surrogateescape").decode("utf-8", "replace").strip()


def _delimiter(line: str, source: Source) -> str:
    """Return the delimiter by which the header has the text's column, most of the fields, and most columns."""

    def merits(delimiter: str) -> tuple[bool, int, int]:
        try:
            names = {_name(cell) for cell in next(csv.reader([line], delimiter=delimiter), [])}
        except csv.Error:
            return False, 0, 0
        wanted = {source.mapping.get(field, field) for field in FIELDS}
        return source.mapping.get("text", "text") in names, len(wanted & names), len(names)

    return max(DELIMITERS, key=merits)


def _rows(lines: "_Lines", delimiter: str) -> Iterator[Row]:
    """Yield the rows that are not blank, the header first."""
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    width = 0
    beginnings: set[str] = set()
    broken: int | None = None  # the line of the row after which a whole one is looked for
    while True:
        lines.begin()
        cells: list[str] = []
        problem = None
        try:
            cells = next(reader)
        except StopIteration:
            return
        except _TooLong:
            problem = "too-large", f"is a row of more than {lines.max_bytes} bytes or {MOST_LINES} lines"
        except csv.Error:
            problem = "invalid-csv", _QUOTES
        if problem is None and not any(cell.strip() for cell in cells):
            continue
        note = None
        if problem is not None and width:
            split = lines.split(delimiter)
            if len(split) == width and lines.take_back():
                cells, problem = split, None
                note = "its quotation marks were taken as text, because they make no valid row otherwise"
        if broken is not None:
            known = not beginnings or lines.beginning() in beginnings
            if problem is not None or len(cells) != width or not known:
                lines.take_back()
                continue
            note = f"it is the first row that could be read after line {broken}: see if it is a whole one"
            broken = None
        if problem is not None:
            if width and (lines.count() > 1 or problem[0] == "invalid-csv"):
                broken = lines.start
                lines.take_back()
            yield Row(lines.start, [], problem)
            continue
        if width:
            beginnings.add(lines.beginning())
        width = width or len(cells)
        yield Row(lines.start, cells, note=note)


class _TooLong(Exception):
    """A row has more bytes or lines than are read."""


class _Lines:
    """The lines of a table for csv.reader, with their newlines; all but the first of a row can be taken back.

    Bytes that are no UTF-8, or not what the user or a byte order mark says, stay in the lines as lone surrogates.
    said: that encoding, if any. start: the number of the line on which the row begins.
    """

    def __init__(self, source: Source) -> None:
        head, source = peek(source)
        marked = next((codec for bom, codec in BOMS if head.startswith(bom)), None)
        self.said = source.encoding or marked
        if self.said is None:
            decode(head.split(b"\n", 1)[0], name=source.name)  # no text at all is better said once, for the file
        self._name = source.name
        self._text = io.TextIOWrapper(source.stream, self.said or "utf-8", errors="surrogateescape", newline="")
        self._row: list[str] = []
        self._size = 0
        self._waiting: deque[str] = deque()
        self._fresh = self._again = 0
        self.max_bytes = source.max_bytes
        self.start = 1
        self._waiting.append(self._read().removeprefix("\ufeff"))

    def first(self) -> str:
        """Return the first line that is not blank; nothing is taken of it."""
        while not self._waiting[-1].strip() and (line := self._read()):
            if len(self._waiting) > MOST_LINES:
                break
            self._waiting.append(line)
        return self._waiting[-1]

    def begin(self) -> None:
        """Begin a row."""
        self.start += len(self._row)
        self._row = []
        self._size = 0

    def take_back(self) -> bool:
        """Take back all lines of the row but its first, to be read again; say whether that is still allowed."""
        self._again += self._size
        if self._again > AGAIN * self._fresh + self.max_bytes:
            return False
        self._waiting.extendleft(reversed(self._row[1:]))
        del self._row[1:]
        return True

    def split(self, delimiter: str) -> list[str]:
        """Return the cells of the row's first line with quotation marks as text, as tables with tabs can have them."""
        line = self._row[0].rstrip("\r\n")
        return line.split(delimiter) if delimiter == "\t" and len(line) <= self.max_bytes else []

    def count(self) -> int:
        """Return how many lines the row has so far."""
        return len(self._row)

    def beginning(self) -> str:
        """Return what sort of character the row begins with: a digit, a letter, or itself."""
        character = self._row[0][0]
        return "0" if character.isdigit() else "a" if character.isalpha() else character

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        if len(self._row) >= MOST_LINES:
            raise _TooLong
        line = self._waiting.popleft() if self._waiting else self._read()
        if not line:
            raise StopIteration
        self._row.append(line)
        self._size += len(line) if line.isascii() else len(line.encode("utf-8", "surrogatepass"))
        if self._size > self.max_bytes + 2:
            raise _TooLong
        return line

    def _read(self) -> str:
        """Return the next line of the file, "" after the last; of one that is too long the beginning."""
        line = self._readline(self.max_bytes + 3)
        if len(line) > self.max_bytes + 2:
            rest = line
            while rest and not rest.endswith(("\n", "\r")):
                rest = self._readline(1 << 20)
        self._fresh += len(line)
        return line

    def _readline(self, size: int) -> str:
        try:
            with damage(self._name):
                return self._text.readline(size)
        except UnicodeError:
            raise InputError("encoding", self._name, f"{self._name} cannot be decoded as {self.said}") from None


READER = Reader("csv", (".csv", ".tsv"), read_delimited)
