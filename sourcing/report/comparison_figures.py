"""The words and numbers of a comparison: which metrics stand first, what a metric is called, how a figure is written.

>>> metric_words("sources.named_word_share"), figure("sources.named_word_share", 0.4512), figure("attribution.words", 1234.5)
('named word share', '45.1%', '1,234')
>>> signed("sources.named_word_share", -0.031), signed("attribution.density", 2.5), effect_size(-0.2)
('−3.1 pp', '+2.50', 'small')
"""

from collections.abc import Collection, Iterable, Sequence

from sourcing.records.comparison import Comparison, Difference
from sourcing.report.figures import component_words
from sourcing.report.untrusted import one_line, shorten

HEADLINE = (
    "score",
    "attribution.density",
    "attribution.attributed_word_share",
    "attribution.direct_share",
    "attribution.speech_with_speaker_share",
    "sources.speakers_per_1000_words",
    "sources.named_word_share",
    "sources.identified_named_share",
    "anonymity.anonymous_word_share",
    "anonymity.reason_stated_share",
    "concentration.effective_sources",
    "concentration.second_hand_share",
    "readability.narration_grade",
    "corroboration.attested_share",
)
"""The metrics that charts and the terminal show, as far as the comparison has them."""

SHOWN_METRICS = 12
NONE = "–"
_NO_XML = dict.fromkeys((0xFFFE, 0xFFFF), 0xFFFD)  # no XML can hold these, so no SVG either

# Romano, Kromrey, Coraggio and Skowronek 2006; a convention for reading, not a test.
_SIZES = ((0.147, "negligible"), (0.33, "small"), (0.474, "medium"))


def headline_metrics(comparison: Comparison) -> tuple[str, ...]:
    """Return up to SHOWN_METRICS metrics: those of HEADLINE that some group has figures for, then others as they come."""
    held = {found.metric: None for group in comparison.groups for found in group.metrics if found.mean is not None}
    ordered = [metric for metric in HEADLINE if metric in held] + [metric for metric in held if metric not in HEADLINE]
    return tuple(ordered[:SHOWN_METRICS])


def metric_words(metric: str) -> str:
    """Return what a metric is called, without its group."""
    return component_words(one_line(metric).rpartition(".")[2])


def is_share(metric: str) -> bool:
    """Say whether a metric lies in 0..1 and is written as a percentage."""
    return metric.endswith("_share")


def figure(metric: str, value: float | None) -> str:
    """Return a mean or a median: a percentage, or a number with three digits or more."""
    if value is None:
        return NONE
    return f"{100 * value:.1f}%" if is_share(metric) else _digits(value)


def signed(metric: str, value: float | None) -> str:
    """Return a difference with its sign; of shares in percentage points."""
    if value is None:
        return NONE
    text = f"{abs(100 * value):.1f} pp" if is_share(metric) else _digits(abs(value))
    return f"{'−' if value < 0 else '+'}{text}"


def interval(metric: str, low: float | None, high: float | None, *, difference: bool = False) -> str:
    """Return both ends of an interval, NONE when there is none."""
    if low is None or high is None:
        return NONE
    write = signed if difference else figure
    first = write(metric, low)
    return f"{first.removesuffix(' pp').removesuffix('%')} to {write(metric, high)}"


def probability(p: float | None) -> str:
    """Return a p-value; very small ones only as such."""
    if p is None:
        return NONE
    return "<0.0001" if p < 0.0001 else f"{p:.4f}" if p < 0.01 else f"{p:.3f}"


def effect(delta: float | None) -> str:
    """Return Cliff's delta with its sign."""
    return NONE if delta is None else f"{delta:+.2f}".replace("-", "−")


def effect_size(delta: float | None) -> str:
    """Return how large Cliff's delta is by the usual convention."""
    if delta is None:
        return NONE
    return next((word for limit, word in _SIZES if abs(delta) < limit), "large")


def labels_of(names: Sequence[str], limit: int, *, taken: Collection[str] = ()) -> tuple[str, ...]:
    """Return the names on one line of up to `limit` signs, no two alike and none `taken`: no two groups become one in a chart."""
    labels: list[str] = []
    used = set(taken)
    for number, name in enumerate(names, 1):
        name = name.translate(_NO_XML)
        label = shorten(name, limit) or NONE
        while label in used:
            ending = f" ({number})"
            label = shorten(name, limit - len(ending)) + ending
            number += len(names)
        used.add(label)
        labels.append(label)
    return tuple(labels)


def by_evidence(differences: Iterable[Difference]) -> list[Difference]:
    """Return differences that hold after correction first, the largest effects first among these and among the others."""
    return sorted(differences, key=lambda found: (not holds(found), -abs(found.effect or 0.0)))


def holds(found: Difference) -> bool:
    """Say whether a difference is below 0.05 after correction."""
    return found.p_adjusted is not None and found.p_adjusted < 0.05


def _digits(value: float) -> str:
    size = abs(value)
    if not size:
        return "0"
    digits = 0 if size >= 100 else 1 if size >= 10 else 2 if size >= 1 else 3
    return f"{'−' if value < 0 else ''}{size:,.{digits}f}"
