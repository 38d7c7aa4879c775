"""Articles and reports into rows: found in the inputs, annotated where they have to be, on several processes.

Inputs are everything that `analyze` reads, and JSON Lines of reports, which are taken as they are.
"""

import os
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from io import BufferedReader, RawIOBase
from itertools import islice
from multiprocessing import spawn
from multiprocessing.context import SpawnContext, SpawnProcess
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from typing import Any, BinaryIO, NamedTuple, cast

import msgspec

from sourcing.corpus.collecting import uncollected
from sourcing.corpus.handover import put, take
from sourcing.corpus.rows import FILLED, Rows, figures_of, hash_of_article
from sourcing.documents import MAX_BYTES, read
from sourcing.documents.articles import REPORT_FIELDS
from sourcing.documents.folders import walk
from sourcing.documents.reading import GZIP
from sourcing.documents.registry import reader_named, sniff
from sourcing.documents.source import STDIN, Source, display, inflate, open_source, peek
from sourcing.errors import InputError, SourcingError
from sourcing.records import Article, Failure, Report
from sourcing.text import is_id, sha256_of

ARTICLES_AT_ONCE = 8  # annotated in one task: about a second of work
MOST_PEOPLE = 1000  # of one report: their names are compared with each other
LARGEST = 1 << 31
DIED = "a worker process died (out of memory?); what was added stays, and the next run goes on"
LISTEN = 2.0  # seconds until the workers are looked at
LOOKED_AT = 100  # lines of a file, to see what it holds
BOM = b"\xef\xbb\xbf"
READ_AT_ONCE = 1 << 18  # bytes, more than lines have, and less than the processor's cache has
PART = 4 << 20  # bytes of a file of reports in one task: some hundreds
AHEAD = 8  # tasks a worker, so that none waits while a batch is committed
JSON_LINES = (".jsonl", ".ndjson", ".jsonl.gz", ".ndjson.gz")
MAPPED = ("csv", "parquet", "json", "jsonl")  # readers of what has columns or keys
STARTING = threading.Lock()


class Part(NamedTuple):
    """A stretch of a file of reports: the lines that begin in start..end (bytes), which processes read by themselves, or, of a
    packed file, the lines themselves. first: the file begins here."""

    path: Path
    start: int
    end: int
    first: bool
    lines: "list[bytes | InputError | None] | None" = None


class Done(NamedTuple):
    """What became of one task: rows by table (Arrow tables), and what failed. lines: how many a part of a file had; the failures'
    line numbers begin anew in each part. first: the part is a file's first."""

    tables: dict[str, Any]
    failures: list[Failure]
    lines: int = 0
    first: bool = True


Task = list[Article] | Part | Failure
Sent = tuple[Done, Path]  # without its tables, and where they are


class Reading:
    """How far the inputs are read: bytes, those of a file that is being read estimated by its texts; total 0 is unknown."""

    def __init__(self, paths: Iterable[str | Path]) -> None:
        self.paths = list(paths)
        self.read = 0
        self.total = 0
        self.seen = 0  # articles, without those of report files
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
    skip: Callable[[str, int, str], bool],
    *,
    stdin: BinaryIO | None = None,
    stdin_format: str | None = None,
    encoding: str | None = None,
    mapping: Mapping[str, str] | None = None,
) -> Iterator[Task]:
    """Read the inputs into tasks of bearable size; skip says of an article (id, hash, origin) that it is there already, so that
    only new ones are annotated. The options are documents.read's; a mapping of what has no columns is an error of standard
    input, while files that have none are read as they are: a folder may hold both."""
    if stdin_format is not None:
        reader_named(stdin_format)
    waiting: list[Article] = []
    for path in reading.paths:
        files: Iterable[Path | Failure | str] = ["-"] if str(path) == "-" else walk(Path(path))
        for file in files:
            if isinstance(file, Failure):
                yield file
                continue
            end = reading.read + (size_of(file) if isinstance(file, Path) else 0)
            parts: Iterator[Part] | None = None
            if not isinstance(file, Path):
                try:
                    stdin, parts = _look_at(stdin, stdin_format, mapping)
                except InputError as error:
                    yield error.record()
                    continue
            elif file.name.lower().endswith(JSON_LINES) and not mapping and _holds_reports(file):
                parts = _parts_of(file)
            if parts is not None:
                for task in parts:
                    yield task
                    reading.read = min(end, reading.read + task.end - task.start)
                reading.read = end
                continue
            for item in read([file], stdin=stdin, stdin_format=stdin_format, encoding=encoding, mapping=mapping):
                if isinstance(item, Failure):
                    yield item
                    continue
                reading.read = min(end, reading.read + len(item.text))
                reading.seen += 1
                if skip(item.id, hash_of_article(item, sha256_of(item.text)), item.origin):
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
    folder = Path(mkdtemp(prefix="sourcing-add-"))
    pool = ProcessPoolExecutor(
        workers, mp_context=_Context(), initializer=_start, initargs=(os.getpid(), workers, folder)
    )
    running: deque[Future[Sent] | Done] = deque()
    try:
        for task in tasks:
            if isinstance(task, Failure):
                running.append(Done({}, [task]))
            else:
                running.append(pool.submit(_send, task, keep_text, folder))
            while len(running) > AHEAD * workers:
                yield _result(running.popleft(), pool)
        while running:
            yield _result(running.popleft(), pool)
    except BrokenProcessPool:
        raise SourcingError(DIED) from None
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
        rmtree(folder, ignore_errors=True)


