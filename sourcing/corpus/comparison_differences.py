"""Differences between groups: an interval and a p-value that respect stories, an effect size, and the correction for many tests.

For each metric and group g, with S_c and n_c the sum and the number of values in story c, N and m the group's number and mean:

- Leaving a story out moves the mean by -e_c, e_c = (S_c - m n_c) / (N - n_c). The delete-one-story jackknife's variance is
  V = (C - 1)/C * sum of e_c^2 over the C stories (Cameron and Miller 2015; MacKinnon, Nielsen and Webb 2023, "CV3"). When
  each story has one article it is s^2/n.
- Stories that stand in both groups make the means move together: cov = sum of e_c(a) e_c(b), each factor with its sqrt((C - 1)/C).
- t = (m_a - m_b) / sqrt(V_a + V_b - 2 cov), with Welch's degrees of freedom (Welch 1947; Satterthwaite 1946) from
  d = (sum of n_c^2)^2 / (sum of n_c^4) - 1 for each group: the stories less one, or fewer where a few have most of the
  articles. Without copies this is Welch's t-test.
- The effect is Cliff's delta, P(x > y) - P(x < y) for an article x of a and an article y of b (Cliff 1993). It is counted
  on all pairs, through ranks.
- Holm's correction (Holm 1979) over all tests of all metrics.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from sourcing.corpus.comparison_columns import Columns, Floats, Ints

METHOD = "t-test, delete-one-story jackknife"
METHOD_REST = "t-test, delete-one-story jackknife; linearised for the rest"
CORRECTION = "Holm"

SMALLEST = 1e-12  # a standard error below this part of the means is what rounding left of nothing
TAIL = 0.975
RANKS = 1 << 16  # values whose counts in each group are looked at together
DECIMALS = 10_000  # figures of a report have four decimals


@dataclass(frozen=True)
class Cells:
    """The articles of one story in one group, which lie side by side."""

    start: Ints
    group: Ints
    story: Ints
    shared: npt.NDArray[np.bool_]
    groups: int
    stories: int

    @classmethod
    def of(cls, columns: Columns) -> "Cells":
        """Return the cells; `groups` counts the compared ones, and the small ones have that number as theirs."""
        change = (np.diff(columns.group, prepend=-1) != 0) | (np.diff(columns.story, prepend=-1) != 0)
        start = np.flatnonzero(change)
        group, story = columns.group[start], columns.story[start]
        stories = int(story.max(initial=-1)) + 1
        compared = group < len(columns.names)
        shared = compared & (np.bincount(story[compared], minlength=stories)[story] > 1)
        return cls(start, group, story, shared, len(columns.names), stories)


class Totals(NamedTuple):
    """One metric. cell_*: of each story in each group, values less `centre`; the others are one entry a compared group."""

    centre: float
    cell_sum: Floats
    cell_n: Floats
    total: Floats
    n: Floats
    mean: Floats
    moved: Floats
    variance: Floats
    freedom: Floats


class Differences(NamedTuple):
    """One entry a pair; NaN where there is no figure."""

    difference: Floats
    low: Floats
    high: Floats
    effect: Floats
    p: Floats


def add_up(values: Floats, cells: Cells) -> Totals:
    """Return the totals of one metric over the articles in `cells`' order."""
    valid = ~np.isnan(values)
    centre = float(values[valid].mean()) if valid.any() else 0.0
    groups = cells.groups + 1
    cell_sum = np.add.reduceat(np.where(valid, values - centre, 0.0), cells.start)
    cell_n = np.add.reduceat(valid.astype(np.float64), cells.start)
    total = _add(cells.group, cell_sum, groups)
    n = _add(cells.group, cell_n, groups)
    stories = _add(cells.group, (cell_n > 0).astype(np.float64), groups)
    mean = total / n
    rest = n[cells.group] - cell_n
    # A story that is the whole group: nothing is left without it, and the variance has no estimate.
    moved = (cell_sum - mean[cells.group] * cell_n) / np.where(rest > 0, rest, np.nan)
    moved *= np.sqrt((stories - 1) / stories)[cells.group]
    variance = _add(cells.group, np.where(cell_n > 0, moved, 0.0) ** 2, groups)
    freedom = _add(cells.group, cell_n**2, groups) ** 2 / _add(cells.group, cell_n**4, groups) - 1
    return Totals(
        centre=centre,
        cell_sum=cell_sum,
        cell_n=cell_n,
        total=total[:-1],
        n=n[:-1],
        mean=mean[:-1] + centre,
        moved=moved,
        variance=variance[:-1],
        freedom=freedom[:-1],
    )


