"""What is kept of corrections: one SQLite file, only ever added to.

An article is known by the SHA-256 of its text, and keeps the report that its first correction was made to: later ones name the
ids of that report, so another model's report of the same text is refused. A call opens its own short connection; writers of
several processes wait for each other, and a commit is on the disk (write-ahead log, synchronous=FULL) before it is acknowledged.
Triggers refuse every update and delete.
"""

import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
from msgspec.structs import replace

from sourcing.api.idempotency import key_reused
from sourcing.api.problems import Problem
from sourcing.corrections import Correction, CorrectionError, check_report, validate
from sourcing.records import Report

FILE = "corrections.db"
PATIENCE = 10.0  # seconds to wait for other writers; one write takes milliseconds
MOST = 1000  # corrections of an article: each is checked against all before it
PAUSE = 0.01  # seconds between two looks whether another first writer is done
RETRY = 2  # seconds after which a caller may try again
DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
LOCKED = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
SCHEMA = """
CREATE TABLE IF NOT EXISTS articles (
    number INTEGER PRIMARY KEY, sha256 TEXT NOT NULL UNIQUE, id TEXT NOT NULL, title TEXT, report BLOB NOT NULL
);
CREATE TABLE IF NOT EXISTS corrections (
    article INTEGER NOT NULL REFERENCES articles, number INTEGER NOT NULL, time TEXT NOT NULL, correction BLOB NOT NULL,
    PRIMARY KEY (article, number)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS keys (
    key TEXT PRIMARY KEY, request TEXT NOT NULL, article INTEGER NOT NULL, number INTEGER NOT NULL
) WITHOUT ROWID;
""" + "".join(
    f"CREATE TRIGGER IF NOT EXISTS no_{verb}_of_{table} BEFORE {verb} ON {table} "
    "BEGIN SELECT RAISE(ABORT, 'append-only'); END;\n"
    for table in ("articles", "corrections", "keys")
    for verb in ("update", "delete")
)
_report = msgspec.json.Decoder(Report)
_correction: msgspec.json.Decoder[Correction] = msgspec.json.Decoder(Correction)


class Key(msgspec.Struct, frozen=True):
    """A caller's idempotency key, and a hash of the request that it came with."""

    key: str
    request: str


class Corrected(msgspec.Struct, frozen=True, kw_only=True):
    """An article with the model's report and its corrections in order. number: of the article, in the order of first correction."""

    number: int
    sha256: str
    report: Report
    corrections: tuple[Correction, ...]


class Listed(msgspec.Struct, frozen=True, kw_only=True):
    """An article that was corrected, in short. count: corrections, those taken back too; last: when the latest was made."""

    number: int
    sha256: str
    id: str
    title: str | None
    count: int
    last: str


def add(state: Path, sha256: str, correction: Correction, report: Report | None, key: Key | None) -> Correction:
    """Keep a correction of an article and return it with its id and time; of the same key and request, the first one again.

    report: needed with the first correction of an article. Raises Problem: 422 for what makes no sense or a key used for something
    else, 409 for another report of the same text or too many corrections, 503 when the store is busy, 500 when it is damaged.
    """
    state.mkdir(parents=True, exist_ok=True)
    with _open(state / FILE) as db:
        db.execute("BEGIN IMMEDIATE")
        if key and (done := _answered(db, key)):
            return done
        article = _article(db, sha256, report)
        earlier = _corrections(db, article.number)
        if len(earlier) >= MOST:
            raise Problem(
                409, "too-many-corrections", f"An article has at most {MOST:,} corrections, and this one has them."
            )
        with _pointing("/correction"):
            validate(article.report, correction, earlier)
        number = len(earlier) + 1
        now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        kept = replace(correction, id=f"c{number}", time=now)
        values = (article.number, number, now, msgspec.json.encode(kept))
        db.execute("INSERT INTO corrections VALUES (?, ?, ?, ?)", values)
        if key:
            db.execute("INSERT INTO keys VALUES (?, ?, ?, ?)", (key.key, key.request, article.number, number))
        db.execute("COMMIT")
        return kept


def count(state: Path, sha256: str) -> int:
    """How many corrections an article has; 0 for one never corrected."""
    query = "SELECT count(*) FROM corrections JOIN articles ON articles.number = article WHERE sha256 = ?"
    return int(_rows(state, query, (sha256,))[0][0]) if (state / FILE).is_file() else 0


def read(state: Path, sha256: str) -> Corrected | None:
    """An article with its corrections, or None for one never corrected."""
    return _read(state, "sha256 = ?", sha256)


def read_all(state: Path) -> Iterator[Corrected]:
    """Every corrected article, one at a time, in the order of first correction; no connection stays open between two."""
    number = 0
    while article := _read(state, "number > ? ORDER BY number LIMIT 1", number):
        yield article
        number = article.number


