"""A comparison of groups as people and programs read it: text, JSON, CSV, a page, and pictures.

Names of groups come from articles and are never trusted; each output passes them through `untrusted` and its own escapes.
"""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from sourcing.errors import UsageError
from sourcing.records.comparison import Comparison
from sourcing.report.comparison_csv import csv_of
from sourcing.report.comparison_text import text_of
from sourcing.report.formats import Layout
from sourcing.report.json import INDENT, encode

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pyarrow as pa

    from sourcing.report.comparison_charts import Picture

FORMATS = ("text", "json", "csv", "html")


def render(comparison: Comparison, form: str, *, table: "pa.Table | None" = None, layout: Layout | None = None) -> str:
    """Return the comparison in one of FORMATS; raises UsageError for another.

    table: the one that was compared, from which `html` draws distributions; without it the page has none. layout: width and
    colour of `text`.
    """
    writers: dict[str, Callable[[], str]] = {
        "text": lambda: text_of(comparison, layout or Layout()),
        "json": lambda: json_of(comparison),
        "csv": lambda: csv_of(comparison),
        "html": lambda: _page(comparison, table),
    }
    if form not in writers:
        raise UsageError(f"there is no format {form!r} for a comparison; there are: {', '.join(FORMATS)}")
    return writers[form]()


def draw_charts(
    comparison: Comparison, table: "pa.Table", folder: str | Path, formats: "Sequence[Picture]" = ("svg", "png")
) -> tuple[Path, ...]:
    """Write the charts as files, `comparison_charts.draw_charts`."""
    from sourcing.report import comparison_charts  # altair and vl-convert are slow to load

    return comparison_charts.draw_charts(comparison, table, folder, formats)


def json_of(comparison: Comparison) -> str:
    """Return the comparison as schemas/comparison.json has it."""
    return encode(cast("Any", comparison), indent=INDENT) + "\n"  # any record will do


def _page(comparison: Comparison, table: "pa.Table | None") -> str:
    from sourcing.report.comparison_html import page_of

    return page_of(comparison, table)
