"""A request's body into files, whole and on disk before it is acknowledged, in the memory of one chunk.

>>> file_name("C:\\\\drafts\\\\..\\\\Monday draft.docx")
'Monday draft.docx'
"""

import errno
import hashlib
import os
import re
import unicodedata
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import BinaryIO

import msgspec
from anyio.to_thread import run_sync
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.requests import ClientDisconnect, Request

from sourcing.api.ledger import Work
from sourcing.api.media import FORM, MANY, ONE, charset_of, check_coding
from sourcing.api.problems import Problem
from sourcing.documents import MAX_BYTES, READERS

MOST_FILES = 1000  # of one request
LONGEST_NAME = 150  # bytes, without its ending
STEM = 16  # hexadecimal digits of a body's hash, after which its articles without ids are named
PART = "file"  # what the parts of a form have to be called
ENDINGS = [ending for reader in READERS for ending in reader.endings]
ENDING = re.compile(f"(?<=.)(?:{'|'.join(map(re.escape, ENDINGS))})(?:\\.gz)?$", re.IGNORECASE)


class Spooled(msgspec.Struct, frozen=True, kw_only=True):
    """What came of a body. digest: a hash of all of it, by which the same request is known again. media: its type."""

    work: Work
    digest: str
    media: str


async def spool(request: Request, folder: Path, *, max_body: int, max_upload: int) -> Spooled:
    """Write a body into a new folder; raises Problem, 4xx for what was sent and 507 for a full disk.

    A body without a name is called after its hash, so that sent twice its articles have the same ids, and no other body's have.
    max_body: bytes of one article, max_upload: of many.
    """
    media, options = parse_options_header(request.headers.get("content-type"))
    kind = media.decode("latin-1")
    ending = ONE[kind].ending if kind in ONE else MANY.get(kind)
    if ending is None and kind != FORM:
        known = ", ".join((*ONE, *MANY, FORM))
        raise Problem(415, "media-type", f"Articles are sent as one of: {known}.", headers={"accept-post": known})
    check_coding(request.headers)
    most = min(max_body, MAX_BYTES) if kind in ONE else max_upload
    chunks = _limited(request, most)
    try:
        folder.mkdir(parents=True, mode=0o700)
        if ending is None:
            files = await _spool_form(chunks, folder, options.get(b"boundary", b""))
            work = Work(files=[file.name for file in files], size=sum(file.size for file in files))
        else:
            files, work = await _spool_body(chunks, folder, ending, charset_of(request.headers.get("content-type", "")))
        await run_sync(_sync_folders, folder)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise disk_full() from None
        raise
    told = "".join(f"{file.hash} {file.name}\n" for file in files) + str(work.encoding)
    return Spooled(work=work, digest=hashlib.sha256(told.encode()).hexdigest(), media=kind)


def disk_full() -> Problem:
    """What a request is answered with that there is no room for."""
    return Problem(507, "disk-full", "The server's disk is full.", headers={"retry-after": "60"})


def file_name(given: str) -> str:
    """The name under which a caller's file is kept: no folders, nothing that is hidden or cannot be seen. Raises Problem for an
    ending that no reader has."""
    last = unicodedata.normalize("NFC", given).replace("\\", "/").rpartition("/")[2]
    name = "".join(c for c in last if c.isprintable()).strip().lstrip(".-").strip()
    found = ENDING.search(name)
    if found is None:
        raise Problem(
            415, "media-type", f"The name of a file has to end with one of {', '.join(ENDINGS)}, and may with .gz.",
            pointer=f"/{PART}",
        )  # fmt: skip
    return name[: found.start()].encode()[:LONGEST_NAME].decode(errors="ignore") + found.group()


async def _limited(request: Request, most: int) -> AsyncIterator[bytes]:
    """The chunks of a body up to a size; raises Problem 413 as soon as it is clear that there is more."""
    too_large = Problem(413, "too-large", f"The body is larger than {most:,} bytes.", headers={"connection": "close"})
    size = request.headers.get("content-length", "")
    if size.isdecimal() and int(size) > most:
        raise too_large
    read = 0
    try:
        async for chunk in request.stream():
            read += len(chunk)
            if read > most:
                raise too_large
            yield chunk
    except ClientDisconnect:
        raise Problem(400, "cut-off", "The body is cut off.") from None


