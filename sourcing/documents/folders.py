"""Walk a folder: its files in sorted order, one folder's listing in memory at a time.

Hidden files and folders are passed over. Links are followed, and each folder is entered once: a link back to a folder
that is being walked is a loop, and is reported once.
"""

import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path

from sourcing.documents.source import display
from sourcing.records import Failure


def walk(path: Path) -> Iterator[Path | Failure]:
    """Yield the files of a folder, or the path itself when it is none; a Failure for what cannot be walked."""
    if not _is_dir(path):
        yield path
        return
    entered: set[tuple[int, int]] = set()
    open_folders: list[tuple[tuple[int, int], Iterator[Path]]] = []
    looped: set[tuple[int, int]] = set()
    folder: Path | None = path
    while folder is not None or open_folders:
        if folder is not None:
            key = _key(folder)
            if any(key == above for above, _ in open_folders):
                if key not in looped:
                    looped.add(key)
                    name = display(folder)
                    yield Failure(input=name, code="directory-loop", message=f"{name} leads back to a folder above it")
            elif key not in entered:
                entered.add(key)
                listing = _list(folder)
                if isinstance(listing, Failure):
                    yield listing
                else:
                    open_folders.append((key, iter(listing)))
            folder = None
            continue
        entry = next(open_folders[-1][1], None)
        if entry is None:
            open_folders.pop()
        elif _is_dir(entry):
            folder = entry
        else:
            yield _regular(entry)


def count_inputs(paths: Iterable[str | Path]) -> int | None:
    """Return how many files `read` would open, for a progress bar; None when that cannot be known (standard input)."""
    count = 0
    for path in [paths] if isinstance(paths, str | Path) else paths:
        if str(path) == "-":
            return None
        count += sum(1 for _ in walk(Path(path)))
    return count


def _list(folder: Path) -> list[Path] | Failure:
    """Return a folder's visible entries, sorted by name."""
    try:
        names = sorted(name for name in os.listdir(folder) if not name.startswith("."))  # noqa: PTH208 (names sort faster)
    except OSError as error:
        name = display(folder)
        return Failure(input=name, code="unreadable", message=f"{name} cannot be listed: {error.strerror}")
    return [folder / name for name in names]


def _is_dir(path: Path) -> bool:
    """Say whether a path is a folder; what cannot be looked at is left for opening it to complain of."""
    try:
        return path.is_dir()
    except OSError:
        return False


def _regular(path: Path) -> Path | Failure:
    """Return the path unless reading it could wait for ever: a pipe, a socket, a device."""
    name = display(path)
    try:
        mode = path.stat().st_mode
    except OSError as error:
        code = "not-found" if isinstance(error, FileNotFoundError) else "unreadable"
        return Failure(input=name, code=code, message=f"{name} cannot be opened: {error.strerror}")
    if not stat.S_ISREG(mode):
        return Failure(input=name, code="not-a-file", message=f"{name} is not a regular file")
    return path


def _key(path: Path) -> tuple[int, int]:
    """Return what tells one folder from another however it is reached."""
    try:
        status = path.stat()
    except OSError:
        return (-1, hash(path))
    return status.st_dev, status.st_ino
