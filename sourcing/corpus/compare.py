"""Compare groups of articles, outlets as a rule: every metric with intervals, differences with effect sizes, a trend by month.

What is worked out and why, and what the figures cannot show: docs/compare.md. A million articles with 30 metrics take seconds,
since nothing here goes through articles one by one.

>>> import pyarrow as pa
>>> outlets = ["Harbour Courier"] * 30 + ["Inland Post"] * 30
>>> table = pa.table({"group": outlets, "story": range(60), "month": ["2024-05"] * 60, "words": range(60)})
>>> found = compare(table, by="outlet").differences[0]
>>> found.metric, found.a, found.b, found.difference, found.effect, found.p < 0.001
('words', 'Harbour Courier', 'Inland Post', -30.0, -1.0, True)
"""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import chain, combinations, pairwise
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from sourcing.corpus.comparison_columns import Columns, Floats, Ints, read_columns
from sourcing.corpus.comparison_differences import (
    CORRECTION,
    METHOD,
    METHOD_REST,
    Cells,
    add_up,
    compare_pairs,
    compare_with_rest,
    correct,
)
from sourcing.corpus.comparison_intervals import Intervals, estimate
from sourcing.errors import UsageError
from sourcing.records.comparison import Comparison, Difference, Estimate, GroupSummary, Pairing, TrendPoint

if TYPE_CHECKING:
    import pyarrow as pa

ALL_PAIRS = 12
"""Groups up to which all pairs are compared (66), and each has its own trend; of more, each is compared with the rest."""

DIGITS = 6
"""Significant digits of a figure: the seventh is below every interval, and may differ between processors."""

FEWEST_REPLICATES = 200
WORKERS = 2  # threads; each works on some 100 MB of a million articles

Item = TypeVar("Item")
Result = TypeVar("Result")


def compare(
    table: "pa.Table",
    *,
    by: str,
    minimum: int = 20,
    seed: int = 1,
    replicates: int = 1000,
    pairs: Sequence[tuple[str, str]] | None = None,
) -> Comparison:
    """Return the comparison of the groups of `table`.

    table: one row an article. `group` is the name of what is compared (text; null or blank: unknown, left out and counted);
    `story` the number that copies of one text share (null: a text of its own); `month` 'YYYY-MM' or null. `copies` is not
    looked at, and every other column is a metric: numbers, null where the article has none.
    by: what the groups are ("outlet", "author", "month", "domain"). minimum: articles a group must have, and values a
    metric must have in a group. pairs: compare these two and two, and no others; otherwise all pairs of up to 12 groups, or
    each of more with the rest of the corpus.
    The same table, its rows in any order, and the same seed give the same comparison.
    Raises UsageError for options that make no sense, a pair whose groups are not compared, or a column that is no metric.
    """
    if minimum < 2:
        raise UsageError("the minimum of articles must be 2 or more")
    if replicates < FEWEST_REPLICATES:
        raise UsageError(f"a 95 % interval needs {FEWEST_REPLICATES} replicates or more")
    if seed < 0:
        raise UsageError("the seed must not be negative")
    columns = read_columns(table, minimum=minimum, by_name=by == "month")
    pairing: Pairing = "all_pairs" if len(columns.names) <= ALL_PAIRS else "each_against_rest"
    asked = list(combinations(range(len(columns.names)), 2)) if pairing == "all_pairs" else []
    if pairs is not None:
        pairing, asked = "chosen_pairs", _places(columns.names, pairs)
    differences = _differences(columns, pairing, asked, minimum)
    return Comparison(
        by=by,
        articles=columns.articles,
        dropped_without_group=columns.dropped,
        small_groups=columns.small,
        minimum=minimum,
        replicates=replicates,
        seed=seed,
        pairing=pairing,
        correction=CORRECTION,
        tests=sum(difference.p is not None for difference in differences),
        groups=_groups(columns, seed, replicates, minimum),
        differences=differences,
        trend=tuple(_trend(columns, by != "month", seed, replicates, minimum)),
    )


def _places(names: tuple[str, ...], pairs: Sequence[tuple[str, str]]) -> list[tuple[int, int]]:
    places = {name: place for place, name in enumerate(names)}
    for name in (name for pair in pairs for name in pair):
        if name not in places:
            raise UsageError(f"{name!r} is not among the groups compared: unknown, or with too few articles")
    asked = [(places[a], places[b]) for a, b in pairs]
    if len({frozenset(pair) for pair in asked}) < len(asked) or any(a == b for a, b in asked):
        raise UsageError("a pair to compare is two different groups, and is given once")
    return asked


def _each(work: Callable[[Item], Result], items: Iterable[Item]) -> list[Result]:
    """The results of `work`, in order. numpy lets threads run side by side, if its own do not wait for the same cores."""
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1), ThreadPoolExecutor(min(WORKERS, os.cpu_count() or 1)) as pool:
        return list(pool.map(work, items))


def _groups(columns: Columns, seed: int, replicates: int, minimum: int) -> tuple[GroupSummary, ...]:
    """Every group's metrics; groups with as many stories after each other, since they share their draws."""
    ends = np.searchsorted(columns.group, np.arange(len(columns.names) + 1)).tolist()
    rows = [slice(*ends[place : place + 2]) for place in range(len(columns.names))]
    stories = [len(np.unique(columns.story[part])) for part in rows]

    def summarize(place: int) -> GroupSummary:
        part = rows[place]
        intervals = estimate(columns.values[:, part], columns.story[part], seed=seed, replicates=replicates)
        return GroupSummary(
            name=columns.names[place],
            articles=part.stop - part.start,
            stories=stories[place],
            metrics=tuple(_estimates(columns.metrics, intervals, minimum)),
        )

    order = sorted(range(len(rows)), key=lambda place: stories[place])
    found = dict(zip(order, _each(summarize, order), strict=True))
    return tuple(found[place] for place in range(len(rows)))