class _File:
    """A file that is being written."""

    def __init__(self, path: Path) -> None:
        self.name = path.name
        self.size = 0
        self._hash = hashlib.sha256()
        self._file: BinaryIO = path.open("xb")

    @property
    def hash(self) -> str:
        return self._hash.hexdigest()

    def write(self, data: bytes) -> None:
        self._file.write(data)
        self._hash.update(data)
        self.size += len(data)

    def close(self) -> None:
        """Put it on disk."""
        with self._file:
            self._file.flush()
            os.fsync(self._file.fileno())


async def _spool_body(
    chunks: AsyncIterator[bytes], folder: Path, ending: str, encoding: str | None
) -> tuple[list[_File], Work]:
    file = _File(folder / f"body{ending}")
    try:
        async for chunk in chunks:
            await run_sync(file.write, chunk)
    finally:
        await run_sync(file.close)
    if not file.size:
        raise Problem(400, "empty", "The request has no body.")
    path = (folder / file.name).rename(folder / f"{file.hash[:STEM]}{ending}")
    shown = f"article{'s' * (ending in MANY.values())}{ending}"
    return [file], Work(files=[path.name], size=file.size, shown=shown, encoding=encoding)


async def _spool_form(chunks: AsyncIterator[bytes], folder: Path, boundary: bytes) -> list[_File]:
    form = _Form(folder)
    try:
        parser = MultipartParser(boundary, form.callbacks())  # type: ignore[arg-type]
        async for chunk in chunks:
            await run_sync(parser.write, chunk)
    except FormParserError:
        raise Problem(400, "bad-form", "The form cannot be read.") from None
    finally:
        await run_sync(form.close)
    if not form.is_whole:
        raise Problem(400, "bad-form", "The form is cut off.")
    if not form.files:
        raise Problem(422, "no-file", f"The form has no part called {PART}.", pointer=f"/{PART}")
    return form.files


class _Form:
    """The parts of a form, as its parser meets them."""

    def __init__(self, folder: Path) -> None:
        self.files: list[_File] = []
        self.is_whole = False
        self._folder = folder
        self._open: _File | None = None
        self._field, self._value = b"", b""
        self._disposition = b""

    def callbacks(self) -> dict[str, Callable[..., None]]:
        """What the parser is to call."""
        return {
            "on_header_field": self._add_field, "on_header_value": self._add_value, "on_header_end": self._end_header,
            "on_headers_finished": self._begin, "on_part_data": self._write, "on_part_end": self.close, "on_end": self._end,
        }  # fmt: skip

    def close(self) -> None:
        """End the part that is being written, if there is one."""
        if self._open is not None:
            self._open.close()
            self._open = None

    def _add_field(self, data: bytes, start: int, end: int) -> None:
        self._field += data[start:end]

    def _add_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _end_header(self) -> None:
        if self._field.lower() == b"content-disposition":
            self._disposition = self._value
        self._field = self._value = b""

    def _begin(self) -> None:
        name, given = _names(self._disposition)
        self._disposition = b""
        if name != PART or not given:
            raise Problem(422, "unknown-part", f"Each part has to be a file, and be called {PART}.", pointer=f"/{PART}")
        if len(self.files) >= MOST_FILES:
            raise Problem(413, "too-many-files", f"A form may have {MOST_FILES:,} files.", pointer=f"/{PART}")
        path = self._folder / file_name(given)
        if path.exists():
            raise Problem(
                422, "same-name", "Two files have one name: their articles would have one id.", pointer=f"/{PART}"
            )
        self._open = _File(path)
        self.files.append(self._open)

    def _write(self, data: bytes, start: int, end: int) -> None:
        assert self._open is not None
        self._open.write(data[start:end])

    def _end(self) -> None:
        self.is_whole = True


def _names(disposition: bytes) -> tuple[str, str]:
    """The name of a part, and of its file.

    >>> _names('form-data; name="file"; filename="Übersicht.docx"'.encode())
    ('file', 'Übersicht.docx')
    """
    _, options = parse_options_header(disposition)
    name, file = (options.get(key, b"").decode("utf-8", "replace") for key in (b"name", b"filename"))
    return name, file


def _sync_folders(folder: Path) -> None:
    """Put the entries of a folder, and its own, on disk."""
    for path in (folder, folder.parent):
        opened = os.open(path, os.O_RDONLY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)