def compare_pairs(totals: Totals, cells: Cells, a: Ints, b: Ints, values: Floats, group: Ints) -> Differences:
    """Return the differences of one metric between the groups `a` and `b`, entry by entry."""
    from scipy.sparse import csc_array

    shared = cells.shared & (totals.cell_n > 0)
    moves = csc_array(
        (np.nan_to_num(totals.moved[shared]), (cells.story[shared], cells.group[shared])),
        shape=(cells.stories, cells.groups),
    )
    together = np.asarray(moves[:, a].multiply(moves[:, b]).sum(axis=0)).ravel()
    variance = totals.variance[a] + totals.variance[b] - 2 * together
    freedom = _welch(totals.variance[a], totals.freedom[a], totals.variance[b], totals.freedom[b])
    wins = _wins(values, group, cells.groups, np.unique(np.concatenate([a, b])))
    effect = 2 * wins[a, b] / (totals.n[a] * totals.n[b]) - 1
    return _test(totals.mean[a], totals.mean[b], variance, freedom, effect)


def compare_with_rest(totals: Totals, cells: Cells, values: Floats, group: Ints) -> Differences:
    """Return the differences of one metric between each group and all other articles, small groups' among them.

    The rest is large, so its variance is the linearised one, C/(C - 1) * sum of (S_c - m n_c)^2 / N^2, which can be had for
    every group at once: sums over all stories, put right for the stories that the group has a part in.
    """
    groups = cells.groups
    ours = cells.group < groups
    g, s, n = cells.group[ours], totals.cell_sum[ours], totals.cell_n[ours]
    story_sum = _add(cells.story, totals.cell_sum, cells.stories)
    story_n = _add(cells.story, totals.cell_n, cells.stories)
    whole_sum, whole_n = story_sum[cells.story[ours]], story_n[cells.story[ours]]
    rest_sum, rest_n = whole_sum - s, whole_n - n

    def over_rest(everywhere: Floats, with_us: Floats, without_us: Floats) -> Floats:
        """The sum over all stories, each without the group's own articles."""
        put_right: Floats = everywhere.sum() + _add(g, without_us - with_us, groups)
        return put_right

    story_n2, whole_n2, rest_n2 = story_n**2, whole_n**2, rest_n**2
    squares_n = over_rest(story_n2, whole_n2, rest_n2)
    size = story_n.sum() - totals.n
    size[size <= 0] = np.nan
    mean = (story_sum.sum() - totals.total) / size
    stories = np.count_nonzero(story_n) + _add(g, (rest_n > 0).astype(float) - (whole_n > 0), groups)
    factor = stories / (stories - 1)
    squares = over_rest(story_sum**2, whole_sum**2, rest_sum**2)
    products = over_rest(story_sum * story_n, whole_sum * whole_n, rest_sum * rest_n)
    variance = np.maximum(squares - 2 * mean * products + mean**2 * squares_n, 0.0) / size**2 * factor
    freedom = squares_n**2 / over_rest(story_n2**2, whole_n2**2, rest_n2**2) - 1
    moves = np.where(n > 0, totals.moved[ours], 0.0) * (rest_sum - mean[g] * rest_n)
    together = _add(g, moves, groups) / size * np.sqrt(factor)
    both = totals.variance + variance - 2 * together
    effect = 2 * _wins_over_rest(values, group, groups) / (totals.n * size) - 1
    welch = _welch(totals.variance, totals.freedom, variance, freedom)
    return _test(totals.mean, mean + totals.centre, both, welch, effect)


def correct(p: Floats) -> Floats:
    """Return Holm's adjusted p-values; NaN stays and does not count as a test.

    >>> correct(np.array([0.01, 0.04, np.nan, 0.03]))
    array([0.03, 0.06,  nan, 0.06])
    """
    adjusted = np.full(p.shape, np.nan)
    tests = np.flatnonzero(~np.isnan(p))
    order = tests[np.argsort(p[tests], kind="stable")]
    steps = p[order] * np.arange(len(order), 0, -1)
    adjusted[order] = np.minimum(np.maximum.accumulate(steps), 1.0)
    return adjusted


