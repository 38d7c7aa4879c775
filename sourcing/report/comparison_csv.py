"""A comparison as CSV: one row a figure, for spreadsheets and statistics programs.

RFC 4180 in UTF-8. The first column says what a row is; cells that do not apply are empty. Numbers stand as they are, in full;
a name that a spreadsheet would take for a formula gets a leading apostrophe.
"""

import csv
import io
from collections.abc import Iterator

from sourcing.records.comparison import Comparison
from sourcing.report.csv import cell

COLUMNS = {
    "Row": "`estimate`, `difference` or `trend`",
    "By": "what the groups are",
    "Metric": "`group.field`, as in docs/metrics.md",
    "Group": "the group's name; of a trend, empty for all articles",
    "Against": "of a difference, the other group; empty for the rest of the corpus",
    "Month": "of a trend, YYYY-MM",
    "Articles": "articles with a value",
    "Stories": "different stories among them",
    "Mean": "the mean; of a difference, Group's less Against's",
    "MeanLow": "lower end of its 95 % interval",
    "MeanHigh": "upper end",
    "Median": "the median",
    "MedianLow": "lower end of its 95 % interval",
    "MedianHigh": "upper end",
    "CliffsDelta": "of a difference, the effect size, -1 to 1",
    "P": "of a difference, two-sided",
    "PAdjusted": "corrected for all tests of the comparison",
}


def csv_of(comparison: Comparison) -> str:
    """Return the header and all rows: estimates, differences, trend."""
    stream = io.StringIO(newline="")
    writer = csv.DictWriter(stream, COLUMNS, restval="")
    writer.writeheader()
    for row in _rows(comparison):
        writer.writerow({"By": cell(comparison.by)} | {name: _cell(value) for name, value in row.items()})
    return stream.getvalue()


def _cell(value: str | float | None) -> str | float:
    if value is None:
        return ""
    return cell(value) if isinstance(value, str) else value


def _rows(comparison: Comparison) -> Iterator[dict[str, str | float | None]]:
    for group in comparison.groups:
        for found in group.metrics:
            yield {
                "Row": "estimate",
                "Metric": found.metric,
                "Group": group.name,
                "Articles": found.n,
                "Stories": found.stories,
                "Mean": found.mean,
                "MeanLow": found.mean_low,
                "MeanHigh": found.mean_high,
                "Median": found.median,
                "MedianLow": found.median_low,
                "MedianHigh": found.median_high,
            }
    for difference in comparison.differences:
        yield {
            "Row": "difference",
            "Metric": difference.metric,
            "Group": difference.a,
            "Against": difference.b,
            "Mean": difference.difference,
            "MeanLow": difference.low,
            "MeanHigh": difference.high,
            "CliffsDelta": difference.effect,
            "P": difference.p,
            "PAdjusted": difference.p_adjusted,
        }
    for point in comparison.trend:
        yield {
            "Row": "trend",
            "Metric": point.metric,
            "Group": point.group,
            "Month": point.month,
            "Articles": point.n,
            "Stories": point.stories,
            "Mean": point.mean,
            "MeanLow": point.low,
            "MeanHigh": point.high,
        }