def list_articles(state: Path, after: int, limit: int) -> list[Listed]:
    """At most `limit` corrected articles with a number above `after`, in the order of first correction."""
    query = """
        SELECT articles.number, sha256, id, title, count(*), max(time)
        FROM articles JOIN corrections ON article = articles.number
        WHERE articles.number > ? GROUP BY articles.number ORDER BY articles.number LIMIT ?
    """
    rows = _rows(state, query, (after, limit))
    return [Listed(number=n, sha256=s, id=i, title=t, count=c, last=last) for n, s, i, t, c, last in rows]


@contextmanager
def _open(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection to a file with the tables, whose transaction is rolled back unless it was committed."""
    try:
        with closing(sqlite3.connect(path, timeout=PATIENCE, isolation_level=None)) as db:
            db.execute("PRAGMA synchronous = FULL")
            _create(db)
            yield db
    except sqlite3.OperationalError as error:  # locked, or no room on the disk
        message = "The corrections cannot be read or written just now."
        raise Problem(503, "store-busy", message, headers={"Retry-After": str(RETRY)}) from error
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode not in DAMAGED:
            raise
        raise Problem(500, "store-damaged", f"The file of the corrections, {FILE}, is damaged.") from error


def _create(db: sqlite3.Connection) -> None:
    """Make the tables where there are none. Of several first writers one makes them, and the others wait."""
    until = time.monotonic() + PATIENCE
    while not db.execute("SELECT 1 FROM sqlite_master WHERE name = 'no_delete_of_keys'").fetchone():
        try:
            db.execute("PRAGMA journal_mode = WAL")  # which SQLite does not wait for, whatever the timeout
            db.executescript(f"BEGIN IMMEDIATE; {SCHEMA} COMMIT;")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode not in LOCKED or time.monotonic() > until:
                raise
            time.sleep(PAUSE)


def _answered(db: sqlite3.Connection, key: Key) -> Correction | None:
    """What a key was answered with before."""
    row = db.execute(
        "SELECT request, correction FROM keys JOIN corrections USING (article, number) WHERE key = ?", (key.key,)
    ).fetchone()
    if row is None:
        return None
    if row[0] != key.request:
        raise key_reused()
    return _correction.decode(row[1])


def _article(db: sqlite3.Connection, sha256: str, report: Report | None) -> Corrected:
    """The article as kept, without its corrections; kept now if it was not."""
    if report is not None:
        with _pointing("/report"):
            check_report(report, sha256)
    row = db.execute("SELECT number, report FROM articles WHERE sha256 = ?", (sha256,)).fetchone()
    if row:
        kept = _report.decode(row[1])
        if report is not None and marks_of(report) != marks_of(kept):
            message = f"This article's corrections are made to another report ({kept.model.name} {kept.model.version})."
            raise Problem(409, "other-report", message, pointer="/report")
        return Corrected(number=row[0], sha256=sha256, report=kept, corrections=())
    if report is None:
        message = "The first correction of an article comes with the report it is made to."
        raise Problem(422, "report-needed", message, pointer="/report")
    values = (sha256, report.article.id, report.article.title, msgspec.json.encode(report))
    number = db.execute("INSERT INTO articles (sha256, id, title, report) VALUES (?, ?, ?, ?)", values).lastrowid
    assert number is not None
    return Corrected(number=number, sha256=sha256, report=report, corrections=())


def marks_of(report: Report) -> tuple[object, ...]:
    """What corrections refer to; what a corpus says beside it may differ from day to day."""
    speakers = [(s.id, s.name, s.type) for s in report.speakers]
    return report.quotes, [(a.id, a.content, a.source, a.speaker) for a in report.attributions], speakers


def _corrections(db: sqlite3.Connection, article: int) -> Sequence[Correction]:
    rows = db.execute("SELECT correction FROM corrections WHERE article = ? ORDER BY number", (article,))
    return tuple(_correction.decode(row[0]) for row in rows)


def _read(state: Path, where: str, value: str | int) -> Corrected | None:
    if not (state / FILE).is_file():
        return None
    with _open(state / FILE) as db:
        row = db.execute(f"SELECT number, sha256, report FROM articles WHERE {where}", (value,)).fetchone()
        if row is None:
            return None
        return Corrected(
            number=row[0], sha256=row[1], report=_report.decode(row[2]), corrections=tuple(_corrections(db, row[0]))
        )


def _rows(state: Path, query: str, values: tuple[str | int, ...]) -> list[Any]:
    if not (state / FILE).is_file():
        return []
    with _open(state / FILE) as db:
        return list(db.execute(query, values))


@contextmanager
def _pointing(at: str) -> Iterator[None]:
    """Turn an error of the corrections into a problem of the request, of which `at` is the part."""
    try:
        yield
    except CorrectionError as error:
        raise Problem(422, error.code, str(error), pointer=at + error.pointer) from error
