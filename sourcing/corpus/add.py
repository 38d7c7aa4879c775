"""Add articles to a corpus: read, annotate, write, a batch at a time; a kill loses at most the batch not yet acknowledged."""

import os
import secrets
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain, islice
from pathlib import Path
from typing import Any, BinaryIO

import msgspec

from sourcing.corpus.ingest import Done, Reading, carry_out, find_tasks, numbered
from sourcing.corpus.known import Known
from sourcing.corpus.layout import ARTICLES
from sourcing.corpus.rows import FILLED
from sourcing.corpus.store import Store
from sourcing.documents.registry import reader_for
from sourcing.documents.source import STDIN
from sourcing.records import Failure

BATCH = 5000  # articles in one commit
PATIENCE = 5.0  # seconds until a smaller batch is committed
WORTH_WORKERS = 4  # tasks from which starting processes pays


class Added(msgspec.Struct, kw_only=True):
    """What came of adding. added: new ids; updated: ids that were there with something else; unchanged: as they are.
    read, total: bytes of the inputs, the former an estimate within a file; total is 0 where nobody knows. seen: articles read,
    without those of report files."""

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    failures: list[Failure] = []
    read: int = 0
    seen: int = 0
    total: int = 0


def add(
    store: Store,
    paths: Iterable[str | Path],
    *,
    workers: int | None = None,
    keep_text: bool = False,
    stdin: BinaryIO | None = None,
    stdin_format: str | None = None,
    encoding: str | None = None,
    mapping: Mapping[str, str] | None = None,
    batch: int = BATCH,
    progress: Callable[[Added], None] = lambda done: None,
) -> Iterator[Added]:
    """Add what the paths hold; yield the sums after each batch that is on disk: these articles are acknowledged.

    workers: processes, by default one a core. keep_text: keep article texts in the stored reports. stdin, stdin_format, encoding,
    mapping: as in documents.read. batch: articles in one commit. progress is called oftener, with the same sums.
    """
    writer = Writer(store)
    reading = Reading(paths)
    sums = Added(total=reading.total)

    def report(sums: Added) -> None:
        sums.read, sums.seen = reading.read, reading.seen
        progress(sums)

    def skip(identity: str, whole: int, origin: str) -> bool:
        if not writer.has(identity, whole, origin):
            return False
        sums.unchanged += 1
        report(sums)
        return True

    tasks = find_tasks(reading, skip, stdin=stdin, stdin_format=stdin_format, encoding=encoding, mapping=mapping)
    first = list(islice(tasks, WORTH_WORKERS))
    count = (workers or os.cpu_count() or 1) if len(first) == WORTH_WORKERS or (workers or 0) > 1 else 1
    done = carry_out(chain(first, tasks), workers=count, keep_text=keep_text)
    yield from _write(done, writer, sums, report, batch)


def _write(
    done: Iterator[Done], writer: "Writer", sums: Added, progress: Callable[[Added], None], batch: int
) -> Iterator[Added]:
    waiting: list[dict[str, Any]] = []
    held, since = 0, time.monotonic()
    lines = 0  # of the parts of a file before
    for result in done:
        lines = 0 if result.first else lines
        sums.failures.extend(numbered(result, lines).failures)
        lines += result.lines
        if result.tables and result.tables[ARTICLES].num_rows:
            waiting.append(result.tables)
            held += result.tables[ARTICLES].num_rows
        if waiting and (held >= batch or time.monotonic() - since > PATIENCE):
            writer.commit(waiting, sums)
            waiting, held, since = [], 0, time.monotonic()
            yield sums
        progress(sums)
    if waiting:
        writer.commit(waiting, sums)
    yield sums


