"""JSON Lines: one report a line, in the order of the inputs, for scripts and for streams without end.

An input that failed leaves a line `{"error": …}` (schemas/error.json) in its place, so that line n is always input n.
"""

from collections.abc import Iterator

from sourcing.records import Failure, Report
from sourcing.report.formats import Format, Layout
from sourcing.report.json import encode


def render(results: Iterator[Report | Failure], layout: Layout) -> Iterator[str]:
    """Yield one line a result."""
    for result in results:
        yield encode(result) + "\n"


FORMAT = Format(
    name="jsonl",
    summary="the whole report, one a line",
    needs_text=False,
    render=render,
)
