"""The comparison of groups of articles: field for field the contract in schemas/comparison.json.

Groups are outlets, authors, months or domains; their names come from the articles and are never trusted. Every figure is
per article; nothing is ever NaN or infinite, and what cannot be worked out is None. docs/compare.md has the formulas.
"""

from typing import Literal

import msgspec

COMPARISON_VERSION = "1.0"
Pairing = Literal["all_pairs", "each_against_rest", "chosen_pairs"]


class Estimate(msgspec.Struct, frozen=True, kw_only=True):
    """One metric in one group.

    n: articles with a value; stories: how many different stories they are. The figures are None when n is below the
    comparison's minimum; an interval is None as well when there are fewer than two stories.
    low, high: 95 % bootstrap intervals, whole stories resampled.
    """

    metric: str
    n: int
    stories: int
    mean: float | None
    mean_low: float | None
    mean_high: float | None
    median: float | None
    median_low: float | None
    median_high: float | None


class GroupSummary(msgspec.Struct, frozen=True, kw_only=True):
    """One group: all its metrics, in the order of the table."""

    name: str
    articles: int
    stories: int
    metrics: tuple[Estimate, ...]


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """The mean of `a` less the mean of `b` in one metric, with its 95 % interval.

    b: None stands for the rest of the corpus, every article with a group that is not a. effect: Cliff's delta, -1..1, above 0
    when a's articles tend to have the higher values. p: two-sided. p_adjusted: corrected for all tests of the comparison.
    method: how p was worked out; None when it could not be.
    """

    metric: str
    a: str
    b: str | None
    difference: float | None
    low: float | None
    high: float | None
    effect: float | None
    p: float | None
    p_adjusted: float | None
    method: str | None


class TrendPoint(msgspec.Struct, frozen=True, kw_only=True):
    """The mean of one metric in one month ('YYYY-MM'), with its 95 % bootstrap interval; group None: of all articles."""

    metric: str
    group: str | None
    month: str
    n: int
    stories: int
    mean: float
    low: float | None
    high: float | None


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """Groups of articles compared.

    by: what the groups are. articles: rows of the table, those without a group among them.
    small_groups: name and articles of those below `minimum`, which are not compared.
    pairing: which differences were asked for. correction: how p was corrected over `tests` tests.
    """

    schema_version: str = COMPARISON_VERSION
    by: str
    articles: int
    dropped_without_group: int
    small_groups: tuple[tuple[str, int], ...]
    minimum: int
    replicates: int
    seed: int
    pairing: Pairing
    correction: str
    tests: int
    groups: tuple[GroupSummary, ...]
    differences: tuple[Difference, ...]
    trend: tuple[TrendPoint, ...]
