"""The reference: how each component is spread over a set of articles, kept as 101 quantiles and nothing of the texts.

>>> made = Distribution.of([1.0, 2.0, 2.0, 9.0])
>>> [made.percentile(value) for value in (0, 1, 2, 9, 10)]
[0.0, 12.5, 50.5, 88.0, 100.0]
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from functools import cache
from math import ceil
from pathlib import Path

import msgspec

from sourcing.errors import UsageError
from sourcing.measure.components import COMPONENT_NAMES, COMPONENTS
from sourcing.measure.shares import DECIMALS
from sourcing.records import Metrics, ModelCard

SHIPPED = Path(__file__).with_name("reference.json")
MINIMUM_ARTICLES = 20  # below this a component has no distribution: a percentile would move by 5 points an article
LONGEST_STRETCH = "longest_unattributed_words"  # not a component; the threshold of finding SRC401 is read off it


class Distribution(msgspec.Struct, frozen=True, kw_only=True):
    """n values, as the 0th, 1st ... 100th percentile (each a value that occurs: the inverse of the empirical CDF)."""

    n: int
    quantiles: tuple[float, ...]

    @classmethod
    def of(cls, values: Iterable[float]) -> "Distribution":
        """Return the distribution of one or more values."""
        ordered = sorted(values)
        picks = [ordered[max(0, ceil(len(ordered) * k / 100) - 1)] for k in range(101)]
        return cls(n=len(ordered), quantiles=tuple(round(value, DECIMALS) for value in picks))

    def percentile(self, value: float) -> float:
        """Return the mid-rank percentile of `value`, 0..100: the share below it plus half the share equal to it.

        Between two quantiles it is interpolated; it never falls as `value` grows.
        """
        first, past = bisect_left(self.quantiles, value), bisect_right(self.quantiles, value)
        if first < past:
            return (first + past - 1) / 2
        if first in (0, len(self.quantiles)):
            return 0.0 if first == 0 else 100.0
        below, above = self.quantiles[first - 1], self.quantiles[first]
        return round(first - 1 + (value - below) / (above - below), DECIMALS)


UNIFORM = Distribution(n=0, quantiles=tuple(round(k / 100, 2) for k in range(101)))


class Reference(msgspec.Struct, frozen=True, kw_only=True):
    """What articles are compared with.

    articles: how many it was made from. note: how. model: whose annotations. distributions: by component name, and
    `longest_unattributed_words`.
    """

    articles: int
    note: str
    model: ModelCard
    distributions: dict[str, Distribution]

    def distribution(self, component: str, *, is_share: bool) -> Distribution | None:
        """Return where to place a component's value.

        A share the reference knows nothing of (corroboration, unless it was made with a corpus) is placed evenly on
        0..1, so that its percentile is the share in per cent; any other unknown component has no distribution.
        """
        return self.distributions.get(component, UNIFORM if is_share else None)


def build_reference(metrics: Iterable[Metrics], *, note: str, model: ModelCard | None = None) -> Reference:
    """Return the reference made from the metrics of a set of articles.

    An article without words is passed over, and a component that fewer than 20 articles have gets no distribution.
    """
    values: dict[str, list[float]] = {name: [] for name in (*COMPONENT_NAMES, LONGEST_STRETCH)}
    articles = 0
    for each in metrics:
        if not each.attribution.words:
            continue
        articles += 1
        values[LONGEST_STRETCH].append(each.attribution.longest_unattributed_words)
        for component in COMPONENTS:
            if (value := component.value(each)) is not None:
                values[component.name].append(value)
    return Reference(
        articles=articles,
        note=note,
        model=model or ModelCard("unknown", "0"),
        distributions={
            name: Distribution.of(found) for name, found in values.items() if len(found) >= MINIMUM_ARTICLES
        },
    )


def load_reference(path: str | Path | None = None) -> Reference:
    """Return the reference that ships with the package (read once), or the one in the file at `path`.

    Raises UsageError when the file is missing or is no reference.
    """
    return _shipped() if path is None else _read(Path(path))


@cache
def _shipped() -> Reference:
    return _read(SHIPPED)


def _read(path: Path) -> Reference:
    try:
        reference = msgspec.json.decode(path.read_bytes(), type=Reference)
    except OSError as error:
        raise UsageError(f"The reference {path} cannot be read: {error.strerror}.") from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"The file {path} is no reference: {error}.") from error
    for name, distribution in reference.distributions.items():
        if len(distribution.quantiles) != 101 or list(distribution.quantiles) != sorted(distribution.quantiles):
            raise UsageError(f"The reference {path} needs 101 ascending quantiles for '{name}'.")
    return reference