class _Worker(SpawnProcess):
    """A process that leaves the program's main module alone.

    Others import it as they start, though nothing of it is asked for here: a script without `if __name__ == "__main__":` would
    run anew in each of them, and die of that.
    """

    def start(self) -> None:
        """Begin; other threads may start processes of their own meanwhile, which get their main module."""
        caller = threading.get_ident()
        with STARTING:
            prepare = spawn.get_preparation_data

            def without_main(name: str) -> dict[str, Any]:
                data = prepare(name)
                if threading.get_ident() == caller:
                    for key in ("init_main_from_name", "init_main_from_path"):
                        data.pop(key, None)
                return data

            spawn.get_preparation_data = without_main
            try:
                super().start()
            finally:
                spawn.get_preparation_data = prepare


class _Context(SpawnContext):
    """Processes are spawned: a fork of a process with threads may hang."""

    Process = _Worker


def _send(task: list[Article] | Part, keep_text: bool, folder: Path) -> Sent:
    """In a worker: do a task, and leave its rows in the folder."""
    done = _carry_out(task, keep_text)
    return done._replace(tables={}), put(done.tables, folder)


def _result(item: "Future[Sent] | Done", pool: ProcessPoolExecutor) -> Done:
    if isinstance(item, Done):
        return item
    while True:
        try:
            done, path = item.result(timeout=LISTEN)
            return done._replace(tables=take(FILLED, path))
        except TimeoutError:  # a worker that is killed while it sends leaves the pool waiting for ever
            if not item.done() and all(process.is_alive() for process in _workers(pool)):
                continue
            for process in _workers(pool):
                process.kill()
        raise SourcingError(DIED)


def _workers(pool: ProcessPoolExecutor) -> list[Any]:
    return list((pool._processes or {}).values())


