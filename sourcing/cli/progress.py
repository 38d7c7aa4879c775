"""A progress bar on standard error, there only while somebody can watch it: a terminal, and work worth waiting for."""

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from sourcing.cli.output import is_terminal
from sourcing.records import Failure, Report

PATIENCE = 2.0
"""Seconds of work on a single input before a bar appears."""


def watch(results: Iterator[Report | Failure], *, total: int | None, shared: bool) -> Iterator[Report | Failure]:
    """Yield the results, with a bar while each is worked on.

    total: how many inputs there are, None when nobody knows. shared: results are printed on the same terminal, so the
    bar makes room for each; it always does for an error message.
    """
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        ProgressColumn,
        SpinnerColumn,
        TextColumn,
        TimeRemainingColumn,
    )

    columns: list[ProgressColumn] = [SpinnerColumn(), TextColumn("{task.description}")]
    if total != 1:
        columns += [BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()]
    progress = Progress(*columns, console=Console(stderr=True), transient=True, redirect_stdout=False)
    task = progress.add_task("analyzing", total=total)
    try:
        while True:
            timer = threading.Timer(PATIENCE if total == 1 else 0.0, progress.start)
            timer.daemon = True
            timer.start()
            try:
                result = next(results, None)
            finally:
                timer.cancel()
                timer.join()
            if result is None:
                return
            progress.advance(task)
            if shared or isinstance(result, Failure):
                progress.stop()
            yield result
    finally:
        progress.stop()


@contextmanager
def spinner(what: str) -> Iterator[None]:
    """Say on a terminal what is being done, and for how long already."""
    if not can_watch():
        yield
        return
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True, redirect_stdout=False) as progress:
        progress.add_task(what, total=None)
        yield


def can_watch() -> bool:
    """Whether standard error is a terminal that can redraw a line."""
    return is_terminal(sys.stderr) and os.environ.get("TERM") != "dumb"
