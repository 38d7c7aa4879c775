"""Keep a corpus: what is in it, is it sound, fewer and sorted files, copies in other formats."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

import msgspec

from sourcing.corpus.attested import ATTESTED, MEMORY, OTHERS, attest
from sourcing.corpus.copies import words_of
from sourcing.corpus.derive import is_stale
from sourcing.corpus.ingest import size_of
from sourcing.corpus.layout import (
    ARTICLES,
    BASELINE,
    LISTED,
    QUOTES,
    REPORTS,
    SPEAKERS,
    STORIES,
    TABLES,
    VERSION,
    schemas,
)
from sourcing.corpus.phrases import SHORTEST_QUOTE
from sourcing.corpus.store import Store
from sourcing.errors import UsageError
from sourcing.records import Quote
from sourcing.records.corpus import CorpusInfo, Problem

SORTED_BY = {ARTICLES: "hash", SPEAKERS: "last, given, name", QUOTES: "k1", REPORTS: "doc", LISTED: "last"}
KEPT_HOURS = 24  # for readers that began before a compaction
REMEDY = "`corpus export --what reports` into a file, and `corpus add` that to a new corpus"
EXPORTS = {
    # a story's number is too large for readers of JSON that know only floating point
    "articles": "select * exclude (doc, hash, content, signature, story), story::varchar as story from live order by id",
    "speakers": f"select a.id as article, s.* exclude (doc, last, given) from {SPEAKERS} s join live a using (doc)"
    " order by article, s.speaker nulls last, s.name",
    "quotes": f"select a.id as article, q.quote, q.text, q.speaker, q.name from {QUOTES} q join live a using (doc)"
    " order by article, q.quote",
    "attested": ATTESTED,
}


def describe(store: Store) -> CorpusInfo:
    """What is in the corpus."""
    connection = store.connect(SPEAKERS, QUOTES, LISTED)
    articles, stories, outlets, first, last, undated, unplaced, models = connection.execute(
        """
        select count(*), count(distinct story), count(distinct coalesce(outlet, domain)), min(month), max(month),
            count(*) filter (month is null), count(*) filter (coalesce(outlet, domain) is null),
            list_sort(list(distinct model)) from live
        """
    ).fetchall()[0]
    speakers, names = connection.execute(
        f"""
        select count(*) filter (s.speaker is not null and s.class = 'named'), count(distinct s.name)
            filter (s.type = 'person') from {SPEAKERS} s semi join live using (doc)
        """
    ).fetchall()[0]
    (quotes,) = connection.execute(f"select count(*) from {QUOTES} semi join live using (doc)").fetchall()[0]
    (listed,) = connection.execute(f"select count(distinct person) from {LISTED}").fetchall()[0]
    (ungrouped,) = connection.execute(f"select count(*) from {ARTICLES} anti join {STORIES} using (doc)").fetchall()[0]
    size = sum(size_of(file) for file in store.path.rglob("*"))
    return CorpusInfo(
        path=str(store.path),
        version=VERSION,
        articles=articles,
        stories=stories,
        ungrouped=ungrouped,
        outlets=outlets,
        speakers=speakers,
        names=names,
        quotes=quotes,
        listed=listed,
        first_month=first,
        last_month=last,
        undated=undated,
        unplaced=unplaced,
        models=tuple(models or ()),
        bytes=size,
    )


def compact(store: Store) -> None:
    """Rewrite each table sorted, without rows that no longer count, and drop files nobody reads any more.

    Raises UsageError where the articles are gone and their rows are not: they would be lost for good."""
    with store.locked():
        if _lost_articles(store, store.connect(REPORTS)):
            raise UsageError(f"{store.path}: the table {ARTICLES} is gone, and {REPORTS} is not: the corpus is damaged")
        for name, order in SORTED_BY.items():
            if store.table(name) is None:
                continue
            connection = store.connect(name)
            keep = "" if name in (ARTICLES, LISTED) else f" semi join {ARTICLES} using (doc)"
            rows = connection.sql(f"select * from {name}{keep} order by {order}").to_arrow_reader(65536)
            store.overwrite(name, rows)
        for name in TABLES:
            if (table := store.table(name)) is not None:
                table.create_checkpoint()
                table.vacuum(
                    retention_hours=KEPT_HOURS,
                    enforce_retention_duration=False,
                    dry_run=False,
                )


def verify(store: Store) -> list[Problem]:
    """Read everything once; return what is wrong. An empty list: all is well."""
    problems: list[Problem] = []
    for name in TABLES:
        try:
            table = store.table(name)
        except UsageError as error:
            problems.append(Problem(table=name, harm=True, message=str(error)))
            continue
        for file in [] if table is None else store.files(name, table):
            problems.extend(_verify_file(name, Path(file)))
    if any(p.harm for p in problems):
        return problems
    connection = store.connect(SPEAKERS, QUOTES, REPORTS, BASELINE)
    if _lost_articles(store, connection):
        problems.append(Problem(table=ARTICLES, harm=True, message="it is gone, and reports are there"))
    silent = f"""select count(*) from {ARTICLES} a anti join {SPEAKERS} using (doc) where a."sources.speakers" > 0"""
    (mute,) = connection.execute(silent).fetchall()[0]
    if mute:
        message = f"the speakers of {mute} articles are gone: {REMEDY}"
        problems.append(Problem(table=SPEAKERS, harm=True, message=message))
    if _lost_quotes(connection):
        message = f"the quotes of all articles are gone, so that none is found elsewhere: {REMEDY}"
        problems.append(Problem(table=QUOTES, harm=True, message=message))
    doubled = connection.execute(
        f"select id, count(*) from {ARTICLES} group by id having count(*) > 1 order by id"
    ).fetchall()
    for identity, count in doubled:
        problems.append(Problem(table=ARTICLES, harm=True, message=f"the id {identity} is there {count} times"))
    lost = 0  # of stories, in the end
    for name in (SPEAKERS, QUOTES, REPORTS, STORIES):
        (lost,) = connection.execute(f"select count(*) from {name} anti join {ARTICLES} using (doc)").fetchall()[0]
        if lost:
            message = f"{lost} rows belong to no article any more; `corpus compact` drops them"
            problems.append(Problem(table=name, harm=False, message=message))
    (apart,) = connection.execute(f"select count(*) from {ARTICLES} anti join {STORIES} using (doc)").fetchall()[0]
    if apart:
        message = f"{apart} articles are not grouped into stories yet, so copies count as several; `corpus compact` groups them"
        problems.append(Problem(table=STORIES, harm=True, message=message))
    elif _lost_baseline(connection) or (not lost and is_stale(store)):
        message = "it is gone, or not of these articles, so no share can be expected; `corpus compact` samples it anew"
        problems.append(Problem(table=BASELINE, harm=True, message=message))
    (bare,) = connection.execute(f"select count(*) from {ARTICLES} anti join {REPORTS} using (doc)").fetchall()[0]
    if bare:
        problems.append(Problem(table=REPORTS, harm=True, message=f"{bare} articles have no report"))
    return problems


def _lost_articles(store: Store, connection: Any) -> bool:
    """Are reports there without the table of articles? One that is there and has no rows had all of them removed."""
    (reports,) = connection.execute(f"select count(*) from {REPORTS}").fetchall()[0]
    return bool(reports) and store.table(ARTICLES) is None


class _Quoting(msgspec.Struct, frozen=True):
    """What is looked at of a stored report."""

    quotes: tuple[Quote, ...]


def _lost_quotes(connection: Any) -> bool:
    """Has no article a quote in the table, and one has such a quote, long enough to be kept there, in its report?

    Reports are read only where the table has none, and until one of them has."""
    (kept,) = connection.execute(f"select count(*) from {QUOTES} semi join {ARTICLES} using (doc)").fetchall()[0]
    if kept:
        return False
    quoting = f'select doc from {ARTICLES} where "attribution.quotes_speech" > 0'
    reports = connection.sql(f"select report from {REPORTS} semi join ({quoting}) using (doc)").to_arrow_reader(256)
    decode = msgspec.json.Decoder(_Quoting).decode
    found = (quote for batch in reports for report in batch.column(0) for quote in decode(report.as_py()).quotes)
    return any(quote.role == "speech" and len(words_of(quote.text)) >= SHORTEST_QUOTE for quote in found)


def _lost_baseline(connection: Any) -> bool:
    """Are articles there, and the baseline has none of them? It samples every corpus that has any."""
    query = (
        f"select (select count(*) from {ARTICLES}), (select count(*) from {BASELINE} semi join {ARTICLES} using (doc))"
    )
    articles, sampled = connection.execute(query).fetchall()[0]
    return bool(articles) and not sampled


def _verify_file(name: str, path: Path) -> Iterator[Problem]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(path)
        missing = set(schemas()[name].names) - set(file.schema_arrow.names)
        if missing:
            yield Problem(table=name, harm=True, message=f"{path.name} lacks the columns {', '.join(sorted(missing))}")
        for _ in file.iter_batches():
            pass
    except (OSError, pa.ArrowException) as error:
        said = " ".join(str(error).split())[:200]
        yield Problem(table=name, harm=True, message=f"{path.name} cannot be read: {said}")


def export(store: Store, what: str, format_name: str, target: BinaryIO) -> None:
    """Write a table (articles, speakers, quotes, attested) as "csv", "jsonl" or "parquet", or the reports as "jsonl", piece by
    piece."""
    if what == "reports":
        if format_name != "jsonl":
            raise UsageError("reports are exported as jsonl")
        connection = store.connect(REPORTS)
        query = f"select r.report from live a join {REPORTS} r using (doc) order by a.id"
        for batch in connection.sql(query).to_arrow_reader(256):
            target.write(b"".join(value.as_py() + b"\n" for value in batch.column(0)))
        return
    if what == "attested":
        connection = store.connect(SPEAKERS, LISTED, memory=MEMORY)
        attest(connection, OTHERS)
    else:
        connection = store.connect(SPEAKERS, QUOTES)
    reader = connection.sql(EXPORTS[what]).to_arrow_reader(4096)
    {"csv": write_csv, "jsonl": _write_json_lines, "parquet": _write_parquet}[format_name](reader, target)


def write_csv(reader: Any, target: BinaryIO) -> None:
    """Write the rows of an Arrow table or stream as CSV in UTF-8, no cell of it a formula."""
    from sourcing.report.csv import cell

    text = io.TextIOWrapper(target, encoding="utf-8", errors="replace", newline="", write_through=True)
    writer = csv.writer(text)
    writer.writerow(reader.schema.names)
    for batch in reader:
        columns = [column.to_pylist() for column in batch.columns]
        writer.writerows([cell(v) if isinstance(v, str) else v for v in row] for row in zip(*columns, strict=True))
    text.detach()  # the target is its owner's to close


def _write_json_lines(reader: Any, target: BinaryIO) -> None:
    for batch in reader:
        target.write(b"".join(msgspec.json.encode(row) + b"\n" for row in batch.to_pylist()))


def _write_parquet(reader: Any, target: BinaryIO) -> None:
    import pyarrow.parquet as pq

    with pq.ParquetWriter(target, reader.schema, compression="zstd") as writer:
        for batch in reader:
            writer.write_batch(batch)
