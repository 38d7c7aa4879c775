"""Articles and reports into rows: found in the inputs, annotated where they have to be, on several processes.

Inputs are everything that `analyze` reads, and JSON Lines of reports, which are taken as they are.
"""

import hashlib
import os
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

import msgspec

from sourcing.corpus.rows import Rows, hash_of_article
from sourcing.documents import MAX_BYTES, read
from sourcing.documents.folders import walk
from sourcing.documents.source import display, open_source
from sourcing.errors import InputError, SourcingError
from sourcing.records import Article, Failure, Report

ARTICLES_AT_ONCE = 8  # annotated in one task: about a second of work
REPORTS_AT_ONCE = 400
JSON_LINES = (".jsonl", ".ndjson", ".jsonl.gz", ".ndjson.gz")


class Lines(NamedTuple):
    """Lines of a file of reports, with their numbers."""

    name: str
    lines: list[tuple[int, bytes]]


class Done(NamedTuple):
    """What became of one task: rows by table (Arrow tables), and what failed."""

    tables: dict[str, Any]
    failures: list[Failure]


Task = list[Article] | Lines | Failure


class Reading:
    """How far the inputs are read: bytes, those of a file that is being read estimated by its texts; total 0 is unknown."""

    def __init__(self, paths: Iterable[str | Path]) -> None:
        self.paths = list(paths)
        self.read = 0
        self.total = 0
        for path in self.paths:
            if str(path) == "-":
                self.total = 0
                return
            self.total += sum(size_of(file) for file in walk(Path(path)) if isinstance(file, Path))


def size_of(file: Path) -> int:
    """A file's bytes, 0 where it cannot be looked at."""
    try:
        return file.stat().st_size
    except OSError:
        return 0


def find_tasks(
    reading: Reading,
    skip: Callable[[str, int], bool],
    skipped: Callable[[], None],
    *,
    stdin: BinaryIO | None = None,
    encoding: str | None = None,
    mapping: Mapping[str, str] | None = None,
) -> Iterator[Task]:
    """Read the inputs into tasks of bearable size; skip: whether an article (id, hash) is there already, so that only new ones
    are annotated; skipped is called for each one that is."""
    waiting: list[Article] = []
    for path in reading.paths:
        files: Iterable[Path | Failure | str] = ["-"] if str(path) == "-" else walk(Path(path))
        for file in files:
            if isinstance(file, Failure):
                yield file
                continue
            end = reading.read + (size_of(file) if isinstance(file, Path) else 0)
            if (
                isinstance(file, Path)
                and file.name.lower().endswith(JSON_LINES)
                and not mapping
                and _holds_reports(file)
            ):
                for task in _report_lines(file):
                    yield task
                    size = sum(len(line) + 1 for _, line in task.lines) if isinstance(task, Lines) else 0
                    reading.read = min(end, reading.read + size)
                reading.read = end
                continue
            for item in read([file], stdin=stdin, encoding=encoding, mapping=mapping):
                if isinstance(item, Failure):
                    yield item
                    continue
                reading.read = min(end, reading.read + len(item.text))
                if skip(item.id, hash_of_article(item, sha256_of(item.text))):
                    skipped()
                    continue
                waiting.append(item)
                if len(waiting) >= ARTICLES_AT_ONCE:
                    yield waiting
                    waiting = []
            reading.read = end
    if waiting:
        yield waiting


