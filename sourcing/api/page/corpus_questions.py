"""What the corpus's page asks beyond sourcing/api/questions.py; plain functions for the worker processes (`Service.ask`)."""

from pathlib import Path

import msgspec

from sourcing.corpus import Corpus
from sourcing.records.comparison import Comparison


def read_attested(path: Path, identity: str) -> bytes | None:
    """The stored report of an article as JSON, with where else its named speakers are met now; None for one that is not there."""
    report = Corpus(path).report(identity, attested=True)
    return None if report is None else msgspec.json.encode(report)


def compare_outlets(path: Path, minimum: int) -> tuple[Comparison, list[str]]:
    """The outlets compared, and a chart of means with their intervals for each of the main figures."""
    from sourcing.report.comparison_charts import inline_charts

    comparison = Corpus(path).compare(by="outlet", minimum=minimum)
    charts = inline_charts(comparison, None) if comparison.groups else ()
    return comparison, [svg for kind, _, svg in charts if kind == "intervals"]