def _start(parent: int, workers: int, folder: Path) -> None:
    """Begin a worker: its share of the cores, and an end of its own, and the folder's, when the parent was killed."""
    os.environ["SOURCING_THREADS"] = str(max(1, (os.cpu_count() or 1) // workers))

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(0.5)
        rmtree(folder, ignore_errors=True)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def _carry_out(task: Task, keep_text: bool) -> Done:
    if isinstance(task, Failure):
        return Done({}, [task])
    with uncollected():
        return _rows_of(task, keep_text)


def _rows_of(task: list[Article] | Part, keep_text: bool) -> Done:
    rows, failures = Rows(keep_text=keep_text), []
    decode = msgspec.json.Decoder(Report).decode
    if isinstance(task, Part):
        count = 0
        for count, line in enumerate(_lines_of(task), 1):
            if line is None:
                failures.append(_failure(task.path, count, "too-large", f"is longer than {MAX_BYTES} bytes"))
            elif isinstance(line, InputError):
                failures.append(line.record())
            elif (line := line.removeprefix(BOM) if count == 1 else line).strip():
                try:
                    report = decode(line)
                    _check(report)
                    rows.add(report, origin=display(task.path), raw=line)
                except (msgspec.DecodeError, UnicodeDecodeError, ValueError, RecursionError) as error:
                    failures.append(_no_report(task.path, count, line, error))
        return Done(rows.tables(), failures, count, task.first)
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
    if not is_id(report.article.id):
        raise ValueError("the article has no id of one line")
    if max(len(report.speakers), len(report.people)) > MOST_PEOPLE:
        raise ValueError(f"more than {MOST_PEOPLE} speakers or people")
    counts = [n for s in report.speakers for n in (s.attributions, s.quotes, s.words)]
    numbers = [0, *filter(None, (report.score.value, *figures_of(report), *counts))]
    if min(numbers) <= -LARGEST or max(numbers) >= LARGEST:
        raise ValueError("a figure is out of range")


def _no_report(path: Path, number: int, line: bytes, error: Exception) -> Failure:
    try:
        known = msgspec.json.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        known = None
    if isinstance(known, dict) and isinstance(known.get("error"), dict):
        said = str(known["error"].get("message", "it has no message"))
        return _failure(path, number, "failed-before", f"is an error record: {said}")
    said = " ".join(str(error).split())[:300]
    return _failure(path, number, "invalid-json" if known is None else "invalid-report", f"is no report: {said}")


def _failure(path: Path, number: int, code: str, said: str) -> Failure:
    name = display(path)
    return Failure(input=name, code=code, message=f"{name}:{number} {said}", line=number)


def numbered(done: Done, before: int) -> Done:
    """The same with line numbers of the whole file; before: lines of the parts before this one."""
    if not before or not done.failures:
        return done
    failures = []
    for failure in done.failures:
        number = failure.line
        if number is not None:
            message = failure.message.replace(f"{failure.input}:{number} ", f"{failure.input}:{number + before} ", 1)
            failure = msgspec.structs.replace(failure, line=number + before, message=message)
        failures.append(failure)
    return done._replace(failures=failures)


def _holds_reports(path: Path) -> bool:
    """Is a file of JSON Lines one of reports? The first lines that are objects say so."""
    try:
        with open_source(path, id="", encoding=None, max_bytes=MAX_BYTES) as source:
            lines = (line for _, line in source.lines() if line and line.strip())
            return any(is_report(line) for line in islice(lines, LOOKED_AT))
    except (InputError, OSError):
        return False


def is_report(line: bytes) -> bool:
    """Does a line of JSON look like a report, and not like an article?"""
    try:
        fields = msgspec.json.decode(line.removeprefix(BOM), type=dict[str, msgspec.Raw])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return False
    return set(fields) >= REPORT_FIELDS and "text" not in fields


def _look_at(
    stdin: BinaryIO | None, kind: str | None, mapping: Mapping[str, str] | None
) -> tuple[BinaryIO | None, Iterator[Part] | None]:
    """Standard input, and its parts if its first line is a report.

    kind: its format, if that is known. Raises InputError where it cannot be read, "no-column" where a mapping asks for columns of
    what has none.
    """
    if stdin is None and sys.stdin is None:
        return None, None
    if kind is not None and (mapping or kind != "jsonl"):
        _check_mapped(kind, mapping)
        return stdin, None
    stream = stdin if stdin is not None else sys.stdin.buffer
    source = Source(name=STDIN, id="stdin", stream=stream)
    head, source = peek(source)
    if head.startswith(GZIP):
        head, source = peek(inflate(source))
    if mapping and head:
        _check_mapped(sniff(head).name, mapping)
    elif is_report(head.lstrip().split(b"\n", 1)[0]):
        return None, _packed_parts(Path(STDIN), source)
    return source.stream, None


def _check_mapped(kind: str, mapping: Mapping[str, str] | None) -> None:
    if mapping and kind not in MAPPED:
        said = f"{STDIN} is read as {kind}, which has no columns to map: say what it is (csv, jsonl, ...)"
        raise InputError("no-column", STDIN, f"{said} with --input-format, in Python stdin_format")


def _parts_of(path: Path) -> Iterator[Part]:
    """A file in parts of about PART bytes."""
    size = size_of(path)
    if path.suffix.lower() != ".gz":
        yield from (Part(path, start, min(size, start + PART), not start) for start in range(0, size, PART))
        return
    try:
        with open_source(path, id="", encoding=None, max_bytes=MAX_BYTES) as source:
            yield from _packed_parts(path, source)
    except InputError as error:
        yield Part(path, 0, 0, True, [error])


def _packed_parts(path: Path, source: Source) -> Iterator[Part]:
    """What can only be read from its start, in parts that carry their lines."""
    lines: list[bytes | InputError | None] = []
    held, first = 0, True
    try:
        for _, line in source.lines():
            lines.append(line)
            held += len(line or b"")
            if held >= PART:
                yield Part(path, 0, 0, first, lines)
                lines, held, first = [], 0, False
    except InputError as error:
        lines.append(error)
    yield Part(path, 0, 0, first, lines)


def _lines_of(part: Part) -> Iterator[bytes | InputError | None]:
    """The lines that begin in a part; None for one that is too long, an InputError at the end where the file is damaged."""
    if part.lines is not None:
        yield from part.lines
        return
    try:
        with open_source(part.path, id="", encoding=None, max_bytes=MAX_BYTES) as file:
            source = file.with_stream(BufferedReader(cast(RawIOBase, file.stream), READ_AT_ONCE))
            if part.start:
                source.stream.seek(part.start - 1)
                while (skipped := source.stream.readline(1 << 20)) and not skipped.endswith(b"\n"):
                    pass
            if source.stream.tell() >= part.end:
                return
            for _, line in source.lines():
                yield line
                if source.stream.tell() >= part.end:
                    return
    except InputError as error:
        yield error
