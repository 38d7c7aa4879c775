"""The book of jobs and idempotency keys: an SQLite file that outlives the server.

What a method has returned is on disk (`synchronous=FULL`), so a job may be acknowledged as soon as `submit` has returned. Only one
process, the server, writes here; its threads take turns.
"""

import sqlite3
import threading
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from sourcing.api.job import UNFINISHED, Job, Progress, Status
from sourcing.api.settings import Settings
from sourcing.errors import UsageError
from sourcing.records import Failure

FILE = "jobs.db"
KEPT = timedelta(days=7)  # that finished jobs, and the keys they were sent with, are remembered
DEATHS = 2  # a job whose process died may be innocent: it is tried once more
TABLES = """
create table if not exists jobs (
    number integer primary key autoincrement, id text not null unique, corpus text not null, status text not null,
    finished text, deaths integer not null default 0, work blob not null, record blob not null, failures blob not null
);
create index if not exists jobs_by_status on jobs (status, corpus);
create index if not exists jobs_by_end on jobs (finished);
create table if not exists keys (
    key text primary key, request text not null, job integer not null references jobs (number) on delete cascade
);
create index if not exists keys_by_job on keys (job);
"""


class KeyReused(Exception):
    """An idempotency key came before with another request."""


class Work(msgspec.Struct, frozen=True, kw_only=True):
    """What a job has to add: files in its folder of the spool. shown: what messages call the file of a body that has no name.
    encoding: of texts, if the request named one."""

    files: list[str]
    size: int
    shown: str | None = None
    encoding: str | None = None