def _estimates(metrics: tuple[str, ...], intervals: Intervals, minimum: int) -> Iterator[Estimate]:
    enough = intervals.n >= minimum
    figures = [_figures(np.where(enough, part, np.nan)) for part in intervals[2:]]
    for metric, n, stories, *rest in zip(
        metrics, intervals.n.tolist(), intervals.stories.tolist(), *figures, strict=True
    ):
        mean, mean_low, mean_high, median, median_low, median_high = rest
        yield Estimate(
            metric=metric,
            n=n,
            stories=stories,
            mean=mean,
            mean_low=mean_low,
            mean_high=mean_high,
            median=median,
            median_low=median_low,
            median_high=median_high,
        )


def _differences(
    columns: Columns, pairing: Pairing, asked: list[tuple[int, int]], minimum: int
) -> tuple[Difference, ...]:
    cells = Cells.of(columns)
    rest = pairing == "each_against_rest"
    a = np.arange(len(columns.names)) if rest else np.array([a for a, _ in asked], dtype=np.int64)
    b = np.array([b for _, b in asked], dtype=np.int64)
    if not len(a):
        return ()

    def test(values: Floats) -> Floats:
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            totals = add_up(values, cells)
            if rest:
                found = compare_with_rest(totals, cells, values, columns.group)
                others = totals.cell_n.sum() - totals.n
            else:
                found = compare_pairs(totals, cells, a, b, values, columns.group)
                others = totals.n[b]
            return np.where((totals.n[a] >= minimum) & (others >= minimum), np.array(found), np.nan)

    difference, low, high, effect, p = np.stack(_each(test, columns.values), axis=1)
    figures = [_figures(part) for part in (difference, low, high, effect, p, correct(p.ravel()))]
    names_a = [columns.names[place] for place in a.tolist()]
    names_b = [None] * len(a) if rest else [columns.names[place] for place in b.tolist()]
    keys = ((metric, *names) for metric in columns.metrics for names in zip(names_a, names_b, strict=True))
    method = METHOD_REST if rest else METHOD
    return tuple(
        Difference(
            metric=metric,
            a=first,
            b=second,
            difference=difference,
            low=low,
            high=high,
            effect=effect,
            p=p,
            p_adjusted=adjusted,
            method=None if p is None else method,
        )
        for (metric, first, second), difference, low, high, effect, p, adjusted in zip(keys, *figures, strict=True)
    )


def _trend(columns: Columns, apart: bool, seed: int, replicates: int, minimum: int) -> Iterator[TrendPoint]:
    """The months of all articles, then of each group if they are few and to be told `apart`; none with too few articles."""
    dated = np.flatnonzero(columns.month >= 0)
    everybody = np.zeros(len(dated), dtype=np.int64)
    yield from _months(columns, dated, everybody, (None,), seed, replicates, minimum)
    if apart and len(columns.names) <= ALL_PAIRS:
        dated = dated[columns.group[dated] < len(columns.names)]
        yield from _months(columns, dated, columns.group[dated], columns.names, seed, replicates, minimum)


def _months(
    columns: Columns,
    rows: Ints,
    owner: Ints,
    owners: Sequence[str | None],
    seed: int,
    replicates: int,
    minimum: int,
) -> Iterator[TrendPoint]:
    month = columns.month[rows]
    order = np.lexsort((columns.story[rows], month, owner))
    rows, cell = rows[order], (owner * len(columns.months) + month)[order]
    borders = [0, *(np.flatnonzero(np.diff(cell)) + 1).tolist(), len(rows)]

    def points(held: slice) -> list[TrendPoint]:
        part = rows[held]
        story = columns.story[part]
        found = estimate(columns.values[:, part], story, seed=seed, replicates=replicates, medians=False)
        whose, when = divmod(int(cell[held.start]), len(columns.months))
        figures = zip(*map(_figures, (found.mean, found.mean_low, found.mean_high)), strict=True)
        counts = zip(columns.metrics, found.n.tolist(), found.stories.tolist(), figures, strict=True)
        return [
            TrendPoint(
                metric=metric,
                group=owners[whose],
                month=columns.months[when],
                n=n,
                stories=stories,
                mean=mean,
                low=low,
                high=high,
            )
            for metric, n, stories, (mean, low, high) in counts
            if n >= minimum and mean is not None
        ]

    months = [slice(start, end) for start, end in pairwise(borders) if end - start >= minimum]
    yield from chain.from_iterable(_each(points, months))


def _figures(values: Floats) -> list[float | None]:
    """The values with DIGITS significant digits; None for what is not finite."""
    flat = values.ravel()
    finite = np.isfinite(flat)
    safe = np.where(finite, flat, 0.0)
    size = np.floor(np.log10(np.maximum(np.abs(safe), 1e-300)))
    scale = np.clip(DIGITS - 1 - size, -300, 300)
    up, down = 10.0 ** np.maximum(scale, 0), 10.0 ** np.maximum(-scale, 0)
    rounded = np.round(safe * up / down) * down / up + 0.0
    return [value if held else None for value, held in zip(rounded.tolist(), finite.tolist(), strict=True)]
