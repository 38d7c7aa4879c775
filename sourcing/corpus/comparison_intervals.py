"""Means and medians with 95 % bootstrap intervals, whole stories resampled (docs/compare.md, "Intervals").

Stories are drawn with replacement, as many as there are, and their articles with them. Three devices keep a million articles
a matter of seconds; none of them touches the mean or the median themselves:

- More than BLOCKS stories are dealt at random into BLOCKS blocks, and blocks are drawn. Blocks made of whole stories
  are independent of each other as stories are, and with 1,000 of them a standard error is itself known to 2 % (1/sqrt(2 * 1000)).
- Draws are counted, so that the means of all replicates are one matrix product: weights (replicates x blocks) by sums.
- The median of a replicate is at most v exactly when half of its articles or more are at most v. So the share of
  replicates whose median is at most v is one matrix product for each v, and the interval's ends are sought among values around
  where they must lie, instead of a median being taken of every replicate.
"""

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from sourcing.corpus.comparison_columns import Floats, Ints

BLOCKS = 1000
TAIL = 0.025
PIECE = 4_000_000  # values looked at together: what bounds memory when a group is large

# Where the ends of a median's interval are sought, in units of their expected distance: closest around 1.
_STEPS = np.array([0.0, 0.5, 0.7, 0.85, 1.0, 1.15, 1.35, 1.7, 2.3])
_GRID = np.concatenate([-_STEPS[:0:-1], _STEPS])


class Intervals(NamedTuple):
    """One entry a metric, NaN where there is no figure. n: articles with a value; stories: those of them that differ."""

    n: Ints
    stories: Ints
    mean: Floats
    mean_low: Floats
    mean_high: Floats
    median: Floats
    median_low: Floats
    median_high: Floats


class _Drawn(NamedTuple):
    """The replicates of a number of blocks: how often each block was drawn (replicates x blocks), twice."""

    exact: Floats
    single: np.ndarray[tuple[int, int], np.dtype[np.float32]]  # counts are whole, so single precision loses nothing


