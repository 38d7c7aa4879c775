"""A comparison in the terminal: the headline metrics group by group, then the differences that hold, largest first."""

import io
from typing import TYPE_CHECKING, Literal

from sourcing.records.comparison import Comparison, Estimate, GroupSummary
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
from sourcing.report.figures import count
from sourcing.report.formats import Layout
from sourcing.report.text import console_for
from sourcing.report.untrusted import one_line

if TYPE_CHECKING:
    from rich.console import Console

SHOWN_GROUPS = 30
"""Groups listed under each metric, those with the most articles."""

SHOWN_DIFFERENCES = 30
"""Differences listed; a desk reads no more in a terminal, and JSON, CSV and HTML have more."""

REST = "the rest"
GAP = 2  # columns between two columns
SHORTEST = 8  # columns that a name keeps


def text_of(comparison: Comparison, layout: Layout) -> str:
    """Return the comparison as text `layout.width` columns wide, ending in a line feed."""
    stream = io.StringIO()
    console = console_for(stream, layout, least=60)
    _header(console, comparison)
    metrics = headline_metrics(comparison)
    for metric in metrics:
        _metric(console, comparison, metric)
    more = len(comparison.groups[0].metrics) - len(metrics) if comparison.groups else 0
    if more:
        _line(console, (f"\n{count(more, 'more metric')}; --format csv has them all", "dim"))
    _differences(console, comparison)
    _line(console, ("\nWhat these figures can and cannot show: docs/compare.md", "dim"))
    return "\n".join(line.rstrip() for line in stream.getvalue().split("\n"))


def overview(comparison: Comparison) -> list[str]:
    """Return what was compared and what was left out, in sentences."""
    by = one_line(comparison.by)
    compared = sum(group.articles for group in comparison.groups)
    found = [f"{count(compared, 'article')} of {comparison.articles:,} are compared."]
    if comparison.dropped_without_group:
        found.append(f"{count(comparison.dropped_without_group, 'article')} without {by}.")
    if comparison.small_groups:
        left = sum(amount for _, amount in comparison.small_groups)
        found.append(
            f"{count(len(comparison.small_groups), by)} with fewer than {comparison.minimum} articles left out "
            f"({count(left, 'article')})."
        )
    found.append(
        f"Intervals: 95 %, {comparison.replicates:,} bootstrap replicates of whole stories, seed {comparison.seed}."
    )
    return found


def differences_summary(comparison: Comparison) -> str:
    """Return how many tests were made, between what, and how many hold."""
    pairs = {
        "all_pairs": f"all pairs of {comparison.by}s",
        "each_against_rest": f"each {comparison.by} against the rest of the corpus",
        "chosen_pairs": "the pairs asked for",
    }[comparison.pairing]
    held = sum(map(holds, comparison.differences))
    return (
        f"{count(comparison.tests, 'test')}, {one_line(pairs)}; {held:,} with p below 0.05 after "
        f"{one_line(comparison.correction)}'s correction"
    )


def _header(console: "Console", comparison: Comparison) -> None:
    _line(console, (f"Comparison of {count(len(comparison.groups), one_line(comparison.by))}", "bold"))
    for sentence in overview(comparison):
        _line(console, (sentence, "dim"))


def _metric(console: "Console", comparison: Comparison, metric: str) -> None:
    _line(console, (f"\n{metric_words(metric)}", "bold"), (f"  {one_line(metric)}", "dim"))
    wide = console.width >= 96
    heads = [one_line(comparison.by), "articles", *(["stories"] if wide else []), "mean", "95 % interval", "median"]
    heads += ["95 % interval"] if wide else []
    rows = []
    for group in comparison.groups[:SHOWN_GROUPS]:
        found = estimate_of(group, metric)
        rows.append([
            one_line(group.name),
            f"{found.n:,}",
            *([f"{found.stories:,}"] if wide else []),
            figure(metric, found.mean),
            interval(metric, found.mean_low, found.mean_high),
            figure(metric, found.median),
            *([interval(metric, found.median_low, found.median_high)] if wide else []),
        ])  # fmt: skip
    _table(console, heads, rows, names=1, bold=2 + wide)
    _rest(console, len(comparison.groups) - SHOWN_GROUPS, one_line(comparison.by))


def _differences(console: "Console", comparison: Comparison) -> None:
    _line(console, ("\nDifferences", "bold"), (f"  {differences_summary(comparison)}", "dim"))
    held = [found for found in by_evidence(comparison.differences) if holds(found)]
    if not held:
        return
    wide = console.width >= 112
    heads = ["metric", one_line(comparison.by), "against", "difference", *(["95 % interval"] if wide else [])]
    heads += ["effect", "p, corrected"]
    rows = [
        [
            metric_words(found.metric),
            one_line(found.a),
            REST if found.b is None else one_line(found.b),
            signed(found.metric, found.difference),
            *([interval(found.metric, found.low, found.high, difference=True)] if wide else []),
            f"{effect(found.effect)} {effect_size(found.effect)}",
            probability(found.p_adjusted),
        ]
        for found in held[:SHOWN_DIFFERENCES]
    ]
    _table(console, heads, rows, names=3, bold=3)
    _rest(console, len(held) - SHOWN_DIFFERENCES, "difference")
    _line(console, ("effect: Cliff's delta, from -1 to 1", "dim"))


def estimate_of(group: GroupSummary, metric: str) -> Estimate:
    """Return a group's estimate of a metric; every group has every metric of the comparison."""
    return next(found for found in group.metrics if found.metric == metric)


def _rest(console: "Console", more: int, what: str) -> None:
    if more > 0:
        _line(console, (f"… and {count(more, f'more {what}')}; --format csv has them all", "dim"))


def _line(console: "Console", *parts: tuple[str, str]) -> None:
    from rich.text import Text

    console.print(Text.assemble(*parts))


def _table(console: "Console", heads: list[str], rows: list[list[str]], *, names: int, bold: int) -> None:
    """The first `names` columns give way when there is no room; numbers never do."""
    from rich.cells import cell_len
    from rich.table import Table
    from rich.text import Text

    widths = [max(map(cell_len, column)) for column in zip(heads, *rows, strict=True)]
    while sum(widths) + GAP * len(widths) > console.width and max(widths[:names]) > SHORTEST:
        widths[widths.index(max(widths[:names]))] -= 1
    table = Table.grid(padding=(0, GAP, 0, 0))
    for place, width in enumerate(widths):
        side: Literal["left", "right"] = "left" if place < names else "right"
        table.add_column(justify=side, width=width, overflow="ellipsis", no_wrap=True)
    table.add_row(*(Text(head, style="dim") for head in heads))
    for row in rows:
        table.add_row(*(Text(cell, style="bold" if place == bold else "") for place, cell in enumerate(row)))
    console.print(table)
