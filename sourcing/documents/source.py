"""An open input: where the bytes come from, what messages call it, and how much of it is read.

>>> import io
>>> Source(name="notes/draft.txt", id="draft", stream=io.BytesIO(b"She left.")).read_all()
b'She left.'
"""

import gzip
import io
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path, PurePath
from typing import BinaryIO, cast

import msgspec

from sourcing.errors import InputError

# One article of 8 MiB is over a million words, and 2 GB of memory to annotate; more is a mistake.
MAX_BYTES = 8 << 20
STDIN = "<stdin>"
HEAD = 1 << 16

_DAMAGED = (EOFError, zlib.error, gzip.BadGzipFile)


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """One input.

    name: what messages call it, e.g. its path. id: the article's id if it gives none. encoding: what the user says it
    is in. max_bytes: how much one article may have, inflated. mapping: from which column or key of a table or of JSON
    a field of the article comes, where that is not its own name.
    """

    name: str
    id: str
    stream: BinaryIO
    encoding: str | None = None
    max_bytes: int = MAX_BYTES
    mapping: Mapping[str, str] = msgspec.field(default_factory=dict)

    def with_stream(self, stream: BinaryIO) -> "Source":
        """Return the same source over another stream."""
        return msgspec.structs.replace(self, stream=stream)

    def read_all(self) -> bytes:
        """Return all bytes; raises InputError "empty", "too-large" or "bad-gzip"."""
        with damage(self.name):
            data = self.stream.read(self.max_bytes + 1)
        if len(data) > self.max_bytes:
            raise InputError("too-large", self.name, f"{self.name} is larger than {self.max_bytes} bytes")
        if not data:
            raise InputError("empty", self.name, f"{self.name} is empty")
        return data

    def lines(self) -> Iterator[tuple[int, bytes | None]]:
        """Yield (number from 1, line without its newline), None for a line longer than max_bytes."""
        number = 0
        while True:
            with damage(self.name):
                line = self.stream.readline(self.max_bytes + 2)
            if not line:
                return
            number += 1
            if len(line.rstrip(b"\r\n")) <= self.max_bytes:
                yield number, line.rstrip(b"\r\n")
                continue
            yield number, None
            while line and not line.endswith(b"\n"):
                with damage(self.name):
                    line = self.stream.readline(1 << 20)


@contextmanager
def open_source(
    path: Path, *, id: str, encoding: str | None, max_bytes: int, mapping: Mapping[str, str] | None = None
) -> Iterator[Source]:
    """Open a file, inflating .gz; raises InputError "not-found" or "unreadable"."""
    name = display(path)
    try:
        file = path.open("rb")
    except FileNotFoundError:
        raise InputError("not-found", name, f"{name} does not exist") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError("unreadable", name, f"{name} cannot be opened: {reason}") from None
    with file:
        source = Source(name=name, id=id, stream=file, encoding=encoding, max_bytes=max_bytes, mapping=mapping or {})
        yield inflate(source) if path.suffix.lower() == ".gz" else source


def inflate(source: Source) -> Source:
    """Return a gzip source inflated as it is read."""
    return source.with_stream(cast(BinaryIO, gzip.GzipFile(fileobj=source.stream)))


def display(path: PurePath) -> str:
    """Return a path as messages and ids can carry it, with a replacement character for each byte that is no UTF-8."""
    return str(path).encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def peek(source: Source) -> tuple[bytes, Source]:
    """Return the first bytes of a stream, the whole first line and the beginning of a second, and the source anew."""
    head = bytearray()
    read = getattr(source.stream, "read1", source.stream.read)
    try:
        with damage(source.name):
            while len(head) <= source.max_bytes and not _second_line_begun(head) and (more := read(HEAD)):
                head += more
    except InputError:
        if not head:  # else the reader takes what there is, and meets the damage again
            raise
    return bytes(head), source.with_stream(io.BufferedReader(_Joined(bytes(head), source.stream)))


def _second_line_begun(head: bytearray) -> bool:
    """Say whether the head has a whole line and something after it; looks at no more than the ends of a long one."""
    return b"\n" in head[:HEAD].strip() or (len(head) > HEAD and b"\n" in head[-HEAD:].rstrip())


class _Joined(io.RawIOBase):
    """The bytes already read, then the rest of the stream."""

    def __init__(self, head: bytes, rest: BinaryIO) -> None:
        self._head = io.BytesIO(head)
        self._rest = rest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        data = self._head.read(len(buffer)) or getattr(self._rest, "read1", self._rest.read)(len(buffer))
        buffer[: len(data)] = data
        return len(data)


@contextmanager
def damage(name: str) -> Iterator[None]:
    """Turn what a damaged or vanishing file raises into InputError."""
    try:
        yield
    except _DAMAGED as error:
        raise InputError("bad-gzip", name, f"{name} is damaged or cut off: {error}") from None
    except OSError as error:
        raise InputError("unreadable", name, f"{name} cannot be read: {error.strerror or error}") from None
