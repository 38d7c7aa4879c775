"""Outlets side by side: a row a figure, a column an outlet, each mean with its interval."""

from typing import NamedTuple

from sourcing.records.comparison import Comparison, Estimate, GroupSummary
from sourcing.report.comparison_figures import figure, headline_metrics, holds, interval, metric_words

COLUMNS = 6
"""Outlets beside each other, those with most articles; the charts have more."""


class Cell(NamedTuple):
    """A mean, its 95 % interval, and whether it differs from another outlet's (or the rest's) after correction for chance."""

    mean: str
    interval: str
    differs: bool


class SideBySide(NamedTuple):
    """heads: outlet and number of its articles. rows: a figure's name and its cells. left_out: outlets without a column."""

    heads: tuple[tuple[str, int], ...]
    rows: tuple[tuple[str, tuple[Cell, ...]], ...]
    left_out: int


def side_by_side(comparison: Comparison) -> SideBySide:
    """Return the table of a comparison."""
    shown = comparison.groups[:COLUMNS]
    apart = {(d.metric, group) for d in comparison.differences if holds(d) for group in (d.a, d.b)}
    rows = []
    for metric in headline_metrics(comparison):
        found = [_estimate(group, metric) for group in shown]
        cells = [
            Cell(
                figure(metric, estimate.mean),
                interval(metric, estimate.mean_low, estimate.mean_high),
                (metric, group.name) in apart,
            )
            for group, estimate in zip(shown, found, strict=True)
        ]
        rows.append((metric_words(metric).capitalize(), tuple(cells)))
    heads = tuple((group.name, group.articles) for group in shown)
    return SideBySide(heads, tuple(rows), len(comparison.groups) - len(shown))


def _estimate(group: GroupSummary, metric: str) -> Estimate:
    return next(found for found in group.metrics if found.metric == metric)
