"""What the corpus's page asks beyond sourcing/api/questions.py; plain functions for the worker processes (`Service.ask`)."""

from pathlib import Path
from typing import Any

import msgspec

from sourcing.corpus import Corpus
from sourcing.corpus.attested import ATTESTED, MEMORY, OTHERS, attest
from sourcing.corpus.expected import expect, read_baseline
from sourcing.corpus.layout import BASELINE, LISTED, SPEAKERS
from sourcing.corpus.store import Store
from sourcing.measure.corroboration import corroboration
from sourcing.records import CorpusStatus, Elsewhere, Report
from sourcing.records.comparison import Comparison
from sourcing.records.corpus import Unattested


def find_lonely(path: Path, limit: int) -> list[Unattested]:
    """Who is met in one story only, most suspicious first."""
    return Corpus(path).unattested(limit=limit)


def find_shares(path: Path, limit: int) -> list[dict[str, Any]]:
    """The articles with most named speakers whom nobody else has met, beside what is to be expected."""
    rows: list[dict[str, Any]] = Corpus(path).shares(limit=limit).to_pylist()
    return [row for row in rows if row["nowhere_else"]]


def read_attested(path: Path, identity: str) -> bytes | None:
    """The stored report of an article as JSON, with where else its named speakers are met now, which `Corpus.attested` says of all
    articles together, and what share was to be expected; None for an article that is not there. The score stays the stored one."""
    report = Corpus(path).report(identity)
    return None if report is None else msgspec.json.encode(_attested(Store(path), identity, report))


def _attested(store: Store, identity: str, report: Report) -> Report:
    connection = store.connect(SPEAKERS, LISTED, BASELINE, memory=MEMORY)
    (others,) = connection.execute(f"select {OTHERS}").fetchall()[0]
    if not others:
        return report
    attest(connection, "a.id = $id", {"id": identity})
    found = {row["speaker"]: _status(row) for row in connection.sql(ATTESTED).to_arrow_table().to_pylist()}
    named = sum(speaker.class_ == "named" for speaker in report.speakers)
    nowhere = sum(status.status == "nowhere_else" for status in found.values())
    apart = [story for (story,) in connection.execute("select distinct story from spoken").fetchall()]
    expected = expect(read_baseline(connection), len(found), nowhere, apart)
    elsewhere = Elsewhere(speakers=found, undetermined=named - len(found), expected=expected)
    return msgspec.structs.replace(
        report,
        speakers=tuple(msgspec.structs.replace(s, corpus=found.get(s.id)) for s in report.speakers),
        metrics=msgspec.structs.replace(report.metrics, corroboration=corroboration(elsewhere)),
    )


def _status(row: dict[str, Any]) -> CorpusStatus:
    fields = ("name", "status", "articles", "quoting", "stories", "outlets", "listed")
    return CorpusStatus(**{name: row[name] for name in fields})


def compare_outlets(path: Path, minimum: int) -> tuple[Comparison, list[str]]:
    """The outlets compared, and a chart of means with their intervals for each of the main figures."""
    from sourcing.report.comparison_charts import inline_charts

    comparison = Corpus(path).compare(by="outlet", minimum=minimum)
    charts = inline_charts(comparison, None) if comparison.groups else ()
    return comparison, [svg for kind, _, svg in charts if kind == "intervals"]
