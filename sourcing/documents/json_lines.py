"""JSON Lines: one article a line, read line by line, so that a file of any size needs the memory of one article.

A bad line is one Failure, with its number; the lines after it are read.
"""

import io
from collections.abc import Iterator
from typing import BinaryIO, cast

from sourcing.documents.articles import article_from_mapping
from sourcing.documents.encodings import BOMS
from sourcing.documents.json_article import parse
from sourcing.documents.mapping import map_object
from sourcing.documents.reader import Reader
from sourcing.documents.source import Source, peek
from sourcing.errors import InputError
from sourcing.records import Article, Failure


def read_json_lines(source: Source) -> Iterator[Article | Failure]:
    """Yield an Article or a Failure for each line that is not blank."""
    anything = False
    for number, line in _in_utf8(source).lines():
        if line is not None and not line.strip():
            continue
        anything = True
        try:
            yield _read_line(source, number, line)
        except InputError as error:
            yield Failure(input=source.name, code=error.code, message=str(error), line=number)
    if not anything:
        raise InputError("empty", source.name, f"{source.name} is empty")


def _read_line(source: Source, number: int, line: bytes | None) -> Article:
    """Return the article of one line; raises InputError."""
    name = f"{source.name}:{number}"
    if line is None:
        raise InputError("too-large", name, f"{name} is longer than {source.max_bytes} bytes")
    return article_from_mapping(
        map_object(parse(line, name), source.mapping, name), id=f"{source.id}-{number}", origin=name
    )


def _in_utf8(source: Source) -> Source:
    """Return the source with its lines in UTF-8: recoded if the user or a byte order mark asks for it."""
    head, source = peek(source)
    for bom, codec in BOMS:
        if source.encoding is None and head.startswith(bom):
            source.stream.read(len(bom))
            return source if codec == "utf-8" else _recode(source, codec)
    return _recode(source, source.encoding) if source.encoding else source


def _recode(source: Source, encoding: str) -> Source:
    return source.with_stream(cast(BinaryIO, _Recoded(source, encoding)))


class _Recoded:
    """A stream whose lines are recoded into UTF-8; bytes that do not fit the encoding stay damaged and fail as JSON.

    Where even that cannot be done (half a character of UTF-16), reading ends with InputError "encoding".
    """

    def __init__(self, source: Source, encoding: str) -> None:
        self._name, self._encoding = source.name, encoding
        self._text = io.TextIOWrapper(source.stream, encoding, errors="surrogateescape", newline="\n")

    def readline(self, size: int) -> bytes:
        try:
            return self._text.readline(size).encode("utf-8", "surrogateescape")
        except UnicodeError:
            message = f"{self._name} cannot be decoded as {self._encoding}"
            raise InputError("encoding", self._name, message) from None


def _claims(head: bytes) -> bool:
    """Say whether standard input is JSON Lines: its first line is an object, whole or broken, and so is the second."""
    lines = head.removeprefix(b"\xef\xbb\xbf").strip(b" \t\r\n").split(b"\n", 1)
    return len(lines) == 2 and lines[0].startswith(b"{") and len(lines[0]) > 2 and lines[1].lstrip().startswith(b"{")


READER = Reader("jsonl", (".jsonl", ".ndjson"), read_json_lines, _claims)
