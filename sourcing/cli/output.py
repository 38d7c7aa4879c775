"""Where results go: standard output, or a file that is whole or not there.

A file is written beside its place under another name and renamed when it is complete, so that a reader, or a crash,
never meets half of it. Pipes and devices are written to directly.
"""

import os
import stat
import sys
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, TextIO

from sourcing.errors import UsageError

Write = Callable[[str], None]


@contextmanager
def open_output(path: str | None) -> Iterator[Write]:
    """Give a function that writes text; `path` None or "-" is standard output. Raises UsageError for a bad path.

    What is written is UTF-8, flushed piece by piece, but for a terminal that says it reads something else.
    """
    if path is None or path == "-":
        if sys.stdout is None:
            raise UsageError("there is no standard output to write to")
        stream = sys.stdout.buffer
        terminal = sys.stdout.isatty()
        encoding = (sys.stdout.encoding or "utf-8") if terminal else "utf-8"

        def write(text: str) -> None:
            stream.write(text.encode(encoding, "backslashreplace"))
            stream.flush()

        yield write
        return
    try:
        target = Path(path).resolve()
        mode = target.stat().st_mode
    except FileNotFoundError:
        mode = None
    except (OSError, RuntimeError) as error:  # RuntimeError: a link that leads to itself
        raise UsageError(f"cannot write {path}: {getattr(error, 'strerror', error)}") from error
    if mode is not None and stat.S_ISDIR(mode):
        raise UsageError(f"cannot write {path}: it is a directory")
    if mode is not None and not stat.S_ISREG(mode):
        with target.open("wb") as device:

            def write_through(text: str) -> None:
                device.write(text.encode("utf-8", "backslashreplace"))
                device.flush()

            yield write_through
        return
    with _replacement(path, target, mode) as stream:
        yield lambda text: _write_all(stream, text)


@contextmanager
def open_binary(path: str) -> Iterator[BinaryIO]:
    """Give a stream for bytes, "-" being standard output; a file is written whole or not at all. Raises UsageError."""
    if path == "-":
        if sys.stdout is None:
            raise UsageError("there is no standard output to write to")
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    if is_folder(path):
        raise UsageError(f"cannot write {path}: it is a directory")
    with _replacement(path, Path(path).resolve(), None) as stream:
        yield stream


def check_apart(path: str | None, inputs: Sequence[str]) -> None:
    """Raise UsageError if the output `path` is one of the `inputs`, or in a folder of them: it would be overwritten."""
    if path is None or not _is_file(path):
        return
    for name in inputs:
        if name != "-" and _is_file(name) and Path(name).samefile(path):
            raise UsageError(f"the output {path} is one of the inputs")
        if is_folder(name) and Path(path).resolve().is_relative_to(Path(name).resolve()):
            raise UsageError(f"the output {path} is one of the files in {name}, which is read")


def is_terminal(stream: TextIO | None) -> bool:
    """Say whether a standard stream is a terminal; None is one that was closed before the start (`>&-`)."""
    return stream is not None and stream.isatty()


def is_folder(path: str) -> bool:
    """Say whether the path is a folder; no for what the system cannot look up, a name too long or a link to itself."""
    return os.path.isdir(path)  # noqa: PTH112 (Path.is_dir raises)


def _is_file(path: str) -> bool:
    return os.path.isfile(path)  # noqa: PTH113 (Path.is_file raises)


def _write_all(stream: BinaryIO, text: str) -> None:
    stream.write(text.encode("utf-8", "backslashreplace"))


@contextmanager
def _replacement(path: str, target: Path, mode: int | None) -> Iterator[BinaryIO]:
    part = target.parent / f".sourcing-{uuid.uuid4().hex}.part"
    try:
        stream = part.open("xb")
    except OSError as error:
        raise UsageError(f"cannot write {path}: {error.strerror}") from error
    try:
        with stream:
            yield stream
        if mode is not None:
            part.chmod(stat.S_IMODE(mode))
        part.replace(target)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
