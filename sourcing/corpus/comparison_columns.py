"""The table of a comparison as arrays, in an order that does not depend on the order of its rows.

Rows lie by group, then by story, then by a hash of their figures: two rows that still tie are alike in every figure, so sums
come out the same to the last bit however the table was shuffled.
"""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from sourcing.errors import UsageError

if TYPE_CHECKING:
    import pyarrow as pa

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

KEYS = ("group", "story", "month", "copies")
"""Columns that are no metrics."""

_MONTH = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])")


@dataclass(frozen=True, kw_only=True)
class Columns:
    """Articles that have a group.

    values: metrics x articles, NaN where an article has none. group: index into `names`; len(names) for every group that is
    too small. story: the same number for copies of one text, in whatever groups; an article of no known story has its own.
    month: index into `months`, -1 for none. articles, dropped: rows of the table, those of them without a group.
    small: names and articles of the groups that are too small.
    """

    metrics: tuple[str, ...]
    names: tuple[str, ...]
    months: tuple[str, ...]
    values: Floats
    group: Ints
    story: Ints
    month: Ints
    articles: int
    dropped: int
    small: tuple[tuple[str, int], ...]


def read_columns(table: "pa.Table", *, minimum: int, by_name: bool) -> Columns:
    """Return the columns of `table`, as `compare` describes it.

    Groups stand by name if `by_name`, else those with the most articles first. Raises UsageError for a table without
    `group`, `story` or any metric, or a metric that is not a number.
    """
    metrics = tuple(name for name in table.column_names if name not in KEYS)
    if missing := {"group", "story"} - set(table.column_names):
        raise UsageError(f"the table to compare has no column {', '.join(sorted(missing))}")
    if not metrics:
        raise UsageError("the table to compare has no metric")
    names, codes = _read_names(table, "group")
    known = np.flatnonzero(codes >= 0)
    amounts = np.bincount(codes[known], minlength=len(names))
    ranked = sorted(range(len(names)), key=lambda code: (0 if by_name else -int(amounts[code]), names[code]))
    large = [code for code in ranked if amounts[code] >= minimum]
    position = np.full(len(names), len(large), dtype=np.int64)
    position[large] = np.arange(len(large))
    group = position[codes[known]]
    months, month = _read_names(table, "month") if "month" in table.column_names else ((), np.full(len(codes), -1))
    story, without_story = _read_stories(table)
    story, without_story, month = story[known], without_story[known], month[known]
    digest = month.astype(np.uint64)
    for name in metrics:
        digest = _mix(digest, _read_metric(table, name)[known])
    story, stories = _rank_stories(story, digest)
    order = np.lexsort((digest, story, without_story, group))
    story, without_story = story[order], without_story[order]
    story[without_story] = stories + np.arange(np.count_nonzero(without_story))
    values = np.empty((len(metrics), len(order)))
    rows = known[order]
    for values_of_one, name in zip(values, metrics, strict=True):
        np.take(_read_metric(table, name), rows, out=values_of_one)
    return Columns(
        metrics=metrics,
        names=tuple(names[code] for code in large),
        months=months,
        values=values,
        group=group[order],
        story=story,
        month=month[order],
        articles=len(codes),
        dropped=len(codes) - len(known),
        small=tuple((names[code], int(amounts[code])) for code in ranked if amounts[code] < minimum),
    )


def _rank_stories(story: Ints, digest: npt.NDArray[np.uint64]) -> tuple[Ints, int]:
    """The stories numbered by what is in them, and how many there are: a corpus numbers them by chance, and which of them are
    drawn together must not hang on that."""
    ids, place = np.unique(story, return_inverse=True)
    content = np.zeros(len(ids), np.uint64)
    np.add.at(content, place, digest)  # a sum that wraps round, and does not hang on the order
    rank = np.empty(len(ids), np.int64)
    rank[np.argsort(content, kind="stable")] = np.arange(len(ids))
    return rank[place], len(ids)


def _read_names(table: "pa.Table", column: str) -> tuple[tuple[str, ...], Ints]:
    """The names of a text column, sorted, and each row's; -1 for none, a blank one or, of months, what is no month."""
    import pyarrow as pa

    encoded = table[column].cast(pa.string()).combine_chunks().dictionary_encode()
    found = encoded.dictionary.to_pylist()
    valid = _MONTH.fullmatch if column == "month" else str.strip
    names = sorted(name for name in found if valid(name))
    places = {name: place for place, name in enumerate(names)}
    position = np.array([places.get(name, -1) for name in found] + [-1], dtype=np.int64)
    return tuple(names), position[encoded.indices.fill_null(len(found)).to_numpy(zero_copy_only=False)]


def _read_stories(table: "pa.Table") -> tuple[Ints, npt.NDArray[np.bool_]]:
    """Each row's story, and whether it has none."""
    import pyarrow as pa

    column = table["story"].cast(pa.int64())
    without = column.is_null().to_numpy()
    return column.fill_null(0).to_numpy().astype(np.int64), without.astype(bool)


def _read_metric(table: "pa.Table", name: str) -> Floats:
    """A metric as numbers; NaN for none, and for what is not finite."""
    import pyarrow as pa

    kind = table.schema.field(name).type
    if not (pa.types.is_floating(kind) or pa.types.is_integer(kind) or pa.types.is_null(kind)):
        raise UsageError(f"the metric {name} is no column of numbers but of {kind}")
    values = table[name].cast(pa.float64()).to_numpy() + 0.0  # a copy that is ours, without negative zeros
    values[~np.isfinite(values)] = np.nan
    result: Floats = values
    return result


def _mix(digest: npt.NDArray[np.uint64], values: Floats) -> npt.NDArray[np.uint64]:
    """The digest with one more value a row mixed in (the finalizer of SplitMix64: Steele, Lea and Flood 2014)."""
    digest = (digest ^ values.view(np.uint64)) * np.uint64(0xBF58476D1CE4E5B9)
    return digest ^ (digest >> np.uint64(29))
