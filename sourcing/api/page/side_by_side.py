"""Outlets side by side: a row a figure, a column an outlet, each mean with its interval."""

from collections import defaultdict
from typing import NamedTuple

from sourcing.records.comparison import Comparison
from sourcing.report.comparison_figures import figure, headline_metrics, holds, interval, metric_words
from sourcing.report.comparison_text import estimate_of

REST = "the rest"
COLUMNS = 6
"""Outlets beside each other, those with most articles; the charts have more."""


class Cell(NamedTuple):
    """A mean, its 95 % interval, and the outlets (or REST) from which it differs after correction for chance."""

    mean: str
    interval: str
    differs: tuple[str, ...]


class SideBySide(NamedTuple):
    """heads: outlet and number of its articles. rows: a figure's name and its cells. left_out: outlets without a column."""

    heads: tuple[tuple[str, int], ...]
    rows: tuple[tuple[str, tuple[Cell, ...]], ...]
    left_out: int


def side_by_side(comparison: Comparison) -> SideBySide:
    """Return the table of a comparison."""
    shown = comparison.groups[:COLUMNS]
    apart = defaultdict[tuple[str, str | None], list[str]](list)
    for found in filter(holds, comparison.differences):
        apart[found.metric, found.a].append(REST if found.b is None else found.b)
        apart[found.metric, found.b].append(found.a)
    rows = []
    for metric in headline_metrics(comparison):
        cells = [
            Cell(
                figure(metric, estimate.mean),
                interval(metric, estimate.mean_low, estimate.mean_high),
                tuple(apart[metric, group.name]),
            )
            for group in shown
            for estimate in [estimate_of(group, metric)]
        ]
        rows.append((metric_words(metric), tuple(cells)))
    heads = tuple((group.name, group.articles) for group in shown)
    return SideBySide(heads, tuple(rows), len(comparison.groups) - len(shown))
