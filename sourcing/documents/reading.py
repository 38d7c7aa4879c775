"""Read any input: files, folders, standard input, one article after the other.

Each input that cannot be read becomes one Failure that names it, and the next input is read.
"""

import io
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import BinaryIO

from sourcing.documents.encodings import check_encoding
from sourcing.documents.folders import walk
from sourcing.documents.mapping import check_mapping
from sourcing.documents.reader import Reader
from sourcing.documents.registry import id_for, reader_for, reader_named, sniff
from sourcing.documents.source import HEAD, MAX_BYTES, STDIN, Source, inflate, open_source, peek
from sourcing.errors import InputError
from sourcing.records import Article, Failure

GZIP = b"\x1f\x8b"


def read(
    paths: Iterable[str | Path],
    *,
    stdin: BinaryIO | None = None,
    encoding: str | None = None,
    stdin_format: str | None = None,
    max_bytes: int = MAX_BYTES,
    mapping: Mapping[str, str] | None = None,
) -> Iterator[Article | Failure]:
    """Return an iterator over the articles of the inputs, in order, with a Failure for each one that cannot be read.

    paths: files, folders (all files below them, in sorted order) and "-" for standard input. stdin: the stream that
    "-" stands for, if not sys.stdin. encoding: of all text inputs; without it, it is found out. stdin_format: a
    reader's name ("text", "html", "csv", ... as in docs/inputs.md); without it, standard input is looked at.
    max_bytes: the most bytes of one article's file, line of JSON Lines, row of a table or page of a WARC file.
    mapping: from which column or key a field of the article is taken, where that is not its own name, for example
    {"text": "body", "outlet": "source"}, in tables and JSON; dots lead into JSON objects ("content.body").

    Raises UsageError for an encoding, a format or a field there is none of. Nothing is read before it is asked for.
    """
    check_encoding(encoding)
    mapping = check_mapping(mapping)
    reader = reader_named(stdin_format) if stdin_format is not None else None
    inputs = [paths] if isinstance(paths, str | Path) else paths
    return _read_inputs(inputs, stdin, reader, encoding, max_bytes, mapping)


def read_bytes(
    data: bytes, *, kind: str = "", name: str = "article", id: str = "article", encoding: str | None = None
) -> Iterator[Article | Failure]:
    """Yield the articles of an input that is in memory, with a Failure in the place of what cannot be read.

    kind: a reader's name ("text", "docx", ...); "" to look at the bytes. name: what messages call it. id: the article's, if it
    gives none. encoding: of a text, if it is known. Raises UsageError for a kind or an encoding that there is none of.
    """
    check_encoding(encoding)
    reader = reader_named(kind) if kind else sniff(data[:HEAD])
    try:
        yield from reader.read(Source(name=name, id=id, stream=io.BytesIO(data), encoding=encoding))
    except InputError as error:
        yield error.record()


def _read_inputs(
    paths: Iterable[str | Path],
    stdin: BinaryIO | None,
    reader: Reader | None,
    encoding: str | None,
    max_bytes: int,
    mapping: Mapping[str, str],
) -> Iterator[Article | Failure]:
    for path in paths:
        if str(path) == "-":
            if stdin is None and sys.stdin is None:
                yield Failure(input=STDIN, code="unreadable", message=f"{STDIN} is closed")
                continue
            stream = stdin if stdin is not None else sys.stdin.buffer
            source = Source(
                name=STDIN, id="stdin", stream=stream, encoding=encoding, max_bytes=max_bytes, mapping=mapping
            )
            yield from _read_stdin(source, reader)
            continue
        for file in walk(Path(path)):
            if isinstance(file, Failure):
                yield file
            else:
                yield from _read_file(file, encoding, max_bytes, mapping)


def _read_file(
    path: Path, encoding: str | None, max_bytes: int, mapping: Mapping[str, str]
) -> Iterator[Article | Failure]:
    try:
        with open_source(path, id=id_for(path), encoding=encoding, max_bytes=max_bytes, mapping=mapping) as source:
            yield from reader_for(path).read(source)
    except InputError as error:
        yield error.record()


def _read_stdin(source: Source, reader: Reader | None) -> Iterator[Article | Failure]:
    """Read standard input as what it looks like, inflated first if it is gzip."""
    try:
        head, source = peek(source)
        if head.startswith(GZIP):
            head, source = peek(inflate(source))
        yield from (reader or sniff(head)).read(source)
    except InputError as error:
        yield error.record()