class Ledger:
    """Jobs and keys in one SQLite file of settings.state, made where there is none."""

    def __init__(self, settings: Settings) -> None:
        self.path = settings.state / FILE
        self._turn = threading.Lock()
        self._db: sqlite3.Connection

    def open(self) -> None:
        """Open the file; nothing else works before. Raises UsageError for one that is damaged or cannot be read."""
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            self._db = sqlite3.connect(self.path, check_same_thread=False, isolation_level=None)
            self._db.executescript("pragma journal_mode=wal; pragma synchronous=full; pragma foreign_keys=on;" + TABLES)
        except sqlite3.Error as error:
            raise UsageError(f"{self.path} cannot be read ({error})") from None

    def close(self) -> None:
        """Close the file."""
        with self._turn:
            self._db.close()

    # -------------------------------------------------------------------------------------------------------- asking

    def get(self, id: str) -> Job | None:
        """The job of that id, with its failures."""
        with self._turn:
            row = self._db.execute("select record, failures from jobs where id = ?", [id]).fetchone()
        return _job(*row) if row else None

    def page(
        self, *, status: Status | None = None, corpus: str | None = None, before: int | None = None, limit: int
    ) -> tuple[list[Job], int | None]:
        """Some jobs, newest first and without their failures, and the number before which the next page begins, if there is one."""
        query, values = "select number, record from jobs where true", list[Any]()
        for condition, value in (("status = ?", status), ("corpus = ?", corpus), ("number < ?", before)):
            if value is not None:
                query += f" and {condition}"
                values.append(value)
        with self._turn:
            rows = self._db.execute(f"{query} order by number desc limit ?", [*values, limit + 1]).fetchall()
        return [_job(record) for _, record in rows[:limit]], rows[limit - 1][0] if len(rows) > limit else None

    def counts(self) -> dict[str, int]:
        """How many jobs there are of each status."""
        with self._turn:
            return dict(self._db.execute("select status, count(*) from jobs group by status"))

    def queued(self) -> int:
        """How many jobs wait."""
        with self._turn:
            return int(self._db.execute("select count(*) from jobs where status = 'queued'").fetchone()[0])

    def corpora(self) -> list[str]:
        """The corpora that jobs wait for, the longest waiting first."""
        query = "select corpus from jobs where status = 'queued' group by corpus order by min(number)"
        with self._turn:
            return [corpus for (corpus,) in self._db.execute(query)]

    def is_awaited(self, corpus: str) -> bool:
        """Whether a job waits for a corpus."""
        with self._turn:
            query = "select 1 from jobs where status = 'queued' and corpus = ? limit 1"
            return self._db.execute(query, [corpus]).fetchone() is not None

    def unfinished(self) -> set[str]:
        """The ids of the jobs whose files are still needed."""
        with self._turn:
            return {id for (id,) in self._db.execute("select id from jobs where status in (?, ?)", UNFINISHED)}

    # ------------------------------------------------------------------------------------------------------- writing

    def submit(self, job: Job, work: Work, *, key: str | None = None, request: str = "") -> Job:
        """Write down a new job, with the key it was sent with; return it, or the job that the same request made before.

        request: method, path and a hash of the body. Raises KeyReused when the key came with another request.
        """
        with self._writing():
            if key is not None:
                query = "select request, record, failures from jobs join keys on job = number where key = ?"
                before = self._db.execute(query, [key]).fetchone()
                if before and before[0] != request:
                    raise KeyReused
                if before:
                    return _job(*before[1:])
            number = self._db.execute(
                "insert into jobs (id, corpus, status, work, record, failures) values (?, ?, ?, ?, ?, '[]')",
                [job.id, job.corpus, job.status, msgspec.json.encode(work), msgspec.json.encode(job)],
            ).lastrowid
            if key is not None:
                self._db.execute("insert into keys values (?, ?, ?)", [key, request, number])
        return msgspec.structs.replace(job, failures=[])

    def claim(self, corpus: str) -> tuple[Job, Work] | None:
        """Begin the next job of a corpus."""
        with self._writing():
            query = "select id, work from jobs where status = 'queued' and corpus = ? order by number limit 1"
            row = self._db.execute(query, [corpus]).fetchone()
            if row is None:
                return None
            job = self._find(row[0])
            job = self._save(job, status="running", started=job.started or _now(), attempts=job.attempts + 1)
        return job, msgspec.json.decode(row[1], type=Work)

    def report(self, id: str, progress: Progress, failures: Sequence[Failure]) -> None:
        """Write down how far a running job is."""
        with self._writing():
            job = self._find(id)
            if job.status == "running":
                self._save(job, failures, progress=progress)

    def finish(self, id: str, error: str | None = None) -> Job:
        """End a running job, as failed if there is an error; one that was cancelled meanwhile stays so."""
        with self._writing():
            return self._end(self._find(id), error)

    def fall(self, id: str, error: str) -> Job:
        """Queue a running job again that came to grief, or end it as failed when it did so before."""
        with self._writing():
            job = self._find(id)
            query = "update jobs set deaths = deaths + 1 where id = ? returning deaths"
            (deaths,) = self._db.execute(query, [id]).fetchone()
            if job.status == "running" and deaths < DEATHS:
                return self._save(job, status="queued")
            return self._end(job, error)

    def cancel(self, id: str) -> Job | None:
        """Cancel a job unless it is finished; None when there is no such job."""
        with self._writing():
            if not self._db.execute("select 1 from jobs where id = ?", [id]).fetchone():
                return None
            job = self._find(id)
            return job if job.is_finished else self._save(job, status="cancelled", finished=_now())

    def requeue(self, busy: Collection[str]) -> None:
        """Queue the running jobs again that nobody works at; busy: the corpora that somebody works at."""
        with self._writing():
            for id, corpus in self._db.execute("select id, corpus from jobs where status = 'running'").fetchall():
                if corpus not in busy:
                    self._save(self._find(id), status="queued")

    def drop_old(self) -> None:
        """Forget what was finished long ago."""
        with self._writing():
            self._db.execute("delete from jobs where finished < ?", [(_now() - KEPT).isoformat()])

    @contextmanager
    def _writing(self) -> Iterator[None]:
        with self._turn:
            self._db.execute("begin immediate")
            try:
                yield
                self._db.execute("commit")
            except BaseException:
                if self._db.in_transaction:
                    self._db.execute("rollback")
                raise

    def _find(self, id: str) -> Job:
        return _job(*self._db.execute("select record, failures from jobs where id = ?", [id]).fetchone())

    def _end(self, job: Job, error: str | None) -> Job:
        if job.status != "running":
            return job
        return self._save(job, status="failed" if error else "done", error=error, finished=_now())

    def _save(self, job: Job, failures: Sequence[Failure] | None = None, **changes: Any) -> Job:
        job = msgspec.structs.replace(job, **changes)
        if failures is not None:
            job = msgspec.structs.replace(job, failures=list(failures))
        self._db.execute(
            "update jobs set status = ?, finished = ?, record = ?, failures = ? where id = ?",
            [
                job.status,
                job.finished and job.finished.isoformat(),
                msgspec.json.encode(msgspec.structs.replace(job, failures=msgspec.UNSET)),
                msgspec.json.encode(job.failures),
                job.id,
            ],
        )
        return job


def _job(record: bytes, failures: bytes | None = None) -> Job:
    job = msgspec.json.decode(record, type=Job)
    if failures is None:
        return job
    return msgspec.structs.replace(job, failures=msgspec.json.decode(failures, type=list[Failure]))


def _now() -> datetime:
    return datetime.now(UTC)