def estimate(values: Floats, story: Ints, *, seed: int, replicates: int, medians: bool = True) -> Intervals:
    """Return the means and medians of `values` (metrics x articles, NaN for none), one article or more, in order of their `story`.

    Without `medians` these are NaN, and the time is a tenth.
    """
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        first = np.flatnonzero(np.diff(story, prepend=story[0] - 1))
        block, blocks = _deal(first, len(story), seed)
        drawn = _draw(blocks, replicates, seed)
        rows = max(1, PIECE // values.shape[1])
        pieces = [
            _estimate(values[start : start + rows], first, block, drawn, medians)
            for start in range(0, len(values), rows)
        ]
    return Intervals(*(np.concatenate(parts) for parts in zip(*pieces, strict=True)))


def _deal(first: Ints, articles: int, seed: int) -> tuple[Ints, int]:
    """The block of each article, and how many blocks there are; first: where each story starts."""
    stories = len(first)
    blocks = min(stories, BLOCKS)
    dealt = np.arange(stories)
    if stories > BLOCKS:
        dealt = np.random.default_rng([seed, stories]).permutation(stories) % BLOCKS
    return np.repeat(dealt, np.diff(first, append=articles)), blocks


@lru_cache(maxsize=2)
def _draw(blocks: int, replicates: int, seed: int) -> _Drawn:
    """The same for every group with as many blocks: intervals are of one group each, so they need not differ."""
    picks = np.random.default_rng([seed, blocks, replicates]).integers(0, blocks, (replicates, blocks))
    picks += blocks * np.arange(replicates)[:, None]
    exact = np.bincount(picks.ravel(), minlength=blocks * replicates).reshape(replicates, blocks).astype(np.float64)
    return _Drawn(exact, exact.astype(np.float32))


def _estimate(values: Floats, first: Ints, block: Ints, drawn: _Drawn, medians: bool) -> Intervals:
    metrics, blocks = len(values), drawn.exact.shape[1]
    valid = ~np.isnan(values)
    amount = valid.sum(axis=1)
    stories = np.logical_or.reduceat(valid, first, axis=1).sum(axis=1)
    mean = np.where(valid, values, 0.0).sum(axis=1) / amount
    cell = block + blocks * np.arange(metrics)[:, None]
    size = np.tile(np.bincount(block, minlength=blocks).astype(np.float64), (metrics, 1))
    holes = amount < len(block)
    size[holes] -= _count(cell[: holes.sum()][~valid[holes]], int(holes.sum()), blocks)
    # Less the mean, so that no digit is lost when it is large beside the spread.
    apart = values - mean[:, None]
    apart[~valid] = 0.0
    sums = np.bincount(cell.ravel(), apart.ravel(), metrics * blocks).reshape(metrics, blocks)
    level = _level(size)
    replicas = (drawn.exact @ sums.T) / (drawn.exact @ size.T)
    # a mean is never below all values, but by a rounding error (-1e-18 of a share)
    mean_low, mean_high = np.clip(
        mean + _quantiles(replicas, level), np.fmin.reduce(values, axis=1), np.fmax.reduce(values, axis=1)
    )
    nothing = np.full(metrics, np.nan)
    median, median_low, median_high = nothing, nothing, nothing
    if medians:
        ordered = np.sort(values, axis=1)
        each = np.arange(metrics)
        upper = ordered[each, np.minimum(amount // 2, len(block) - 1)]
        median = np.where(amount % 2, upper, (upper + ordered[each, np.maximum(amount // 2 - 1, 0)]) / 2)
        median[amount == 0] = np.nan
        median_low, median_high = _median_interval(values, valid, ordered, median, cell, size, level, drawn)
    ends = [np.where(stories > 1, end, np.nan) for end in (mean_low, mean_high, median_low, median_high)]
    return Intervals(amount, stories, mean, ends[0], ends[1], median, ends[2], ends[3])


def _count(cells: Ints, metrics: int, blocks: int) -> Floats:
    return np.bincount(cells, minlength=metrics * blocks).reshape(metrics, blocks).astype(np.float64)


def _level(size: Floats) -> Floats:
    """The lower quantile of the replicates that ends a 95 % interval.

    Percentile intervals of few draws are too narrow; the level is moved out so that for a normal mean the interval is as wide
    as Student's (Hesterberg 2015, "expanded percentile interval"). Blocks of unequal size tell less than as many of
    equal size, so they count by the effective number (sum of n^2)^2 / sum of n^4.
    """
    from scipy.special import ndtr, stdtrit

    squares = size**2
    effective = np.maximum(squares.sum(axis=1) ** 2 / (squares**2).sum(axis=1), 1.1)
    moved: Floats = ndtr(stdtrit(effective - 1, TAIL) * np.sqrt(effective / (effective - 1)))
    return moved


def _quantiles(replicas: Floats, level: Floats) -> tuple[Floats, Floats]:
    """The lower and the upper quantile of each column; replicates that drew no value (NaN) are left out."""
    ordered = np.sort(replicas, axis=0)
    last = np.maximum((~np.isnan(ordered)).sum(axis=0) - 1, 0)
    each = np.arange(replicas.shape[1])
    ends = []
    for share in (level, 1 - level):
        place = np.nan_to_num(share) * last
        below = np.floor(place).astype(np.int64)
        above = np.minimum(below + 1, last)
        low, high = ordered[below, each], ordered[above, each]
        ends.append(low + (high - low) * (place - below))
    return ends[0], ends[1]


def _median_interval(
    values: Floats,
    valid: np.ndarray[tuple[int, int], np.dtype[np.bool_]],
    ordered: Floats,
    median: Floats,
    cell: Ints,
    size: Floats,
    level: Floats,
    drawn: _Drawn,
) -> tuple[Floats, Floats]:
    """The ends of the medians' intervals: the values that `level` and 1 - `level` of the replicas' medians do not exceed."""
    from scipy.special import ndtri

    metrics, blocks = size.shape
    amount = valid.sum(axis=1)
    below = _count(cell[values <= median[:, None]], metrics, blocks)
    spread = np.sqrt(((below - (below.sum(axis=1) / amount)[:, None] * size) ** 2).sum(axis=1)) / amount
    reach = np.nan_to_num(-ndtri(level) * np.maximum(spread, 1 / amount), posinf=1.0)
    ranks = np.ceil(amount[:, None] * (0.5 + reach[:, None] * _GRID)).astype(np.int64)
    ranks = np.concatenate([np.ones_like(amount)[:, None], ranks, amount[:, None]], axis=1)
    ranks = np.clip(ranks, 1, np.maximum(amount, 1)[:, None])
    edges = np.take_along_axis(ordered, ranks - 1, axis=1)
    bins = np.zeros(values.shape, dtype=np.uint8)
    for edge in edges.T:
        bins += (values > edge[:, None]).view(np.uint8)
    bins[~valid] = edges.shape[1]  # no value: counted past the last edge, and not by up_to
    width = edges.shape[1] + 1
    counts = np.bincount((cell * width + bins).ravel(), minlength=metrics * blocks * width)
    up_to = counts.reshape(metrics, blocks, width).cumsum(axis=2)[:, :, :-1]
    # Articles at most v, less those above v: positive in a replicate when its median is at most v, 0 when just half are.
    balance = (2 * up_to - size[:, :, None]).astype(np.float32).transpose(1, 0, 2).reshape(blocks, -1)
    share = ((np.sign(drawn.single @ balance).mean(axis=0, dtype=np.float64) + 1) / 2).reshape(metrics, -1)
    rank = up_to.sum(axis=1)
    return _crossing(ordered, rank, share, level), _crossing(ordered, rank, share, 1 - level)


def _crossing(ordered: Floats, rank: Ints, share: Floats, level: Floats) -> Floats:
    """The value at which `share` reaches `level`; between two edges its rank is interpolated."""
    each = np.arange(len(ordered))
    after = np.minimum((share < level[:, None]).sum(axis=1), share.shape[1] - 1)
    before = np.maximum(after - 1, 0)
    first, last = rank[each, before], rank[each, after]
    low, high = share[each, before], share[each, after]
    part = np.where(high > low, (level - low) / (high - low), 1.0)
    place = first + np.maximum(np.ceil(np.nan_to_num(part) * (last - first)), 1).astype(np.int64)
    place = np.clip(np.where(after == 0, last, place), 1, np.maximum(last, 1))
    result: Floats = ordered[each, place - 1]
    return result