def _add(place: Ints, weights: Floats, length: int) -> Floats:
    """The sum of the weights at each place."""
    return np.bincount(place, weights, length).astype(np.float64, copy=False)


def _welch(variance_a: Floats, freedom_a: Floats, variance_b: Floats, freedom_b: Floats) -> Floats:
    """Degrees of freedom of a difference; at least 1, where the normal theory behind them ends."""
    freedom = (variance_a + variance_b) ** 2 / (
        variance_a**2 / np.maximum(freedom_a, 1.0) + variance_b**2 / np.maximum(freedom_b, 1.0)
    )
    at_least: Floats = np.maximum(freedom, 1.0)
    return at_least


def _test(mean_a: Floats, mean_b: Floats, variance: Floats, freedom: Floats, effect: Floats) -> Differences:
    from scipy.special import stdtr, stdtrit

    difference = mean_a - mean_b
    error = np.sqrt(np.maximum(variance, 0.0))
    error = np.where(error > SMALLEST * np.maximum(np.abs(mean_a), np.abs(mean_b)), error, np.nan)
    reach = stdtrit(freedom, TAIL) * error
    p = 2 * stdtr(freedom, -np.abs(difference) / error)
    return Differences(difference, difference - reach, difference + reach, effect, p)


def _ranks(values: Floats, most: int) -> Ints:
    """Whole numbers in the order of the values, equal for equal ones: fewer than `most`, or as few as there are values.

    Figures have few decimals, so that they are whole numbers already but for a factor; if not, they are sorted.
    """
    if not len(values):
        return np.zeros(0, dtype=np.int64)
    lowest, highest = values.min(), values.max()
    if max(-lowest, highest) < most / DECIMALS and (highest - lowest) * DECIMALS < most - 1:
        whole = np.rint(values * DECIMALS)
        if np.array_equal(whole / DECIMALS, values):
            steps: Ints = (whole - whole.min()).astype(np.int64)
            return steps
    order = np.argsort(values)
    ordered = values[order]
    ranks = np.zeros(len(values), dtype=np.int64)
    ranks[order[1:]] = np.cumsum(ordered[1:] != ordered[:-1])
    return ranks


def _wins(values: Floats, group: Ints, groups: int, among: Ints) -> Floats:
    """For each two groups (those not in `among` stay 0), pairs of articles in which the first's is higher; ties count half."""
    place = np.full(groups + 1, -1)
    place[among] = np.arange(len(among))
    asked = np.flatnonzero((place[group] >= 0) & ~np.isnan(values))
    owner = place[group[asked]]
    ranks = _ranks(values[asked], RANKS)
    wins = np.zeros((len(among), len(among)))
    lower = np.zeros(len(among))
    highest = int(ranks.max(initial=-1))
    several = highest >= RANKS
    if several:
        order = np.argsort(ranks)
        ranks, owner = ranks[order], owner[order]
    for first in range(0, highest + 1, RANKS):
        held = slice(*np.searchsorted(ranks, (first, first + RANKS))) if several else slice(None)
        cell = (ranks[held] - first) * len(among) + owner[held]
        counts = np.bincount(cell, minlength=RANKS * len(among)).reshape(-1, len(among)).astype(np.float64)
        wins += counts.T @ (lower + np.cumsum(counts, axis=0) - counts / 2)
        lower += counts.sum(axis=0)
    everywhere = np.zeros((groups, groups))
    everywhere[np.ix_(among, among)] = wins
    return everywhere


def _wins_over_rest(values: Floats, group: Ints, groups: int) -> Floats:
    """For each group, pairs of one of its articles and another's in which its own is higher; ties count half."""
    valid = np.flatnonzero(~np.isnan(values))
    owner, ranks = group[valid], _ranks(values[valid], 64 * RANKS)
    tied = np.bincount(ranks)
    middle = np.cumsum(tied) - tied / 2  # articles below, and half of those level with it, itself among these
    inside = np.bincount(owner, minlength=groups + 1)[:-1]
    return _add(owner, middle[ranks], groups + 1)[:-1] - inside**2 / 2