def carry_out(tasks: Iterator[Task], *, workers: int, keep_text: bool) -> Iterator[Done]:
    """Yield what became of each task, in their order."""
    if workers <= 1:
        for task in tasks:
            yield _carry_out(task, keep_text)
        return
    context = get_context("spawn")  # a fork of a process with threads may hang
    with ProcessPoolExecutor(workers, mp_context=context, initializer=_start, initargs=(os.getpid(), workers)) as pool:
        running: deque[Future[Done] | Done] = deque()
        try:
            for task in tasks:
                if isinstance(task, Failure):
                    running.append(Done({}, [task]))
                else:
                    running.append(pool.submit(_carry_out, task, keep_text))
                while len(running) > 3 * workers:
                    yield _result(running.popleft())
            while running:
                yield _result(running.popleft())
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def sha256_of(text: str) -> str:
    """As a report's article.sha256."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _result(item: "Future[Done] | Done") -> Done:
    if isinstance(item, Done):
        return item
    try:
        return item.result()
    except BrokenProcessPool:
        raise SourcingError(
            "a worker process died (out of memory?); what was added stays, and the next run goes on"
        ) from None


def _start(parent: int, workers: int) -> None:
    """Begin a worker: its share of the cores, and an end of its own when the parent was killed."""
    os.environ["SOURCING_THREADS"] = str(max(1, (os.cpu_count() or 1) // workers))

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(0.5)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def _carry_out(task: Task, keep_text: bool) -> Done:
    if isinstance(task, Failure):
        return Done({}, [task])
    rows, failures = Rows(keep_text=keep_text), []
    if isinstance(task, Lines):
        for number, line in task.lines:
            try:
                report = msgspec.json.decode(line, type=Report)
                _check(report)
                rows.add(report, origin=task.name, raw=line)
            except (msgspec.DecodeError, UnicodeDecodeError, ValueError) as error:
                failures.append(_no_report(task.name, number, line, error))
    else:
        for report_or_failure, article in zip(_analyze(task, keep_text), task, strict=True):
            if isinstance(report_or_failure, Failure):
                failures.append(report_or_failure)
            else:
                rows.add(report_or_failure, origin=article.origin)
    return Done(rows.tables(), failures)


def _analyze(articles: Sequence[Article], keep_text: bool) -> Iterator[Report | Failure]:
    from sourcing.analysis import analyze_all

    return analyze_all(articles, with_text=True)


def _check(report: Report) -> None:
    """What the types leave open and a stranger's report may get wrong."""
    ids = {speaker.id for speaker in report.speakers}
    if len(ids) != len(report.speakers):
        raise ValueError("two speakers have one id")
    if not report.article.id:
        raise ValueError("the article has no id")
    msgspec.json.encode(report)  # half a surrogate pair


def _no_report(name: str, number: int, line: bytes, error: Exception) -> Failure:
    try:
        known = msgspec.json.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError):
        known = None
    if isinstance(known, dict) and isinstance(known.get("error"), dict):
        said = str(known["error"].get("message", "it has no message"))
        return Failure(
            input=name, code="failed-before", message=f"{name}:{number} is an error record: {said}", line=number
        )
    code = "invalid-json" if known is None else "invalid-report"
    said = " ".join(str(error).split())[:300]
    return Failure(input=name, code=code, message=f"{name}:{number} is no report: {said}", line=number)


def _holds_reports(path: Path) -> bool:
    """Does a file of JSON Lines begin with a report?"""
    try:
        with open_source(path, id="", encoding=None, max_bytes=MAX_BYTES) as source:
            for _, line in source.lines():
                if line is None:
                    return False
                if line.strip():
                    fields = msgspec.json.decode(line, type=dict[str, msgspec.Raw])
                    return "error" in fields or {"article", "speakers", "metrics"} <= set(fields)
    except (InputError, OSError, msgspec.DecodeError, UnicodeDecodeError):
        return False
    return False


def _report_lines(path: Path) -> Iterator[Task]:
    name = display(path)
    chunk: list[tuple[int, bytes]] = []
    try:
        with open_source(path, id="", encoding=None, max_bytes=MAX_BYTES) as source:
            for number, line in source.lines():
                if line is None:
                    message = f"{name}:{number} is longer than {MAX_BYTES} bytes"
                    yield Failure(input=name, code="too-large", message=message, line=number)
                elif line.strip():
                    chunk.append((number, line))
                if len(chunk) >= REPORTS_AT_ONCE:
                    yield Lines(name, chunk)
                    chunk = []
    except InputError as error:
        if chunk:
            yield Lines(name, chunk)
            chunk = []
        yield error.record()
    if chunk:
        yield Lines(name, chunk)
