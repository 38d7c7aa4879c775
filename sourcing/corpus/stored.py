"""A stored report, with where else its named speakers are met as the corpus is now."""

from typing import Any

import msgspec

from sourcing.corpus.attested import ATTESTED, MEMORY, OTHERS, attest
from sourcing.corpus.expected import expect, read_baseline
from sourcing.corpus.layout import BASELINE, LISTED, REPORTS, SPEAKERS
from sourcing.corpus.store import Store
from sourcing.measure.corroboration import corroboration
from sourcing.records import CorpusStatus, Elsewhere, Report

STATUS = ("name", "status", "articles", "quoting", "stories", "outlets", "listed")


def read_report(store: Store, identity: str) -> Report | None:
    """The report of an article as it was stored; None when it is not there."""
    rows = (
        store.connect(REPORTS)
        .execute(f"select r.report from live a join {REPORTS} r using (doc) where a.id = ? limit 1", [identity])
        .fetchall()
    )
    return Report.from_json(rows[0][0]) if rows else None


def attest_report(store: Store, identity: str, report: Report) -> Report:
    """The same with `speakers[].corpus` and `metrics.corroboration`, as `Corpus.attested` and `Corpus.shares` have them of all
    articles together. The score stays the stored one."""
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
    return CorpusStatus(**{name: row[name] for name in STATUS})
