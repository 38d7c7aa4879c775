"""The charts of a comparison: means with intervals, distributions, the trend by month; one small panel a metric.

altair describes them and vl-convert draws them without a browser. Articles are counted into bins first, so that a chart holds a
few thousand numbers however many articles there are. Every group has its row, named beside it, so that no colour has to be told
apart; the two there are (Okabe and Ito 2008) differ for colour-blind readers too, and in shape.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from sourcing.errors import UsageError
from sourcing.records.comparison import Comparison, Estimate
from sourcing.report.comparison_figures import headline_metrics, is_share, labels_of, metric_words
from sourcing.report.comparison_svg import clean_svg
from sourcing.report.figures import count

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pyarrow as pa

Picture = Literal["svg", "png"]

SHOWN_GROUPS = 25
"""Groups in a chart, those with the most articles; more rows are a list and no picture."""

BINS = 25
EDGE = 0.5  # per cent of the articles at each end that lie beyond the bins and are counted in the outermost
LABEL = 24  # signs of a group's name
TICKS = 4  # months named below a trend
WIDTH = 230  # pixels of a panel beside its names

# Colours stand for classes of the page's style sheet, which has others for a dark page.
INK, SOFT, RULE, MAIN, MIDDLE = "#1c1b19", "#57544e", "#dcd8cf", "#0072b2", "#d55e00"
COLOURS = {INK: "ink", SOFT: "soft", RULE: "rule", MAIN: "main", MIDDLE: "middle"}

ALL = "all articles"

CAPTIONS = {
    "intervals": "The mean of each group (dot) with its 95 % interval (line).",
    "distributions": "How a group's articles are spread, and their median (line). "
    "A row is as high as its fullest bin; the outermost bins hold all that lies beyond.",
    "trend": "The mean of each month (line) with its 95 % interval (band).",
}

_CONFIG: dict[str, Any] = {
    "font": "Arial, Helvetica, Liberation Sans, sans-serif",
    "background": None,
    "view": {"stroke": None},
    "axis": {
        "domainColor": SOFT,
        "tickColor": SOFT,
        "gridColor": RULE,
        "labelColor": INK,
        "labelFontSize": 12,
        "labelLimit": 150,
        "labelOverlap": "greedy",
        "labelSeparation": 6,
    },
    "title": {"color": INK, "subtitleColor": SOFT, "fontSize": 14, "anchor": "start"},
    "header": {"labelColor": INK, "labelFontSize": 12, "labelLimit": 150},
}


class Panel(NamedTuple):
    """One chart of one metric."""

    kind: str
    metric: str
    chart: Any


def draw_charts(
    comparison: Comparison, table: "pa.Table", folder: str | Path, formats: Sequence[Picture] = ("svg", "png")
) -> tuple[Path, ...]:
    """Write `intervals`, `distributions` and `trend` into `folder` in each of `formats`; return the files.

    table: the one that was compared. A picture that would be empty is not written: no group, no month. Raises UsageError when the
    folder cannot be written to.
    """
    import altair

    written = []
    panels = list(panels_of(comparison, table))
    for kind, caption in CAPTIONS.items():
        charts = [panel.chart for panel in panels if panel.kind == kind]
        if not charts:
            continue
        title = altair.Title(
            f"{count(len(comparison.groups), comparison.by)} compared: {kind}", subtitle=caption, offset=14
        )
        whole = altair.concat(*charts, columns=3, title=title, spacing=30)
        spec = _spec(whole, background="white", padding=12)
        for form in formats:
            path = Path(folder) / f"{kind}.{form}"
            drawn = _draw(spec, form, caption)
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(drawn)
            except OSError as error:
                raise UsageError(f"cannot write {path}: {error.strerror or error}") from error
            written.append(path)
    return tuple(written)


def _draw(spec: dict[str, Any], form: Picture, caption: str) -> bytes:
    import vl_convert

    if form == "png":
        return bytes(vl_convert.vegalite_to_png(spec, scale=2, allowed_base_urls=[]))
    drawn = vl_convert.vegalite_to_svg(spec, allowed_base_urls=[])
    return clean_svg(drawn, label=caption, colours=COLOURS, inline=False).encode()


def inline_charts(comparison: Comparison, table: "pa.Table | None") -> Iterator[tuple[str, str, str]]:
    """Yield kind, metric and SVG of every panel, for a page that has the classes of COLOURS."""
    import vl_convert

    for panel in panels_of(comparison, table):
        room = {"left": 16, "right": 8, "top": 4, "bottom": 4}  # the reader's font may be wider than ours
        drawn = vl_convert.vegalite_to_svg(_spec(panel.chart, padding=room), allowed_base_urls=[])
        label = f"{metric_words(panel.metric)}: {CAPTIONS[panel.kind]}"
        yield panel.kind, panel.metric, clean_svg(drawn, label=label, colours=COLOURS, inline=True)


def panels_of(comparison: Comparison, table: "pa.Table | None") -> Iterator[Panel]:
    """Yield the panels, kind by kind; without the table there are no distributions."""
    shown = comparison.groups[:SHOWN_GROUPS]
    names = [group.name for group in shown]
    labels = labels_of(names, LABEL)
    metrics = headline_metrics(comparison)
    for metric in metrics:
        found = [next(entry for entry in group.metrics if entry.metric == metric) for group in shown]
        yield Panel("intervals", metric, _intervals(metric, labels, found))
    for metric, counts, edges in _binned(table, names, metrics) if table is not None else ():
        medians = [entry.median for group in shown for entry in group.metrics if entry.metric == metric]
        yield Panel("distributions", metric, _distribution(metric, labels, counts, edges, medians))
    for metric in metrics:
        if chart := _trend(comparison, metric):
            yield Panel("trend", metric, chart)


def _spec(chart: Any, **top: Any) -> dict[str, Any]:
    spec: dict[str, Any] = chart.to_dict(validate=False)
    spec["config"] = _CONFIG | {"background": top.pop("background", None)}
    return spec | top


def _axis(metric: str) -> dict[str, Any]:
    return {"format": ".0%", "tickCount": 5} if is_share(metric) else {"tickCount": 5}


def _row(labels: Sequence[str]) -> Any:
    """The rows of a panel, one a group, named at the left."""
    import altair as alt

    header = alt.Header(title=None, labelAngle=0, labelAlign="left", labelAnchor="middle", labelPadding=24)
    return alt.Row("group:N", sort=list(labels), header=header)


def _intervals(metric: str, labels: Sequence[str], found: Sequence[Estimate]) -> Any:
    import altair as alt

    rows = [
        {"group": label, "mean": entry.mean, "low": entry.mean_low, "high": entry.mean_high}
        for label, entry in zip(labels, found, strict=True)
    ]
    known = alt.InlineData(values=[row for row in rows if row["mean"] is not None])
    spread = alt.InlineData(values=[row for row in rows if row["low"] is not None])
    group = alt.Y(
        "group:N",
        sort=None,
        scale=alt.Scale(domain=list(labels)),
        title=None,
        axis=alt.Axis(ticks=False, labelPadding=8),
    )
    near = alt.Scale(zero=False, nice=False, padding=8)
    axis = alt.Axis(**_axis(metric))
    return alt.layer(
        alt.Chart(spread)
        .mark_rule(color=MAIN, strokeWidth=2)
        .encode(alt.X("low:Q", title=None, scale=near, axis=axis), group, x2="high:Q"),
        alt.Chart(known)
        .mark_circle(size=38, color=MAIN, opacity=1)
        .encode(alt.X("mean:Q", title=None, scale=near, axis=axis), group),
    ).properties(width=WIDTH, height={"step": 19}, title=metric_words(metric))


def _distribution(
    metric: str,
    labels: Sequence[str],
    counts: "npt.NDArray[np.int64]",
    edges: "npt.NDArray[np.float64]",
    medians: Sequence[float | None],
) -> Any:
    import altair as alt

    rows: list[dict[str, Any]] = []
    borders = edges.tolist()
    for label, held, median in zip(labels, counts.tolist(), medians, strict=True):
        heights = [amount / (max(held) or 1) for amount in held]
        # A step for each bin, closed at its right end.
        steps = zip(borders, [*heights, heights[-1]], strict=True)
        rows += [{"group": label, "value": edge, "height": height} for edge, height in steps]
        if median is not None:
            rows.append({"group": label, "median": min(max(median, borders[0]), borders[-1])})
    base = alt.Chart()
    scale = alt.Scale(nice=False, domain=[borders[0], borders[-1]])
    axis = alt.Axis(grid=False, **_axis(metric))
    height = alt.Y("height:Q", title=None, axis=None, scale=alt.Scale(domain=[0, 1]))
    area = base.mark_area(interpolate="step-after", color=MAIN, opacity=1).transform_filter("isValid(datum.value)")
    line = base.mark_rule(color=MIDDLE, strokeWidth=2.5).transform_filter("isValid(datum.median)")
    layers = alt.layer(
        area.encode(alt.X("value:Q", title=None, scale=scale, axis=axis), height),
        line.encode(alt.X("median:Q", title=None, scale=scale, axis=axis)),
    ).properties(width=WIDTH, height=20)
    rowed = layers.facet(row=_row(labels), data=alt.InlineData(values=rows))
    return rowed.properties(title=metric_words(metric), spacing=2)


def _trend(comparison: Comparison, metric: str) -> Any:
    """The panel of one metric; None when not two months have enough articles."""
    import altair as alt

    names = [group.name for group in comparison.groups] if comparison.by != "month" else []
    labels: dict[str | None, str] = {None: ALL}
    labels.update(zip(names, labels_of(names, LABEL, taken=(ALL,)), strict=True))
    points = [point for point in comparison.trend if point.metric == metric and point.group in labels]
    months = sorted({point.month for point in points})
    if len(months) < 2:
        return None
    rows = [
        {
            "group": labels[point.group],
            "month": point.month,
            "mean": point.mean,
            "low": point.mean if point.low is None else point.low,
            "high": point.mean if point.high is None else point.high,
        }
        for point in points
    ]
    ticks = [_date(month) for month in months[:: -(-len(months) // TICKS)]]
    dates = alt.Axis(format="%Y-%m", values=ticks, grid=False)
    month = alt.X("month:T", title=None, scale=alt.Scale(type="utc"), axis=dates)
    axis = alt.Axis(**_axis(metric) | {"tickCount": 3})
    near = alt.Scale(zero=False)
    base = alt.Chart().encode(month)
    layers = alt.layer(
        base.mark_area(opacity=0.25, color=MAIN).encode(
            alt.Y("low:Q", title=None, scale=near, axis=axis), alt.Y2("high:Q")
        ),
        base.mark_line(strokeWidth=1.8, color=MAIN, point={"size": 12, "opacity": 1, "color": MAIN}).encode(
            alt.Y("mean:Q", title=None, scale=near, axis=axis)
        ),
    ).properties(width=WIDTH, height=44)
    shown = [label for name, label in labels.items() if any(point.group == name for point in points)]
    rowed = layers.facet(row=_row(shown), data=alt.InlineData(values=rows))
    return rowed.properties(title=metric_words(metric), spacing=14)


def _date(month: str) -> Any:
    import altair as alt

    return alt.DateTime(year=int(month[:4]), month=int(month[5:]), date=1, utc=True)


def _binned(
    table: "pa.Table", names: Sequence[str], metrics: Sequence[str]
) -> Iterator[tuple[str, "npt.NDArray[np.int64]", "npt.NDArray[np.float64]"]]:
    """Each metric's articles counted: groups x bins, and the bins' edges."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    place = pc.index_in(table["group"].cast(pa.string()), value_set=pa.array(names, pa.string()))
    group = place.fill_null(-1).to_numpy()
    for metric in metrics:
        values = table[metric].cast(pa.float64()).to_numpy()
        held = (group >= 0) & np.isfinite(values)
        if not held.any():
            continue
        inside, owner = values[held], group[held]
        edges = _edges(inside, is_share(metric))
        last = len(edges) - 2
        step = (edges[-1] - edges[0]) / (last + 1)
        bins = np.clip(np.floor((inside - edges[0]) / step + 1e-9), 0, last).astype(np.int64)
        counts = np.bincount(owner * (last + 1) + bins, minlength=len(names) * (last + 1))
        yield metric, counts.reshape(len(names), last + 1), edges


def _edges(values: "npt.NDArray[np.float64]", share: bool) -> "npt.NDArray[np.float64]":
    """The edges of bins of one width: of a share 0..1, of few whole numbers one bin each."""
    import numpy as np

    if share and values.min() >= 0 and values.max() <= 1:
        return np.linspace(0.0, 1.0, BINS + 1)
    low, high = np.percentile(values, [EDGE, 100 - EDGE])
    if high - low < BINS and not np.any(values % 1):
        return np.arange(np.floor(low), np.floor(high) + 2) - 0.5
    if high <= low:
        low, high = low - 0.5, low + 0.5
    return np.linspace(low, high, BINS + 1)