class Writer:
    """Commits batches, having looked, under the lock, what others have added meanwhile."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._seen: set[str] = set()
        self._mine: dict[str, str] = {}  # ids that this run wrote, and where they came from
        self.known = Known()
        self._refresh()

    def has(self, identity: str, whole: int, origin: str) -> bool:
        """Whether the article is there as it is; its id is then taken for this run."""
        if not self.known.has(identity, whole):
            return False
        self._mine.setdefault(identity, origin)
        return True

    def commit(self, batch: list[dict[str, Any]], sums: Added) -> None:
        """Write the rows of several tasks, one commit a table; what is there already is left out."""
        tables = _join(batch)
        with self._store.locked():
            self._refresh()
            keep, replaced = self._choose(tables[ARTICLES], sums)
            if not any(keep):
                return
            fresh = _number(tables, keep)
            for name in FILLED[1:]:
                if fresh[name].num_rows:
                    self._store.append(name, fresh[name])
            self._store.put(fresh[ARTICLES], [doc for doc, kept in zip(replaced, keep, strict=True) if kept])
            self._know(fresh[ARTICLES])
            self._seen = set(self._store.files(ARTICLES))  # nobody else has written since the look under this lock

    def _choose(self, articles: Any, sums: Added) -> tuple[list[bool], list[int | None]]:
        """Which rows to write, and the doc whose place each takes (None for a new id)."""
        keep: list[bool] = []
        old: list[int | None] = []
        columns = (articles[name].to_pylist() for name in ("id", "hash", "origin"))
        here: dict[str, int] = {}
        for number, (identity, whole, origin) in enumerate(zip(*columns, strict=True)):
            found = self.known.find(identity)
            fresh, before = True, found[0] if found else None
            if found and found[1] == whole:
                fresh = False
                sums.unchanged += 1
                self._mine.setdefault(identity, origin)
            elif identity in here:
                fresh = False
                if articles["hash"][here[identity]].as_py() == whole:
                    sums.unchanged += 1
                else:
                    sums.failures.append(_taken(identity, origin, self._mine[identity]))
            elif identity in self._mine:
                fresh = False
                sums.failures.append(_taken(identity, origin, self._mine[identity]))
            elif found:
                sums.updated += 1
            else:
                sums.added += 1
            if fresh:
                here[identity] = number
                self._mine[identity] = origin
            keep.append(fresh)
            old.append(before)
        return keep, old

    def _refresh(self) -> None:
        """Read what was added since the last look, by anybody."""
        import pyarrow.parquet as pq

        files = set(self._store.files(ARTICLES))
        if self._seen - files:  # articles were changed, removed or compacted: what was there may not be
            self.known, self._seen = Known(), set()
        for file in sorted(files - self._seen):
            self._know(pq.read_table(file, columns=["id", "doc", "hash"]))
        self._seen = files

    def _know(self, rows: Any) -> None:
        self.known.add(rows["id"].to_pylist(), rows["doc"].to_pylist(), rows["hash"].to_pylist())


def _taken(identity: str, origin: str, before: str) -> Failure:
    message = (
        f"{origin}: the id {identity} came before in this run, from {before}, with another text: give each its own id"
    )
    name, _, number = origin.rpartition(":")
    # a line is part of an origin only where a file has one article a line, or a row; other names may end in a number, too
    if number.isdecimal() and (name == STDIN or reader_for(name).name in ("jsonl", "csv")):
        return Failure(input=name, code="duplicate-id", message=message, line=int(number))
    return Failure(input=origin, code="duplicate-id", message=message)


def _join(batch: list[dict[str, Any]]) -> dict[str, Any]:
    """The rows of several tasks as one; docs, numbered from 0 in each task, are numbered on."""
    import pyarrow as pa
    import pyarrow.compute as pc

    joined: dict[str, list[Any]] = {name: [] for name in FILLED}
    base = 0
    for part in batch:
        for name in FILLED:
            at = part[name].schema.get_field_index("doc")
            joined[name].append(part[name].set_column(at, part[name].schema.field(at), pc.add(part[name]["doc"], base)))
        base += part[ARTICLES].num_rows
    return {name: pa.concat_tables(parts) for name, parts in joined.items()}


def _number(tables: dict[str, Any], keep: list[bool]) -> dict[str, Any]:
    """The rows of the articles to keep, with docs that no other commit has: a random start, counted on."""
    import pyarrow as pa
    import pyarrow.compute as pc

    start = secrets.randbits(42) << 21
    chosen = pa.array(keep)
    out = {}
    for name, table in tables.items():
        mine = table if all(keep) else table.filter(chosen.take(table["doc"].combine_chunks()))
        at = mine.schema.get_field_index("doc")
        out[name] = mine.set_column(at, mine.schema.field(at), pc.add(mine["doc"], start))
    return out
