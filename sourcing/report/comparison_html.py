"""A comparison as one self-contained page: charts as inline SVG, and tables that a click on a heading sorts.

Like html.py's pages it loads nothing and its text goes through the same environment. It has one script, of this package, which only
sorts; the policy names it by its hash, so that nothing else can run. Without scripts the tables are as they are.
"""

import base64
import hashlib
from collections import defaultdict
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, NamedTuple

from sourcing.records.comparison import Comparison, Difference
from sourcing.report.comparison_charts import CAPTIONS, SHOWN_GROUPS, inline_charts
from sourcing.report.comparison_figures import (
    by_evidence,
    effect,
    effect_size,
    figure,
    headline_metrics,
    holds,
    interval,
    metric_words,
    probability,
    signed,
)
from sourcing.report.comparison_text import REST, differences_summary, estimate_of, overview
from sourcing.report.html import base_style, policy_for, render_template

if TYPE_CHECKING:
    import pyarrow as pa

LISTED_GROUPS = 200
LISTED_DIFFERENCES = 500
LISTED_SMALL = 100
"""Rows of the page's tables; JSON and CSV have them all."""

TITLES = {"intervals": "Means", "distributions": "Distributions", "trend": "Months"}


class Cell(NamedTuple):
    """What a table shows, and what it sorts by: a number, or None for none; of names, the name itself."""

    text: str
    key: float | str | None


class Table(NamedTuple):
    """The figures of one metric, a row a group."""

    title: str
    metric: str
    rows: list[list[Cell]]
    open: bool


def page_of(comparison: Comparison, table: "pa.Table | None") -> str:
    """Return the page; `table` is the one that was compared, and without it there are no distributions."""
    charts: defaultdict[str, list[str]] = defaultdict(list)
    for kind, _, picture in inline_charts(comparison, table):
        charts[kind].append(picture)
    style = f"{base_style()}{_asset('comparison.css')}"
    script = _asset("comparison.js")
    differences = by_evidence(comparison.differences)
    return render_template(
        "comparison.html.j2",
        comparison=comparison,
        overview=overview(comparison),
        charts=[(TITLES[kind], CAPTIONS[kind], charts[kind]) for kind in CAPTIONS if charts[kind]],
        shown_groups=SHOWN_GROUPS,
        tables=_tables(comparison),
        listed_groups=LISTED_GROUPS,
        summary=differences_summary(comparison),
        differences=[(holds(found), _row(found)) for found in differences[:LISTED_DIFFERENCES]],
        left_out=len(differences) - LISTED_DIFFERENCES,
        small=comparison.small_groups[:LISTED_SMALL],
        style=style,
        script=script,
        policy=f"{policy_for(style)}; script-src 'sha256-{_digest(script)}'",
    )


def _tables(comparison: Comparison) -> list[Table]:
    """One table a metric, those of the charts first and the first one open."""
    metrics = dict.fromkeys(headline_metrics(comparison))
    if comparison.groups:
        metrics |= dict.fromkeys(found.metric for found in comparison.groups[0].metrics)
    tables = []
    for number, metric in enumerate(metrics):
        rows = []
        for group in comparison.groups[:LISTED_GROUPS]:
            found = estimate_of(group, metric)
            mean = interval(metric, found.mean_low, found.mean_high)
            median = interval(metric, found.median_low, found.median_high)
            rows.append([
                Cell(group.name, group.name),
                Cell(f"{found.n:,}", found.n),
                Cell(f"{found.stories:,}", found.stories),
                Cell(figure(metric, found.mean), found.mean),
                Cell(mean, found.mean_low),
                Cell(figure(metric, found.median), found.median),
                Cell(median, found.median_low),
            ])  # fmt: skip
        tables.append(Table(metric_words(metric), metric, rows, number == 0))
    return tables


def _row(found: Difference) -> list[Cell]:
    against = REST if found.b is None else found.b
    return [
        Cell(metric_words(found.metric), found.metric),
        Cell(found.a, found.a),
        Cell(against, against),
        Cell(signed(found.metric, found.difference), found.difference),
        Cell(interval(found.metric, found.low, found.high, difference=True), found.low),
        Cell(f"{effect(found.effect)} {effect_size(found.effect)}", found.effect),
        Cell(probability(found.p), found.p),
        Cell(probability(found.p_adjusted), found.p_adjusted),
    ]


@cache
def _asset(name: str) -> str:
    return resources.files("sourcing.report").joinpath("templates", name).read_text(encoding="utf-8")


def _digest(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
